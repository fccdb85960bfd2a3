import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { ApiId, Id, IfMatch, NeedsIfMatch } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { DRAFT_OPPORTUNITIES, HIDE_OPPORTUNITIES, PUBLISH_OPPORTUNITIES } from '../permissions';
import { OpportunityMoves } from './opportunity-moves.service';
import { HideReason, NewClosingDay, ReturnNote, Schedule } from './opportunity.dto';
import { Opportunity } from './opportunity.entity';

const OPPORTUNITY = fixedId('opportunity', 'steady-steps-advisory-group');
const DRAFT = fixedId('opportunity', 'gofal-gwledig-new-frame');
const IN_REVIEW = fixedId('opportunity', 'warm-homes-committee');
const PAUSED = fixedId('opportunity', 'breathing-space-film');
const CLOSED = fixedId('opportunity', 'words-after-stroke-partners');

@ApiTags('Opportunities: drafting and publishing')
@Controller('v1/opportunities/:id')
export class OpportunityMovesController {
  constructor(private readonly moves: OpportunityMoves) {}

  @Post('submit')
  @Can(DRAFT_OPPORTUNITIES)
  @HttpCode(200)
  @ApiId(DRAFT)
  @ApiOperation({
    summary: 'Submit a draft for review',
    description:
      'It must say what people need to know: what it is, the stage, the mode, what is involved, a way to apply and the closing day.',
  })
  @ApiOkResponse({ type: Opportunity })
  submit(@Who() who: Actor, @Id() id: string): Promise<Opportunity> {
    return this.moves.submit(who, id);
  }

  @Post('approve')
  @Can(PUBLISH_OPPORTUNITIES)
  @HttpCode(200)
  @ApiId(IN_REVIEW)
  @NeedsIfMatch()
  @ApiOperation({
    summary: 'Approve an opportunity',
    description:
      'Exactly the version that you read, and not one that you submitted or last changed yourself. Any later change ends the approval.',
  })
  @ApiOkResponse({ type: Opportunity })
  approve(@Who() who: Actor, @Id() id: string, @IfMatch() version: number): Promise<Opportunity> {
    return this.moves.approve(who, id, version);
  }

  @Post('return')
  @Can(PUBLISH_OPPORTUNITIES)
  @HttpCode(200)
  @ApiId(IN_REVIEW)
  @ApiOperation({
    summary: 'Return an opportunity to its author',
    description: 'One in review, or one that is scheduled, is a draft again, with your note.',
  })
  @ApiOkResponse({ type: Opportunity })
  return(@Who() who: Actor, @Id() id: string, @Body() body: ReturnNote): Promise<Opportunity> {
    return this.moves.return(who, id, body.reviewNote);
  }

  @Post('publish')
  @Can(PUBLISH_OPPORTUNITIES)
  @HttpCode(200)
  @ApiId(DRAFT)
  @ApiOperation({
    summary: 'Publish an opportunity now',
    description: 'Everybody can read it and apply until the end of its closing day, UK time.',
  })
  @ApiOkResponse({ type: Opportunity })
  publish(@Who() who: Actor, @Id() id: string): Promise<Opportunity> {
    return this.moves.publish(who, id);
  }

  @Post('schedule')
  @Can(PUBLISH_OPPORTUNITIES)
  @HttpCode(200)
  @ApiId(DRAFT)
  @ApiOperation({
    summary: 'Publish an opportunity at a time',
    description:
      'It becomes public at that moment by itself. Schedule it again to move the moment; return it to stop it.',
  })
  @ApiOkResponse({ type: Opportunity })
  schedule(@Who() who: Actor, @Id() id: string, @Body() body: Schedule): Promise<Opportunity> {
    return this.moves.schedule(who, id, body.publishAt);
  }

  @Post('pause')
  @Can(PUBLISH_OPPORTUNITIES)
  @HttpCode(200)
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'Pause an opportunity',
    description: 'It leaves the catalogue and takes nobody for a while; it can still be read by its id.',
  })
  @ApiOkResponse({ type: Opportunity })
  pause(@Who() who: Actor, @Id() id: string): Promise<Opportunity> {
    return this.moves.pause(who, id);
  }

  @Post('resume')
  @Can(PUBLISH_OPPORTUNITIES)
  @HttpCode(200)
  @ApiId(PAUSED)
  @ApiOperation({
    summary: 'Resume a paused opportunity',
    description: 'Open again, with what was changed in the meantime.',
  })
  @ApiOkResponse({ type: Opportunity })
  resume(@Who() who: Actor, @Id() id: string): Promise<Opportunity> {
    return this.moves.resume(who, id);
  }

  @Post('close')
  @Can(PUBLISH_OPPORTUNITIES)
  @HttpCode(200)
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'Close an opportunity early',
    description: 'It takes nobody any more. It can be read by its id for twelve months.',
  })
  @ApiOkResponse({ type: Opportunity })
  close(@Who() who: Actor, @Id() id: string): Promise<Opportunity> {
    return this.moves.close(who, id);
  }

  @Post('extend')
  @Can(PUBLISH_OPPORTUNITIES)
  @HttpCode(200)
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'Give a later closing day',
    description: 'For one that is published or paused. It is a material change: those concerned are told.',
  })
  @ApiOkResponse({ type: Opportunity })
  extend(@Who() who: Actor, @Id() id: string, @Body() body: NewClosingDay): Promise<Opportunity> {
    return this.moves.extend(who, id, body.closesOn);
  }

  @Post('reopen')
  @Can(PUBLISH_OPPORTUNITIES)
  @HttpCode(200)
  @ApiId(CLOSED)
  @ApiOperation({ summary: 'Open a closed opportunity again', description: 'With a new closing day that is not over.' })
  @ApiOkResponse({ type: Opportunity })
  reopen(@Who() who: Actor, @Id() id: string, @Body() body: NewClosingDay): Promise<Opportunity> {
    return this.moves.reopen(who, id, body.closesOn);
  }

  @Post('withdraw')
  @Can(PUBLISH_OPPORTUNITIES)
  @HttpCode(200)
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'Withdraw an opportunity for good',
    description: 'Sites remove it. It cannot be brought back.',
  })
  @ApiOkResponse({ type: Opportunity })
  withdraw(@Who() who: Actor, @Id() id: string): Promise<Opportunity> {
    return this.moves.withdraw(who, id);
  }

  @Post('hide')
  @Can(HIDE_OPPORTUNITIES)
  @HttpCode(200)
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'Hide an opportunity at once',
    description: 'Out of every public answer from this moment. Its organisation reads why.',
  })
  @ApiOkResponse({ type: Opportunity })
  hide(@Who() who: Actor, @Id() id: string, @Body() body: HideReason): Promise<Opportunity> {
    return this.moves.hide(who, id, body.hiddenBecause);
  }

  @Post('unhide')
  @Can(HIDE_OPPORTUNITIES)
  @HttpCode(200)
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'Show a hidden opportunity again',
    description: 'It stands where time and its organisation have brought it in the meantime.',
  })
  @ApiOkResponse({ type: Opportunity })
  unhide(@Who() who: Actor, @Id() id: string): Promise<Opportunity> {
    return this.moves.unhide(who, id);
  }
}
