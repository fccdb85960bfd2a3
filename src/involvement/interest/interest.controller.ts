import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import { Page } from '../../kernel/http/page';
import { ApiId, Id, IfMatch, NeedsIfMatch } from '../../kernel/http/parameters';
import { ERASE_PERSON, EraseRequest, ErasureReceipt, fixedId } from '../../people';
import { ANSWER_OFFERS, READ_INTERESTS, RECORD_INTERESTS, SELECT_INTERESTS } from '../permissions';
import { AnsweringService } from './answering.service';
import {
  InterestChange,
  InterestDetails,
  InterestFilter,
  InterestPage,
  InterestSearch,
  LinkContributor,
} from './interest.dto';
import { InterestErasing } from './interest-erasing.service';
import { InterestService } from './interest.service';
import { Offer, TurnDown } from './selection.dto';
import { SelectionService } from './selection.service';

const INTEREST = fixedId('interest', 'margaret-lloyd-for-gofal-gwledig-village-groups');
const WITHOUT_RECORD = fixedId('interest', 'without-record');
const OFFERED = fixedId('interest', 'gerry-blackmore-for-words-after-stroke-kitchen-table');

@Controller('v1')
export class InterestController {
  constructor(
    private readonly interests: InterestService,
    private readonly selection: SelectionService,
    private readonly answering: AnsweringService,
    private readonly erasing: InterestErasing,
  ) {}

  @Get('interests')
  @ApiTags('Interests')
  @Can(READ_INTERESTS)
  @ApiOperation({
    summary: 'Find interests',
    description: 'Newest first. Somebody who rings tells their reference, by which their interest is found.',
  })
  @ApiOkResponse({ type: InterestPage })
  search(@Who() who: Actor, @Query() query: InterestSearch): Promise<Page<InterestDetails>> {
    return this.interests.search(who, query);
  }

  @Get('me/interests')
  @ApiTags('Interests')
  @Can(READ_INTERESTS)
  @ApiOperation({ summary: 'List your interests', description: 'Newest first. A site gets those that it sent.' })
  @ApiOkResponse({ type: InterestPage })
  mine(@Who() who: Actor, @Query() query: InterestFilter): Promise<Page<InterestDetails>> {
    return this.interests.mine(who, query);
  }

  @Get('interests/:id')
  @ApiTags('Interests')
  @Can(READ_INTERESTS)
  @ApiId(INTEREST)
  @ApiOperation({ summary: 'Read an interest', description: 'Whose data are shown sees who read them.' })
  @ApiOkResponse({ type: InterestDetails })
  one(@Who() who: Actor, @Id() id: string): Promise<InterestDetails> {
    return this.interests.one(who, id);
  }

  @Patch('interests/:id')
  @ApiTags('Interests')
  @Can(ANSWER_OFFERS)
  @ApiId(INTEREST)
  @NeedsIfMatch()
  @ApiOperation({
    summary: 'Change answers or availability',
    description: 'While the interest is received and the opportunity open. Answers are replaced as a whole.',
  })
  @ApiOkResponse({ type: InterestDetails })
  change(
    @Who() who: Actor,
    @Id() id: string,
    @IfMatch() version: number,
    @Body() body: InterestChange,
  ): Promise<InterestDetails> {
    return this.interests.change(who, id, version, body);
  }

  @Post('interests/:id/contributor')
  @ApiTags('Interests')
  @HttpCode(200)
  @Can(RECORD_INTERESTS)
  @PrivateAnswer()
  @Made('/v1/interests/:id')
  @ApiId(WITHOUT_RECORD)
  @ApiOperation({
    summary: 'Tie an interest to a contributor’s record',
    description: 'Needed before somebody without a record can accept. Their contact is then kept with the record only.',
  })
  @ApiOkResponse({ type: InterestDetails })
  link(@Who() who: Actor, @Id() id: string, @Body() body: LinkContributor): Promise<InterestDetails> {
    return this.interests.link(who, id, body.contributorId);
  }

  @Post('interests/:id/confirm-by-call')
  @ApiTags('Interests')
  @HttpCode(200)
  @Can(RECORD_INTERESTS)
  @PrivateAnswer()
  @Made('/v1/interests/:id')
  @ApiId(WITHOUT_RECORD)
  @ApiOperation({
    summary: 'Record that you spoke with the person',
    description: 'At the contact given, which is then confirmed.',
  })
  @ApiOkResponse({ type: InterestDetails })
  confirmByCall(@Who() who: Actor, @Id() id: string): Promise<InterestDetails> {
    return this.interests.confirmByCall(who, id);
  }

