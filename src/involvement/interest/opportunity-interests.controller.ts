import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import { Page } from '../../kernel/http/page';
import { ApiId, Id } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { READ_INTERESTS, RECORD_INTERESTS, SELECT_INTERESTS, SEND_INTERESTS } from '../permissions';
import { Draw } from './draw.entity';
import { DrawService } from './draw.service';
import { InterestDetails, InterestFilter, InterestPage, NewInterest, RecordedInterest } from './interest.dto';
import { InterestSending } from './interest-sending.service';
import { InterestService } from './interest.service';
import { Decisions, DecisionsMade, NewDraw, Places } from './selection.dto';
import { SelectionService } from './selection.service';

const OPPORTUNITY = fixedId('opportunity', 'dialysis-guide-readers');

@Controller('v1/opportunities/:id')
export class OpportunityInterestsController {
  constructor(
    private readonly sending: InterestSending,
    private readonly interests: InterestService,
    private readonly selection: SelectionService,
    private readonly draws: DrawService,
  ) {}

  @Post('interests')
  @ApiTags('Interests')
  @Can(SEND_INTERESTS)
  @PrivateAnswer()
  @Made('/v1/interests/:id')
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'Send an interest',
    description:
      'A contributor sends their own. A site sends one for somebody without an account: a code goes to the contact given, to confirm it. The answer holds a reference by which the person may follow or withdraw: give it to them.',
  })
  @ApiCreatedResponse({ type: InterestDetails })
  send(@Who() who: Actor, @Id() id: string, @Body() body: NewInterest): Promise<InterestDetails> {
    return this.sending.send(who, id, body);
  }

  @Post('interests/recorded')
  @ApiTags('Interests')
  @Can(RECORD_INTERESTS)
  @PrivateAnswer()
  @Made('/v1/interests/:id')
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'Record an interest that came another way',
    description:
      'By e-mail, phone, letter or in person. What came on or before the last day can be recorded after it. Questions that were not answered are not asked for.',
  })
  @ApiCreatedResponse({ type: InterestDetails })
  record(@Who() who: Actor, @Id() id: string, @Body() body: RecordedInterest): Promise<InterestDetails> {
    return this.sending.record(who, id, body);
  }

  @Get('interests')
  @ApiTags('Interests')
  @Can(READ_INTERESTS)
  @ApiId(OPPORTUNITY)
  @ApiOperation({ summary: 'List the interests in an opportunity', description: 'For its organiser, newest first.' })
  @ApiOkResponse({ type: InterestPage })
  list(@Who() who: Actor, @Id() id: string, @Query() query: InterestFilter): Promise<Page<InterestDetails>> {
    return this.interests.inOpportunity(who, id, query);
  }

  @Post('decisions')
  @ApiTags('Selection and offers')
  @HttpCode(200)
  @Can(SELECT_INTERESTS)
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'Decide on many interests',
    description: 'Up to 500 at once: all are carried out, or none. Everybody concerned is owed a notice.',
  })
  @ApiOkResponse({ type: DecisionsMade })
  decide(@Who() who: Actor, @Id() id: string, @Body() body: Decisions): Promise<DecisionsMade> {
    return this.selection.decideMany(who, id, body.decisions);
  }

  @Get('places')
  @ApiTags('Selection and offers')
  @Can(READ_INTERESTS)
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'See how the places stand',
    description: 'Offered, taken, free, and who on the reserve list is next.',
  })
  @ApiOkResponse({ type: Places })
  places(@Who() who: Actor, @Id() id: string): Promise<Places> {
    return this.selection.places(who, id);
  }

  @Post('draw')
  @ApiTags('Selection and offers')
  @Can(SELECT_INTERESTS)
  @Made('/v1/opportunities/:opportunityId/draw')
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'Make a random draw',
    description:
      'Once for an opportunity whose people are chosen by a draw, after its last day. Anybody with the answer can do it again and get the same order. Everybody drawn is owed a notice; places are then offered by decisions.',
  })
  @ApiCreatedResponse({ type: Draw })
  draw(@Who() who: Actor, @Id() id: string, @Body() body: NewDraw): Promise<Draw> {
    return this.draws.make(who, id, body);
  }

  @Get('draw')
  @ApiTags('Selection and offers')
  @Can(READ_INTERESTS)
  @ApiId(OPPORTUNITY)
  @ApiOperation({
    summary: 'Read the draw',
    description: 'With the seed and the order. For the organiser, and for everybody who took part.',
  })
  @ApiOkResponse({ type: Draw })
  drawn(@Who() who: Actor, @Id() id: string): Promise<Draw> {
    return this.draws.ofOpportunity(who, id);
  }
}
