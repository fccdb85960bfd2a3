import { protect } from '../../../../src/edi/disclosure/protect';
import { aimsOf } from '../../../../src/edi/disclosure-check/aims';
import { attack, exposed, sampled } from '../../../../src/edi/disclosure-check/attack';
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
  /** Withheld figures that were attacked, how many of them fell, and how long that took. */
  readonly attacked: number;
  readonly exposed: number;
  readonly attackMilliseconds: number;
}

/** A dozen units, as a demonstration has. */
export const DOZEN: Size = { leaves: 12, groups: 3, from: 30, to: 600 };
/** The whole tree: about eighty organisations in a dozen groups. */
export const NATIONAL: Size = { leaves: 80, groups: 12, from: 15, to: 900 };

/**
 * Protects and verifies a made-up release, and attacks a seeded sample of what has to stay protected; the same seed and size give the
 * same release and the same sample.
 * @param sample how many figures are attacked; all, where there are no more. Even one takes a linear programme over the whole release.
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
  const aims = sampled(aimsOf(system, release), seed, sample);
  const intervals = sample === 0 ? [] : await attack(system, release, system.earlier, aims);
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
    exposed: exposed(aims, intervals).length,
    attackMilliseconds: Math.round(performance.now() - end),
  };
}
