import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock, dayInUk } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { BadInput, NotFound, Refused } from '../../kernel/errors/problem';
import { BlindIndex } from '../../kernel/privacy/blind-index';
import { Consents, SaidHow } from '../../kernel/privacy/consents';
import { Jobs } from '../../kernel/jobs/jobs';
import { holdContributor } from '../../people';
import { InterestEvent } from '../events';
import { Opportunity } from '../opportunity/opportunity.entity';
import type { Question } from '../opportunity/opportunity-parts';
import { RECORD_INTERESTS, SEND_INTERESTS } from '../permissions';
import { mayFitAge } from './age';
import { answerFaults } from './answers';
import { codeWay, contactDigest, mustBeReachable } from './contact';
import type { InterestDetails, InterestFields, InterestPerson, NewInterest, RecordedInterest } from './interest.dto';
import { Interest } from './interest.entity';
import { CODE_MINUTES, hashOf, InterestKeys } from './interest-keys';
import { InterestParts } from './interest-parts';
import { auditOf } from './interest-scope';
import { InterestChannel } from './interest-state';
import { InterestView } from './interest-view';
import { repeatedBy } from './repeats';

/** Whose interest it is, and how it came. */
interface Sent {
  contributorId: string | null;
  person: InterestPerson | null;
  channel: InterestChannel;
  receivedAt: Date;
  /** Somebody spoke with the person at the contact given. */
  confirmedByCall: boolean;
  /** A code is sent to confirm the contact. */
  sendCode: boolean;
}

/** All that deciding on an interest needs, in one row. */
interface Ground {
  new_id: string;
  organisation_id: string;
  state: Opportunity['state'];
  publish_at: Date | null;
  closes_at: Date | null;
  closed_at: Date | null;
  hidden_at: Date | null;
  min_age: number | null;
  max_age: number | null;
  open_to_under18: boolean;
  questions: Question[];
  contributor_name: string | null;
  age_group: string | null;
}

/** The opportunity stays as it is until the transaction ends: a withdrawal that comes meanwhile waits, and then finds the interest. */
const GROUND = `
  SELECT uuidv7() AS new_id, o.organisation_id, o.state, o.publish_at, o.closes_at, o.closed_at, o.hidden_at, o.min_age, o.max_age,
    o.open_to_under18, o.questions, c.name AS contributor_name, c.age_group
  FROM involvement.opportunity o LEFT JOIN people.contributor c ON c.id = $2
  WHERE o.id = $1 FOR SHARE OF o`;

const NO_OPPORTUNITY = 'There is no opportunity here that takes interests.';
const SAID: Record<InterestChannel, SaidHow> = {
  online: 'online',
  site: 'online',
  phone: 'phone',
  email: 'email',
  post: 'post',
  'in-person': 'in_person',
};

