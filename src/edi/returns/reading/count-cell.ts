/** A number of people, as far as the table tells it. */
export interface Range {
  low: number;
  /** null: not told, as by a star. */
  high: number | null;
}

/** A range of which both ends are known. */
export interface KnownRange {
  low: number;
  high: number;
}

const MOST_PEOPLE = 10_000_000;
const FEWER = /^(?:<|less than|fewer than|under|below) ?(\d{1,3})$/;
const AT_MOST = /^(?:<=|≤|at most|up to) ?(\d{1,3})$/;
const FROM_TO = /^(\d{1,3}) ?(?:-|–|to) ?(\d{1,3})$/;
const WITHHELD = new Set(['*', '**', '[c]', 'c', '..', 'suppressed', 'withheld', 's']);

/**
 * What a cell of counts says: a number, a range such as "<5", or a star, which says only that it is withheld. Undefined where it is no
 * count. Whether a range begins at 0 or 1 is seen from the whole table: see `settle`.
 */
export function readCount(written: string): Range | undefined {
  const text = written.toLowerCase().replace(/\s+/g, ' ').trim();
  if (/^\d{1,3}(?:[ ,]\d{3})+$|^\d{1,8}$/.test(text)) {
    const count = Number(text.replace(/[ ,]/g, ''));
    return count <= MOST_PEOPLE ? { low: count, high: count } : undefined;
  }
  const fewer = FEWER.exec(text);
  if (fewer) return Number(fewer[1]) > 0 ? { low: 0, high: Number(fewer[1]) - 1 } : undefined;
  const most = AT_MOST.exec(text);
  if (most) return { low: 0, high: Number(most[1]) };
  const span = FROM_TO.exec(text);
  if (span) return Number(span[1]) <= Number(span[2]) ? { low: Number(span[1]), high: Number(span[2]) } : undefined;
  return WITHHELD.has(text) ? { low: 0, high: null } : undefined;
}

/** Whether a cell is written as one of the forms of a count. */
export const isCount = (written: string): boolean => readCount(written) !== undefined;

export const isExact = ({ low, high }: Range): boolean => low === high;

/** A range as a message shows it. */
export function shownRange({ low, high }: Range): string {
  if (low === high) return String(low);
  return high === null ? `${low} or more` : `${low} to ${high}`;
}

export const sumOf = (ranges: readonly Range[]): Range => ({
  low: ranges.reduce((sum, { low }) => sum + low, 0),
  high: ranges.some(({ high }) => high === null) ? null : ranges.reduce((sum, { high }) => sum + (high ?? 0), 0),
});

/** Whether two ranges can be the same number. */
export const canBeEqual = (a: Range, b: Range): boolean =>
  (a.high === null || b.low <= a.high) && (b.high === null || a.low <= b.high);

/** What both ranges allow; undefined where nothing is. */
export function both(a: Range, b: Range): Range | undefined {
  if (!canBeEqual(a, b)) return undefined;
  const high = a.high === null ? b.high : b.high === null ? a.high : Math.min(a.high, b.high);
  return { low: Math.max(a.low, b.low), high };
}

/** A part of a table that is narrowed by what its parts add up to. */
export interface Settled {
  parts: KnownRange[];
  total: KnownRange;
}

/**
 * Narrows the parts of a table by their total: what is withheld is at most what the others leave over, and at least what they lack.
 * A table that shows zeros has no zeros hidden in its ranges. `star`: what a star is below, where the sender said so.
 * Answers why not where nothing fits: the parts cannot add up, or a star has no bound.
 */
export function settle(
  parts: readonly Range[],
  total: Range | undefined,
  star: number | undefined,
): Settled | 'no-bound' | 'sum' {
  const least = parts.some((part) => part.low === 0 && part.high === 0) ? 1 : 0;
  let now: Range[] = parts.map((part) => {
    const high = part.high ?? (star === undefined ? null : star - 1);
    return part.low === 0 && high !== 0 ? { low: least, high } : { low: part.low, high };
  });
  let sum = sumOf(now);
  if (total) {
    const fits = both(sum, total);
    if (!fits) return 'sum';
    sum = fits;
    for (let round = 0; round < 3; round++) {
      const all = sumOf(now);
      const { low, high } = sum;
      const open = now.filter((part) => part.high === null).length;
      now = now.map((part) => {
        const others: Range = {
          low: all.low - part.low,
          high:
            all.high === null
              ? open === 1 && part.high === null
                ? closedSum(now)
                : null
              : all.high - (part.high ?? 0),
        };
        return {
          low: others.high === null ? part.low : Math.max(part.low, low - others.high),
          high: high === null ? part.high : Math.min(part.high ?? Infinity, high - others.low),
        };
      });
    }
  }
  const known = now.map(({ low, high }) => (high === null ? undefined : { low, high }));
  if (known.some((part) => part === undefined)) return 'no-bound';
  const settled = known.filter((part) => part !== undefined);
  if (settled.some(({ low, high }) => low > high)) return 'sum';
  const added = sumOf(settled);
  const fits = both(sum, added);
  if (fits?.high === null || fits?.high === undefined) return 'sum';
  return { parts: settled, total: { low: fits.low, high: fits.high } };
}

const closedSum = (parts: readonly Range[]): number => parts.reduce((sum, { high }) => sum + (high ?? 0), 0);

/**
 * Whole numbers within their ranges that add up to `total`: the middles, moved one by one from the first on until they do. What is
 * counted with where a table withholds; the ranges stay beside it.
 */
export function middles(parts: readonly KnownRange[], total: number | undefined): number[] {
  const counts = parts.map(({ low, high }) => Math.floor((low + high) / 2));
  if (total === undefined) return counts;
  let missing = total - counts.reduce((sum, n) => sum + n, 0);
  for (let moved = true; missing !== 0 && moved;) {
    moved = false;
    for (const [i, { low, high }] of parts.entries()) {
      const now = counts[i] ?? 0;
      const step = Math.sign(missing);
      if (missing === 0 || (step > 0 ? now >= high : now <= low)) continue;
      counts[i] = now + step;
      missing -= step;
      moved = true;
    }
  }
  return counts;
}
