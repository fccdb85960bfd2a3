import type { Population, PublishedRelease } from '../release/published';
import { disparity, Interval, roundingError } from './comparison/intervals';
import {
  characteristicOf,
  Derived,
  oneWay,
  POPULATION_ORDER,
  POPULATIONS,
  RELIABLE_FROM,
  shareOf,
  TableFigures,
} from './figures';
import { noBase } from './missing';

/** How far each group of a unit came, from one population to the next. All from published counts. */
export interface Funnel {
  release: { id: string; number: number; snapshotOn: string };
  unit: string;
  unitName: string;
  characteristic: string;
  steps: FunnelStep[];
  /** Why there are no steps; null where there are. */
  noStepsBecause: string | null;
  groups: FunnelGroup[];
  notes: string[];
}

export interface FunnelStep {
  from: Population;
  to: Population;
  label: string;
}

export interface FunnelGroup {
  category: string;
  label: string;
  /** Published count in each population, from widest to narrowest; null where withheld. */
  counts: (number | null)[];
  /** One for each step. */
  progress: Progress[];
  /** The first step at which fewer of the group came on than of everybody else, beyond chance and rounding; null where none. */
  lostAt: Population | null;
  sentence: string;
}

export interface Progress {
  to: Population;
  /** Share of the group that came on, 0 to 1. */
  rate: Derived;
  /** Share of everybody else, with a known answer, that came on. */
  others: Derived;
  /** Rate by that of everybody else: 1 is the same. */
  ratio: Derived;
  interval: Interval | null;
  /** Whether fewer came on, beyond chance and rounding; null where the numbers are too small or withheld. */
  lost: boolean | null;
}

/** Undefined where the release has no table of registered people by the characteristic with this unit. */
export function funnel(release: PublishedRelease, ask: { unit: string; characteristic: string }): Funnel | undefined {
  const unit = release.units.find((one) => one.key === ask.unit);
  const tables = POPULATION_ORDER.map((population) => ({
    population,
    table: oneWay(release, ask.unit, population, ask.characteristic),
  }));
  const told = tables.filter((one): one is { population: Population; table: TableFigures } => one.table !== undefined);
  if (!unit || told[0]?.population !== 'registered') return undefined;
  const steps = told.slice(1).map(({ population }, i): FunnelStep => {
    const from = told[i]?.population ?? 'registered';
    return {
      from,
      to: population,
      label: `From ${POPULATIONS[from].label.toLowerCase()} to ${POPULATIONS[population].label.toLowerCase()}`,
    };
  });
  const error = roundingError(release.base);
  const groups = characteristicOf(release, ask.characteristic)
    .categories.filter((category) => !category.unknown)
    .map(({ code, label }): FunnelGroup => {
      const counts = told.map(({ table }) => table.at({ unit: unit.key, hub: null, category: code }).value);
      const known = told.map(({ table }) => table.known(unit.key, null));
      const progress = steps.map(({ to }, i) =>
        stepOf(to, { before: counts[i], after: counts[i + 1], knownBefore: known[i], knownAfter: known[i + 1] }, error),
      );
      const lostAt = progress.find((one) => one.lost === true)?.to ?? null;
      const sentence =
        steps.length === 0
          ? `${label}: nothing can be said, since the release tells no stage but the first of ${unit.name}.`
          : (lossOf(label, progress, steps, lostAt) ?? `${label}: ${without(progress, counts, known)}`);
      return { category: code, label, counts, progress, lostAt, sentence };
    });
  const blank = unbased(
    told.map((one) => one.table),
    unit.key,
  );
  return {
    release: { id: release.id, number: release.number, snapshotOn: release.snapshotOn },
    unit: unit.key,
    unitName: unit.name,
    characteristic: ask.characteristic,
    steps,
    noStepsBecause: steps.length === 0 ? noSteps(release, unit.name, ask.characteristic) : null,
    groups,
    notes: [
      ...(steps.length > 0 && blank !== null ? [blank] : []),
      'Each group is compared with everybody else whose answer is known. People whose answer is not known are in neither.',
      'A loss is told only where the 95% interval of the ratio lies below 1 however the counts were rounded. Of twenty such comparisons one can be so by chance.',
      'A difference at a step says that fewer came on. It does not say why.',
    ],
  };
}

interface Counts {
  before: number | null | undefined;
  after: number | null | undefined;
  knownBefore: number | null | undefined;
  knownAfter: number | null | undefined;
}

const WITHHELD: Derived = { value: null, status: 'c' };