/** Takes interests in. */
@Injectable()
export class InterestSending {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly keys: InterestKeys,
    private readonly parts: InterestParts,
    private readonly view: InterestView,
    private readonly index: BlindIndex,
    private readonly consents: Consents,
    private readonly jobs: Jobs,
  ) {}

  /** A contributor's own interest, or one that a site sends for somebody without an account. */
  send(who: Actor, opportunityId: string, body: NewInterest): Promise<InterestDetails> {
    const person = body.person ?? null;
    if (person && !who.reach(SEND_INTERESTS).everywhere)
      throw new Refused('only_for_yourself', 'You can send an interest for yourself only: leave person out.');
    if (person) mustBeReachable(person);
    else if (who.contributorId === null)
      throw who.reach(SEND_INTERESTS).everywhere
        ? new BadInput([{ in: 'body', at: '/person', code: 'person_needed', message: 'Say whose interest it is.' }])
        : new Refused(
            'record_needed',
            'Your account has no contributor’s record yet. Register as a contributor first.',
          );
    return this.db.write(who, async (tx) => {
      const contributorId = person ? null : who.contributorId;
      const ground = await this.ground(tx, opportunityId, contributorId);
      if (contributorId !== null && ground.contributor_name === null) throw new NotFound(NO_OPPORTUNITY);
      this.mustBeOpen(ground, tx.at);
      this.mustBeRight(ground, body, false);
      const channel = person ? InterestChannel.Site : InterestChannel.Online;
      return this.take(tx, opportunityId, ground, body, {
        contributorId,
        person,
        channel,
        receivedAt: tx.at,
        confirmedByCall: false,
        sendCode: true,
      });
    });
  }

  /** An interest that came to the organiser by e-mail, phone, letter or in person. */
  record(who: Actor, opportunityId: string, body: RecordedInterest): Promise<InterestDetails> {
    const { contributorId = null, person = null, channel, confirmedByCall = false } = body;
    if ((contributorId === null) === (person === null))
      throw new BadInput([
        {
          in: 'body',
          at: '',
          code: 'one_person_needed',
          message: 'Say whose interest it is: either contributorId or person.',
        },
      ]);
    if (person) mustBeReachable(person);
    return this.db.write(who, async (tx) => {
      const ground = await this.ground(tx, opportunityId, contributorId);
      if (!who.mayFor(RECORD_INTERESTS, ground.organisation_id)) throw new NotFound(NO_OPPORTUNITY);
      if (contributorId) await this.mustWorkWith(tx, contributorId, ground.organisation_id);
      const receivedAt = this.mustHaveComeInTime(ground, body.receivedOn ?? null, tx.at);
      this.mustBeRight(ground, body, true);
      return this.take(tx, opportunityId, ground, body, {
        contributorId,
        person,
        channel,
        receivedAt,
        confirmedByCall,
        sendCode: false,
      });
    });
  }

  private async ground(tx: Tx, opportunityId: string, contributorId: string | null): Promise<Ground> {
    if (contributorId !== null) await holdContributor(tx, contributorId);
    const [ground] = await tx.query<Ground>(GROUND, [opportunityId, contributorId]);
    if (!ground) throw new NotFound(NO_OPPORTUNITY);
    return ground;
  }

  private mustBeOpen(ground: Ground, at: Date): void {
    const standing = standingOf(ground, at);
    if (ground.hidden_at !== null || !(standing === 'published' || standing === 'paused' || standing === 'closed'))
      throw new NotFound(NO_OPPORTUNITY);
    if (standing === 'closed')
      throw new Refused('opportunity_closed', 'This opportunity is closed: its last day to apply is over.');
    if (standing === 'paused')
      throw new Refused(
        'opportunity_paused',
        'This opportunity takes nobody for now. Try again later, or ask the organiser.',
      );
  }

  /** When it came; Refused where that was after the last day. What came in time can be recorded later. */
  private mustHaveComeInTime(ground: Ground, receivedOn: string | null, at: Date): Date {
    const standing = standingOf(ground, at);
    if (!(standing === 'published' || standing === 'paused' || standing === 'closed'))
      throw new Refused(
        'opportunity_not_public',
        'Nobody can apply to this opportunity: it is not published, or was withdrawn.',
      );
    const today = dayInUk(at);
    const day = receivedOn ?? today;
    if (day > today)
      throw new Refused('received_in_future', 'An interest cannot have come on a day that is yet to be.');
    const closed =
      standing === 'closed'
        ? ground.closed_at && ground.closes_at && ground.closed_at < ground.closes_at
          ? ground.closed_at
          : ground.closes_at
        : null;
    const lastDay = closed ? dayInUk(new Date(closed.getTime() - 1)) : null;
    if (lastDay !== null && day > lastDay)
      throw new Refused(
        'opportunity_closed',
        'This opportunity is closed. What came on or before its last day can be recorded: give receivedOn.',
      );
    return day === today ? at : this.clock.startOfDay(day);
  }

  private mustBeRight(ground: Ground, body: InterestFields, recorded: boolean): void {
    const ages = { minAge: ground.min_age, maxAge: ground.max_age, openToUnder18: ground.open_to_under18 };
    if (!mayFitAge(ages, ground.age_group))
      throw new Refused('age_not_wanted', 'This opportunity is for people of another age.');
    const errors = answerFaults(ground.questions, body.answers ?? [], recorded);
    if (errors.length > 0)
      throw new Refused(
        'answers_not_right',
        'Some answers are not as the organiser asks. Each fault is listed under "errors".',
        errors,
      );
  }

  private async mustWorkWith(tx: Tx, contributorId: string, organisationId: string): Promise<void> {
    const [found] = await tx.query(
      `SELECT 1 FROM people.contributor_organisation w WHERE w.contributor_id = $1 AND w.organisation_id = $2 AND w.until IS NULL`,
      [contributorId, organisationId],
    );
    if (!found) throw new Refused('unknown_contributor', 'No contributor of this organisation has this id.');
  }

  private async take(
    tx: Tx,
    opportunityId: string,
    ground: Ground,
    body: InterestFields,
    sent: Sent,
  ): Promise<InterestDetails> {
    const { contributorId, person, channel, receivedAt } = sent;
    const id = ground.new_id;
    const personPart = this.parts.person(body, person);
    const answersPart = this.parts.answers(body);
    const reference = this.keys.reference(id);
    const code = person && sent.sendCode ? codeWay(person) : null;
    const digest = (person && contactDigest(this.index, person)) ?? undefined;
    const siteOrganisationId = channel === 'site' && person ? siteOf(tx.actor) : undefined;
    const interest = await tx.insert(
      Interest,
      {
        ...{
          id,
          opportunityId,
          organisationId: ground.organisation_id,
          contributorId,
          sentByAccountId: tx.actor.accountId,
          siteOrganisationId,
          duplicateOf: (await repeatedBy(tx, opportunityId, digest, siteOrganisationId)) ?? undefined,
          channel,
          receivedAt,
        },
        ...{
          party: body.group ? 'group' : 'person',
          groupSize: body.group?.size,
          assisted: Boolean(body.help),
          assistedByChannel: body.help?.by,
        },
        ...{ howHeard: body.howHeard, keepOnFile: body.keepOnFile, language: body.language, replyBy: person?.replyBy },
        personSealed: this.parts.sealPerson(id, personPart) ?? undefined,
        answersSealed: this.parts.sealAnswers(id, answersPart) ?? undefined,
        contactDigest: digest,
        ...(sent.confirmedByCall && person ? { contactConfirmedAt: tx.at, contactConfirmedHow: 'call' as const } : {}),
        ...(code ? { codeIssue: 1, codeExpiresAt: codeEnd(tx.at) } : {}),
        ...{ referenceHash: hashOf(reference), referenceEnd: reference.slice(-4) },
      },
      auditOf(tx.actor, { contributorId }),
    );
    tx.emit({
      type: InterestEvent.Received,
      subject: 'interest',
      subjectId: id,
      version: interest.version,
      organisationId: ground.organisation_id,
      data: { opportunityId, channel, assisted: interest.assisted, party: interest.party },
    });
    if (contributorId && interest.keepOnFile)
      await this.consents.give(tx, { personId: contributorId, purpose: 'keep-on-file', how: SAID[channel] });
    if (code) await this.jobs.send(tx, 'notice.send', { interestId: id, issue: 1 });
    return this.view.details(tx.actor, interest, {
      person: personPart,
      answers: answersPart,
      reason: null,
      recipient: { name: ground.contributor_name },
    });
  }
}

/** The organisation whose site the account is. */
const siteOf = (actor: Actor): string | undefined =>
  actor.memberships.find(({ role }) => role === 'site')?.organisationId;

/** Until when a code that is sent now may be used. */
export const codeEnd = (at: Date): Date => new Date(at.getTime() + CODE_MINUTES * 60_000);

function standingOf(ground: Ground, at: Date): Opportunity['state'] {
  const opportunity = Object.assign(new Opportunity(), {
    state: ground.state,
    publishAt: ground.publish_at,
    closesAt: ground.closes_at,
  });
  return opportunity.standing(at);
}
