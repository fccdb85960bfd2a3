import type { Actor } from '../../kernel/access/actor';
import { NotFound } from '../../kernel/errors/problem';
import type { Query } from '../../kernel/privacy/query';

/**
 * The contributor of an interest that the caller, a site, sent itself; null where the person has no record yet.
 * @throws NotFound for every other interest, whether it exists or not
 */
export async function contributorOfSentInterest(q: Query, who: Actor, interestId: string): Promise<string | null> {
  const [found] = await q.query<{ contributor_id: string | null }>(
    `SELECT contributor_id FROM involvement.interest
     WHERE id = $1 AND sent_by_account_id = $2 AND site_organisation_id IS NOT NULL AND erased_at IS NULL`,
    [interestId, who.accountId],
  );
  if (!found) throw new NotFound();
  return found.contributor_id;
}
