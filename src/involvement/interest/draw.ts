import { createHash } from 'node:crypto';

export const DrawAlgorithm = { Sha256SeedId: 'sha256-seed-id-v1' } as const;
export type DrawAlgorithm = (typeof DrawAlgorithm)[keyof typeof DrawAlgorithm];

/** Most interests in one draw, and most places. */
export const MOST_DRAWN = 10_000;

/**
 * The order of a random draw, algorithm `sha256-seed-id-v1`. Each interest's lot is the SHA-256 of the seed followed by its id
 * (both as lower-case ASCII text, the id with its hyphens); the lots are sorted as hexadecimal text, smallest first. The order
 * does not depend on that of the list, and anybody with the seed and the ids can do it again:
 * `for id in $ids; do printf '%s%s' "$seed" "$id" | sha256sum | cut -c1-64 | xargs -I{} echo "{} $id"; done | sort`
 */
export function drawOrder(seed: string, interestIds: readonly string[]): string[] {
  const lots = [...new Set(interestIds.map((id) => id.toLowerCase()))].map((id) => ({ id, lot: lotOf(seed, id) }));
  return lots.sort((a, b) => (a.lot < b.lot ? -1 : 1)).map(({ id }) => id);
}

/** The lot of one interest, in hexadecimal. */
export const lotOf = (seed: string, interestId: string): string =>
  createHash('sha256').update(`${seed.toLowerCase()}${interestId.toLowerCase()}`, 'ascii').digest('hex');
