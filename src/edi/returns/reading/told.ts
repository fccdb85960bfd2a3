import type { ReadCount } from './count-table';
import { STAGES } from './derived';

/** What a file can tell, by its headings and tables alone: the same whatever people answered. */
export interface Told {
  /** Questions that it holds, by key. */
  characteristics: string[];
  /** Stages that it can tell apart. */
  stages: string[];
}

/** Questions that follow from a column which is none itself, or from a more detailed one. */
const FOLLOWS: Readonly<Record<string, string>> = {
  'date-of-birth': 'age',
  'year-of-birth': 'age',
  postcode: 'region',
  'long-term-condition': 'disability',
  'activities-reduced': 'disability',
  'ethnic-background': 'ethnic-group',
};

/** What rows with these columns tell. */
export const toldByColumns = (targets: readonly string[], keys: readonly string[]): Told => ({
  characteristics: among(targets, keys),
  stages: targets.includes('stage') ? [...STAGES] : ['registered'],
});

/** What these counts tell: questions and stages that have a count, be it nought. */
export function toldByCounts(read: readonly ReadCount[], keys: readonly string[]): Told {
  const stages = new Set(read.map((one) => one.stage));
  return {
    characteristics: among(
      read.map((one) => one.characteristic),
      keys,
    ),
    stages: STAGES.filter((stage) => stage === 'registered' || stages.has(stage)),
  };
}

function among(targets: readonly string[], keys: readonly string[]): string[] {
  const told = new Set(targets.flatMap((target) => [target, FOLLOWS[target] ?? target]));
  return keys.filter((key) => told.has(key));
}
