import { applyDecorators, Body, Controller, Get, Headers, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import { Actor } from '../../kernel/access/actor';
import { Through } from '../../kernel/db/door';
import { Made } from '../../kernel/http/answer';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import { EmptyBody } from '../../kernel/http/input-declared';
import { JsonOrText } from '../../kernel/http/json-or-text';
import type { Page } from '../../kernel/http/page';
import { ApiId, Id } from '../../kernel/http/parameters';
import { BodyLimit, Bytes, Consumes } from '../../kernel/http/route-catalogue';
import { fixedId } from '../../people';
import { COLLECTION } from '../collection/collection.controller';
import { DIVERSITY } from '../door/diversity-db';
import { READ_COLLECTIONS, READ_OWN_FIGURES, RUN_COLLECTIONS, SEND_RETURNS, SIGN_RETURNS } from '../permissions';
import { FiguresService } from './figures.service';
import { figuresCsv, OwnFigures } from './own-figures';
import {
  CheckQuery,
  Reopening,
  RETURN_BYTES,
  ReturnCheck,
  ReturnDetails,
  ReturnPage,
  ReturnQuery,
  SendQuery,
} from './return.dto';
import { CSV, ReturnFile, XLSX } from './return-file';
import { ReturnService } from './return.service';

/** A refusal that the path and the method alone do not tell. */
const Refuses = (status: number, description: string): MethodDecorator =>
  ApiResponse({
    status,
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });

/** A return of the demonstration. */
const RETURN = fixedId('return', 'autumn-rrdn-north-west');
/** One that is signed off there. */
const SIGNED = fixedId('return', 'autumn-rrdn-east-midlands');

/** A route that takes the file of a return, or nothing for a live one. */
const TakesFile = (): MethodDecorator =>
  applyDecorators(
    Consumes(CSV, XLSX),
    Bytes(),
    EmptyBody(),
    BodyLimit(RETURN_BYTES),
    ApiBody({
      description: 'The file; nothing for a live return. CSV may be in UTF-8, UTF-16 or Windows-1252.',
      required: false,
      schema: {
        type: 'string',
        format: 'binary',
        example: 'Ethnic group,Age,Sex\nasian,25-34,female\nPrefer not to say,,male\n',
      },
    }),
  );

const fileOf = (body: unknown, type: string | undefined): ReturnFile | undefined =>
  Buffer.isBuffer(body) ? { bytes: body, type: (type ?? CSV).toLowerCase() } : undefined;

@ApiTags('Diversity: returns')
@Controller('v1/diversity')
export class ReturnController {
  constructor(
    private readonly returns: ReturnService,
    private readonly figures: FiguresService,
  ) {}

  @Post('collections/:id/returns/check')
  @HttpCode(200)
  @Can(SEND_RETURNS)
  @Through(DIVERSITY)
  @PrivateAnswer()
  @TakesFile()
  @ApiId(COLLECTION)
  @ApiOperation({
    summary: 'Check a return without sending it',
    description: 'Reads the file as sending would, tells every fault by row and column, and stores nothing.',
  })
  @ApiOkResponse({ type: ReturnCheck })
  @ApiNoContentResponse({
    description:
      'The same request again, under the same Idempotency-Key: what came of it was kept nowhere. Check without a key, or with a new one.',
  })
  check(
    @Who() who: Actor,
    @Id() id: string,
    @Query() query: CheckQuery,
    @Body() body: unknown,
    @Headers('content-type') type?: string,
  ): Promise<ReturnCheck> {
    return this.returns.check(who, id, query, fileOf(body, type));
  }

  @Post('collections/:id/returns')
  @Can(SEND_RETURNS)
  @Through(DIVERSITY)
  @PrivateAnswer()
  @Made('/v1/diversity/returns/:id')
  @TakesFile()
  @ApiId(COLLECTION)
  @ApiOperation({
    summary: 'Send a return',
    description:
      'Rows that say who people are, rows that do not, counts (one a row, or pivot tables), or the answers that people gave here. Accepted as a whole or not at all; it takes the place of the one that you sent before, unless that is signed off. Identifiers are made pseudonyms before anything is stored.',
  })
  @ApiCreatedResponse({ type: ReturnDetails })
  send(
    @Who() who: Actor,
    @Id() id: string,
    @Query() query: SendQuery,
    @Body() body: unknown,
    @Headers('content-type') type?: string,
  ): Promise<ReturnDetails> {
    return this.returns.send(who, id, query, fileOf(body, type));
  }

  @Get('returns')
  @Can(READ_COLLECTIONS)
  @ApiOperation({
    summary: 'List returns',
    description:
      'Those of your organisation, with those that were replaced; for a steward, all. Newest first. What is in them is not told here.',
  })
  @ApiOkResponse({ type: ReturnPage })
  list(@Who() who: Actor, @Query() query: ReturnQuery): Promise<Page<ReturnDetails>> {
    return this.returns.list(who, query);
  }

  @Get('returns/:id')
  @Can(READ_COLLECTIONS)
  @ApiId(RETURN)
  @ApiOperation({
    summary: 'Read what is known about a return',
    description: 'Form, state, ground for sharing, and what its form cannot support.',
  })
  @ApiOkResponse({ type: ReturnDetails })
  get(@Who() who: Actor, @Id() id: string): Promise<ReturnDetails> {
    return this.returns.get(who, id);
  }

  @Post('returns/:id/sign-off')
  @HttpCode(200)
  @Can(SIGN_RETURNS)
  @ApiId(RETURN)
  @ApiOperation({
    summary: 'Sign a return off',
    description:
      'Your organisation says that it holds. It then counts in releases, and stands unless the steward opens it again.',
  })
  @ApiOkResponse({ type: ReturnDetails })
  signOff(@Who() who: Actor, @Id() id: string): Promise<ReturnDetails> {
    return this.returns.signOff(who, id);
  }

  @Post('returns/:id/reopen')
  @HttpCode(200)
  @Can(RUN_COLLECTIONS)
  @ApiId(SIGNED)
  @ApiOperation({
    summary: 'Open a signed-off return again',
    description: 'So that the organisation can send a corrected one. Releases that were made stand.',
  })
  @ApiOkResponse({ type: ReturnDetails })
  reopen(@Who() who: Actor, @Id() id: string, @Body() { because }: Reopening): Promise<ReturnDetails> {
    return this.returns.reopen(who, id, because);
  }

  @Get('returns/:id/figures')
  @Can(READ_OWN_FIGURES)
  @ApiId(RETURN)
  @Refuses(409, 'A corrected return took the place of this one.')
  @Refuses(422, 'The return is a live one: its figures are in releases only.')
  @JsonOrText(OwnFigures, 'The figures.', { mediaType: 'text/csv', write: figuresCsv, filename: 'own-figures.csv' })
  @ApiOperation({
    summary: 'Read the figures of your own return',
    description:
      'True counts and how complete each question is, for the organisation that collected the answers and for nobody else, stewards included.',
  })
  ownFigures(@Who() who: Actor, @Id() id: string): Promise<OwnFigures> {
    return this.figures.of(who, id);
  }
}
