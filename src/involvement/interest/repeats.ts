import type { Tx } from '../../kernel/db/tx';
import { Conflict } from '../../kernel/errors/problem';
import { EXISTS_ALREADY, Interest, PLACED_ALREADY } from './interest.entity';

/**
 * A site that gives a contact is not told whether somebody with it has asked already: what it sends is taken like a first interest,
 * and marked for the organiser as a repeat. All that have one first interest are one person's, who fills one place.
 */

/** How many live interests a site may have sent for one contact in one opportunity. It knows of these, so a refusal tells it nothing. */
export const REPEATS_OF_A_SITE = 5;

/** Interests for one contact in one opportunity queue until the transaction ends, whoever sends them. */
const QUEUE = `SELECT pg_advisory_xact_lock(hashtextextended('interest ' || $1 || ' ' || encode($2, 'hex'), 0))`;

const LIVE_OF_CONTACT = `
  SELECT coalesce(i.duplicate_of, i.id) AS first, i.site_organisation_id AS site
  FROM involvement.interest i
  WHERE i.opportunity_id = $1 AND i.contact_digest = $2 AND i.contributor_id IS NULL
    AND i.state IN ('received', 'shortlisted', 'reserve', 'offered', 'accepted')
  ORDER BY i.duplicate_of IS NOT NULL, i.id FOR SHARE`;

/**
 * The first interest that one for this contact repeats; null where there is none.
 * @param site the organisation whose site sends it; without one a repeat is refused
 * @throws Conflict where staff record somebody who has asked already, or a site sends one person again and again
 */
export async function repeatedBy(
  tx: Tx,
  opportunityId: string,
  digest: Buffer | undefined,
  site: string | undefined,
): Promise<string | null> {
  if (!digest) return null;
  await tx.query(QUEUE, [opportunityId, digest]);
  const live = await tx.query<{ first: string; site: string | null }>(LIVE_OF_CONTACT, [opportunityId, digest]);
  const tooOften = live.filter((one) => one.site === site).length >= REPEATS_OF_A_SITE;
  if (live.length > 0 && (site === undefined || tooOften)) throw new Conflict('interest_exists', EXISTS_ALREADY);
  return live[0]?.first ?? null;
}

/** Refuses a second place for one person. The database does too; here it is known which interest is at fault. */
export async function mustHaveNoPlaceYet(tx: Tx, { id, duplicateOf }: Interest): Promise<void> {
  const placed = await tx.query(
    `SELECT 1 FROM involvement.interest i
     WHERE coalesce(i.duplicate_of, i.id) = $1 AND i.state IN ('offered', 'accepted') AND i.id <> $2`,
    [duplicateOf ?? id, id],
  );
  if (placed.length > 0) throw new Conflict('place_by_repeat', PLACED_ALREADY);
}

/** The other interests of the person from which something may still come, save one by which they take part. */
export async function otherLive(tx: Tx, { id, duplicateOf }: Interest): Promise<Interest[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM involvement.interest
     WHERE (id = $1 OR duplicate_of = $1) AND id <> $2 AND state IN ('received', 'shortlisted', 'reserve', 'offered') ORDER BY id`,
    [duplicateOf ?? id, id],
  );
  const found: Interest[] = [];
  for (const row of rows) found.push(await tx.get(Interest, row.id));
  return found.filter(({ state }) => state !== 'accepted');
}

/** An interest without a record and those that repeat it, or that it repeats, of which none is erased yet. */
export async function allOfPerson(tx: Tx, { id, duplicateOf }: Interest): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM involvement.interest
     WHERE (id = $1 OR duplicate_of = $1) AND contributor_id IS NULL AND erased_at IS NULL ORDER BY id FOR NO KEY UPDATE`,
    [duplicateOf ?? id],
  );
  return rows.map((row) => row.id);
}
