import type { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Page } from '../../kernel/http/page';
import { ApiId, Id } from '../../kernel/http/parameters';
import { BodyLimit, Consumes, Produces } from '../../kernel/http/route-catalogue';
import { fixedId } from '../../people';
import { DRAFT_OPPORTUNITIES, READ_OPPORTUNITIES } from '../permissions';
import { BULK_BYTES, BulkAnswer, BulkOpportunities, BulkQuery } from './opportunity-bulk.dto';
import { OpportunityBulk } from './opportunity-bulk.service';
import { OpportunityPage, OpportunityQuery } from './opportunity.dto';
import { Opportunity } from './opportunity.entity';
import { OpportunityService } from './opportunity.service';

const ORGANISATION = fixedId('organisation', 'castlebridge-hospitals');

@ApiTags('Opportunities: drafting and publishing')
@Controller('v1')
export class OpportunityBulkController {
  constructor(
    private readonly bulk: OpportunityBulk,
    private readonly opportunities: OpportunityService,
  ) {}

  @Post('opportunities/bulk')
  @Can(DRAFT_OPPORTUNITIES)
  @HttpCode(200)
  @BodyLimit(BULK_BYTES)
  @Consumes('application/json', 'text/csv')
  @ApiBody({ type: BulkOpportunities })
  @ApiOperation({
    summary: 'Add and change many opportunities',
    description:
      'Up to 1,000, each known again by an outside identifier: a new one becomes a draft, a known one is changed where it differs. A result an item; one that is refused stops no other, unless atomic=true. As CSV, the columns are those of the CSV file of the organisation; an empty cell clears.',
  })
  @ApiOkResponse({ type: BulkAnswer })
  write(@Who() who: Actor, @Query() query: BulkQuery, @Body() body: unknown): Promise<BulkAnswer> {
    return this.bulk.write(who, body, query.atomic);
  }

  @Get('organisations/:id/opportunities')
  @Can(READ_OPPORTUNITIES)
  @ApiId(ORGANISATION)
  @ApiOperation({
    summary: "List an organisation's opportunities",
    description: 'All of them, public or not, newest first, as staff see them.',
  })
  @ApiOkResponse({ type: OpportunityPage })
  list(@Who() who: Actor, @Id() id: string, @Query() query: OpportunityQuery): Promise<Page<Opportunity>> {
    return this.opportunities.ofOrganisation(who, id, query);
  }

  @Get('organisations/:id/opportunities.csv')
  @Can(READ_OPPORTUNITIES)
  @Produces('text/csv')
  @ApiId(ORGANISATION)
  @ApiOperation({
    summary: "Get an organisation's opportunities as CSV",
    description:
      'The bulk write reads the same columns. A cell that a spreadsheet would take for a formula begins with an apostrophe.',
  })
  @ApiOkResponse({ description: 'The file, in UTF-8.', content: { 'text/csv': { schema: { type: 'string' } } } })
  csv(@Who() who: Actor, @Id() id: string, @Res({ passthrough: true }) reply: FastifyReply): Readable {
    const file = this.bulk.csv(who, id);
    void reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="opportunities.csv"')
      .header('cache-control', 'no-store');
    return file;
  }
}
