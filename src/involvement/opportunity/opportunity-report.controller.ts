import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Public, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import { Page } from '../../kernel/http/page';
import { ApiId, Id, IfMatch, NeedsIfMatch } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { HIDE_OPPORTUNITIES } from '../permissions';
import {
  NewReport,
  ReceivedReport,
  ReceivedReportPage,
  ReportQuery,
  ReportReceipt,
  ReportSettlement,
} from './opportunity-report.dto';
import { OpportunityReports } from './opportunity-report.service';

const REPORT = fixedId('opportunity_report', 'steady-steps-payment');

@ApiTags('Reports about opportunities')
@Controller('v1')
export class OpportunityReportController {
  constructor(private readonly reports: OpportunityReports) {}

  @Post('opportunities/:id/reports')
  @Public()
  @ApiId(fixedId('opportunity', 'steady-steps-advisory-group'))
  @ApiOperation({
    summary: 'Report an opportunity',
    description: 'Anybody may say that something is wrong with it. Administrators read it; its organiser does not.',
  })
  @ApiCreatedResponse({ type: ReportReceipt })
  make(@Who() who: Actor, @Id() id: string, @Body() body: NewReport): Promise<ReportReceipt> {
    return this.reports.make(who, id, body);
  }

  @Get('opportunity-reports')
  @Can(HIDE_OPPORTUNITIES)
  @ApiOperation({
    summary: 'List reports about opportunities',
    description: 'Newest first. That you read them is recorded.',
  })
  @ApiOkResponse({ type: ReceivedReportPage })
  list(@Who() who: Actor, @Query() query: ReportQuery): Promise<Page<ReceivedReport>> {
    return this.reports.list(who, query);
  }

  @Get('opportunity-reports/:id')
  @Can(HIDE_OPPORTUNITIES)
  @ApiId(REPORT)
  @ApiOperation({ summary: 'Read a report about an opportunity', description: 'That you read it is recorded.' })
  @ApiOkResponse({ type: ReceivedReport })
  get(@Who() who: Actor, @Id() id: string): Promise<ReceivedReport> {
    return this.reports.get(who, id);
  }

  @Post('opportunity-reports/:id/settle')
  @Can(HIDE_OPPORTUNITIES)
  @HttpCode(200)
  @PrivateAnswer()
  @ApiId(REPORT)
  @NeedsIfMatch()
  @ApiOperation({
    summary: 'Settle a report',
    description: 'Say what came of it. Hiding the opportunity is a step of its own.',
  })
  @ApiOkResponse({ type: ReceivedReport })
  settle(
    @Who() who: Actor,
    @Id() id: string,
    @IfMatch() version: number,
    @Body() body: ReportSettlement,
  ): Promise<ReceivedReport> {
    return this.reports.settle(who, id, version, body);
  }
}
