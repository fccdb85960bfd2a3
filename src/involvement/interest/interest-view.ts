import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { Reads } from '../../kernel/privacy/reads';
import { Recipient, Recipients } from '../notice/recipient';
import { READ_INTERESTS } from '../permissions';
import type { InterestDetails } from './interest.dto';
import { Interest } from './interest.entity';
import { InterestKeys } from './interest-keys';
import { AnswersPart, InterestParts, PersonPart } from './interest-parts';

/** What is known of an interest beside its row. */
interface Known {
  person: PersonPart;
  answers: AnswersPart;
  reason: string | null;
  /** From the contributor's record: all of it for the organiser, the name for the contributor. */
  recipient?: Partial<Recipient>;
}

/** Interests as answers show them, opened, with the reading on record. */
@Injectable()
export class InterestView {
  constructor(
    private readonly db: Db,
    private readonly keys: InterestKeys,
    private readonly parts: InterestParts,
    private readonly recipients: Recipients,
    private readonly reads: Reads,
  ) {}

  /**
   * Carries out a write, then shows what it left. After it, and not within: what is shown is read by another connection, and whoever
   * waits for a second one while holding the first can wait for ever.
   */
  async after(who: Actor, work: (tx: Tx) => Promise<Interest>): Promise<InterestDetails> {
    return this.one(who, await this.db.write(who, work));
  }

  async one(who: Actor, interest: Interest): Promise<InterestDetails> {
    const [details] = await this.many(who, [interest]);
    if (!details) throw new Error('An interest has no details');
    return details;
  }

  async many(who: Actor, interests: readonly Interest[]): Promise<InterestDetails[]> {
    const contributorIds = interests.flatMap((i) => i.contributorId ?? []);
    const recipients = await this.recipients.of(who.open ?? this.db, contributorIds);
    await this.record(who, interests);
    return interests.map((interest) => {
      const found = interest.contributorId ? recipients.get(interest.contributorId) : undefined;
      const isOrganiser = this.asOrganiser(who, interest);
      const isTheirs = interest.contributorId !== null && interest.contributorId === who.contributorId;
      const details = this.details(who, interest, {
        person: this.parts.openPerson(interest),
        answers: this.parts.openAnswers(interest),
        reason: this.parts.openReason(interest),
        recipient: isOrganiser ? found : isTheirs ? { name: found?.name ?? null } : undefined,
      });
      // A site sees what it sent. Of the record that the organiser tied to it later it learns nothing.
      return isOrganiser || isTheirs ? details : { ...details, contributorId: null };
    });
  }

  /** The answer, from what is known already. */
  details(who: Actor, interest: Interest, { person, answers, reason, recipient }: Known): InterestDetails {
    const { id, createdAt, updatedAt, version, opportunityId, organisationId, contributorId, state, party, groupSize } =
      interest;
    const { assisted, howHeard, keepOnFile, channel, language, replyBy, contactConfirmedAt, contactConfirmedHow } =
      interest;
    const { referenceEnd, receivedAt, shortlistedAt, reservedAt, offeredAt, answerBy, answeredAt, endedAt } = interest;
    return {
      ...{ id, createdAt, updatedAt, version, opportunityId, organisationId, contributorId, state, party, groupSize },
      siteOrganisationId: interest.siteOrganisationId,
      duplicateOf: this.asOrganiser(who, interest) ? interest.duplicateOf : null,
      ...{ assisted, howHeard, keepOnFile, channel, language, replyBy, contactConfirmedAt, contactConfirmedHow },
      ...{ referenceEnd, receivedAt, shortlistedAt, reservedAt, offeredAt, answerBy, answeredAt, endedAt },
      reference:
        interest.sentByAccountId !== null && interest.sentByAccountId === who.accountId
          ? this.keys.referenceIf(id, interest.referenceHash)
          : null,
      name: person.person?.name ?? recipient?.name ?? null,
      email: person.person?.email ?? recipient?.email ?? null,
      phone: person.person?.phone ?? recipient?.phone ?? null,
      address: person.person?.address ?? recipient?.address ?? null,
      supporter: person.person?.supporter ?? namedOnly(recipient?.supporter) ?? null,
      groupName: person.groupName,
      help: person.help,
      ...{ answers: answers.answers, availability: answers.availability, howHeardWords: answers.howHeardWords, reason },
    };
  }

  /** Whether the caller sees it as organiser rather than as the one who sent it. */
  private asOrganiser(who: Actor, interest: Interest): boolean {
    if (who.mayFor(READ_INTERESTS, interest.organisationId)) return true;
    return who.roles.includes('researcher') && interest.sentByAccountId !== who.accountId;
  }

  /** Each person whose data are shown sees who read them; people without a record have theirs noted by the interest. */
  private async record(who: Actor, interests: readonly Interest[]): Promise<void> {
    const others = interests.filter((i) => i.contributorId === null || i.contributorId !== who.contributorId);
    const known = others.filter((i) => i.contributorId !== null);
    await this.reads.record(who, {
      subject: 'interest',
      personIds: known.flatMap((i) => i.contributorId ?? []),
      ids: known.map((i) => i.id),
      purpose: 'taking-part',
      what: 'interest: name, contact, answers',
    });
    const unknown = others.filter((i) => i.contributorId === null && i.erasedAt === null);
    if (unknown.length === 0) return;
    await this.db.write(who, (tx) => {
      for (const { id } of unknown) tx.audit('read', 'interest', id, { purpose: 'taking-part' });
      return Promise.resolve();
    });
  }
}

const namedOnly = (supporter: Recipient['supporter'] | undefined): Recipient['supporter'] =>
  supporter ? { name: supporter.name, contact: supporter.contact } : null;
