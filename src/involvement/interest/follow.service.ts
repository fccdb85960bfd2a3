import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Actor, anonymous } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { NotFound } from '../../kernel/errors/problem';
import { Jobs } from '../../kernel/jobs/jobs';
import { BlindIndex } from '../../kernel/privacy/blind-index';
import { InterestEvent } from '../events';
import { NoticeOwing } from '../notice/notice-owing';
import { codeWay, isContactOf } from './contact';
import { FollowLimit } from './follow-limit';
import type { CodeSent, ConfirmContact, Follow, InterestStanding } from './interest.dto';
import { Interest } from './interest.entity';
import { codeEnd } from './interest-sending.service';
import { InterestKeys } from './interest-keys';
import { InterestParts } from './interest-parts';
import { Withdrawal } from './withdrawal';

/** How often one code may be tried, and how many codes are sent for one interest. */
export const CODE_ATTEMPTS = 5;
export const CODE_ISSUES = 5;

/** What somebody without an account does by the reference of an interest. Whatever does not fit is the same 404. */
@Injectable()
export class FollowService {
  constructor(
    private readonly db: Db,
    private readonly keys: InterestKeys,
    private readonly parts: InterestParts,
    private readonly index: BlindIndex,
    private readonly limit: FollowLimit,
    private readonly withdrawal: Withdrawal,
    private readonly owing: NoticeOwing,
    private readonly jobs: Jobs,
  ) {}

  async follow(who: Actor, body: Follow): Promise<InterestStanding> {
    await this.limit.take(who);
    return this.standing(await this.proven(body));
  }

  async withdraw(who: Actor, body: Follow): Promise<InterestStanding> {
    await this.limit.take(who);
    const { id } = await this.proven(body);
    return this.db.write(who, async (tx) => this.standing(await this.withdrawal.of(tx, await tx.get(Interest, id))));
  }

  /** Sends a new code; those before are no longer good. */
  async sendCode(who: Actor, body: Follow): Promise<CodeSent> {
    await this.limit.take(who);
    const { id } = await this.proven(body);
    return this.db.write(who, async (tx) => {
      const interest = await tx.get(Interest, id);
      const { person } = this.parts.openPerson(interest);
      const way = person && codeWay(person);
      if (interest.isConfirmed || !interest.isLive || !way || interest.codeIssue >= CODE_ISSUES) throw nothing();
      const issue = interest.codeIssue + 1;
      const expiresAt = codeEnd(tx.at);
      await tx.change(interest, { codeIssue: issue, codeExpiresAt: expiresAt, codeAttempts: 0 });
      await this.jobs.send(tx, 'notice.send', { interestId: id, issue });
      return { by: way.by, expiresAt };
    });
  }

  /** Confirms the contact by the code that was sent to it. */
  async confirm(who: Actor, body: ConfirmContact): Promise<InterestStanding> {
    await this.limit.take(who);
    const hash = this.keys.hash(body.reference);
    // In a transaction of its own, so that an attempt counts whatever becomes of the request.
    const tried = hash && (await this.db.write(anonymous(who.traceId, who.key), (tx) => this.attempt(tx, hash)));
    if (!tried || !same(this.keys.code(tried.id, tried.code_issue), body.code)) throw nothing();
    return this.db.write(who, async (tx) => {
      const interest = await tx.get(Interest, tried.id);
      if (interest.isConfirmed || interest.codeIssue !== tried.code_issue) throw nothing();
      const changed = await tx.change(interest, { contactConfirmedAt: tx.at, contactConfirmedHow: 'code', codeExpiresAt: null });
      const { id, version, organisationId, opportunityId } = changed;
      tx.emit({ type: InterestEvent.Confirmed, subject: 'interest', subjectId: id, version, organisationId, data: { opportunityId, how: 'code' } });
      return this.standing(changed);
    });
  }

  /** Takes one of the attempts that the newest code has; nothing where none is left, it has run out or was used. */
  private async attempt(tx: Tx, hash: Buffer): Promise<{ id: string; code_issue: number } | undefined> {
    const [tried] = await tx.query<{ id: string; code_issue: number }>(
      `UPDATE involvement.interest SET code_attempts = code_attempts + 1
       WHERE reference_hash = $1 AND code_attempts < ${CODE_ATTEMPTS} AND code_expires_at > $2 AND contact_confirmed_at IS NULL AND contributor_id IS NULL
       RETURNING id, code_issue`,
      [hash, tx.at],
    );
    return tried;
  }

  /** The interest whose reference and contact are given. */
  private async proven({ reference, contact }: Follow): Promise<Interest> {
    const hash = this.keys.hash(reference);
    const [interest] = hash ? await this.db.list(Interest, { where: [(bind) => `r.reference_hash = ${bind(hash)}`], limit: 1 }) : [];
    if (!interest || interest.erasedAt !== null) throw nothing();
    const { person } = this.parts.openPerson(interest);
    const fits = person ? isContactOf(person, contact) : await this.isContactOfRecord(interest, contact);
    if (!fits) throw nothing();
    return interest;
  }

  private async isContactOfRecord(interest: Interest, contact: string): Promise<boolean> {
    const found = await this.db.query(
      `SELECT 1 FROM people.contributor c WHERE c.id = $1 AND (c.email_index = $2 OR c.phone_index = $3)`,
      [interest.contributorId, this.index.email(contact), this.index.phone(contact)],
    );
    return found.length === 1;
  }

  private async standing(interest: Interest): Promise<InterestStanding> {
    const { state, opportunityId, receivedAt, answerBy } = interest;
    return {
      ...{ state, opportunityId, receivedAt },
      opportunityTitle: await this.owing.titleOf(this.db, opportunityId),
      contactConfirmed: interest.isConfirmed,
      answerBy: state === 'offered' ? answerBy : null,
      reason: this.parts.openReason(interest),
    };
  }
}

const nothing = (): NotFound => new NotFound('No interest fits what you sent. Check the reference character by character, or ring the organiser.');
const same = (right: string, given: string): boolean => right.length === given.length && timingSafeEqual(Buffer.from(right), Buffer.from(given));