  @Post('interests/:id/shortlist')
  @ApiTags('Selection and offers')
  @HttpCode(200)
  @Can(SELECT_INTERESTS)
  @PrivateAnswer()
  @Made('/v1/interests/:id')
  @ApiId(INTEREST)
  @ApiOperation({ summary: 'Put an interest on the shortlist', description: 'The person is owed a notice.' })
  @ApiOkResponse({ type: InterestDetails })
  shortlist(@Who() who: Actor, @Id() id: string): Promise<InterestDetails> {
    return this.selection.decide(who, id, { decision: 'shortlist' });
  }

  @Post('interests/:id/reserve')
  @ApiTags('Selection and offers')
  @HttpCode(200)
  @Can(SELECT_INTERESTS)
  @PrivateAnswer()
  @Made('/v1/interests/:id')
  @ApiId(INTEREST)
  @ApiOperation({
    summary: 'Put an interest on the reserve list',
    description: 'The earliest on it is next. The person is owed a notice.',
  })
  @ApiOkResponse({ type: InterestDetails })
  reserve(@Who() who: Actor, @Id() id: string): Promise<InterestDetails> {
    return this.selection.decide(who, id, { decision: 'reserve' });
  }

  @Post('interests/:id/offer')
  @ApiTags('Selection and offers')
  @HttpCode(200)
  @Can(SELECT_INTERESTS)
  @PrivateAnswer()
  @Made('/v1/interests/:id')
  @ApiId(INTEREST)
  @ApiOperation({
    summary: 'Offer a place',
    description:
      'Until the end of a day in UK time. Refused where all places are offered or taken, whatever comes at once. The person is owed a notice.',
  })
  @ApiOkResponse({ type: InterestDetails })
  offer(@Who() who: Actor, @Id() id: string, @Body() body: Offer): Promise<InterestDetails> {
    return this.selection.decide(who, id, { ...body, decision: 'offer' });
  }

  @Post('interests/:id/turn-down')
  @ApiTags('Selection and offers')
  @HttpCode(200)
  @Can(SELECT_INTERESTS)
  @PrivateAnswer()
  @Made('/v1/interests/:id')
  @ApiId(INTEREST)
  @ApiOperation({
    summary: 'Turn an interest down',
    description: 'With a reason that the person is told. They are owed a notice.',
  })
  @ApiOkResponse({ type: InterestDetails })
  turnDown(@Who() who: Actor, @Id() id: string, @Body() body: TurnDown): Promise<InterestDetails> {
    return this.selection.decide(who, id, { ...body, decision: 'turn-down' });
  }

  @Post('interests/:id/accept')
  @ApiTags('Selection and offers')
  @HttpCode(200)
  @Can(ANSWER_OFFERS)
  @PrivateAnswer()
  @Made('/v1/interests/:id')
  @ApiId(OFFERED)
  @ApiOperation({
    summary: 'Accept an offer',
    description:
      'By the person, the site that sent the interest, or the organiser who was told so. The involvement begins with it.',
  })
  @ApiOkResponse({ type: InterestDetails })
  accept(@Who() who: Actor, @Id() id: string): Promise<InterestDetails> {
    return this.answering.accept(who, id);
  }

  @Post('interests/:id/decline')
  @ApiTags('Selection and offers')
  @HttpCode(200)
  @Can(ANSWER_OFFERS)
  @PrivateAnswer()
  @Made('/v1/interests/:id')
  @ApiId(OFFERED)
  @ApiOperation({ summary: 'Decline an offer', description: 'The place is free again.' })
  @ApiOkResponse({ type: InterestDetails })
  decline(@Who() who: Actor, @Id() id: string): Promise<InterestDetails> {
    return this.answering.decline(who, id);
  }

  @Post('interests/:id/withdraw')
  @ApiTags('Interests')
  @HttpCode(200)
  @Can(ANSWER_OFFERS)
  @PrivateAnswer()
  @Made('/v1/interests/:id')
  @ApiId(INTEREST)
  @ApiOperation({
    summary: 'Take an interest back',
    description: 'At any time before taking part has begun. What was offered or accepted is free again.',
  })
  @ApiOkResponse({ type: InterestDetails })
  withdraw(@Who() who: Actor, @Id() id: string): Promise<InterestDetails> {
    return this.answering.withdraw(who, id);
  }

  @Post('interests/:id/erase')
  @ApiTags('Interests')
  @HttpCode(200)
  @Can(ERASE_PERSON)
  @ApiId(WITHOUT_RECORD)
  @ApiOperation({
    summary: 'Erase an interest of somebody without a record',
    description:
      'For good: who it was, what they said and what was written to them. The receipt says what went and what stayed. Somebody with a contributor’s record is erased as a person.',
  })
  @ApiOkResponse({ type: ErasureReceipt })
  erase(@Who() who: Actor, @Id() id: string, @Body() body: EraseRequest): Promise<ErasureReceipt> {
    return this.erasing.erase(who, id, body.because);
  }
}
