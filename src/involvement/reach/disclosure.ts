/** What may be told to everybody: a pure rule, decided from counts alone. The reasons are in docs/decisions/0006-reach.md. */

/** Counts from 1 to this are withheld. */
export const SMALL = 7;
/** Counts that are told are rounded to a multiple of this. */
export const STEP = 5;

export const Why = {
  /** The count itself is from 1 to 7. */
  Small: 'small',
  /** Another count of the same column is from 1 to 7, and this one would help to find it. */
  SmallBeside: 'small-beside',
  /** A release about the quarter withholds how many people came so far, and this would bound it. */
  WithRelease: 'withheld-with-release',
  /** Nobody told it by this dimension. */
  NotKnown: 'not-known',
} as const;
export type Why = (typeof Why)[keyof typeof Why];

/** A count as it is told: the number, or null and why. */
export interface Told {
  count: number | null;
  why: Why | null;
}

export const isSmall = (count: number): boolean => count >= 1 && count <= SMALL;

const rounded = (count: number): number => Math.round(count / STEP) * STEP;

/** One total. */
export const toldTotal = (count: number): Told =>
  isSmall(count) ? { count: null, why: 'small' } : { count: rounded(count), why: null };

/**
 * One column of a breakdown. All of it or none: where a single cell is small, the others and the total together would come close
 * to it, so no cell of the column is told. Zeros are withheld with the rest, for they would say where the small ones are.
 */
export function toldColumn(cells: readonly number[]): Told[] {
  if (!cells.some(isSmall)) return cells.map((count) => ({ count: rounded(count), why: null }));
  return cells.map(() => ({ count: null, why: 'small-beside' }));
}

/**
 * What may not be told beside a release that withholds how many people came so far: who took part has a part in a project, and who was
 * interested an interest, so their number says how many people there are at most, and a small one that there are few. Whether this
 * applies is read off the published tables alone, so that it says nothing either.
 */
export const withRelease: Told = { count: null, why: 'withheld-with-release' };

/** The quarter of the year whose first and last days these are, if they are. */
export function wholeQuarter(from: string, to: string): boolean {
  const [, year, month] = /^(\d{4})-(01|04|07|10)-01$/.exec(from) ?? [];
  if (!year || !month) return false;
  return to === new Date(Date.UTC(Number(year), Number(month) + 2, 0)).toISOString().slice(0, 10);
}

/** A quarter of the year by its first and last days, as YYYY-MM-DD. */
export interface Quarter {
  from: string;
  to: string;
}

/** The quarter that begins so many months after January of the year 0. */
function quarterFrom(month: number): Quarter {
  const day = (months: number, date: number): string =>
    new Date(Date.UTC(Math.floor(months / 12), months % 12, date)).toISOString().slice(0, 10);
  return { from: day(month, 1), to: day(month + 3, 0) };
}

/** The quarter that begins on this day. */
export function quarterOf(first: string): Quarter {
  const [year, month] = first.split('-').map(Number) as [number, number];
  return quarterFrom(12 * year + month - 1);
}

/** The quarters that lie in a period as a whole, the first at the top. `until` is the first day that no longer belongs to it. */
export function quartersIn({ from, until }: { from: string; until: string }): Quarter[] {
  const [year, month, day] = from.split('-').map(Number) as [number, number, number];
  const begins = 12 * year + month - 1 + (day > 1 ? 1 : 0);
  const quarters: Quarter[] = [];
  for (let at = 3 * Math.ceil(begins / 3); ; at += 3) {
    const quarter = quarterFrom(at);
    if (quarter.to >= until) return quarters;
    quarters.push(quarter);
  }
}
