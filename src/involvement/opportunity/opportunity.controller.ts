import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Public, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { Page, PageQuery } from '../../kernel/http/page';
import { ApiId, Id, IfMatch, NeedsIfMatch } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { DRAFT_OPPORTUNITIES, READ_OPPORTUNITIES } from '../permissions';
import { inclusiveCheck } from './inclusive-check';
import { DraftToCheck, InclusiveCheck } from './inclusive-check.dto';
import { OpportunityVersion } from './opportunity-version.entity';
import {
  NewOpportunity,
  OpportunityChange,
  OpportunityPage,
  OpportunityQuery,
  OpportunityVersionPage,
} from './opportunity.dto';
import { Opportunity } from './opportunity.entity';
import { OpportunityService } from './opportunity.service';

const OPPORTUNITY = fixedId('opportunity', 'steady-steps-advisory-group');
const DRAFT = fixedId('opportunity', 'gofal-gwledig-new-frame');

@ApiTags('Opportunities: drafting and publishing')
@Controller('v1')
export class OpportunityController {
  constructor(private readonly opportunities: OpportunityService) {}

  @Get('projects/:id/opportunities')
  @Can(READ_OPPORTUNITIES)
  @ApiId(fixedId('project', 'steady-steps'))
  @ApiOperation({
    summary: 'List the opportunities of a project',
    description: 'All of them, public or not, newest first, as staff see them.',
  })
  @ApiOkResponse({ type: OpportunityPage })
  ofProject(@Who() who: Actor, @Id() id: string, @Query() query: OpportunityQuery): Promise<Page<Opportunity>> {
    return this.opportunities.ofProject(who, id, query);
  }

  @Post('opportunities')
  @Can(DRAFT_OPPORTUNITIES)
  @Made('/v1/opportunities/:id/draft')
  @ApiOperation({
    summary: 'Draft an opportunity',
    description: 'For a project of your organisation, or one in whose team you are. Nobody else sees a draft.',
  })
  @ApiCreatedResponse({ type: Opportunity })
  add(@Who() who: Actor, @Body() body: NewOpportunity): Promise<Opportunity> {
    return this.opportunities.add(who, body);
  }

  @Get('opportunities/:id/draft')
  @Can(READ_OPPORTUNITIES)
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'Read an opportunity as staff',
    description: 'Everything about it in any state: who submitted and approved it, and whether it is hidden.',
  })
  @ApiOkResponse({ type: Opportunity })
  draft(@Who() who: Actor, @Id() id: string): Promise<Opportunity> {
    return this.opportunities.draft(who, id);
  }

  @Patch('opportunities/:id')
  @Can(DRAFT_OPPORTUNITIES)
  @ApiId(DRAFT)
  @NeedsIfMatch()
  @ApiOperation({
    summary: 'Change what an opportunity says',
    description:
      'What you leave out stays; null clears; objects inside are merged. A change of a published one makes a new public version, marked as material where people rely on what changed. A change ends an approval.',
  })
  @ApiOkResponse({ type: Opportunity })
  change(
    @Who() who: Actor,
    @Id() id: string,
    @IfMatch() version: number,
    @Body() body: OpportunityChange,
  ): Promise<Opportunity> {
    return this.opportunities.change(who, id, version, body);
  }

  @Get('opportunities/:id/versions')
  @Public()
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'List what an opportunity said, version by version',
    description: 'Newest first. Open to everybody while the opportunity is public; then for its staff.',
  })
  @ApiOkResponse({ type: OpportunityVersionPage })
  versions(@Who() who: Actor, @Id() id: string, @Query() query: PageQuery): Promise<Page<OpportunityVersion>> {
    return this.opportunities.versions(who, id, query);
  }

  @Get('opportunities/:id/check')
  @Can(READ_OPPORTUNITIES)
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'Check how inclusive an opportunity is',
    description:
      'Against "inclusive opportunities" of the UK Standards for Public Involvement, point by point. No score, and never a bar.',
  })
  @ApiOkResponse({ type: InclusiveCheck })
  async check(@Who() who: Actor, @Id() id: string): Promise<InclusiveCheck> {
    return { points: inclusiveCheck(await this.opportunities.draft(who, id)) };
  }

  @Post('opportunities/check')
  @Public()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Check how inclusive a draft is',
    description: 'The same check for what you have written so far. Nothing is kept.',
  })
  @ApiOkResponse({ type: InclusiveCheck })
  checkDraft(@Body() body: DraftToCheck): InclusiveCheck {
    return { points: inclusiveCheck(body) };
  }
}
