import { protect } from '../../../../src/edi/disclosure/protect';
import { aimsOf } from '../../../../src/edi/disclosure-check/aims';
import { attackKnowingPeople, characteristicOf, exposed, sampled } from '../../../../src/edi/disclosure-check/attack';
import { verify } from '../../../../src/edi/disclosure-check/verify';
import { madeUp, PARAMETERS, Size } from './made-up';
import { plainRules, releaseOf, tableSystem, WORKED_TABLES } from './worked-tables';

/** Suppressions beyond the primary ones, found and at least needed. */
export interface AgainstOptimum {
  readonly id: string;
  readonly optimum: number;
  readonly found: number;
  readonly ok: boolean;
}

/** Protects every worked table and sets the number of complementary suppressions beside the fewest possible. */
export async function againstOptimum(): Promise<AgainstOptimum[]> {
  const results: AgainstOptimum[] = [];
  for (const { id, rows, threshold, base, optimum } of WORKED_TABLES) {
    const system = tableSystem(rows);
    const parameters = plainRules(threshold, base);
    const made = await protect(system, parameters);
    results.push({ id, optimum, found: made.complementary, ok: verify(system, parameters, made).ok });
  }
  return results;
}

/** What protecting and verifying one made-up release took, and what it cost. */
export interface Measured {
  readonly leaves: number;
  readonly people: number;
  readonly figures: number;
  readonly primary: number;
  readonly complementary: number;
  readonly merges: number;
  /** Share of the figures at or above their threshold that were withheld. */
  readonly withheld: number;
  readonly protectMilliseconds: number;
  readonly verifyMilliseconds: number;
  /** Most memory that the process held, in megabytes. */
  readonly megabytes: number;
  readonly ok: boolean;
  /**
   * Withheld figures that were attacked by somebody who also knows how many people are in each cell, how many of them that attacker could
   * tell too closely, and how long it took.
   */
  readonly attacked: number;
  readonly told: number;
  readonly attackMilliseconds: number;
}

/** A dozen units, as a demonstration has. */
export const DOZEN: Size = { leaves: 12, groups: 3, from: 30, to: 600 };
/** The whole tree: about eighty organisations in a dozen groups. */
export const NATIONAL: Size = { leaves: 80, groups: 12, from: 15, to: 900 };

/**
 * Protects and verifies a made-up release, and attacks a seeded sample of what has to stay protected; the same seed and size give the
 * same release and the same sample.
 * @param sample how many figures are attacked; all, where there are no more
 */
export async function measure(size: Size, sample: number, seed = 1): Promise<Measured> {
  const parameters = PARAMETERS;
  const system = madeUp(seed, size);
  const start = performance.now();
  const made = await protect(system, parameters);
  const middle = performance.now();
  const verdict = verify(system, parameters, made);
  const end = performance.now();
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  const release = releaseOf(system, parameters, made);
  const small = aimsOf(system, release).filter((aim) => characteristicOf(aim) !== '*');
  const aims = sampled(small, seed, sample);
  const intervals = await attackKnowingPeople(system, system.people, release, system.earlier, aims);
  return {
    leaves: size.leaves,
    people: system.people.reduce((sum, { people }) => sum + people, 0),
    figures: made.figures.size,
    primary: verdict.primary,
    complementary: verdict.complementary,
    merges: made.merges.length,
    withheld: made.cost.share,
    protectMilliseconds: Math.round(middle - start),
    verifyMilliseconds: Math.round(end - middle),
    megabytes,
    ok: verdict.ok,
    attacked: aims.length,
    told: exposed(aims, intervals).length,
    attackMilliseconds: Math.round(performance.now() - end),
  };
}
