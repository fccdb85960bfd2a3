import type { Query } from '../../kernel/privacy/query';

/**
 * Keeps a contributor's record as it is until the transaction ends: an erasure that comes meanwhile waits, and then finds what was
 * added; one that came before is seen by the next statement. Take it before the rows that an erasure empties, so that neither waits
 * for the other in a ring.
 * @returns whether there is such a record, of somebody who is not erased
 */
export async function holdContributor(tx: Query, contributorId: string): Promise<boolean> {
  const held = await tx.query(`SELECT 1 FROM people.contributor WHERE id = $1 AND state <> 'erased' FOR SHARE`, [
    contributorId,
  ]);
  return held.length > 0;
}
