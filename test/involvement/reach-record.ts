import { createHash, randomUUID } from 'node:crypto';
import type { TestApp } from '../support/app';

/** Puts on record what the report on reach counts, at moments that no route would take. */
export class ReachRecord {
  constructor(private readonly t: TestApp) {}

  async publish(projectId: string, kind: string, stage: string, mode: string): Promise<string> {
    const { rows } = await this.t.db.query<{ id: string }>(
      `INSERT INTO involvement.opportunity (organisation_id, project_id, title, kind, stage, mode, summary, what_is_involved, how_to_apply, state, publish_at, published_at, closes_on, closes_at)
       SELECT organisation_id, id, 'Take part', $2, $3, $4, 'What it is.', 'What to do.', '[{"way": "phone", "detail": "Ring us."}]', 'published',
         '2026-05-01T09:00:00Z', '2026-05-01T09:00:00Z', '2026-12-31', '2027-01-01T00:00:00Z' FROM involvement.project WHERE id = $1 RETURNING id`,
      [projectId, kind, stage, mode],
    );
    return rows[0]?.id ?? '';
  }

  /** An interest as it would stand after all that is said of it; answers its id. */
  async interest(
    opportunityId: string,
    says: { received: string; assisted?: boolean; offered?: string; state: string; contributorId: string },
  ): Promise<string> {
    const answered = says.state === 'accepted' ? says.offered : null;
    const ended = says.state === 'lapsed' || says.state === 'not-selected' ? '2026-10-15T09:00:00Z' : null;
    const { rows } = await this.t.db.query<{ id: string }>(
      `INSERT INTO involvement.interest (opportunity_id, organisation_id, contributor_id, state, assisted, assisted_by_channel, channel, received_at, offered_at,
         answer_by, answered_at, ended_at, reason_sealed, reference_hash, reference_end)
       SELECT id, organisation_id, $2, $3, $4, CASE WHEN $4 THEN 'phone' END, 'phone', $5, $6, CASE WHEN $6::timestamptz IS NOT NULL THEN '2026-10-10'::date END,
         $7, $8, CASE WHEN $3 = 'not-selected' THEN '\\x00'::bytea END, $9, '0000' FROM involvement.opportunity WHERE id = $1 RETURNING id`,
      [
        opportunityId,
        says.contributorId,
        says.state,
        says.assisted ?? false,
        says.received,
        says.offered ?? null,
        answered,
        ended,
        createHash('sha256').update(randomUUID()).digest(),
      ],
    );
    return rows[0]?.id ?? '';
  }

  async involvement(
    projectId: string,
    contributorId: string,
    from: { opportunityId?: string; interestId?: string },
    days: [string, string][],
  ): Promise<void> {
    const { rows } = await this.t.db.query<{ id: string; organisation_id: string }>(
      `INSERT INTO involvement.involvement (organisation_id, project_id, opportunity_id, interest_id, contributor_id, role, "from", state)
       SELECT organisation_id, id, $2, $3, $4, 'member', '2026-01-01', 'active' FROM involvement.project WHERE id = $1 RETURNING id, organisation_id`,
      [projectId, from.opportunityId ?? null, from.interestId ?? null, contributorId],
    );
    for (const [day, attendance] of days)
      await this.t.db.query(
        `INSERT INTO involvement.activity (involvement_id, organisation_id, on_day, kind, mode, minutes, attendance) VALUES ($1, $2, $3, 'meeting', 'phone', 60, $4)`,
        [rows[0]?.id, rows[0]?.organisation_id, day, attendance],
      );
  }

  view(opportunityId: string, account: string, day: string, count: number): Promise<unknown> {
    return this.t.db.query(
      'INSERT INTO involvement.opportunity_view (opportunity_id, account_id, day, count) VALUES ($1, $2, $3, $4)',
      [opportunityId, account, day, count],
    );
  }
}
