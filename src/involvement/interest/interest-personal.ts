import { forgetMessages } from '../../kernel/messages/local-outbox';
import type { Tx } from '../../kernel/db/tx';
import { PersonReader, personalTable, Stayed } from '../../kernel/privacy/personal';
import { INTEREST_TABLE } from './interest.entity';

/** How interests, draws and notices are exported, erased and how long kept. */

const RECORD = 'UK GDPR Article 6(1)(e), public task, and Article 9(2)(j) for what is counted';
const ACCOUNTS = 'UK GDPR Article 5(2): who acted for an organisation';

/** What an interest holds about a person, in receipts and in copies of their data. */
export const INTEREST_HOLDS = 'Your interests in opportunities: your answers, who helped you, and what came of it';

/** What an erasure leaves of an interest. */
export const INTEREST_STAYED: Stayed = {
  what: 'That somebody was interested, by which way and what came of it: to be counted, without anything that leads to you',
  rule: RECORD,
};

/** Takes out of interests all that is personal. What is live ends; the row stays to be counted. */
const EMPTY = `
  UPDATE involvement.interest SET
    contributor_id = NULL, person_sealed = NULL, answers_sealed = NULL, reason_sealed = NULL, contact_digest = NULL, code_expires_at = NULL,
    erased_at = $2, version = version + 1, updated_at = now(),
    ended_at = CASE WHEN state IN ('received', 'shortlisted', 'reserve', 'offered') THEN $2 ELSE ended_at END,
    state = CASE WHEN state IN ('received', 'shortlisted', 'reserve', 'offered') THEN 'withdrawn' ELSE state END`;

const FORGET_NOTICES = `
  UPDATE involvement.notice SET contributor_id = NULL, note_sealed = NULL, version = version + 1, updated_at = now(),
    state = CASE WHEN state = 'owed' THEN 'dropped' ELSE state END`;

/** Deletes what was written to somebody without a record about these interests: codes and notices. */
export async function forgetMessagesOf(tx: Tx, ids: readonly string[]): Promise<void> {
  const notices = await tx.query<{ id: string }>(
    'SELECT id FROM involvement.notice WHERE interest_id = ANY($1::uuid[])',
    [ids],
  );
  await forgetMessages(tx, [...ids, ...notices.map(({ id }) => id)]);
}

/** Empties interests by their ids, with what is owed about them. */
export async function emptyInterests(tx: Tx, ids: readonly string[]): Promise<void> {
  await forgetMessagesOf(tx, ids);
  await tx.query(`${FORGET_NOTICES} WHERE interest_id = ANY($1::uuid[])`, [ids]);
  await tx.query(`${EMPTY} WHERE id = ANY($1::uuid[]) AND erased_at IS NULL`, [ids, tx.at]);
}

interface Exported extends Record<string, unknown> {
  id: string;
  person_sealed: Buffer | null;
  answers_sealed: Buffer | null;
  reason_sealed: Buffer | null;
}

async function exportInterests(q: PersonReader, contributorId: string): Promise<object[]> {
  const rows = await q.query<Exported>(
    `SELECT i.id, o.title AS opportunity, i.state, i.received_at AS "receivedAt", i.channel, i.language, i.assisted, i.party,
       i.group_size AS "groupSize", i.how_heard AS "howHeard", i.keep_on_file AS "keepOnFile", i.shortlisted_at AS "shortlistedAt",
       i.reserved_at AS "reservedAt", i.offered_at AS "offeredAt", i.answer_by AS "answerBy", i.answered_at AS "answeredAt", i.ended_at AS "endedAt",
       i.person_sealed, i.answers_sealed, i.reason_sealed
     FROM involvement.interest i JOIN involvement.opportunity o ON o.id = i.opportunity_id WHERE i.contributor_id = $1 ORDER BY i.id`,
    [contributorId],
  );
  return rows.map(({ person_sealed, answers_sealed, reason_sealed, ...rest }) => {
    const open = (column: string, stored: Buffer | null): string | null =>
      stored && q.open({ table: INTEREST_TABLE, row: rest.id, column }, stored);
    const parsed = (text: string | null): object => (text === null ? {} : (JSON.parse(text) as object));
    return {
      ...rest,
      ...parsed(open('person_sealed', person_sealed)),
      ...parsed(open('answers_sealed', answers_sealed)),
      reason: open('reason_sealed', reason_sealed),
    };
  });
}

personalTable({
  table: 'involvement.notice',
  person: 'contributor_id',
  heading: 'What you were told about opportunities',
  shown: {
    without: ['event_id'],
    named: { organisation_id: 'people.organisation.name', opportunity_id: 'involvement.opportunity.title' },
  },
  holds: 'What you were owed word of, how you were told and when, and notes by whoever told you',
  erase: async (tx, id) => {
    const gone = await tx.query(
      `${FORGET_NOTICES} WHERE contributor_id = $1 OR interest_id IN (SELECT id FROM involvement.interest WHERE contributor_id = $1) RETURNING 1`,
      [id],
    );
    return { went: gone.length, stayed: [] };
  },
  keptFor: 'One year after your interest ended, or as long as you take part',
  rule: RECORD,
  order: 290,
});

personalTable({
  table: INTEREST_TABLE,
  person: 'contributor_id',
  heading: 'Opportunities that interested you',
  holds: INTEREST_HOLDS,
  export: exportInterests,
  erase: async (tx, id) => {
    const gone = await tx.query(`${EMPTY} WHERE contributor_id = $1 RETURNING 1`, [id, tx.at]);
    return { went: gone.length, stayed: gone.length > 0 ? [INTEREST_STAYED] : [] };
  },
  keptFor: 'One year after it ended; if you take part, as long as the involvement is on record',
  rule: RECORD,
  order: 300,
  retention: { from: 'ended_at', after: 'P1Y', where: 'r.erased_at IS NULL', then: emptyInterests },
});

personalTable({
  table: INTEREST_TABLE,
  person: 'sent_by_account_id',
  key: 'account',
  heading: 'Interests that you sent or recorded',
  holds: 'That your account sent or recorded an interest',
  export: (q, id) =>
    q.query(
      'SELECT received_at AS "receivedAt", channel FROM involvement.interest WHERE sent_by_account_id = $1 ORDER BY id',
      [id],
    ),
  erase: { anonymise: { sent_by_account_id: null } },
  keptFor: 'As long as the interest',
  rule: ACCOUNTS,
  order: 310,
});

personalTable({
  table: 'involvement.draw',
  person: 'drawn_by_account_id',
  key: 'account',
  heading: 'Draws that you made',
  holds: 'That your account made a random draw',
  export: (q, id) =>
    q.query('SELECT drawn_at AS "drawnAt", places FROM involvement.draw WHERE drawn_by_account_id = $1 ORDER BY id', [
      id,
    ]),
  erase: { anonymise: { drawn_by_account_id: null } },
  keptFor: 'As long as the draw',
  rule: ACCOUNTS,
  order: 310,
});

personalTable({
  table: 'involvement.notice',
  person: 'told_by_account_id',
  key: 'account',
  heading: 'Notices that you gave',
  holds: 'That your account recorded that somebody was told',
  export: (q, id) =>
    q.query(
      'SELECT told_at AS "toldAt", told_how AS "toldHow" FROM involvement.notice WHERE told_by_account_id = $1 ORDER BY id',
      [id],
    ),
  erase: { anonymise: { told_by_account_id: null } },
  keptFor: 'As long as the notice',
  rule: ACCOUNTS,
  order: 310,
});
