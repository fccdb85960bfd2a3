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
