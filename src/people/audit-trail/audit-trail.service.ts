import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { all, binder, Condition } from '../../kernel/db/sql';
import { Cursors, keyColumns, Page, SortKey } from '../../kernel/http/page';
import { Reads } from '../../kernel/privacy/reads';
import { AuditEntry, AuditQuery } from './audit-trail.dto';

const NEWEST_ENTRY: readonly SortKey[] = [{ sql: 'r.id', direction: 'desc', type: 'bigint' }];

type Row = AuditEntry & { sort_key: string[] };

/** The audit trail, for reading only: nothing of the service can alter it. */
@Injectable()
export class AuditTrailService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly cursors: Cursors,
    private readonly reads: Reads,
  ) {}

  /** Entries, newest first. Who asks about one person is recorded, and the person sees it. */
  async list(who: Actor, query: AuditQuery): Promise<Page<AuditEntry>> {
    if (query.personId)
      await this.reads.record(who, {
        subject: 'audit_entry',
        personIds: [query.personId],
        purpose: 'service-security',
        what: 'entries of the audit trail about your data',
      });
    const ask = (after: Condition, order: string, limit: number): Promise<Row[]> => {
      const { params, bind } = binder();
      const where = all([...this.filters(query), after], bind);
      return this.db.query<Row>(
        `SELECT ${ENTRY}, ${keyColumns(NEWEST_ENTRY)} FROM kernel.audit_entry r WHERE ${where} ORDER BY ${order} LIMIT ${bind(limit)}`,
        params,
      );
    };
    return this.cursors.page(query, 'audit entries', NEWEST_ENTRY, ask, ({ sort_key: _, ...row }) => row);
  }

  private filters({ subject, subjectId, action, accountId, personId, from, until }: AuditQuery): Condition[] {
    const equal = Object.entries({
      subject,
      subject_id: subjectId,
      action,
      account_id: accountId,
      person_id: personId,
    });
    const wanted = equal
      .filter(([, value]) => value !== undefined)
      .map(
        ([column, value]): Condition =>
          (bind) =>
            `r.${column} = ${bind(value)}`,
      );
    if (from) wanted.push((bind) => `r.at >= ${bind(this.clock.startOfDay(from))}::timestamptz`);
    if (until) wanted.push((bind) => `r.at < ${bind(this.clock.startOfDay(until))}::timestamptz`);
    return wanted;
  }
}

const ENTRY = `r.id::text, r.at, r.account_id AS "accountId", r.acting_for AS "actingFor", r.actor, r.action, r.subject, r.subject_id AS "subjectId",
  r.person_id AS "personId", r.organisation_id AS "organisationId", r.purpose, r.before, r.after, r.trace_id AS "traceId"`;
