import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Condition } from '../../kernel/db/sql';
import { NotFound } from '../../kernel/errors/problem';
import { Cursors, NEWEST, Page } from '../../kernel/http/page';
import { Sealer } from '../../kernel/privacy/sealer';
import { holdAccount } from '../../people';
import { ReportEvent } from '../events';
import { HIDE_OPPORTUNITIES } from '../permissions';
import type { NewReport, ReceivedReport, ReportQuery, ReportReceipt, ReportSettlement } from './opportunity-report.dto';
import { OpportunityReport, REPORT_TABLE } from './opportunity-report.entity';
import { isReadable } from './public-opportunity';

/** Reports by anybody that something is wrong with an opportunity, for administrators to settle. */
@Injectable()
export class OpportunityReports {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly cursors: Cursors,
    private readonly sealer: Sealer,
  ) {}

  /** Takes a report about what the public can read. */
  async make(who: Actor, opportunityId: string, { reason, text, contact }: NewReport): Promise<ReportReceipt> {
    return this.db.write(who, async (tx) => {
      await holdAccount(tx, who.accountId);
      const [found] = await tx.query<{ organisation_id: string }>(
        `SELECT o.organisation_id FROM involvement.public_opportunity o WHERE o.id = $1 AND ${isReadable('o', '$2')}`,
        [opportunityId, this.clock.now()],
      );
      if (!found) throw new NotFound('No public opportunity has this id.');
      const id = await this.sealer.rowId(tx);
      const organisationId = found.organisation_id;
      const report = await tx.insert(
        OpportunityReport,
        {
          id,
          opportunityId,
          organisationId,
          reason,
          textSealed: this.sealer.seal({ table: REPORT_TABLE, row: id, column: 'text_sealed' }, text ?? null),
          contactSealed: this.sealer.seal({ table: REPORT_TABLE, row: id, column: 'contact_sealed' }, contact ?? null),
          accountId: who.accountId,
        },
        { organisationId },
      );
      tx.emit({
        type: ReportEvent.Made,
        subject: 'opportunity_report',
        subjectId: id,
        version: report.version,
        organisationId,
        data: { opportunityId, reason },
      });
      const { createdAt, state } = report;
      return { id, createdAt, opportunityId, reason, state };
    });
  }

  async list(who: Actor, query: ReportQuery): Promise<Page<ReceivedReport>> {
    const { state, opportunity } = query;
    const where: Condition[] = [within(who)];
    if (state) where.push((bind) => `r.state = ${bind(state)}`);
    if (opportunity) where.push((bind) => `r.opportunity_id = ${bind(opportunity)}`);
    const page = await this.cursors.page(
      query,
      'opportunity reports',
      NEWEST,
      async (after, order, limit) => {
        const found = await this.db.list(OpportunityReport, { where: [...where, after], order, limit });
        return found.map((report) => ({ report, sort_key: [report.id] }));
      },
      (row) => this.opened(row.report),
    );
    await this.wasRead(who, page.data);
    return page;
  }

  async get(who: Actor, id: string): Promise<ReceivedReport> {
    const report = this.opened(await this.db.one(OpportunityReport, id, within(who)));
    await this.wasRead(who, [report]);
    return report;
  }

  settle(who: Actor, id: string, version: number, { outcome, outcomeNote }: ReportSettlement): Promise<ReceivedReport> {
    return this.db.write(who, async (tx) => {
      const report = await tx.get(OpportunityReport, id, within(who));
      report.mustBeOpen();
      const patch = { state: 'settled', outcome, outcomeNote, settledAt: tx.at, settledBy: who.accountId } as const;
      const settled = await tx.change(report, patch, version, { organisationId: report.organisationId });
      tx.emit({
        type: ReportEvent.Settled,
        subject: 'opportunity_report',
        subjectId: id,
        version: settled.version,
        organisationId: report.organisationId,
        data: { opportunityId: report.opportunityId, outcome },
      });
      return this.opened(settled);
    });
  }

  /** The words of people outside the service were read: that is on record. */
  private async wasRead(who: Actor, reports: readonly ReceivedReport[]): Promise<void> {
    if (reports.length === 0) return;
    await this.db.write(who, (tx) => {
      for (const report of reports)
        tx.audit('read', 'opportunity_report', report.id, { organisationId: report.organisationId });
      return Promise.resolve();
    });
  }

  private opened(report: OpportunityReport): ReceivedReport {
    const {
      id,
      createdAt,
      updatedAt,
      version,
      opportunityId,
      organisationId,
      reason,
      state,
      outcome,
      outcomeNote,
      settledAt,
      settledBy,
    } = report;
    const open = (column: string, stored: Buffer | null): string | null =>
      this.sealer.open({ table: REPORT_TABLE, row: id, column }, stored);
    return {
      ...{
        id,
        createdAt,
        updatedAt,
        version,
        opportunityId,
        organisationId,
        reason,
        state,
        outcome,
        outcomeNote,
        settledAt,
        settledBy,
      },
      text: open('text_sealed', report.textSealed),
      contact: open('contact_sealed', report.contactSealed),
    };
  }
}

const within = (who: Actor): Condition => who.within(HIDE_OPPORTUNITIES, { organisation: 'r.organisation_id' });
