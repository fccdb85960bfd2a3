import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Public, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import type { Page } from '../../kernel/http/page';
import { ApiId, Id, IfMatch, NeedsIfMatch } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { ANSWER_GAPS, RECORD_GAPS } from '../permissions';
import { GapClosing, GapPage, GapQuery, GapView, NewGap, NewGapProgress } from './gap.dto';
import { GapService } from './gap.service';

const GAP = fixedId('gap', 'working-class-selected');

/** From a gap that a release showed to an action, and what became of it. */
@ApiTags('Diversity: gaps')
@Controller('v1/diversity/gaps')
export class GapController {
  constructor(private readonly gaps: GapService) {}

  @Get()
  @Public()
  @ApiOperation({
    summary: 'List gaps',
    description:
      'Gaps that releases showed: who does what about them by when, and what later releases say. Newest first.',
  })
  @ApiOkResponse({ type: GapPage })
  list(@Query() query: GapQuery): Promise<Page<GapView>> {
    return this.gaps.list(query);
  }

  @Post()
  @Can(RECORD_GAPS)
  @Made('/v1/diversity/gaps/:id')
  @ApiOperation({
    summary: 'Record a gap',
    description:
      'A number that a release published, what is to be done, who owns it, by when, and which later release is to tell.',
  })
  @ApiCreatedResponse({ type: GapView })
  record(@Who() who: Actor, @Body() body: NewGap): Promise<GapView> {
    return this.gaps.record(who, body);
  }

  @Get(':id')
  @Public()
  @ApiId(GAP)
  @ApiOperation({
    summary: 'Read a gap',
    description: 'With what its owner said, and what the newest later release says of it.',
  })
  @ApiOkResponse({ type: GapView })
  get(@Id() id: string): Promise<GapView> {
    return this.gaps.get(id);
  }

  @Post(':id/progress')
  @Can(ANSWER_GAPS)
  @HttpCode(200)
  @ApiId(GAP)
  @ApiOperation({ summary: 'Say what was done about a gap', description: 'By the organisation that owns it.' })
  @ApiOkResponse({ type: GapView })
  progress(@Who() who: Actor, @Id() id: string, @Body() body: NewGapProgress): Promise<GapView> {
    return this.gaps.progress(who, id, body.text);
  }

  @Post(':id/done')
  @Can(ANSWER_GAPS)
  @HttpCode(200)
  @ApiId(GAP)
  @NeedsIfMatch()
  @ApiOperation({
    summary: 'Say that the action on a gap is done',
    description:
      'By the organisation that owns it. Whether the gap closed, the release that it is checked by will tell.',
  })
  @ApiOkResponse({ type: GapView })
  done(@Who() who: Actor, @Id() id: string, @IfMatch() version: number, @Body() body: GapClosing): Promise<GapView> {
    return this.gaps.done(who, id, version, body.closing);
  }

  @Post(':id/cease')
  @Can(RECORD_GAPS)
  @HttpCode(200)
  @ApiId(GAP)
  @NeedsIfMatch()
  @ApiOperation({ summary: 'Let a gap go', description: 'By a data steward, with the reason.' })
  @ApiOkResponse({ type: GapView })
  cease(@Who() who: Actor, @Id() id: string, @IfMatch() version: number, @Body() body: GapClosing): Promise<GapView> {
    return this.gaps.cease(who, id, version, body.closing);
  }
}
