import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/db/tx';
import { Jobs } from '../../kernel/jobs/jobs';
import { Channel, Sender } from '../../kernel/messages/sender';
import type { Query } from '../../kernel/privacy/query';
import type { ReplyBy } from '../interest/interest-state';
import type { Involvement } from '../involvement/involvement.entity';
import { NoticeKind } from './notice.entity';

/** By which way the service can send to somebody who wants to be told so. The others need a person. */
export const SENT_BY: Readonly<Partial<Record<ReplyBy, Channel>>> = { email: 'email', text: 'text', post: 'letter' };

/** How long after an outcome somebody must have been told. */
const DUE_DAYS = 5;
const DAY_MS = 86_400_000;
/** Most notices of one job. */
const JOB_SIZE = 500;

/** What an interest was told of before, and need not be once something newer is owed. */
const OUTCOMES: readonly NoticeKind[] = [
  'interest-received',
  'shortlisted',
  'reserve',
  'offered',
  'accepted',
  'not-selected',
  'lapsed',
  'drawn',
];

/** What people were told of an opportunity before, and need not be once something newer is owed. */
const OF_OPPORTUNITY: readonly NoticeKind[] = ['opportunity-changed', 'opportunity-hidden', 'opportunity-shown-again'];

interface Owed {
  id: string;
  channel: ReplyBy;
}

/** Owes notices, in the transaction of what they tell. */
@Injectable()
export class NoticeOwing {
  constructor(
    private readonly jobs: Jobs,
    private readonly sender: Sender,
  ) {}

  /** Owes each interest word of one outcome. What was owed before and not told yet is dropped: the newer says it all. */
  async owe(tx: Tx, kind: NoticeKind, interestIds: readonly string[]): Promise<void> {
    if (interestIds.length === 0) return;
    await this.drop(tx, interestIds, OUTCOMES);
    const owed = await tx.query<Owed>(
      `INSERT INTO involvement.notice (opportunity_id, organisation_id, interest_id, contributor_id, kind, channel, language, due_at)
       SELECT ${INTEREST_COLUMNS} ${INTEREST_FROM} WHERE i.id = ANY($3::uuid[]) AND ${REACHABLE}
       RETURNING id, channel`,
      [kind, dueAt(tx.at), interestIds],
    );
    await this.send(tx, owed);
  }

  /** Owes everybody whom an opportunity concerns word of an event, once each; the same event again owes nothing. */
  async oweOfEvent(tx: Tx, event: { id: string; opportunityId: string }, kind: NoticeKind): Promise<number> {
    const { id, opportunityId } = event;
    const values = [kind, dueAt(tx.at), opportunityId, id];
    const interested = await tx.query<Owed & { interest_id: string }>(
      `INSERT INTO involvement.notice (opportunity_id, organisation_id, interest_id, contributor_id, kind, channel, language, due_at, event_id)
       SELECT ${INTEREST_COLUMNS}, $4::uuid ${INTEREST_FROM}
       WHERE i.opportunity_id = $3 AND i.state IN ('received', 'shortlisted', 'reserve', 'offered', 'accepted') AND ${REACHABLE}
       ON CONFLICT DO NOTHING RETURNING id, channel, interest_id`,
      values,
    );
    const involved = await tx.query<Owed>(
      `INSERT INTO involvement.notice (opportunity_id, organisation_id, involvement_id, contributor_id, kind, channel, language, due_at, event_id)
       SELECT v.opportunity_id, v.organisation_id, v.id, v.contributor_id, $1::text, c.preferred_channel, c.correspondence_language, $2::timestamptz, $4::uuid
       FROM involvement.involvement v JOIN people.contributor c ON c.id = v.contributor_id
       WHERE v.opportunity_id = $3 AND v.interest_id IS NULL AND v.state IN ('planned', 'active') AND c.preferred_channel IS NOT NULL
       ON CONFLICT DO NOTHING RETURNING id, channel`,
      values,
    );
    if (interested.length > 0) {
      const before = interested.map((n) => n.interest_id);
      await this.drop(
        tx,
        before,
        kind === 'opportunity-withdrawn' ? [...OUTCOMES, ...OF_OPPORTUNITY] : OF_OPPORTUNITY,
        id,
      );
    }
    await this.send(tx, [...interested, ...involved]);
    return interested.length + involved.length;
  }

  /** Owes word that an interest came in, unless more has come of it already. The same event again owes nothing. */
  async oweReceived(tx: Tx, event: { id: string; interestId: string }): Promise<void> {
    const owed = await tx.query<Owed>(
      `INSERT INTO involvement.notice (opportunity_id, organisation_id, interest_id, contributor_id, kind, channel, language, due_at, event_id)
       SELECT ${INTEREST_COLUMNS}, $4::uuid ${INTEREST_FROM} WHERE i.id = $3 AND i.state = 'received' AND ${REACHABLE} FOR SHARE OF i
       ON CONFLICT DO NOTHING RETURNING id, channel`,
      ['interest-received', dueAt(tx.at), event.interestId, event.id],
    );
    await this.send(tx, owed);
  }

  /** Owes word that an opportunity is shown again to who was told that it was hidden and still waits for it. Who was not told need not be. */
  async oweShownAgain(tx: Tx, event: { id: string; opportunityId: string }): Promise<void> {
    const { id, opportunityId } = event;
    await tx.query(
      `UPDATE involvement.notice SET state = 'dropped', version = version + 1, updated_at = now()
       WHERE opportunity_id = $1 AND kind = 'opportunity-hidden' AND state = 'owed'`,
      [opportunityId],
    );
    const owed = await tx.query<Owed>(SHOWN_AGAIN, ['opportunity-shown-again', dueAt(tx.at), opportunityId, id]);
    await this.send(tx, owed);
  }

