import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Condition } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { BadInput, Conflict, NotFound, Refused, Stale } from '../../kernel/errors/problem';
import { Cursors, NEWEST, Page } from '../../kernel/http/page';
import { holdContributor } from '../../people';
import { InterestEvent } from '../events';
import { Opportunity } from '../opportunity/opportunity.entity';
import { RECORD_INTERESTS } from '../permissions';
import { mayFitAge } from './age';
import { answerFaults } from './answers';
import type { InterestChange, InterestDetails, InterestFilter, InterestSearch } from './interest.dto';
import { Interest } from './interest.entity';
import { InterestKeys } from './interest-keys';
import { forgetMessagesOf } from './interest-personal';
import { InterestParts } from './interest-parts';
import { auditOf, mayAnswer, mayRead, mayReadIn } from './interest-scope';
import { InterestView } from './interest-view';

/** Reads interests, and changes what is said in them. */
@Injectable()
export class InterestService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly cursors: Cursors,
    private readonly keys: InterestKeys,
    private readonly parts: InterestParts,
    private readonly view: InterestView,
  ) {}

  async one(who: Actor, id: string): Promise<InterestDetails> {
    return this.view.one(who, await this.db.one(Interest, id, mayRead(who, this.clock.today())));
  }

  /** Interests in one opportunity, for its organiser. */
  async inOpportunity(who: Actor, opportunityId: string, query: InterestFilter): Promise<Page<InterestDetails>> {
    const today = this.clock.today();
    await this.db.one(Opportunity, opportunityId, mayReadIn(who, today));
    return this.page(who, query, `interests of ${opportunityId}`, [
      (bind) => `r.opportunity_id = ${bind(opportunityId)}`,
    ]);
  }

  /** All interests that the caller may read. */
  async search(who: Actor, query: InterestSearch): Promise<Page<InterestDetails>> {
    const { reference, opportunity } = query;
    const where: Condition[] = [mayRead(who, this.clock.today())];
    if (opportunity) where.push((bind) => `r.opportunity_id = ${bind(opportunity)}`);
    if (reference) {
      const hash = this.keys.hash(reference);
      if (!hash)
        throw new BadInput([
          {
            in: 'query',
            at: 'reference',
            code: 'bad_reference',
            message: 'This is no reference: check it character by character. One looks like PPI-7K3F-9QXM-2RTW0.',
          },
        ]);
      where.push((bind) => `r.reference_hash = ${bind(hash)}`);
    }
    return this.page(who, query, 'interests', where);
  }

  /** The caller's own, as contributor or as whoever sent them. */
  mine(who: Actor, query: InterestFilter): Promise<Page<InterestDetails>> {
    const own: Condition = (bind) =>
      `r.contributor_id = ${bind(who.contributorId)}${who.kind === 'system' ? ` OR r.sent_by_account_id = ${bind(who.accountId)}` : ''}`;
    return this.page(who, query, 'own interests', [own]);
  }

  /** Changes answers or availability, while the interest is received and the opportunity open. */
  change(who: Actor, id: string, version: number, body: InterestChange): Promise<InterestDetails> {
    return this.view.after(who, async (tx) => {
      const interest = await tx.get(Interest, id, mayAnswer(who));
      if (interest.version !== version) throw new Stale();
      const opportunity = await opportunityOf(tx, interest.opportunityId);
      if (interest.state !== 'received' || opportunity.standing(tx.at) !== 'published')
        throw new Conflict(
          'wrong_state',
          'An interest can be changed while it is received and the opportunity is open.',
        );
      const before = this.parts.openAnswers(interest);
      const answers = body.answers ?? before.answers;
      const errors = answerFaults(
        opportunity.questions,
        answers,
        who.mayFor(RECORD_INTERESTS, interest.organisationId),
      );
      if (errors.length > 0)
        throw new Refused(
          'answers_not_right',
          'Some answers are not as the organiser asks. Each fault is listed under "errors".',
          errors,
        );
      const availability = body.availability === undefined ? before.availability : body.availability;
      const changed = await tx.change(
        interest,
        { answersSealed: this.parts.sealAnswers(id, { ...before, answers, availability }) },
        version,
        auditOf(who, interest),
      );
      this.tell(tx, InterestEvent.Changed, changed);
      return changed;
    });
  }

  /** Ties the interest of somebody without a record to a contributor of the organisation. Their contact is then kept with the record only. */
  link(who: Actor, id: string, contributorId: string): Promise<InterestDetails> {
    return this.view.after(who, async (tx) => {
      await holdContributor(tx, contributorId);
      const interest = await tx.get(Interest, id, this.asOrganiser(who));
      if (interest.contributorId !== null)
        throw new Conflict('linked_already', 'This interest is tied to a contributor already.');
      if (!interest.isLive)
        throw new Conflict(
          'wrong_state',
          `This interest is ${interest.state}; a record cannot be tied to it any more.`,
        );
      const [contributor] = await tx.query<{ age_group: string | null }>(CONTRIBUTOR, [
        contributorId,
        interest.organisationId,
        this.clock.today(),
      ]);
      if (!contributor) throw new Refused('unknown_contributor', 'No contributor of this organisation has this id.');
      if (!mayFitAge(await opportunityOf(tx, interest.opportunityId), contributor.age_group))
        throw new Refused('age_not_wanted', 'This opportunity is for people of another age.');
      const part = { ...this.parts.openPerson(interest), person: null };
      const changed = await tx.change(
        interest,
        {
          contributorId,
          personSealed: this.parts.sealPerson(id, part),
          contactDigest: null,
          replyBy: null,
          codeExpiresAt: null,
        },
        interest.version,
        auditOf(who, { contributorId }),
      );
      await forgetMessagesOf(tx, [id]);
      await tx.query(`UPDATE involvement.notice SET contributor_id = $2, updated_at = now() WHERE interest_id = $1`, [
        id,
        contributorId,
      ]);
      this.tell(tx, InterestEvent.Linked, changed);
      return changed;
    });
  }

  /** Records that somebody spoke with the person at the contact given. */
  confirmByCall(who: Actor, id: string): Promise<InterestDetails> {
    return this.view.after(who, async (tx) => {
      const interest = await tx.get(Interest, id, this.asOrganiser(who));
      if (interest.isConfirmed)
        throw new Conflict('confirmed_already', 'The contact of this person is confirmed already.');
      if (interest.erasedAt !== null) throw new NotFound();
      const confirmed = { contactConfirmedAt: tx.at, contactConfirmedHow: 'call' as const, codeExpiresAt: null };
      const changed = await tx.change(interest, confirmed, interest.version, auditOf(who, interest));
      this.tell(tx, InterestEvent.Confirmed, changed, { how: 'call' });
      return changed;
    });
  }

  private asOrganiser(who: Actor): Condition {
    return who.within(RECORD_INTERESTS, { organisation: 'r.organisation_id' });
  }

  private tell(tx: Tx, type: string, interest: Interest, data: object = {}): void {
    const { id, version, organisationId, opportunityId } = interest;
    tx.emit({ type, subject: 'interest', subjectId: id, version, organisationId, data: { opportunityId, ...data } });
  }

  private async page(
    who: Actor,
    query: InterestFilter,
    list: string,
    where: Condition[],
  ): Promise<Page<InterestDetails>> {
    const { state, assisted, channel } = query;
    if (state !== undefined) where.push((bind) => `r.state = ${bind(state)}`);
    if (assisted !== undefined) where.push((bind) => `r.assisted = ${bind(assisted)}`);
    if (channel !== undefined) where.push((bind) => `r.channel = ${bind(channel)}`);
    const { data, meta } = await this.cursors.page(
      query,
      list,
      NEWEST,
      async (after, order, limit) => {
        const found = await this.db.list(Interest, { where: [...where, after], order, limit });
        return found.map((interest) => ({ interest, sort_key: [interest.id] }));
      },
      ({ interest }) => interest,
    );
    return { data: await this.view.many(who, data), meta };
  }
}

/** What an interest is held against, read without a lock. */
async function opportunityOf(tx: Tx, id: string): Promise<Opportunity> {
  const [row] = await tx.query<Partial<Opportunity>>(
    `SELECT state, publish_at AS "publishAt", closes_at AS "closesAt", questions, min_age AS "minAge", max_age AS "maxAge", open_to_under18 AS "openToUnder18"
     FROM involvement.opportunity WHERE id = $1`,
    [id],
  );
  if (!row) throw new Error('An interest has an opportunity');
  return Object.assign(new Opportunity(), row);
}

/** A contributor who works with the organisation on a day. */
const CONTRIBUTOR = `
  SELECT c.age_group FROM people.contributor c
  WHERE c.id = $1 AND c.state <> 'erased' AND EXISTS (SELECT FROM people.contributor_organisation w
    WHERE w.contributor_id = c.id AND w.organisation_id = $2 AND w."from" <= $3::date AND (w.until IS NULL OR w.until > $3::date))`;
