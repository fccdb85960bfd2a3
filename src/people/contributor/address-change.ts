import type { Tx } from '../../kernel/db/tx';

/** What follows, in the same transaction, when the e-mail address of a contributor changes. */
type Follow = (tx: Tx, contributorId: string) => Promise<void>;
const followers: Follow[] = [];

/** Declares what another area does when the e-mail address of a contributor has changed. */
export function whenAddressChanges(follow: Follow): void {
  followers.push(follow);
}

/** Does what follows from a changed address. */
export async function followAddress(tx: Tx, contributorId: string): Promise<void> {
  for (const follow of followers) await follow(tx, contributorId);
}