function stepOf(to: Population, { before, after, knownBefore, knownAfter }: Counts, error: number): Progress {
  const none = { to, rate: WITHHELD, others: WITHHELD, ratio: WITHHELD, interval: null, lost: null };
  if (before == null || after == null) return none;
  const rate = shareOf(after, '', before);
  if (knownBefore == null || knownAfter == null) return { ...none, rate };
  const [othersBefore, othersAfter] = [Math.max(0, knownBefore - before), Math.max(0, knownAfter - after)];
  const others = shareOf(othersAfter, '', othersBefore);
  if (rate.value === null || others.value === null)
    return { to, rate, others, ratio: { value: null, status: 'x' }, interval: null, lost: null };
  const found = disparity(Math.min(after, before), before, Math.min(othersAfter, othersBefore), othersBefore);
  const status = rate.status === 'u' || others.status === 'u' ? 'u' : '';
  const ratio: Derived =
    others.value === 0 ? { value: null, status: 'z' } : { value: rate.value / others.value, status };
  const interval = found && { low: found.low, high: found.high };
  const enough = othersAfter >= RELIABLE_FROM && Math.max(after, before * others.value) >= RELIABLE_FROM;
  return {
    to,
    rate,
    others,
    ratio,
    interval,
    lost: enough ? isLost(before, after, othersBefore, othersAfter, error) : null,
  };
}

/** Whether fewer came on even where rounding hid as many as it can: more of the group, and fewer of the others. */
function isLost(before: number, after: number, othersBefore: number, othersAfter: number, error: number): boolean {
  const worst = disparity(
    Math.max(1, after + error),
    before - error,
    Math.max(1, othersAfter - 2 * error),
    othersBefore + 2 * error,
  );
  return worst !== null && worst.high < 1;
}

function lossOf(
  label: string,
  progress: readonly Progress[],
  steps: readonly FunnelStep[],
  lostAt: Population | null,
): string | undefined {
  const at = steps.findIndex((step) => step.to === lostAt);
  const [step, found] = [steps[at], progress[at]];
  if (!step || found?.rate.value == null || found.others.value == null) return undefined;
  return `${label}: ${step.label.toLowerCase()}, ${(found.rate.value * 100).toFixed(0)}% came on, against ${(found.others.value * 100).toFixed(0)}% of everybody else. This is the first step at which fewer did, beyond chance and rounding.`;
}

/** What is said of a group that was not seen to be lost, and why where nothing can be said. */
function without(progress: readonly Progress[], counts: readonly Count[], known: readonly Count[]): string {
  const open = progress.filter((one) => one.lost === null).length;
  if (open < progress.length)
    return `no step at which fewer came on than of everybody else, beyond chance and rounding${open > 0 ? ', as far as the numbers can be told' : ''}.`;
  const reasons = new Set(
    progress.map((_, i) => {
      if (counts[i] == null || counts[i + 1] == null) return 'numbers of the group are withheld or not available';
      if (known[i] == null || known[i + 1] == null) return 'how many everybody else are cannot be told';
      return 'the numbers are too small';
    }),
  );
  return `nothing can be said, since ${[...reasons].join(', and ')}.`;
}

type Count = number | null | undefined;

/** That everybody else cannot be counted at some stage, since categories are withheld; null where they can at each. */
function unbased(tables: readonly TableFigures[], unit: string): string | null {
  const withheld = tables
    .filter((table) => table.known(unit, null) === null)
    .flatMap((table) =>
      table.columns().filter((one) => table.at({ unit, hub: null, category: one?.code ?? null }).value === null),
    );
  return withheld.length === 0
    ? null
    : `At some stages a group cannot be compared with everybody else. ${noBase([...new Set(withheld.map((one) => one?.label ?? 'Everybody'))])}`;
}

/** Which table is missing for a funnel, and of whom the release has one. */
function noSteps(release: PublishedRelease, unitName: string, characteristic: string): string {
  const later = new Set(
    release.tables
      .filter((table) => !table.byHub && table.population !== 'registered' && table.characteristic === characteristic)
      .flatMap((table) => table.figures.map((figure) => figure.unit)),
  );
  const others = release.units.filter(({ key }) => later.has(key)).map(({ key }) => key);
  return `Of ${unitName} this release has a table of registered contributors and none of later stages, so it does not tell how many came on. ${
    others.length === 0
      ? 'It has none for any other unit either.'
      : `It has tables of later stages for these units: ${others.join(', ')}.`
  }`;
}
