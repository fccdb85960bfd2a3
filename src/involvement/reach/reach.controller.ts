import { hash } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Can, Public, Who } from '../../kernel/access/access';
import { Actor } from '../../kernel/access/actor';
import { matches } from '../../kernel/http/answer';
import { Cached } from '../../kernel/http/cached';
import { Format } from '../../kernel/http/negotiation';
import { ApiId, Id } from '../../kernel/http/parameters';
import { Produces } from '../../kernel/http/route-catalogue';
import { fixedId } from '../../people';
import { TELL_REACH } from '../permissions';
import { NewView, OpportunityView } from './opportunity-view.entity';
import { reachCsv } from './reach-csv';
import { ReachQuery, ReachReport } from './reach.dto';
import { ReachService } from './reach.service';
import { ViewService } from './view.service';

/** What was released never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';

@ApiTags('Reach')
@Controller('v1')
export class ReachController {
  constructor(
    private readonly views: ViewService,
    private readonly reach: ReachService,
  ) {}

  @Post('opportunities/:id/views')
  @HttpCode(200)
  @Can(TELL_REACH)
  @ApiOperation({
    summary: 'Tell how often your site showed an opportunity on a day',
    description:
      'A count, and nothing about who looked. Tell a day again to correct it: the last word counts. A day can be told for 31 days.',
  })
  @ApiId(fixedId('opportunity', 'steady-steps-advisory-group'))
  @ApiOkResponse({ type: OpportunityView })
  tell(@Who() who: Actor, @Id() id: string, @Body() body: NewView): Promise<OpportunityView> {
    return this.views.tell(who, id, body);
  }

  @Get('reports/reach')
  @Public()
  @Cached()
  @ApiExtraModels(ReachReport)
  @Produces('application/json', 'text/csv')
  @ApiOperation({
    summary: 'How many were reached, interested, selected and took part',
    description:
      'Exact for those who may see the figures of an organisation: send organisation, or by=organisation. Anybody else gets national figures of one whole quarter, rounded to 5, with 1 to 7 withheld. They are counted once, when the release that covers the quarter is published, and never change; before that the answer is 404 `reach_not_released`. The answer says what each figure means, and which release it comes from.',
  })
  @ApiOkResponse({
    description: 'The report.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(ReachReport) } },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  @ApiNotFoundResponse({
    description:
      'No organisation of yours has this id; or the quarter is not released yet (`reach_not_released`), and the answer names the newest that is.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  })
  async report(
    @Who() who: Actor,
    @Query() query: ReachQuery,
    @Format() format: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReachReport | string | undefined> {
    const report = await this.reach.report(who, query);
    if (report.release) void reply.header('cache-control', FOR_EVER);
    if (format !== 'text/csv') return report;
    const text = reachCsv(report);
    void reply.type('text/csv; charset=utf-8');
    if (!report.release) return text;
    const tag = `"${hash('sha256', text, 'base64url').slice(0, 22)}-csv"`;
    void reply.header('etag', tag);
    if (!matches(request.headers['if-none-match'], tag)) return text;
    void reply.status(304);
    return undefined;
  }
}
