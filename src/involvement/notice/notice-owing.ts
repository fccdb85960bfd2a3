import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/db/tx';
import { Jobs } from '../../kernel/jobs/jobs';
import { Channel, Sender } from '../../kernel/messages/sender';
import type { Query } from '../../kernel/privacy/query';
import type { ReplyBy } from '../interest/interest-state';
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
  'shortlisted',
  'reserve',
  'offered',
  'accepted',
  'not-selected',
  'lapsed',
  'drawn',
];

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
        kind === 'opportunity-withdrawn'
          ? [...OUTCOMES, 'opportunity-changed', 'opportunity-hidden']
          : ['opportunity-changed', 'opportunity-hidden'],
        id,
      );
    }
    await this.send(tx, [...interested, ...involved]);
    return interested.length + involved.length;
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
