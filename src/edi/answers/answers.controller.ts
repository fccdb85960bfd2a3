import { applyDecorators, Body, Controller, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Through } from '../../kernel/db/door';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import { ApiId, Id, IfMatch, NeedsIfMatch } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { DIVERSITY } from '../door/diversity-db';
import { KEEP_ANSWERS, RECORD_ANSWERS, SEND_ANSWERS } from '../permissions';
import { AnswersObjection, NewAnswers, OwnAnswers, OwnAnswersQuery, SiteAnswers, SiteReceipt } from './answers.dto';
import { AnswersService } from './answers.service';
import { ObjectionService } from './objection.service';

/** There is no id in these addresses, and yet there may be nobody whose answers they are. */
const MayBeNobody = (): MethodDecorator =>
  applyDecorators(
    ApiNotFoundResponse({
      description: 'Your account belongs to no contributor yet, or nothing is held.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    }),
  );

@ApiTags('Diversity: your answers')
@Controller('v1/me/diversity-answers')
export class OwnAnswersController {
  constructor(
    private readonly answers: AnswersService,
    private readonly objections: ObjectionService,
  ) {}

  @Get()
  @Can(KEEP_ANSWERS)
  @MayBeNobody()
  @ApiOperation({
    summary: 'See your diversity answers',
    description:
      'As they stand today, or stood on another day; with what they make you count as, why they may be held, until when, and what you can do. That you read them is put on record, as every reading is.',
  })
  @ApiOkResponse({ type: OwnAnswers })
  get(@Query() { on }: OwnAnswersQuery, @Who() who: Actor): Promise<OwnAnswers> {
    return this.answers.own(who, on);
  }

  @Put()
  @Can(KEEP_ANSWERS)
  @MayBeNobody()
  @NeedsIfMatch()
  @ApiOperation({
    summary: 'Give or change your diversity answers',
    description:
      'All of them: a question that you leave out is then not answered. They stand from today; what stood before stands for the days before. Where nothing is held, the ETag is "0-json".',
  })
  @ApiOkResponse({ type: OwnAnswers })
  put(@Body() body: NewAnswers, @IfMatch() version: number, @Who() who: Actor): Promise<OwnAnswers> {
    return this.answers.keep(who, body, version);
  }

  @Delete()
  @HttpCode(204)
  @Can(KEEP_ANSWERS)
  @MayBeNobody()
  @NeedsIfMatch()
  @ApiOperation({
    summary: 'Withdraw your diversity answers',
    description:
      'They are deleted, those of earlier days too. The next snapshot leaves you out; figures published before stay as they are.',
  })
  @ApiNoContentResponse()
  withdraw(@IfMatch() version: number, @Who() who: Actor): Promise<void> {
    return this.answers.withdraw(who, version);
  }

  @Post('object')
  @HttpCode(200)
  @Can(KEEP_ANSWERS)
  @MayBeNobody()
  @ApiOperation({
    summary: 'Object to equality monitoring',
    description:
      'Your answers are deleted, and nobody can enter new ones: no supporter, no site, no return of an organisation, until you take it back.',
  })
  @ApiOkResponse({ type: AnswersObjection })
  object(@Who() who: Actor): Promise<AnswersObjection> {
    return this.objections.object(who);
  }

  @Post('take-back-objection')
  @HttpCode(200)
  @Can(KEEP_ANSWERS)
  @MayBeNobody()
  @ApiOperation({ summary: 'Take your objection back', description: 'Answers can then be given again.' })
  @ApiOkResponse({ type: AnswersObjection })
  takeBack(@Who() who: Actor): Promise<AnswersObjection> {
    return this.objections.takeBack(who);
  }
}

@ApiTags('Diversity: your answers')
@Controller('v1')
export class AnswersForOthersController {
  constructor(private readonly answers: AnswersService) {}

  @Put('contributors/:id/diversity-answers')
  @HttpCode(204)
  @Can(RECORD_ANSWERS)
  @ApiId(fixedId('contributor', 'joan-pattinson'), 'id', 'Id of the contributor.')
  @ApiOperation({
    summary: 'Write down diversity answers that a contributor told',
    description:
      'On the phone or on paper. A question that you leave out stays as it was, since you cannot read what is there; so no If-Match is needed. Refused where the person objects.',
  })
  @ApiNoContentResponse()
  record(@Id() id: string, @Body() body: NewAnswers, @Who() who: Actor): Promise<void> {
    return this.answers.record(who, id, body);
  }

  @Post('diversity/answers/be-part-of-research')
  @HttpCode(200)
  @Through(DIVERSITY)
  @PrivateAnswer()
  @Can(SEND_ANSWERS)
  @ApiOperation({
    summary: 'Send diversity answers in the shape of Be Part of Research',
    description:
      'For somebody whose interest the site sent. The volunteer is taken as that service has them; what has no counterpart here is left out and named. Only fields that are filled change what is held.',
  })
  @ApiOkResponse({ type: SiteReceipt })
  @ApiNoContentResponse({
    description:
      'The same request again, under the same Idempotency-Key: it was carried out before, and what came of it is not kept.',
  })
  fromSite(@Body() body: SiteAnswers, @Who() who: Actor): Promise<SiteReceipt> {
    return this.answers.fromSite(who, body);
  }
}
