import { Injectable } from '@nestjs/common';
import type { Tx } from '../db/tx';
import { Refused } from '../errors/problem';
import { lockPerson } from './person-lock';

/** The way in which a person said something. */
export const SaidHow = {
  online: 'online',
  phone: 'phone',
  paper: 'paper',
  inPerson: 'in_person',
  email: 'email',
  post: 'post',
} as const;
export type SaidHow = (typeof SaidHow)[keyof typeof SaidHow];

/** Consent as a person gave it. */
export interface ConsentGiven {
  personId: string;
  purpose: string;
  how: SaidHow;
  /** The wording that the person was shown; default: the newest. */
  wordingVersion?: string;
  /** When they said so, where that was before now: the date on a paper form. */
  givenAt?: Date;
}

/** An objection as a person made it. */
export interface ObjectionMade {
  personId: string;
  purpose: string;
  how: SaidHow;
  reason?: string | null;
}

interface Wording {
  wording_version: string;
  consent_based: boolean;
  objection_allowed: boolean;
}

interface Live {
  id: string;
  wording_version: string;
}

/** What people say about the use of their data. Each change is audited, and there is never more than one that stands. */
@Injectable()
export class Consents {
  /** Records consent; answers the id of the one that then stands. Saying the same thing again changes nothing. */
  async give(tx: Tx, given: ConsentGiven): Promise<string> {
    const { personId, purpose, how } = given;
    const at = given.givenAt ?? tx.at;
    if (at > tx.at)
      throw new Refused(
        'consent_in_the_future',
        'Consent counts from when it was given: send a time that is not in the future.',
      );
    await lockPerson(tx, personId);
    const wording = await wordingOf(tx, purpose, given.wordingVersion);
    if (!wording.consent_based)
      throw new Refused('consent_not_the_basis', `"${purpose}" does not rest on consent, so none is recorded for it.`);
    const [later] = await tx.query(
      `SELECT 1 FROM kernel.consent WHERE person_id = $1 AND purpose = $2 AND ended_because = 'withdrawn' AND withdrawn_at > $3 LIMIT 1`,
      [personId, purpose, at],
    );
    if (later)
      throw new Refused(
        'consent_withdrawn_since',
        'The person withdrew this consent after the time you give. Ask them again.',
      );
    const [live] = await tx.query<Live>(
      `SELECT id, wording_version FROM kernel.consent WHERE person_id = $1 AND purpose = $2 AND withdrawn_at IS NULL`,
      [personId, purpose],
    );
    if (live?.wording_version === wording.wording_version) return live.id;
    if (live) await this.end(tx, personId, purpose, 'renewed');
    const [row] = await tx.query<{ id: string }>(
      `INSERT INTO kernel.consent (person_id, purpose, wording_version, given_at, how, recorded_by) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
      [personId, purpose, wording.wording_version, at, how, tx.actor.accountId],
    );
    if (!row) throw new Error('No consent came back');
    tx.audit('consented', 'consent', row.id, {
      personId,
      purpose,
      actingFor: tx.actor.actsFor(personId),
      after: { wordingVersion: wording.wording_version, how },
    });
    return row.id;
  }

  /** Ends the consent that stands. False where none stood. */
  async withdraw(tx: Tx, personId: string, purpose: string): Promise<boolean> {
    await lockPerson(tx, personId);
    const id = await this.end(tx, personId, purpose, 'withdrawn');
    if (id) tx.audit('withdrew_consent', 'consent', id, { personId, purpose, actingFor: tx.actor.actsFor(personId) });
    return id !== null;
  }

  /** Records an objection; answers the id of the one that then stands. */
  async object(tx: Tx, made: ObjectionMade): Promise<string> {
    const { personId, purpose } = made;
    await lockPerson(tx, personId);
    const wording = await wordingOf(tx, purpose);
    if (!wording.objection_allowed) {
      throw new Refused(
        'objection_not_possible',
        wording.consent_based
          ? `"${purpose}" rests on consent: withdraw the consent instead.`
          : `The law does not let people object to "${purpose}".`,
      );
    }
    const [live] = await tx.query<{ id: string }>(
      `SELECT id FROM kernel.objection WHERE person_id = $1 AND purpose = $2 AND withdrawn_at IS NULL`,
      [personId, purpose],
    );
    if (live) return live.id;
    const [row] = await tx.query<{ id: string }>(
      `INSERT INTO kernel.objection (person_id, purpose, wording_version, at, how, reason, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
      [personId, purpose, wording.wording_version, tx.at, made.how, made.reason ?? null, tx.actor.accountId],
    );
    if (!row) throw new Error('No objection came back');
    tx.audit('objected', 'objection', row.id, { personId, purpose, actingFor: tx.actor.actsFor(personId) });
    return row.id;
  }

  /** The person takes an objection back. False where none stood. */
  async withdrawObjection(tx: Tx, personId: string, purpose: string): Promise<boolean> {
    await lockPerson(tx, personId);
    const [row] = await tx.query<{ id: string }>(
      `UPDATE kernel.objection SET withdrawn_at = greatest(at, $3), version = version + 1, updated_at = now()
       WHERE person_id = $1 AND purpose = $2 AND withdrawn_at IS NULL RETURNING id`,
      [personId, purpose, tx.at],
    );
    if (row)
      tx.audit('withdrew_objection', 'objection', row.id, { personId, purpose, actingFor: tx.actor.actsFor(personId) });
    return row !== undefined;
  }

  private async end(
    tx: Tx,
    personId: string,
    purpose: string,
    because: 'withdrawn' | 'renewed',
  ): Promise<string | null> {
    const [row] = await tx.query<{ id: string }>(
      `UPDATE kernel.consent SET withdrawn_at = greatest(given_at, $3), ended_because = $4, version = version + 1, updated_at = now()
       WHERE person_id = $1 AND purpose = $2 AND withdrawn_at IS NULL RETURNING id`,
      [personId, purpose, tx.at, because],
    );
    return row?.id ?? null;
  }
}

async function wordingOf(tx: Tx, purpose: string, version?: string): Promise<Wording> {
  const [wording] = await tx.query<Wording>(
    `SELECT wording_version, consent_based, objection_allowed FROM kernel.purpose
     WHERE slug = $1 AND ($2::text IS NULL OR wording_version = $2) ORDER BY wording_major DESC, wording_minor DESC LIMIT 1`,
    [purpose, version ?? null],
  );
  if (!wording)
    throw new Refused(
      'unknown_purpose',
      'There is no such purpose, or no such wording of it. The list of purposes names them.',
    );
  return wording;
}
