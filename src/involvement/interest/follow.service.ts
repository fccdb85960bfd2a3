import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { NotFound } from '../../kernel/errors/problem';
import { Jobs } from '../../kernel/jobs/jobs';
import { BlindIndex } from '../../kernel/privacy/blind-index';
import { InterestEvent } from '../events';
import { NoticeOwing } from '../notice/notice-owing';
import { codeWay, isContactOf } from './contact';
import type { Attempt } from './follow.guard';
import type { CodeSent, Follow, InterestStanding } from './interest.dto';
import { Interest } from './interest.entity';
import { codeEnd } from './interest-sending.service';
import { InterestKeys } from './interest-keys';
import { InterestParts } from './interest-parts';
import { Withdrawal } from './withdrawal';

/** How many codes are sent for one interest. */
export const CODE_ISSUES = 5;

/** What somebody without an account does by the reference of an interest. Whatever does not fit is the same 404. */
@Injectable()
export class FollowService {
  constructor(
    private readonly db: Db,
    private readonly keys: InterestKeys,
    private readonly parts: InterestParts,
    private readonly index: BlindIndex,
    private readonly withdrawal: Withdrawal,
    private readonly owing: NoticeOwing,
    private readonly jobs: Jobs,
  ) {}

  follow(who: Actor, body: Follow): Promise<InterestStanding> {
    return this.db.write(who, async (tx) => this.standing(tx, await this.proven(tx, body)));
  }

  withdraw(who: Actor, body: Follow): Promise<InterestStanding> {
    return this.db.write(who, async (tx) =>
      this.standing(tx, await this.withdrawal.of(tx, await this.proven(tx, body))),
    );
  }

  /** Sends a new code; those before are no longer good. */
  sendCode(who: Actor, body: Follow): Promise<CodeSent> {
    return this.db.write(who, async (tx) => {
      const interest = await this.proven(tx, body);
      const { person } = this.parts.openPerson(interest);
      const way = person && codeWay(person);
      if (interest.isConfirmed || !interest.isLive || !way || interest.codeIssue >= CODE_ISSUES) throw nothing();
      const issue = interest.codeIssue + 1;
      const expiresAt = codeEnd(tx.at);
      await tx.change(interest, { codeIssue: issue, codeExpiresAt: expiresAt, codeAttempts: 0 });
      await this.jobs.send(tx, 'notice.send', { interestId: interest.id, issue });
      return { by: way.by, expiresAt };
    });
  }

  /** Confirms the contact by the code that was sent to it, with an attempt that was taken before. */
  confirm(who: Actor, code: string, attempt: Attempt | undefined): Promise<InterestStanding> {
    if (!attempt || !same(this.keys.code(attempt.id, attempt.issue), code)) throw nothing();
    return this.db.write(who, async (tx) => {
      const interest = await tx.get(Interest, attempt.id);
      if (interest.isConfirmed || interest.codeIssue !== attempt.issue) throw nothing();
      const changed = await tx.change(interest, {
        contactConfirmedAt: tx.at,
        contactConfirmedHow: 'code',
        codeExpiresAt: null,
      });
      const { id, version, organisationId, opportunityId } = changed;
      tx.emit({
        type: InterestEvent.Confirmed,
        subject: 'interest',
        subjectId: id,
        version,
        organisationId,
        data: { opportunityId, how: 'code' },
      });
      return this.standing(tx, changed);
    });
  }

  /** The interest whose reference and contact are given, locked. */
  private async proven(tx: Tx, { reference, contact }: Follow): Promise<Interest> {
    const hash = this.keys.hash(reference);
    const [found] = hash
      ? await tx.query<{ id: string }>(
          'SELECT id FROM involvement.interest WHERE reference_hash = $1 AND erased_at IS NULL',
          [hash],
        )
      : [];
    if (!found) throw nothing();
    const interest = await tx.get(Interest, found.id);
    const { person } = this.parts.openPerson(interest);
    const fits = person ? isContactOf(person, contact) : await this.isContactOfRecord(tx, interest, contact);
    if (!fits) throw nothing();
    return interest;
  }

  private async isContactOfRecord(tx: Tx, interest: Interest, contact: string): Promise<boolean> {
    const found = await tx.query(
      'SELECT 1 FROM people.contributor c WHERE c.id = $1 AND (c.email_index = $2 OR c.phone_index = $3)',
      [interest.contributorId, this.index.email(contact), this.index.phone(contact)],
    );
    return found.length === 1;
  }

  private async standing(tx: Tx, interest: Interest): Promise<InterestStanding> {
    const { state, opportunityId, receivedAt, answerBy } = interest;
    return {
      ...{ state, opportunityId, receivedAt },
      opportunityTitle: await this.owing.titleOf(tx, opportunityId),
      contactConfirmed: interest.isConfirmed,
      answerBy: state === 'offered' ? answerBy : null,
    };
  }
}

const nothing = (): NotFound =>
  new NotFound(
    'No interest fits what you sent. Check the reference and, if you sent one, use the newest code; or ring the organiser.',
  );
const same = (right: string, given: string): boolean =>
  right.length === given.length && timingSafeEqual(Buffer.from(right), Buffer.from(given));
