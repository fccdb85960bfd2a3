import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Fields, Tx } from '../../kernel/db/tx';
import { BadInput, Conflict, Fault, NotFound, Problem, Refused } from '../../kernel/errors/problem';
import type { Query } from '../../kernel/privacy/query';
import { InterestEvent } from '../events';
import { NoticeOwing } from '../notice/notice-owing';
import { Opportunity } from '../opportunity/opportunity.entity';
import type { InterestDetails } from './interest.dto';
import { Interest } from './interest.entity';
import { InterestParts } from './interest-parts';
import { mayReadIn, maySelect, maySelectIn, opportunityOf } from './interest-scope';
import { InterestView } from './interest-view';
import { mustHaveNoPlaceYet } from './repeats';
import { Decision, DecisionsMade, OneDecision, Places } from './selection.dto';

/** Days that an offer stays open unless another day is given. */
const OFFER_DAYS = 14;
const DAY_MS = 86_400_000;

const EVENT: Record<Decision, string> = {
  shortlist: InterestEvent.Shortlisted,
  reserve: InterestEvent.Reserved,
  offer: InterestEvent.Offered,
  'turn-down': InterestEvent.NotSelected,
};
const NOTICE = { shortlist: 'shortlisted', reserve: 'reserve', offer: 'offered', 'turn-down': 'not-selected' } as const;

