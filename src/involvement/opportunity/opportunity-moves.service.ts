import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import type { Permission } from '../../kernel/access/permission';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { Conflict, Refused, Stale } from '../../kernel/errors/problem';
import { OpportunityEvent } from '../events';
import { DRAFT_OPPORTUNITIES, HIDE_OPPORTUNITIES, PUBLISH_OPPORTUNITIES } from '../permissions';
import { inTeam } from '../project/own-projects';
import {
  caughtUp,
  facts,
  keepVersion,
  NextVersion,
  nextVersion,
  tell,
  tellStep,
  versionColumns,
  versionFacts,
  wantsSecondApprover,
} from './opportunity-record';
import { Move, Opportunity } from './opportunity.entity';

type Patch = Parameters<typeof Tx.prototype.change<Opportunity>>[1];
const NOT_APPROVED = { approvedBy: null, approvedAt: null } as const;

/** What happens to an opportunity from its draft to its end. Each is one transaction on the locked row. */
@Injectable()
export class OpportunityMoves {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
  ) {}

  submit(who: Actor, id: string): Promise<Opportunity> {
    return this.move(who, id, 'submit', DRAFT_OPPORTUNITIES, async (tx, found) => {
      found.mustBeComplete(tx.at);
      const submitted = await this.set(tx, found, {
        state: 'in-review',
        submittedBy: who.accountId,
        submittedAt: tx.at,
        reviewNote: null,
        ...NOT_APPROVED,
      });
      tellStep(tx, 'Submitted', submitted);
      return submitted;
    });
  }

  /** A second person's word on exactly the version that they read. */
  approve(who: Actor, id: string, version: number): Promise<Opportunity> {
    return this.move(who, id, 'approve', PUBLISH_OPPORTUNITIES, async (tx, found, read) => {
      if (read.version !== version) throw new Stale();
      found.mustBeApprovedByAnother(who.accountId);
      const approved = await this.set(tx, found, { approvedBy: who.accountId, approvedAt: tx.at });
      tellStep(tx, 'Approved', approved);
      return approved;
    });
  }

  /** Back to its author, with what is to be changed. */
  return(who: Actor, id: string, reviewNote: string): Promise<Opportunity> {
    return this.move(who, id, 'return', PUBLISH_OPPORTUNITIES, async (tx, found) => {
      const returned = await this.set(tx, found, { state: 'draft', reviewNote, publishAt: null, ...NOT_APPROVED });
      tellStep(tx, 'Returned', returned);
      return returned;
    });
  }

  publish(who: Actor, id: string): Promise<Opportunity> {
    return this.move(who, id, 'publish', PUBLISH_OPPORTUNITIES, async (tx, found) => {
      await this.mustBePublishable(tx, found);
      const next = await nextVersion(tx, found, found);
      const dates = { publishAt: tx.at, publishedAt: tx.at };
      return this.show(tx, found, { state: 'published', ...dates }, next, OpportunityEvent.Published);
    });
  }

  schedule(who: Actor, id: string, publishAt: Date): Promise<Opportunity> {
    return this.move(who, id, 'schedule', PUBLISH_OPPORTUNITIES, async (tx, found) => {
      if (publishAt <= tx.at)
        throw new Refused('not_in_the_future', 'Give a publishAt that is later than now, or publish at once.');
      await this.mustBePublishable(tx, found);
      const scheduled = await this.set(tx, found, { state: 'scheduled', publishAt });
      tellStep(tx, 'Scheduled', scheduled);
      return scheduled;
    });
  }

  pause(who: Actor, id: string): Promise<Opportunity> {
    return this.move(who, id, 'pause', PUBLISH_OPPORTUNITIES, async (tx, found) => {
      const paused = await this.set(tx, found, { state: 'paused' });
      tell(tx, OpportunityEvent.Paused, paused);
      return paused;
    });
  }

  /** Open again, with what was changed in the meantime. */
  resume(who: Actor, id: string): Promise<Opportunity> {
    return this.move(who, id, 'resume', PUBLISH_OPPORTUNITIES, async (tx, found) => {
      await this.mustBePublishable(tx, found);
      return this.show(
        tx,
        found,
        { state: 'published' },
        await nextVersion(tx, found, found),
        OpportunityEvent.Resumed,
      );
    });
  }

  /** Takes nobody any more, before its closing day is over. */
  close(who: Actor, id: string): Promise<Opportunity> {
    return this.move(who, id, 'close', PUBLISH_OPPORTUNITIES, async (tx, found) => {
      const closed = await this.set(tx, found, { state: 'closed', closedAt: tx.at });
      tell(tx, OpportunityEvent.Closed, closed, { closedAt: tx.at.toISOString() });
      return closed;
    });
  }

  /** A later closing day, while people may still apply. */
  extend(who: Actor, id: string, closesOn: string): Promise<Opportunity> {
    return this.move(who, id, 'extend', PUBLISH_OPPORTUNITIES, async (tx, found) => {
      if (found.closesOn !== null && closesOn <= found.closesOn)
        throw new Refused('not_later', `Give a later day than ${found.closesOn}.`);
      return this.closeLater(tx, found, closesOn, {}, OpportunityEvent.Extended);
    });
  }

  /** Open again after it was closed, with a new closing day. */
  reopen(who: Actor, id: string, closesOn: string): Promise<Opportunity> {
    return this.move(who, id, 'reopen', PUBLISH_OPPORTUNITIES, (tx, found) =>
      this.closeLater(
        tx,
        found,
        closesOn,
        { state: 'published', closedAt: null, archivedAt: null },
        OpportunityEvent.Reopened,
      ),
    );
  }

  /** For good. One that the public never saw is given up without a word to the public. */
  withdraw(who: Actor, id: string): Promise<Opportunity> {
    return this.move(who, id, 'withdraw', PUBLISH_OPPORTUNITIES, async (tx, found) => {
      const wasPublic = found.isPublished(tx.at);
      const withdrawn = await this.set(tx, found, { state: 'withdrawn', withdrawnAt: tx.at });
      if (wasPublic) tell(tx, OpportunityEvent.Withdrawn, withdrawn);
      else tellStep(tx, 'Dropped', withdrawn);
      return withdrawn;
    });
  }

  /** Out of sight at once, whatever else happens to it. */
  hide(who: Actor, id: string, hiddenBecause: string): Promise<Opportunity> {
    return this.move(who, id, 'hide', HIDE_OPPORTUNITIES, async (tx, found) => {
      if (found.hiddenAt !== null) throw new Conflict('already_hidden', 'It is hidden already.');
      const hidden = await this.set(tx, found, { hiddenAt: tx.at, hiddenBecause });
      tell(tx, OpportunityEvent.Hidden, hidden);
      return hidden;
    });
  }

  unhide(who: Actor, id: string): Promise<Opportunity> {
    return this.move(who, id, 'unhide', HIDE_OPPORTUNITIES, async (tx, found) => {
      if (found.hiddenAt === null) throw new Conflict('not_hidden', 'It is not hidden.');
      const shown = await this.set(tx, found, { hiddenAt: null, hiddenBecause: null });
      tell(tx, OpportunityEvent.Unhidden, shown);
      return shown;
    });
  }

  /** `work` on the locked row, caught up with the clock, if its state allows the move. */
  private move(
    who: Actor,
    id: string,
    move: Move,
    permission: Permission,
    work: (tx: Tx, found: Opportunity, read: Opportunity) => Promise<Opportunity>,
  ): Promise<Opportunity> {
    const own = inTeam('r.project_id', who, this.clock.today());
    return this.db.write(who, async (tx) => {
      const read = await tx.get(Opportunity, id, who.within(permission, { organisation: 'r.organisation_id', own }));
      const found = await caughtUp(tx, read);
      found.mustAllow(move, tx.at);
      return work(tx, found, read);
    });
  }

  private set(tx: Tx, found: Opportunity, patch: Patch): Promise<Opportunity> {
    return tx.change(found, patch, undefined, facts(found));
  }

  /** A change that the public reads from now on: its version is kept and told. */
  private async show(
    tx: Tx,
    found: Opportunity,
    patch: Patch,
    next: NextVersion | null,
    event: string,
    data: object = {},
  ): Promise<Opportunity> {
    const shown = await this.set(tx, found, { ...patch, ...versionColumns(next) });
    await keepVersion(tx, shown, next);
    tell(tx, event, shown, { ...versionFacts(shown, next), ...data });
    return shown;
  }

  private async mustBePublishable(tx: Tx, found: Opportunity): Promise<void> {
    found.mustBeComplete(tx.at);
    found.mustHaveApproval(await wantsSecondApprover(tx, found.organisationId));
  }

  private async closeLater(
    tx: Tx,
    found: Opportunity,
    closesOn: string,
    patch: Patch,
    event: string,
  ): Promise<Opportunity> {
    const closesAt = this.clock.endOfDay(closesOn);
    if (closesAt <= tx.at) throw new Refused('closing_day_over', 'Give a closing day that is not over.');
    const next = await nextVersion(tx, found, Object.assign(new Opportunity(), found, { closesOn }));
    return this.show(tx, found, { ...patch, closesOn, closesAt }, next, event, { closesOn });
  }
}
