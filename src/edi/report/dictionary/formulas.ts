import { disparity, dissimilarity, wilson, Z } from '../comparison/intervals';
import { RELIABLE_FROM, SMALLEST_BASE } from '../figures';

/** A number that reports work out: how, by what rules, and an example that the code itself worked out. */
export interface FormulaEntry {
  key: string;
  name: string;
  means: string;
  formula: string;
  example: string;
}

const n = (value: number, digits = 3): string => value.toFixed(digits);

/** Everything that reports work out from published counts. */
export function formulas(): FormulaEntry[] {
  const [count, known, population] = [92, 1080, 0.09606];
  const interval = wilson(count, known);
  const ratio = disparity(45, 300, 120, 600);
  const pairs = [
    { share: 0.7, population: 0.6 },
    { share: 0.3, population: 0.4 },
  ];
  return [
    {
      key: 'share',
      name: 'Share',
      means: `Share of a category among people whose answer is known. None on fewer than ${SMALLEST_BASE} people, from a withheld count, or where a withheld category leaves open how many answered; marked u where it rests on fewer than ${RELIABLE_FROM} people.`,
      formula: 'p = c / n; c: published count; n: sum of the known categories, or everybody less those not known',
      example: `${count} of ${known}: ${n(count / known)}`,
    },
    {
      key: 'share-interval',
      name: '95% interval of a share',
      means:
        'Wilson score interval. Contributors are counted in full: it tells what chance alone may do, and nothing else.',
      formula: `(2c + z² ∓ z √(z² + 4c(1 - p))) / (2(n + z²)), z = ${n(Z, 4)}`,
      example: `${count} of ${known}: ${n(interval.low)} to ${n(interval.high)}`,
    },
    {
      key: 'ratio',
      name: 'Representation ratio',
      means:
        'Share by the share in the population. 1 is parity. A verdict is given only where the interval leaves 1 out however the counts were rounded, and where age, area and question are the same.',
      formula: 'p / q; q: share in the population among those who answered; interval: that of the share by q',
      example: `share ${n(count / known)}, population ${population}: ${n(count / known / population)} (${n(interval.low / population)} to ${n(interval.high / population)})`,
    },
    {
      key: 'difference',
      name: 'Difference',
      means: 'Share less the share in the population, in percentage points.',
      formula: '100 (p - q)',
      example: `${n((count / known - population) * 100, 1)} percentage points`,
    },
    {
      key: 'bounds',
      name: 'Bounds',
      means: 'Lowest and highest share of everybody, whatever those are whose answer is not known. Nothing is imputed.',
      formula: 'c / N to (c + u) / N; N: everybody; u: those whose answer is not known',
      example: `${count} of 1,200 with 120 not known: ${n(count / 1200)} to ${n((count + 120) / 1200)}`,
    },
    {
      key: 'completeness',
      name: 'Completeness',
      means: 'Share of everybody whose answer is known.',
      formula: 'n / N',
      example: `1,080 of 1,200: ${n(1080 / 1200, 2)}`,
    },
    {
      key: 'dissimilarity',
      name: 'Index of dissimilarity',
      means: 'The share of contributors who would have to be of another category for both to be alike.',
      formula: '½ Σ |p - q|',
      example: `0.7 and 0.3 against 0.6 and 0.4: ${n(dissimilarity(pairs), 2)}`,
    },
    {
      key: 'disparity-ratio',
      name: 'Disparity ratio',
      means:
        'Share of a group that came on to the next population, by that of everybody else. A loss is told only where the interval lies below 1 however the counts were rounded.',
      formula: 'r = (a / n₁) / (b / n₂); interval: exp(ln r ∓ z √(1/a - 1/n₁ + 1/b - 1/n₂))',
      example:
        ratio === null
          ? ''
          : `45 of 300 against 120 of 600: ${n(ratio.ratio, 2)} (${n(ratio.low)} to ${n(ratio.high)})`,
    },
  ];
}