/** Selects among interests. Everybody concerned is owed a notice in the same transaction. */
@Injectable()
export class SelectionService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly parts: InterestParts,
    private readonly view: InterestView,
    private readonly owing: NoticeOwing,
  ) {}

  /** One decision on one interest. */
  decide(who: Actor, id: string, decision: Omit<OneDecision, 'interestId'>): Promise<InterestDetails> {
    return this.view.after(who, async (tx) => {
      const today = this.clock.today();
      await this.opportunity(tx, who, await opportunityOf(tx, id, maySelect(who, today)));
      const changed = await this.carryOut(tx, await tx.get(Interest, id), { ...decision, interestId: id }, today);
      await this.owing.owe(tx, NOTICE[decision.decision], [id]);
      return changed;
    });
  }

  /** Many decisions on interests in one opportunity: all or none. */
  decideMany(who: Actor, opportunityId: string, decisions: readonly OneDecision[]): Promise<DecisionsMade> {
    const twice = decisions.findIndex((d, i) => decisions.findIndex((e) => e.interestId === d.interestId) < i);
    if (twice >= 0) throw new BadInput([fault(twice, 'interestId', 'repeated', 'Decide on each interest once.')]);
    return this.db.write(who, async (tx) => {
      const today = this.clock.today();
      await this.opportunity(tx, who, opportunityId);
      const known = await tx.query<{ id: string }>(
        `SELECT id FROM involvement.interest WHERE opportunity_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
        [opportunityId, decisions.map((d) => d.interestId)],
      );
      const ids = new Set(known.map((row) => row.id));
      const faults: Fault[] = [];
      // Whoever is turned down or kept in reserve goes first, so that nothing depends on the order in which they are sent.
      for (const [i, decision] of [...decisions.entries()].sort(
        ([, a], [, b]) => ORDER[a.decision] - ORDER[b.decision],
      )) {
        if (ids.has(decision.interestId)) await this.try(tx, decision, today, i, faults);
        else faults.push(fault(i, 'interestId', 'unknown_interest', 'This opportunity has no interest with this id.'));
      }
      if (faults.length > 0)
        throw new Refused(
          'decisions_not_possible',
          'Some decisions cannot be carried out, so none was. Each fault is listed under "errors".',
          faults,
        );
      for (const kind of Object.values(Decision))
        await this.owing.owe(
          tx,
          NOTICE[kind],
          decisions.filter((d) => d.decision === kind).map((d) => d.interestId),
        );
      return { decided: decisions.length, ...(await placesOf(tx, opportunityId)) };
    });
  }

  /** How the places stand, and who on the reserve list is next. */
  async places(who: Actor, opportunityId: string): Promise<Places> {
    await this.db.one(Opportunity, opportunityId, mayReadIn(who, this.clock.today()));
    return placesOf(this.db, opportunityId);
  }

  /** The opportunity, held until the transaction ends: places are counted under this lock. */
  private async opportunity(tx: Tx, who: Actor, id: string): Promise<Opportunity> {
    const opportunity = await tx.get(Opportunity, id, maySelectIn(who, this.clock.today()));
    if (!opportunity.isPublished(tx.at))
      throw new Conflict(
        'opportunity_not_running',
        'This opportunity is not published, or was withdrawn: nobody can be selected for it.',
      );
    return opportunity;
  }

  /** Carries one of many out; what is wrong with it joins the faults, but a want of places ends all. */
  private async try(tx: Tx, decision: OneDecision, today: string, i: number, faults: Fault[]): Promise<void> {
    try {
      await this.carryOut(tx, await tx.get(Interest, decision.interestId), decision, today);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      faults.push(fault(i, '', error.code, error.message));
    }
  }

  private async carryOut(tx: Tx, interest: Interest, decision: OneDecision, today: string): Promise<Interest> {
    const patch = this.patch(interest, decision, tx.at, today);
    if (decision.decision === 'offer') await mustHaveNoPlaceYet(tx, interest);
    const changed = await tx.change(interest, patch, interest.version, { personId: interest.contributorId });
    const { id, version, organisationId, opportunityId, answerBy } = changed;
    const data = decision.decision === 'offer' ? { opportunityId, answerBy } : { opportunityId };
    tx.emit({ type: EVENT[decision.decision], subject: 'interest', subjectId: id, version, organisationId, data });
    return changed;
  }

  private patch(
    interest: Interest,
    { decision, reason, answerBy }: OneDecision,
    at: Date,
    today: string,
  ): Fields<Interest> {
    if (decision === 'turn-down' && !reason)
      throw new Refused('reason_needed', 'Somebody who is not selected must be told why: give a reason.');
    switch (decision) {
      case 'shortlist':
        return interest.shortlist(at);
      case 'reserve':
        return interest.reserve(at);
      case 'offer':
        return interest.offer(at, today, answerBy ?? plusDays(today, OFFER_DAYS));
      case 'turn-down':
        return interest.turnDown(at, this.parts.sealReason(interest.id, reason ?? ''));
    }
  }
}

const ORDER: Record<Decision, number> = { 'turn-down': 0, reserve: 1, shortlist: 2, offer: 3 };
const fault = (i: number, field: string, code: string, message: string): Fault => ({
  in: 'body',
  at: `/decisions/${i}${field && `/${field}`}`,
  code,
  message,
});
const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** Next in reserve: by the draw where there was one, else by who was put on the list first; who does not fit into what is free, or has a place by a repeated interest, is passed over. */
const PLACES = `
  SELECT o.places_available AS places,
    coalesce(sum(coalesce(i.group_size, 1)) FILTER (WHERE i.state = 'offered'), 0)::integer AS offered,
    coalesce(sum(coalesce(i.group_size, 1)) FILTER (WHERE i.state = 'accepted'), 0)::integer AS accepted
  FROM involvement.opportunity o LEFT JOIN involvement.interest i ON i.opportunity_id = o.id
  WHERE o.id = $1 GROUP BY o.id`;
const NEXT = `
  SELECT i.id FROM involvement.interest i LEFT JOIN involvement.draw d ON d.opportunity_id = i.opportunity_id
  WHERE i.opportunity_id = $1 AND i.state = 'reserve' AND ($2::integer IS NULL OR coalesce(i.group_size, 1) <= $2)
    AND (i.contributor_id IS NOT NULL OR i.contact_confirmed_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM involvement.interest e
      WHERE coalesce(e.duplicate_of, e.id) = coalesce(i.duplicate_of, i.id) AND e.state IN ('offered', 'accepted'))
  ORDER BY array_position(d.interest_ids, i.id) NULLS LAST, i.reserved_at, i.id LIMIT 1`;

async function placesOf(q: Query, opportunityId: string): Promise<Places> {
  const [row] = await q.query<{ places: number | null; offered: number; accepted: number }>(PLACES, [opportunityId]);
  if (!row) throw new NotFound();
  const free = row.places === null ? null : Math.max(0, row.places - row.offered - row.accepted);
  const [next] = free === 0 ? [] : await q.query<{ id: string }>(NEXT, [opportunityId, free]);
  return { ...row, free, nextReserve: next?.id ?? null };
}
