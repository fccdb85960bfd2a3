import type { Actor } from '../../kernel/access/actor';
import type { Permission } from '../../kernel/access/permission';
import type { Db } from '../../kernel/db/db';
import type { Query } from '../../kernel/privacy/query';
import { Contributor } from './contributor.entity';
import { contributorsWithin } from './reach';

/** Refuses with NotFound unless there is such a contributor, not erased, whom the permission reaches. */
export async function contributorWithin(
  db: Db,
  who: Actor,
  permission: Permission,
  contributorId: string,
  today: string,
): Promise<void> {
  await db.one(Contributor, contributorId, contributorsWithin(who, permission, today));
}

/** Whether there is such a contributor, who was not erased. */
export async function contributorStands(q: Query, contributorId: string): Promise<boolean> {
  const found = await q.query(`SELECT 1 FROM people.contributor WHERE id = $1 AND state <> 'erased'`, [contributorId]);
  return found.length > 0;
}

/** The e-mail address of a contributor as its keyed digest, and who else has it. */
export interface AddressHeld {
  /** Null where they have none, or are not on record. */
  emailIndex: Buffer | null;
  sharedWith: string[];
}

/** By what address a contributor is known, without opening it. Held: it cannot change until the transaction ends. */
export async function addressOf(q: Query, contributorId: string, how: 'held' | 'seen' = 'seen'): Promise<AddressHeld> {
  const [found] = await q.query<{ email_index: Buffer | null; shared: string[] }>(
    `SELECT c.email_index, ARRAY(SELECT o.id FROM people.contributor o WHERE o.email_index = c.email_index AND o.id <> c.id) AS shared
     FROM people.contributor c WHERE c.id = $1 ${how === 'held' ? 'FOR SHARE OF c' : ''}`,
    [contributorId],
  );
  return { emailIndex: found?.email_index ?? null, sharedWith: found?.shared ?? [] };
}

/** The region of England, or nation, of an outward postcode (GSS code); null where it is none that is known. */
export async function regionOfPostcode(q: Query, outward: string): Promise<string | null> {
  const plain = outward.toUpperCase().trim();
  const letters = /^([A-Z]{1,2})[0-9][0-9A-Z]?$/.exec(plain)?.[1];
  if (letters === undefined) return null;
  const [found] = await q.query<{ region: string | null }>(
    `SELECT coalesce((SELECT d.region_code FROM people.postcode_district d WHERE d.outward = $1),
       (SELECT a.region_code FROM people.postcode_area a WHERE a.code = $2)) AS region`,
    [plain, letters],
  );
  return found?.region ?? null;
}
