import { NOT_KNOWN, PREFER_NOT_TO_SAY } from './vocabulary';

/** How far people came, from the first step on. */
export const STAGES = ['registered', 'interested', 'selected', 'took-part'] as const;
export type Stage = (typeof STAGES)[number];

/**
 * The answer to the two harmonised questions on disability as one code: `condition` is yes or no, `reduced` how far it reduces
 * activities. Undefined where they contradict each other.
 */
export function disabilityOf(condition: string, reduced: string): string | undefined {
  const limits = reduced === 'a-lot' || reduced === 'a-little';
  if (condition === 'no') return limits ? undefined : 'no-condition';
  if (reduced === 'a-lot') return 'limited-a-lot';
  if (reduced === 'a-little') return 'limited-a-little';
  if (reduced === 'not-at-all') return condition === 'yes' ? 'condition-not-limiting' : NOT_KNOWN;
  return condition === PREFER_NOT_TO_SAY || reduced === PREFER_NOT_TO_SAY ? PREFER_NOT_TO_SAY : NOT_KNOWN;
}
