import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor';
import { Db } from '../db/db';

/** Personal, special-category or bank data that somebody was shown. */
export interface PersonalRead {
  /** Kind of record: `access_need`. */
  subject: string;
  /** The people whose data they are. */
  personIds: readonly string[];
  /** The records, one for each person in the same order, where there is one each. */
  ids?: readonly string[];
  /** Why they were read: the slug of a purpose. */
  purpose: string;
  /** What was shown, in plain English: "access needs". Never the data themselves. */
  what: string;
}

/** One reading, as the person concerned sees it. */
export interface ReadEntry {
  /** Place in the ledger; give it as `before` to read on. */
  id: string;
  at: Date;
  /** The account that read; null where the service or somebody without an account did. */
  accountId: string | null;
  /** Kind of reader: person, system, service or anonymous. */
  reader: string;
  action: string;
  subject: string;
  purpose: string | null;
  what: string | null;
}

/** Who read whose data: rows of the audit trail with action `read` or `exported`. */
@Injectable()
export class Reads {
  constructor(private readonly db: Db) {}

  /** Records a reading, all people in one statement. Call it before the data leave the service. */
  async record(who: Actor, read: PersonalRead): Promise<void> {
    if (read.ids && read.ids.length !== read.personIds.length)
      throw new Error('Give one record id for each person, or none');
    if (read.personIds.length === 0) return;
    await (who.open ?? this.db).query(
      `INSERT INTO kernel.audit_entry (account_id, actor, action, subject, subject_id, person_id, purpose, after, trace_id)
       SELECT $1, $2, 'read', $3, r.id, r.person, $6, jsonb_build_object('what', $7::text), $8
       FROM unnest($4::uuid[], $5::uuid[]) AS r(id, person)`,
      [
        who.accountId,
        who.kind,
        read.subject,
        read.ids ?? read.personIds.map(() => null),
        read.personIds,
        read.purpose,
        read.what,
        who.traceId,
      ],
    );
  }

  /** Records that the data of all people of an organisation left as one file: one row, which each of them sees. */
  async recordExport(
    who: Actor,
    read: { subject: string; organisationId: string; purpose: string; what: string },
  ): Promise<void> {
    await (who.open ?? this.db).query(
      `INSERT INTO kernel.audit_entry (account_id, actor, action, subject, organisation_id, purpose, after, trace_id)
       VALUES ($1, $2, 'exported', $3, $4, $5, jsonb_build_object('what', $6::text), $7)`,
      [who.accountId, who.kind, read.subject, read.organisationId, read.purpose, read.what, who.traceId],
    );
  }

  /**
   * Who read the person's data, newest first, at most `limit` (1 to 100).
   * @param page.before id of the last entry of the page before
   * @param page.organisationIds organisations whose exports held the person's data
   */
  async readsOf(
    personId: string,
    page: { limit: number; before?: string; organisationIds?: readonly string[] },
  ): Promise<ReadEntry[]> {
    const before = page.before ?? '9223372036854775807';
    return this.db.query<ReadEntry>(
      `SELECT id::text, at, account_id AS "accountId", actor AS reader, action, subject, purpose, after->>'what' AS what
       FROM (
         (SELECT * FROM kernel.audit_entry
          WHERE person_id = $1 AND action IN ('read', 'exported') AND id < $2 ORDER BY id DESC LIMIT $3)
         UNION ALL
         (SELECT * FROM kernel.audit_entry
          WHERE organisation_id = ANY($4::uuid[]) AND person_id IS NULL AND action IN ('read', 'exported') AND id < $2 ORDER BY id DESC LIMIT $3)
       ) e ORDER BY e.id DESC LIMIT $3`,
      [personId, before, page.limit, page.organisationIds ?? []],
    );
  }
}
