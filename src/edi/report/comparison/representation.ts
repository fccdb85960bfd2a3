import type { FigureStatus, Population, PublishedCategory, PublishedRelease } from '../../release/published';
import { backgroundNotTold } from '../../release/characteristics';
import { Derived, oneWay, RELIABLE_FROM, shareOf, SMALLEST_BASE, TableFigures } from '../figures';
import { noBase, TOO_FEW_ANSWERED, whyNoBase, whyNoCount } from '../missing';
import { Benchmark, BenchmarkFigure, mismatches } from './benchmark';
import { dissimilarity, Interval, roundingError, wilson } from './intervals';
import { rowSentence, WHAT_THE_INTERVAL_MEANS } from './sentence';

/** Contributors of a unit beside the population of an area. All from published counts. */
export interface Representation {
  release: { id: string; number: number; snapshotOn: string };
  unit: string;
  unitName: string;
  population: Population;
  characteristic: string;
  benchmark: Omit<Benchmark, 'figures'>;
  /** Everybody; null where withheld. */
  people: number | null;
  /** Those who gave an answer that can be compared; null where it cannot be told. */
  known: number | null;
  /** Share of everybody who gave an answer, 0 to 1; null where it cannot be told. */
  completeness: number | null;
  /** Why there is no verdict on any row; empty where one has a verdict. */
  noVerdictBecause: string[];
  rows: RepresentationRow[];
  /** Index of dissimilarity, 0 to 1; null with its status where a part of it is missing or the base is too small. */
  dissimilarity: Derived;
  notes: string[];
}

/** Under- and over-represented only where the interval says so; `none` where it includes parity; null where no verdict is given. */
export type Verdict = 'under-represented' | 'over-represented' | 'none' | null;

export interface RepresentationRow {
  category: string;
  label: string;
  /** Published count; null where withheld. */
  count: number | null;
  /** Share among known answers, 0 to 1. */
  share: Derived;
  /** 95% Wilson interval of the share; null where there is no share. */
  shareInterval: Interval | null;
  /** Share in the population among those who answered, 0 to 1. */
  populationShare: number;
  /** Share by population share: 1 is parity. */
  ratio: Derived;
  ratioInterval: Interval | null;
  /** Share less population share, in percentage points. */
  difference: Derived;
  /** Share of everybody if nobody, and if everybody, whose answer is not known belonged here. */
  bounds: Interval | null;
  verdict: Verdict;
  /** Why the verdict is null; empty where it is not. */
  noVerdictBecause: string[];
  sentence: string;
}

/**
 * Compares the contributors of a unit with a population. Undefined where the release has no one-way table of the population by the
 * benchmark's characteristic with this unit.
 */
export function representation(
  release: PublishedRelease,
  ask: { unit: string; population: Population; benchmark: Benchmark },
): Representation | undefined {
  const { benchmark, population } = ask;
  const table = oneWay(release, ask.unit, population, benchmark.characteristic);
  const unit = release.units.find((one) => one.key === ask.unit);
  if (!table || !unit) return undefined;

  const compared = benchmark.figures.filter((figure) => figure.of.length > 0);
  const answered = compared.reduce((sum, figure) => sum + figure.people, 0);
  const counts = compared.map((figure) => countOf(table, unit.key, figure));
  const left = leftOut(table, compared);
  const known = knownAnswers(table, unit.key, counts, left.length > 0);
  const people = table.at({ unit: unit.key, hub: null, category: null }).value;
  const notTold = table.characteristic.categories.filter(isNotTold);
  const unknown = sumOf([table.unknown(unit.key, null), ...notTold.map(({ code }) => countAt(table, unit.key, code))]);
  const unlike = [
    ...mismatches(benchmark, unit),
    ...(notTold.some(({ code }) => countAt(table, unit.key, code) !== 0) ? [SOME_NOT_TOLD] : []),
  ];
  const withheld = compared.filter((_, i) => counts[i]?.value === null).map((figure) => figure.label);
  const whyNone =
    known === null
      ? left.length > 0
        ? noBase(withheld, 'gave an answer that the population figures have too')
        : whyNoBase(table, unit.key, null)
      : known < SMALLEST_BASE
        ? TOO_FEW_ANSWERED
        : null;
  const error = roundingError(release.base);

  const rows = compared.map((figure, i): RepresentationRow => {
    const { value: count, status } = counts[i] ?? { value: null, status: 'x' };
    const populationShare = figure.people / answered;
    const share = shareOf(count, status, known);
    const shown = count !== null && known !== null && share.value !== null;
    const shareInterval = shown ? wilson(Math.min(count, known), known) : null;
    const over = (value: number): number => value / populationShare;
    const ratioInterval = shareInterval && { low: over(shareInterval.low), high: over(shareInterval.high) };
    const of = { value: share.value, status: share.status };
    const verdict =
      shown && unlike.length === 0 && Math.max(count, known * populationShare) >= RELIABLE_FROM
        ? verdictOf(count, known, populationShare, error, compared.length)
        : null;
    const row = {
      category: figure.category,
      label: figure.label,
      count,
      share,
      shareInterval,
      populationShare,
      ratio: of.value === null ? of : { ...of, value: over(of.value) },
      ratioInterval,
      difference: of.value === null ? of : { ...of, value: (of.value - populationShare) * 100 },
      bounds: boundsOf(count, people, unknown),
      verdict,
    };
    const missing = shown ? null : count === null ? whyNoCount(status) : whyNone;
    const because = [...unlike, ...(missing === null ? [] : [missing])];
    const noVerdict = verdict !== null ? [] : because.length > 0 ? because : [TOO_SMALL];
    return {
      ...row,
      noVerdictBecause: noVerdict,
      sentence: rowSentence(row, { known, benchmark, missing, noVerdictBecause: unlike }),
    };
  });

  const { figures: _figures, ...about } = benchmark;
  return {
    release: { id: release.id, number: release.number, snapshotOn: release.snapshotOn },
    unit: unit.key,
    unitName: unit.name,
    population,
    characteristic: benchmark.characteristic,
    benchmark: about,
    people,
    known,
    completeness: people === null || known === null || people === 0 ? null : Math.min(1, known / people),
    noVerdictBecause: rows.some((row) => row.verdict !== null)
      ? []
      : [
          ...new Set([
            ...unlike,
            ...(whyNone === null ? [] : [whyNone]),
            ...(unlike.length > 0 ? [] : reasonsOf(rows)),
          ]),
        ],
    rows,
    dissimilarity: dissimilarityOf(rows, known),
    notes: [
      WHAT_THE_INTERVAL_MEANS,
      ...(release.base > 1
        ? [
            `Counts are rounded to the nearest ${release.base}. A verdict is given only where it holds however they were rounded.`,
          ]
        : []),
      ...left.map((label) => `“${label}” is not among the population figures and is left out.`),
      ...(benchmark.caution === null ? [] : [benchmark.caution]),
    ],
  };
}

