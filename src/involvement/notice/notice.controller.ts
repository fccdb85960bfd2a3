import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import { Page } from '../../kernel/http/page';
import { ApiId, Id } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { GIVE_NOTICES, READ_NOTICES } from '../permissions';
import {
  NoticeCount,
  NoticeCountQuery,
  NoticeDetails,
  NoticeFilter,
  NoticePage,
  NoticeSearch,
  Telling,
} from './notice.dto';
import { NoticeService } from './notice.service';

const NOTICE = fixedId('notice', 'example');
const OWED = fixedId('notice', 'call-to-make');

@ApiTags('Notices')
@Controller('v1')
export class NoticeController {
  constructor(private readonly notices: NoticeService) {}

  @Get('notices')
  @Can(READ_NOTICES)
  @ApiOperation({
    summary: 'List notices',
    description: 'Newest first. With state=owed: who waits for word, how to reach them and what to say.',
  })
  @ApiOkResponse({ type: NoticePage })
  list(@Who() who: Actor, @Query() query: NoticeSearch): Promise<Page<NoticeDetails>> {
    return this.notices.list(who, query);
  }

  @Get('notices/count')
  @Can(READ_NOTICES)
  @ApiOperation({ summary: 'Count the notices that are owed', description: 'And how many of them are overdue.' })
  @ApiOkResponse({ type: NoticeCount })
  count(@Who() who: Actor, @Query() query: NoticeCountQuery): Promise<NoticeCount> {
    return this.notices.count(who, query.organisation);
  }

  @Get('notices/:id')
  @Can(READ_NOTICES)
  @ApiId(NOTICE)
  @ApiOperation({ summary: 'Read a notice', description: 'With its words, in the person’s language.' })
  @ApiOkResponse({ type: NoticeDetails })
  one(@Who() who: Actor, @Id() id: string): Promise<NoticeDetails> {
    return this.notices.one(who, id);
  }

  @Get('me/notices')
  @Can(READ_NOTICES)
  @ApiOperation({ summary: 'List notices to you', description: 'Newest first.' })
  @ApiOkResponse({ type: NoticePage })
  mine(@Who() who: Actor, @Query() query: NoticeFilter): Promise<Page<NoticeDetails>> {
    return this.notices.mine(who, query);
  }

  @Post('notices/:id/told')
  @HttpCode(200)
  @Can(GIVE_NOTICES)
  @PrivateAnswer()
  @Made('/v1/notices/:id')
  @ApiId(OWED)
  @ApiOperation({ summary: 'Record that you told the person', description: 'The notice is then no longer owed.' })
  @ApiOkResponse({ type: NoticeDetails })
  told(@Who() who: Actor, @Id() id: string, @Body() body: Telling): Promise<NoticeDetails> {
    return this.notices.told(who, id, body);
  }
}
