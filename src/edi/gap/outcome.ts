import type { Population, PublishedRelease } from '../release/published';
import { disparity, roundingError } from '../report/comparison/intervals';
import {
  Derived,
  oneWay,
  percentage,
  POPULATION_ORDER,
  shareOf,
  SMALLEST_BASE,
  tableOf,
  TableFigures,
} from '../report/figures';
import { whyNoCount, whyNoShare } from '../report/missing';
import { trend } from '../report/trend';

/** What a gap is measured by. */
export interface GapAim {
  tableKey: string;
  unit: string;
  ethnicGroup: string | null;
  category: string;
  /** Share among known answers; or how many of the category in the next wider population came on to this one. */
  measure: 'share' | 'progress';
  direction: 'too-few' | 'too-many';
}

export type GapChange = 'closing' | 'widening' | 'no-clear-change' | 'cannot-be-told';

/** What a later release says of a gap. All from published counts. */
export interface GapOutcome {
  release: { id: string; number: number };
  before: Derived;
  after: Derived;
  change: GapChange;
  sentence: string;
}

interface Measured {
  count: number | null;
  base: number | null;
  figure: Derived;
  /** Why there is no figure; null where there is one. */
  why: string | null;
}

/** A number of a release that a gap is measured by; undefined where the release has no such place in its tables. */
export function measured(release: PublishedRelease, aim: GapAim): Measured | undefined {
  const table = tableOf(release, aim.tableKey);
  if (!table) return undefined;
  const place = { unit: aim.unit, hub: aim.ethnicGroup, category: aim.category };
  const known = table.characteristic.categories.some((one) => one.code === aim.category && !one.unknown);
  if (!known || table.table.byHub !== (aim.ethnicGroup !== null)) return undefined;
  if (!table.table.figures.some((one) => one.unit === aim.unit && one.hub === aim.ethnicGroup)) return undefined;
  const { value: count, status } = table.at(place);
  const base = aim.measure === 'share' ? table.known(aim.unit, aim.ethnicGroup) : widerCount(release, table, aim);
  if (base === undefined) return undefined;
  const figure = shareOf(count, status, base);
  return { count, base, figure, why: figure.value === null ? whyNone(table, aim, { count, base }) : null };
}

function whyNone(
  table: TableFigures,
  { unit, ethnicGroup: hub, category, measure }: GapAim,
  { count, base }: Pick<Measured, 'count' | 'base'>,
): string | null {
  const place = { unit, hub, category };
  if (measure === 'share') return whyNoShare(table, place);
  if (count === null) return whyNoCount(table.at(place).status);
  return base === null
    ? 'How many there are in the next wider population is withheld or not available.'
    : `Fewer than ${SMALLEST_BASE} people are in the next wider population, too few for a percentage.`;
}

/** How many of the category there are in the next wider population; undefined where no table tells it. */
function widerCount(release: PublishedRelease, { table }: TableFigures, aim: GapAim): number | null | undefined {
  const wider: Population | undefined = POPULATION_ORDER[POPULATION_ORDER.indexOf(table.population) - 1];
  if (wider === undefined || table.byHub) return undefined;
  return oneWay(release, aim.unit, wider, table.characteristic)?.at({
    unit: aim.unit,
    hub: null,
    category: aim.category,
  }).value;
}

/**
 * Compares what a gap is measured by in two releases. A change is told only where the 95% interval of the ratio leaves 1 out however
 * the counts were rounded, and where nothing in between makes the two unlike.
 */
export function gapOutcome(aim: GapAim, before: PublishedRelease, after: PublishedRelease): GapOutcome {
  const nothing: Derived = { value: null, status: 'x' };
  const [was, is] = [measured(before, aim), measured(after, aim)];
  const answer = {
    release: { id: after.id, number: after.number },
    before: was?.figure ?? nothing,
    after: is?.figure ?? nothing,
  };
  const cannot = (why: string): GapOutcome => ({
    ...answer,
    change: 'cannot-be-told',
    sentence: `Release ${after.number} cannot tell what became of it: ${why}`,
  });
  if (!was || !is) return cannot('it has no such table, unit or category.');
  const unlike = whatMakesThemUnlike(aim, before, after);
  if (unlike !== undefined) return cannot(unlike);
  if (is.figure.value === null || was.figure.value === null) {
    const [{ number }, { why }] = is.figure.value === null ? [after, is] : [before, was];
    return cannot(`release ${number} gives no percentage here. ${why ?? ''}`.trim());
  }
  const moved = direction(was, is, Math.max(roundingError(before.base), roundingError(after.base)));
  const numbers = `${percentage({ ...was.figure, status: '' })} in release ${before.number}, ${percentage({ ...is.figure, status: '' })} in release ${after.number}`;
  if (moved === 'same')
    return { ...answer, change: 'no-clear-change', sentence: `${numbers}: no change beyond chance and rounding.` };
  const change = (moved === 'rose') === (aim.direction === 'too-few') ? 'closing' : 'widening';
  return {
    ...answer,
    change,
    sentence: `${numbers}: it ${moved}, beyond chance and rounding, so the gap is ${change}.`,
  };
}

function whatMakesThemUnlike(aim: GapAim, before: PublishedRelease, after: PublishedRelease): string | undefined {
  const table = tableOf(after, aim.tableKey)?.table;
  if (!table) return undefined;
  const { population, characteristic } = table;
  const series = trend([before, after], {
    unit: aim.unit,
    population,
    characteristic,
    category: aim.category,
    hub: aim.ethnicGroup,
  });
  const unlike = series?.points[1]?.breaks.filter(
    ({ kind }) => kind === 'question' || kind === 'categories' || kind === 'held',
  );
  return unlike?.[0]?.says;
}

/** Whether the second share is higher or lower than the first, at the ends of what rounding and chance allow. */
function direction(was: Measured, is: Measured, error: number): 'rose' | 'fell' | 'same' {
  const [a, n1, b, n2] = [is.count ?? 0, is.base ?? 0, was.count ?? 0, was.base ?? 0];
  const least = disparity(Math.max(1, a - error), n1 + error, b + error, n2 - error);
  const most = disparity(a + error, n1 - error, Math.max(1, b - error), n2 + error);
  if (least !== null && least.low > 1) return 'rose';
  return most !== null && most.high < 1 ? 'fell' : 'same';
}
