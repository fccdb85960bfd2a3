import { percentage } from '../figures';
import { AGE_RANGES, Benchmark } from './benchmark';
import type { RepresentationRow } from './representation';

/** Contributors are all there are, not a sample: what the interval then can and cannot say. */
export const WHAT_THE_INTERVAL_MEANS =
  'Contributors are counted in full, not sampled. The 95% interval says how far a share of so many people may lie from the population’s by chance alone. It allows for nothing else, such as who was asked, or who chose not to answer.';

interface Around {
  known: number | null;
  benchmark: Pick<Benchmark, 'area' | 'ageRange' | 'title'>;
  /** Why there is no percentage; null where there is one. */
  missing: string | null;
  /** What makes the two unlike. */
  noVerdictBecause: readonly string[];
}

type Row = Omit<RepresentationRow, 'sentence' | 'noVerdictBecause'>;

const points = (value: number): string => `${Math.abs(value).toFixed(1)} percentage points`;

/** What one row says in words, and no more than its numbers do. */
export function rowSentence(row: Row, { known, benchmark, missing, noVerdictBecause }: Around): string {
  const there = `${(row.populationShare * 100).toFixed(1)}% of ${AGE_RANGES[benchmark.ageRange]} in ${benchmark.area.name}`;
  if (row.share.value === null || known === null)
    return `${row.label}: no percentage of contributors can be given. ${missing ?? ''} In the population it is ${there} (${benchmark.title}).`;
  const facts = `${row.label}: ${percentage({ ...row.share, status: '' })} of the ${known.toLocaleString('en-GB')} contributors whose answer is known, and ${there} (${benchmark.title}).`;
  return `${facts} ${conclusion(row, noVerdictBecause)}`;
}

function conclusion(row: Row, noVerdictBecause: readonly string[]): string {
  if (noVerdictBecause.length > 0)
    return `The two are shown side by side without a verdict. ${noVerdictBecause.join(' ')}`;
  const { ratioInterval: interval, difference } = row;
  if (row.verdict === null || interval === null || difference.value === null)
    return 'The number is too small for a verdict.';
  const by = `by ${points(difference.value)}; the ratio is between ${interval.low.toFixed(2)} and ${interval.high.toFixed(2)} (95% interval)`;
  switch (row.verdict) {
    case 'under-represented':
      return `They are under-represented ${by}.`;
    case 'over-represented':
      return `They are over-represented ${by}.`;
    case 'none':
      return 'The difference is no larger than chance or rounding would explain, so nothing is said of under- or over-representation.';
  }
}
