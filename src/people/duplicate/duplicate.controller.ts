import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import type { Page } from '../../kernel/http/page';
import { ApiId, Id } from '../../kernel/http/parameters';
import { AlsoAnswers } from '../contributor/also-answers';
import { ContributorDetails } from '../contributor/contributor.dto';
import { MERGE_CONTRIBUTORS } from '../permissions';
import { fixedId } from '../reference/fixed-id';
import { DuplicateFilter, ContributorDuplicatePage, Merge, ContributorDuplicate } from './duplicate.dto';
import { DuplicateService } from './duplicate.service';

@ApiTags('Contributors')
@Controller('v1')
export class DuplicateController {
  constructor(private readonly duplicates: DuplicateService) {}

  @Get('contributor-duplicates')
  @Can(MERGE_CONTRIBUTORS)
  @ApiOperation({
    summary: 'List records that may be of one person',
    description:
      'With the same e-mail address or telephone number, or a like name in one postcode district. Inside your organisations; a national data steward sees pairs over organisations too. The reading is put on record.',
  })
  @ApiOkResponse({ type: ContributorDuplicatePage })
  @AlsoAnswers(404, 'No organisation of yours has this id.')
  list(@Query() filter: DuplicateFilter, @Who() who: Actor): Promise<Page<ContributorDuplicate>> {
    return this.duplicates.list(who, filter);
  }

  @Post('contributors/:id/merge')
  @HttpCode(200)
  @Can(MERGE_CONTRIBUTORS)
  @ApiId(fixedId('contributor', 'joan-pattinson'))
  @Made('/v1/contributors/:id')
  @PrivateAnswer()
  @ApiOperation({
    summary: 'Merge two records of one person',
    description:
      'The other record goes into the one in the address, with all that hangs on it; its id then answers 410 and says where to go. This cannot be undone.',
  })
  @ApiOkResponse({ type: ContributorDetails })
  merge(@Id() id: string, @Body() body: Merge, @Who() who: Actor): Promise<ContributorDetails> {
    return this.duplicates.merge(who, id, body);
  }
}
