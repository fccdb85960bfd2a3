import type { Tx } from '../db/tx';

const LOCKS = 1_120; // any number, so long as no other kind of advisory lock has it

/**
 * Orders what changes a person's say over their data (consent, objection, erasure) against what relies on it. Those who
 * rely on it share the lock; those who change it hold it alone. It is taken in a statement before the one that reads,
 * so that what is read is what stands once the lock is held.
 */
export async function lockPerson(tx: Tx, personId: string, how: 'alone' | 'shared' = 'alone'): Promise<void> {
  const lock = how === 'alone' ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
  await tx.query(`SELECT ${lock}($1, hashtext($2))`, [LOCKS, personId]);
}
