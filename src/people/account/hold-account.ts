import { NotSignedIn, Refused } from '../../kernel/errors/problem';
import type { Query } from '../../kernel/privacy/query';
import { ERASED_ISSUER } from './account.entity';

/**
 * Keeps the caller's account as it is until the transaction ends: an erasure that comes meanwhile waits, and then finds what was
 * written; after one that came before nothing is written. For whatever holds words of the account's owner.
 * @throws NotSignedIn where the account was erased since the request was let in
 */
export async function holdAccount(tx: Query, accountId: string | null): Promise<void> {
  if (accountId === null) return;
  const held = await tx.query('SELECT 1 FROM people.account WHERE id = $1 AND issuer <> $2 FOR SHARE', [
    accountId,
    ERASED_ISSUER,
  ]);
  if (held.length === 0) throw new NotSignedIn('account_erased', 'This account was erased.');
}

/**
 * Keeps an account that a record is about to name as it is until the transaction ends: after its erasure nothing names it any more.
 * For whatever gives an account something: a role, a place in a team.
 * @throws Refused where there is no such account, or it was erased
 */
export async function holdNamedAccount(tx: Query, accountId: string): Promise<void> {
  const held = await tx.query('SELECT 1 FROM people.account WHERE id = $1 AND issuer <> $2 FOR SHARE', [
    accountId,
    ERASED_ISSUER,
  ]);
  if (held.length > 0) return;
  const message = 'Send the id of an account. Its owner makes it by signing in and sending POST /v1/me.';
  throw new Refused('unknown_account', 'There is no account with the id given as accountId.', [
    { in: 'body', at: '/accountId', code: 'unknown_account', message },
  ]);
}
