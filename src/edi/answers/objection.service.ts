import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { Conflict, NotFound } from '../../kernel/errors/problem';
import { Consents } from '../../kernel/privacy/consents';
import { Purposes } from '../../kernel/privacy/purposes';
import { addressOf, contributorStands } from '../../people';
import { Pseudonyms } from '../door/pseudonym';
import { AnswersEvent } from '../events';
import { AnswerBasis, type AnswersObjection } from './answers.dto';
import { ownId } from './answers.service';

/**
 * Objections to equality monitoring. Written down among the person's other objections, and by pseudonym among the answers, in one
 * transaction of the service's own login: it ends answers by functions that let it see none of them.
 */
@Injectable()
export class ObjectionService {
  constructor(
    private readonly db: Db,
    private readonly consents: Consents,
    private readonly purposes: Purposes,
    private readonly pseudonyms: Pseudonyms,
    private readonly clock: Clock,
  ) {}

  /** The person objects. Saying so again changes nothing. */
  object(who: Actor): Promise<AnswersObjection> {
    const id = ownId(who);
    return this.db.write(who, async (tx) => {
      await this.consents.object(tx, { personId: id, purpose: AnswerBasis.Monitoring, how: 'online' });
      if (!(await contributorStands(tx, id))) throw new NotFound();
      await this.end(tx, id);
      return { contributorId: id, objected: true };
    });
  }

  /** The person takes an objection back. */
  takeBack(who: Actor): Promise<AnswersObjection> {
    const id = ownId(who);
    return this.db.write(who, async (tx) => {
      if (!(await this.consents.withdrawObjection(tx, id, AnswerBasis.Monitoring)))
        throw new Conflict('no_objection', 'No objection of yours stands.');
      await this.resume(tx, id);
      return { contributorId: id, objected: false };
    });
  }

  /** Ends and remembers, wherever the objection was written down. */
  async end(tx: Tx, contributorId: string): Promise<void> {
    const wording = (await this.purposes.all()).find(
      (purpose) => purpose.slug === AnswerBasis.Monitoring,
    )?.wordingVersion;
    // Held, so that a change of address either is seen here or comes after, and is then remembered as well.
    await addressOf(tx, contributorId, 'held');
    await tx.query('SELECT edi.object_to_answers($1, $2, $3)', [
      this.pseudonyms.ofContributor(contributorId),
      this.clock.today(),
      wording,
    ]);
    await this.remember(tx, contributorId);
    tx.emit({ type: AnswersEvent.Objected, subject: 'diversity-answers', subjectId: contributorId, version: 1 });
  }

  /**
   * Remembers the person's address where they object, and ends what was returned under it; also about records that share it. For others
   * it does nothing.
   */
  async remember(tx: Tx, contributorId: string, ...alsoOf: string[]): Promise<void> {
    const addresses: Buffer[] = [];
    const sharing = new Set<string>();
    for (const id of [contributorId, ...alsoOf]) {
      const { emailIndex, sharedWith } = await addressOf(tx, id);
      if (emailIndex) addresses.push(this.pseudonyms.ofAddress(emailIndex));
      for (const other of sharedWith) sharing.add(other);
    }
    await tx.query('SELECT edi.object_by_address($1, $2, $3, $4)', [
      this.pseudonyms.ofContributor(contributorId),
      addresses,
      [...sharing].map((id) => this.pseudonyms.ofContributor(id)),
      this.clock.today(),
    ]);
  }

  async resume(tx: Tx, contributorId: string): Promise<void> {
    await tx.query('SELECT edi.take_back_objection($1)', [this.pseudonyms.ofContributor(contributorId)]);
    tx.emit({
      type: AnswersEvent.ObjectionTakenBack,
      subject: 'diversity-answers',
      subjectId: contributorId,
      version: 1,
    });
  }

  /** Deletes answers, where the consent that they rest on is withdrawn. */
  async forget(tx: Tx, contributorId: string): Promise<void> {
    const [gone] = await tx.query<{ rows: number }>('SELECT edi.erase_answers_resting_on($1, $2) AS rows', [
      this.pseudonyms.ofContributor(contributorId),
      AnswerBasis.Consent,
    ]);
    if (gone && gone.rows > 0)
      tx.emit({ type: AnswersEvent.Withdrawn, subject: 'diversity-answers', subjectId: contributorId, version: 1 });
  }
}