/** Somebody whose ethnic group is known, and of whom it was not told which background within it: part of the base, in no population figure. */
const isNotTold = ({ code, within }: PublishedCategory): boolean =>
  within !== undefined && code === backgroundNotTold(within);

const SOME_NOT_TOLD =
  'Of some contributors the ethnic group is known and the background is not. They are part of the base, so the shares of backgrounds are somewhat low.';

const TOO_SMALL = `Fewer than ${RELIABLE_FROM} contributors are in this category, and fewer than ${RELIABLE_FROM} were to be expected: too few for a verdict.`;

const reasonsOf = (rows: readonly RepresentationRow[]): string[] => rows.flatMap((row) => row.noVerdictBecause);

const countAt = (table: TableFigures, unit: string, category: string): number | null =>
  table.at({ unit, hub: null, category }).value;

const sumOf = (parts: readonly (number | null)[]): number | null =>
  parts.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), 0);

/** The published count of one of the benchmark's categories, which may be several of ours together. */
function countOf(
  table: TableFigures,
  unit: string,
  figure: BenchmarkFigure,
): { value: number | null; status: FigureStatus } {
  let sum = 0;
  for (const category of figure.of) {
    const { value, status } = table.at({ unit, hub: null, category });
    if (value === null) return { value, status };
    sum += value;
  }
  return { value: sum, status: '' };
}

/** Labels of known categories of ours that the benchmark could have and does not. */
function leftOut(table: TableFigures, compared: readonly BenchmarkFigure[]): string[] {
  const has = new Set(compared.flatMap((figure) => figure.of));
  return table.characteristic.categories
    .filter((one) => !one.unknown && !isNotTold(one) && !has.has(one.code))
    .map((one) => one.label);
}

/** How many gave an answer that the benchmark has too. */
function knownAnswers(
  table: TableFigures,
  unit: string,
  counts: readonly { value: number | null }[],
  some: boolean,
): number | null {
  return some ? sumOf(counts.map(({ value }) => value)) : table.known(unit, null);
}

/** The verdict that holds at both ends of what the rounding of this category and of the others allows. */
function verdictOf(count: number, known: number, populationShare: number, error: number, categories: number): Verdict {
  const others = error * (categories - 1);
  const least = Math.max(0, count - error);
  const most = count + error;
  const low = wilson(least, Math.max(least, known - count + others + least)).low;
  const high = wilson(most, Math.max(most, known - count - others + most)).high;
  if (high < populationShare) return 'under-represented';
  return low > populationShare ? 'over-represented' : 'none';
}

function boundsOf(count: number | null, people: number | null, unknown: number | null): Interval | null {
  if (count === null || people === null || unknown === null || people < SMALLEST_BASE) return null;
  return { low: Math.min(1, count / people), high: Math.min(1, (count + unknown) / people) };
}

function dissimilarityOf(rows: readonly RepresentationRow[], known: number | null): Derived {
  const pairs: { share: number; population: number }[] = [];
  for (const { count, share, populationShare } of rows) {
    if (count === null || share.value === null || known === null) return { value: null, status: share.status };
    pairs.push({ share: share.value, population: populationShare });
  }
  const least = rows.some((row) => row.share.status === 'u');
  return { value: dissimilarity(pairs), status: least ? 'u' : '' };
}
