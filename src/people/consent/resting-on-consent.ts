import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/db/tx';
import { Refused } from '../../kernel/errors/problem';
import { Consents, SaidHow } from '../../kernel/privacy/consents';
import { Purposes } from '../../kernel/privacy/purposes';

/** Deletes what was kept for a purpose, when its consent ends. */
type Forget = (tx: Tx, contributorId: string) => Promise<void>;
const forgetters = new Map<string, Forget>();

/** Declares what goes when consent to a purpose is taken back. One a purpose, beside what rests on it. */
export function whenWithdrawn(purpose: string, forget: Forget): void {
  if (forgetters.has(purpose)) throw new Error(`What goes with ${purpose} is declared twice`);
  forgetters.set(purpose, forget);
}

/** Deletes what rested on consent to the purpose. */
export async function forgetFor(tx: Tx, contributorId: string, purpose: string): Promise<void> {
  await forgetters.get(purpose)?.(tx, contributorId);
}

/** What follows when a person objects to a purpose, and when they take that back. */
interface OnObjection {
  objected: (tx: Tx, contributorId: string) => Promise<void>;
  takenBack: (tx: Tx, contributorId: string) => Promise<void>;
}
const stoppers = new Map<string, OnObjection>();

/** Declares what an objection to a purpose ends, in the transaction in which it is written down. One a purpose. */
export function whenObjected(purpose: string, what: OnObjection): void {
  if (stoppers.has(purpose)) throw new Error(`What ends with ${purpose} is declared twice`);
  stoppers.set(purpose, what);
}

/** Does what follows from an objection, or from its being taken back. */
export async function followObjection(
  tx: Tx,
  contributorId: string,
  purpose: string,
  which: keyof OnObjection,
): Promise<void> {
  await stoppers.get(purpose)?.[which](tx, contributorId);
}

/** What may be kept only with consent. */
@Injectable()
export class RestingOnConsent {
  constructor(
    private readonly consents: Consents,
    private readonly purposes: Purposes,
  ) {}

  /** The id of the consent that stands, recorded now where it comes along. A withdrawal at the same moment waits, and then takes what is stored here with it. */
  async require(
    tx: Tx,
    contributorId: string,
    purpose: string,
    now?: { how: SaidHow; givenAt?: Date | null } | null,
  ): Promise<string> {
    if (now)
      await this.consents.give(tx, {
        personId: contributorId,
        purpose,
        how: now.how,
        givenAt: now.givenAt ?? undefined,
      });
    await this.purposes.require(tx, contributorId, purpose);
    const [standing] = await tx.query<{ id: string }>(
      'SELECT id FROM kernel.consent WHERE person_id = $1 AND purpose = $2 AND withdrawn_at IS NULL',
      [contributorId, purpose],
    );
    if (!standing)
      throw new Refused(
        'purpose_not_allowed',
        'The person has not agreed to this use of their data, or has taken that back.',
      );
    return standing.id;
  }
}
