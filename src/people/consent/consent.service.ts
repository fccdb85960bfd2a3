import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { Conflict, NotFound } from '../../kernel/errors/problem';
import type { EventType } from '../../kernel/events/declare';
import { Consents } from '../../kernel/privacy/consents';
import type { Query } from '../../kernel/privacy/query';
import { Reads } from '../../kernel/privacy/reads';
import { Contributor } from '../contributor/contributor.entity';
import { contributorsWithin } from '../contributor/reach';
import { CHANGE_CONSENT } from '../permissions';
import { Consent, NewConsent, NewObjection, Objection } from './consent.dto';
import { CONSENT_GIVEN, CONSENT_WITHDRAWN, OBJECTION_MADE, OBJECTION_WITHDRAWN } from './consent.events';
import { followObjection, forgetFor } from './resting-on-consent';

/** What contributors say about the use of their data, said by themselves or written down by those who keep their record. */
@Injectable()
export class ConsentService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly said: Consents,
    private readonly reads: Reads,
  ) {}

  async consents(who: Actor, contributorId: string): Promise<{ data: Consent[] }> {
    await this.db.one(Contributor, contributorId, contributorsWithin(who, CHANGE_CONSENT, this.clock.today()));
    await this.noteRead(who, contributorId, 'consents');
    return { data: await consentsOf(this.db, contributorId) };
  }

  async give(who: Actor, contributorId: string, body: NewConsent): Promise<Consent> {
    const { purpose, how, wordingVersion, givenAt } = body;
    return this.db.write(who, async (tx) => {
      const person = await this.locked(tx, who, contributorId);
      const id = await this.said.give(tx, {
        personId: contributorId,
        purpose,
        how,
        wordingVersion: wordingVersion ?? undefined,
        givenAt: givenAt ?? undefined,
      });
      await tell(tx, CONSENT_GIVEN, person, purpose);
      return one(await consentsOf(tx, contributorId, id));
    });
  }

  /** Withdraws consent, and deletes at once what is kept under it. */
  async withdraw(who: Actor, contributorId: string, id: string): Promise<Consent> {
    return this.db.write(who, async (tx) => {
      const person = await this.locked(tx, who, contributorId);
      const { purpose, withdrawnAt } = one(await consentsOf(tx, contributorId, id));
      if (withdrawnAt !== null || !(await this.said.withdraw(tx, contributorId, purpose)))
        throw new Conflict('withdrawn_already', 'This consent has ended already.');
      await forgetFor(tx, contributorId, purpose);
      await tell(tx, CONSENT_WITHDRAWN, person, purpose);
      return one(await consentsOf(tx, contributorId, id));
    });
  }

  async objections(who: Actor, contributorId: string): Promise<{ data: Objection[] }> {
    await this.db.one(Contributor, contributorId, contributorsWithin(who, CHANGE_CONSENT, this.clock.today()));
    await this.noteRead(who, contributorId, 'objections and their reasons');
    return { data: await objectionsOf(this.db, contributorId) };
  }

  async object(who: Actor, contributorId: string, body: NewObjection): Promise<Objection> {
    const { purpose, how, reason } = body;
    return this.db.write(who, async (tx) => {
      const person = await this.locked(tx, who, contributorId);
      const id = await this.said.object(tx, { personId: contributorId, purpose, how, reason });
      await followObjection(tx, contributorId, purpose, 'objected');
      await tell(tx, OBJECTION_MADE, person, purpose);
      return one(await objectionsOf(tx, contributorId, id));
    });
  }

  async withdrawObjection(who: Actor, contributorId: string, id: string): Promise<Objection> {
    return this.db.write(who, async (tx) => {
      const person = await this.locked(tx, who, contributorId);
      const { purpose, withdrawnAt } = one(await objectionsOf(tx, contributorId, id));
      if (withdrawnAt !== null || !(await this.said.withdrawObjection(tx, contributorId, purpose)))
        throw new Conflict('withdrawn_already', 'This objection was taken back already.');
      await followObjection(tx, contributorId, purpose, 'takenBack');
      await tell(tx, OBJECTION_WITHDRAWN, person, purpose);
      return one(await objectionsOf(tx, contributorId, id));
    });
  }

  /** Whoever reads what somebody else said is put on record. */
  private async noteRead(who: Actor, id: string, what: string): Promise<void> {
    if (who.contributorId === id) return;
    await this.reads.record(who, { subject: 'contributor', personIds: [id], ids: [id], purpose: 'taking-part', what });
  }

  private locked(tx: Tx, who: Actor, contributorId: string): Promise<Contributor> {
    return tx.get(Contributor, contributorId, contributorsWithin(who, CHANGE_CONSENT, this.clock.today()));
  }
}

/** Raises the contributor's version with each event, so that what others hear of one person comes in order. */
async function tell(tx: Tx, type: EventType, person: Contributor, purpose: string): Promise<void> {
  const { id, version } = await tx.change(person, {}, person.version, {
    personId: person.id,
    actingFor: tx.actor.actsFor(person.id),
  });
  tx.emit({ type: type.type, subject: 'contributor', subjectId: id, version, data: { purpose } });
}

const consentsOf = (q: Query, contributorId: string, id: string | null = null): Promise<Consent[]> =>
  q.query<Consent>(
    `SELECT id, version, person_id AS "contributorId", purpose, wording_version AS "wordingVersion", given_at AS "givenAt", how,
       withdrawn_at AS "withdrawnAt", ended_because AS "endedBecause"
     FROM kernel.consent WHERE person_id = $1 AND ($2::uuid IS NULL OR id = $2) ORDER BY given_at DESC, id DESC`,
    [contributorId, id],
  );

const objectionsOf = (q: Query, contributorId: string, id: string | null = null): Promise<Objection[]> =>
  q.query<Objection>(
    `SELECT id, version, person_id AS "contributorId", purpose, at, how, reason, withdrawn_at AS "withdrawnAt"
     FROM kernel.objection WHERE person_id = $1 AND ($2::uuid IS NULL OR id = $2) ORDER BY at DESC, id DESC`,
    [contributorId, id],
  );

function one<T>([found]: T[]): T {
  if (found === undefined) throw new NotFound();
  return found;
}