  /** Owes somebody word that their part has ended, in the transaction that ends it. What else was owed about it is dropped. */
  async oweEnded(tx: Tx, { id, interestId }: Pick<Involvement, 'id' | 'interestId'>): Promise<void> {
    await tx.query(
      `UPDATE involvement.notice SET state = 'dropped', version = version + 1, updated_at = now()
       WHERE (interest_id = $1 OR involvement_id = $2) AND state = 'owed'`,
      [interestId, id],
    );
    const owed = await tx.query<Owed>(ENDED, ['involvement-ended', dueAt(tx.at), id]);
    await this.send(tx, owed);
  }

  /** Drops what is owed to interests and not told: nothing is left to say. */
  async drop(
    tx: Tx,
    interestIds: readonly string[],
    kinds: readonly NoticeKind[] = Object.values(NoticeKind),
    but?: string,
  ): Promise<void> {
    await tx.query(
      `UPDATE involvement.notice SET state = 'dropped', version = version + 1, updated_at = now()
       WHERE interest_id = ANY($1::uuid[]) AND state = 'owed' AND kind = ANY($2::text[]) AND ($3::uuid IS NULL OR event_id IS DISTINCT FROM $3)`,
      [interestIds, kinds, but ?? null],
    );
  }

  /** Title of an opportunity. */
  async titleOf(q: Query, opportunityId: string): Promise<string> {
    const [row] = await q.query<{ title: string }>('SELECT title FROM involvement.opportunity WHERE id = $1', [
      opportunityId,
    ]);
    if (!row) throw new Error(`There is no opportunity ${opportunityId}`);
    return row.title;
  }

  /** Has sent what the service can send; the rest stays open for somebody to tell. */
  private async send(tx: Tx, owed: readonly Owed[]): Promise<void> {
    const ids = owed.filter(({ channel }) => this.reaches(channel)).map(({ id }) => id);
    for (let at = 0; at < ids.length; at += JOB_SIZE)
      await this.jobs.send(tx, 'notice.send', { noticeIds: ids.slice(at, at + JOB_SIZE) });
  }

  private reaches(by: ReplyBy): boolean {
    const channel = SENT_BY[by];
    return channel !== undefined && this.sender.reaches(channel);
  }
}

const dueAt = (at: Date): Date => new Date(at.getTime() + DUE_DAYS * DAY_MS);

/** Whose wish counts: the contributor's record, else what the interest says. Welsh where either asks for it. */
const INTEREST_COLUMNS = `i.opportunity_id, i.organisation_id, i.id, i.contributor_id, $1::text, coalesce(c.preferred_channel, i.reply_by),
  CASE WHEN c.correspondence_language = 'cy' OR i.language ~ '^cy($|-)' THEN 'cy' ELSE 'en' END, $2::timestamptz`;
const INTEREST_FROM = 'FROM involvement.interest i LEFT JOIN people.contributor c ON c.id = i.contributor_id';
const REACHABLE = 'i.erased_at IS NULL AND coalesce(c.preferred_channel, i.reply_by) IS NOT NULL';

const SHOWN_AGAIN = `
  INSERT INTO involvement.notice (opportunity_id, organisation_id, interest_id, involvement_id, contributor_id, kind, channel, language, due_at, event_id)
  SELECT n.opportunity_id, n.organisation_id, n.interest_id, n.involvement_id, n.contributor_id, $1::text, coalesce(c.preferred_channel, i.reply_by),
    n.language, $2::timestamptz, $4::uuid
  FROM (
    SELECT DISTINCT ON (interest_id, involvement_id) * FROM involvement.notice
    WHERE opportunity_id = $3 AND kind IN ('opportunity-hidden', 'opportunity-shown-again') AND state <> 'dropped'
    ORDER BY interest_id, involvement_id, id DESC
  ) n
  LEFT JOIN involvement.interest i ON i.id = n.interest_id
  LEFT JOIN involvement.involvement v ON v.id = n.involvement_id
  LEFT JOIN people.contributor c ON c.id = n.contributor_id
  WHERE n.kind = 'opportunity-hidden' AND n.state IN ('sent', 'told') AND coalesce(c.preferred_channel, i.reply_by) IS NOT NULL
    AND ((i.state IN ('received', 'shortlisted', 'reserve', 'offered', 'accepted') AND i.erased_at IS NULL) OR v.state IN ('planned', 'active'))
  ON CONFLICT DO NOTHING RETURNING id, channel`;

const ENDED = `
  INSERT INTO involvement.notice (opportunity_id, organisation_id, interest_id, involvement_id, contributor_id, kind, channel, language, due_at)
  SELECT v.opportunity_id, v.organisation_id, v.interest_id, v.id, v.contributor_id, $1::text, c.preferred_channel,
    CASE WHEN c.correspondence_language = 'cy' OR i.language ~ '^cy($|-)' THEN 'cy' ELSE 'en' END, $2::timestamptz
  FROM involvement.involvement v JOIN people.contributor c ON c.id = v.contributor_id
  LEFT JOIN involvement.interest i ON i.id = v.interest_id
  WHERE v.id = $3 AND c.preferred_channel IS NOT NULL RETURNING id, channel`;
