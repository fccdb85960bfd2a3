import highsLoader, { type Highs, type Model } from 'highs';
import type { CellCount, Dimensions, FigureKey, Release } from '../disclosure/model';
import { type Outside, readFromOutside } from './outside';

/** A suppressed figure to be attacked. With a margin, how far the figure falls short of it is attacked instead. */
export interface Aim {
  /** -1 for the latest release, otherwise the position in the list of earlier ones. */
  readonly release: number;
  readonly figure: FigureKey;
  readonly margin?: FigureKey;
  /** The interval that is wide enough: the attack on this figure stops there. Without it, it finds the ends. */
  readonly enough?: { readonly low: number; readonly high: number };
}

/** What an outsider can find out about a figure: it lies from `low` to `high`, or, where that is enough, at least so wide. */
export interface Interval {
  readonly release: number;
  readonly figure: FigureKey;
  readonly margin?: FigureKey;
  readonly low: number;
  readonly high: number;
}

export interface AttackOptions {
  /** Solve in whole numbers throughout: exact, and for small systems only. */
  readonly whole?: boolean;
  /** What the attacker knows besides: how many people every leaf has in each stage and hub category. */
  readonly people?: readonly CellCount[];
}

/** What is published contradicts itself: no true counts fit it, so that somebody's counts are in two places. */
export class Contradiction extends Error {
  constructor() {
    super('What is published cannot all be true of one set of people.');
    this.name = 'Contradiction';
  }
}

const OPTIMAL = 7;
const INFEASIBLE = 8;
const PRIMAL_SIMPLEX = 4;
const NEAR = 1e-6;

let loading: Promise<Highs> | undefined;
const loaded = (): Promise<Highs> => (loading ??= highsLoader());

/**
 * Solves for suppressed figures from what anyone can see: the smallest and largest value of each over all counts that
 * fit every published number of the latest release and of those before it. First as a linear programme, which is rounded
 * inwards to whole people; an interval that is too narrow is confirmed or refuted by an integer programme.
 *
 * @throws Contradiction where nothing fits what is published
 */
export async function attack(
  dimensions: Dimensions,
  latest: Release,
  earlier: readonly Release[],
  aims: readonly Aim[],
  { whole = false, people }: AttackOptions = {},
): Promise<Interval[]> {
  const highs = await loaded();
  const outside = readFromOutside(dimensions, [latest, ...earlier], people);
  const linear = new Programme(highs, outside, aims, whole);
  try {
    if (aims.length === 0) linear.mustFit();
    linear.together();
    const intervals = aims.map((aim, i) => linear.interval(aim, i));
    const narrow = aims.map((aim, i) => ({ aim, i })).filter(({ aim, i }) => !whole && isNarrow(aim, intervals[i]));
    if (narrow.length === 0) return intervals;
    const integers = new Programme(
      highs,
      outside,
      narrow.map(({ aim }) => aim),
      true,
    );
    try {
      narrow.forEach(({ aim, i }, n) => (intervals[i] = integers.interval(aim, n)));
    } finally {
      integers.dispose();
    }
    return intervals;
  } finally {
    linear.dispose();
  }
}

/**
 * The attack on releases that are too large for one programme, by somebody stronger than any outsider: who also knows how many people
 * every leaf has in each stage and hub category. To them the characteristics have nothing to do with each other, so that each is solved by
 * itself. What they cannot find out, nobody can who knows less; what they can find out says nothing of the others.
 *
 * @param aims figures of a characteristic: the people themselves are no secret to this attacker
 */
export async function attackKnowingPeople(
  dimensions: Dimensions,
  people: readonly CellCount[],
  latest: Release,
  earlier: readonly Release[],
  aims: readonly Aim[],
): Promise<Interval[]> {
  const intervals = new Map<Aim, Interval>();
  for (const characteristic of new Set(aims.map(characteristicOf))) {
    const only = (release: Release): Release => ({
      ...release,
      figures: new Map([...release.figures].filter(([key]) => ['*', characteristic].includes(key.split('|')[3] ?? ''))),
    });
    const own = aims.filter((aim) => characteristicOf(aim) === characteristic);
    const characteristics = dimensions.characteristics.filter(({ id }) => id === characteristic);
    const found = await attack({ ...dimensions, characteristics }, only(latest), earlier.map(only), own, { people });
    own.forEach((aim, i) => {
      const interval = found[i];
      if (interval) intervals.set(aim, interval);
    });
  }
  return aims.flatMap((aim) => intervals.get(aim) ?? []);
}

/** The characteristic that a figure is about; `*` for the people themselves. */
export const characteristicOf = ({ figure }: Pick<Aim, 'figure'>): string => figure.split('|')[3] ?? '*';

/** Those of the intervals that are narrower than the criterion asks. */
export function exposed(aims: readonly Aim[], intervals: readonly Interval[]): Interval[] {
  return intervals.filter((interval, i) => {
    const aim = aims[i];
    return aim !== undefined && isNarrow(aim, interval);
  });
}

/** So many of the aims, the same for the same seed: what is attacked of a release too large to be attacked as a whole. */
export function sampled(aims: readonly Aim[], seed: number, count: number): Aim[] {
  let state = (seed >>> 0) + 1;
  const left = [...aims];
  const taken: Aim[] = [];
  while (taken.length < count && left.length > 0) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    taken.push(...left.splice(Math.floor((state / 4_294_967_296) * left.length), 1));
  }
  return taken;
}

const isNarrow = ({ enough }: Aim, interval: Interval | undefined): boolean =>
  enough !== undefined && (!interval || interval.low > enough.low || interval.high < enough.high);

/** The published system as a programme that stays in the solver's memory while the objective changes. */
class Programme {
  private readonly model: Model;
  /** Columns of the unknowns; -1 where a published zero says that there is nobody. */
  private readonly columnAt: Int32Array;
  /** First column of the figures, and first of what is reached of the aims. */
  private readonly figures: number;
  private readonly reaches: number;
  private readonly columns: number;
  /** Columns that an aim adds up, with how often each counts. */
  private readonly terms: (readonly (readonly [column: number, by: number])[])[];
  /** Smallest and largest value of each aim that was met in any solution. */
  private readonly met: { low: number; high: number }[];

  constructor(
    private readonly highs: Highs,
    private readonly outside: Outside,
    private readonly aims: readonly Aim[],
    private readonly whole: boolean,
  ) {
    const { columnCount, known, equal } = outside;
    this.columnAt = new Int32Array(columnCount);
    for (const { columns, high } of known) if (high === 0) for (const column of columns) this.columnAt[column] = -1;
    for (const { total, parts } of equal)
      if (this.columnAt[total] === -1) for (const part of parts) this.columnAt[part] = -1;
    let next = 0;
    for (let i = 0; i < columnCount; i++) if (this.columnAt[i] !== -1) this.columnAt[i] = next++;
    this.figures = next;
    this.reaches = next + known.length;
    this.columns = this.reaches + aims.length;
    const places = new Map(known.map(({ release, figure }, i) => [`${release}|${figure}`, next + i]));
    this.terms = aims.map(({ release, figure, margin }) => {
      const at = (key: string): number => {
        const place = places.get(`${release + 1}|${key}`);
        if (place === undefined) throw new RangeError(`${key} is not published.`);
        return place;
      };
      return margin === undefined
        ? [[at(figure), 1]]
        : [
            [at(margin), 1],
            [at(figure), -1],
          ];
    });
    this.met = aims.map(() => ({ low: Infinity, high: -Infinity }));
    this.model = highs.createModel(this.build());
    // The first solution is found from nothing; from it to the next ones it is a short way, which presolving would undo.
    this.model.options.set({ output_flag: false, random_seed: 1, simplex_strategy: PRIMAL_SIMPLEX });
  }

  dispose(): void {
    this.model.dispose();
  }

  mustFit(): void {
    this.optimise(new Map(), 1);
  }

  /** Many aims at once, as long as that gets on: one solution can show of many figures how small or large they can be. */
  together(): void {
    for (const side of ['high', 'low'] as const)
      for (let before = Infinity; ;) {
        const open = this.aims.flatMap(({ enough }, i) => (enough && !this.reached(i, enough, side) ? [i] : []));
        if (open.length < 2 || open.length >= before) break;
        before = open.length;
        const cost = new Map<number, number>();
        for (const i of open)
          for (const [column, by] of side === 'high' ? [[this.reaches + i, 1] as const] : (this.terms[i] ?? []))
            cost.set(column, (cost.get(column) ?? 0) + by);
        this.optimise(cost, side === 'high' ? -1 : 1);
      }
  }

  interval({ release, figure, margin, enough }: Aim, i: number): Interval {
    const terms = new Map(this.terms[i]);
    const ends = { low: 0, high: 0 };
    for (const [side, sense] of [
      ['low', 1],
      ['high', -1],
    ] as const) {
      const found = enough && this.reached(i, enough, side) ? this.met[i]?.[side] : this.optimise(terms, sense);
      // Adding 0 makes 0 of -0.
      ends[side] = side === 'low' ? Math.ceil((found ?? 0) - NEAR) + 0 : Math.floor((found ?? 0) + NEAR);
    }
    return { release, figure, ...(margin === undefined ? {} : { margin }), ...ends };
  }

  private reached(i: number, enough: { low: number; high: number }, side: 'low' | 'high'): boolean {
    const met = this.met[i];
    return met !== undefined && (side === 'low' ? met.low <= enough.low + NEAR : met.high >= enough.high - NEAR);
  }

  /** Smallest (sense 1) or largest (-1) value of a sum; infinite where there is no end. */
  private optimise(cost: ReadonlyMap<number, number>, sense: 1 | -1): number {
    const { model, highs } = this;
    const costs = new Float64Array(this.columns);
    for (const [column, by] of cost) costs[column] = by;
    model.changeColsCost({ kind: 'range', from: 0, to: this.columns - 1 }, costs);
    const { minimize, maximize } = highs.constants.objectiveSense;
    model.changeObjectiveSense(sense === 1 ? minimize : maximize);
    const { modelStatus } = model.run();
    if (!this.whole) model.options.set('presolve', 'off');
    if (modelStatus !== OPTIMAL) {
      if (modelStatus === INFEASIBLE || cost.size === 0) throw new Contradiction();
      // Nothing but a sum without an end is left, since something does fit.
      if (modelStatus === 9 || modelStatus === 10) return sense === 1 ? -Infinity : Infinity;
      throw new Error(`The solver stopped with status ${modelStatus}.`);
    }
    const { colValue } = model.getSolution();
    this.met.forEach((met, i) => {
      const value = (this.terms[i] ?? []).reduce((sum, [column, by]) => sum + by * (colValue[column] ?? 0), 0);
      met.low = Math.min(met.low, value);
      met.high = Math.max(met.high, value);
    });
    return model.getObjectiveValue();
  }

  private build(): Parameters<Highs['createModel']>[0] {
    const { outside, figures, reaches, columns, aims, highs } = this;
    const starts: number[] = [0];
    const indices: number[] = [];
    const values: number[] = [];
    const upper: number[] = [];
    const row = (terms: Iterable<readonly [number, number]>, high = 0): void => {
      for (const [column, value] of terms) {
        indices.push(column);
        values.push(value);
      }
      starts.push(indices.length);
      upper.push(high);
    };
    const live = (list: readonly number[]): [number, number][] =>
      list.flatMap((column) => ((this.columnAt[column] ?? -1) < 0 ? [] : [[this.columnAt[column] ?? -1, 1]]));
    for (const { total, parts } of outside.equal) {
      const of = live([total]).map(([column]) => [column, -1] as const);
      const left = live(parts);
      if (of.length + left.length > 0) row([...of, ...left]);
    }
    outside.known.forEach(({ columns: of, parts }, i) =>
      row([...(parts.length > 0 ? parts.map((p) => [figures + p, 1] as const) : live(of)), [figures + i, -1]]),
    );
    // What is reached of an aim is no more than the aim itself, nor than is wanted of it.
    aims.forEach((_, i) => row([...(this.terms[i] ?? []), [reaches + i, -1]], highs.infinity));
    const bound = (of: (i: number) => number | undefined, unknown: number, aim: (i: number) => number): Float64Array =>
      Float64Array.from({ length: columns }, (_, c) =>
        c < figures ? unknown : c < reaches ? (of(c - figures) ?? unknown) : aim(c - reaches),
      );
    const finite = (value: number): number => (value === Infinity ? highs.infinity : value);
    const numRows = upper.length;
    return {
      numCols: columns,
      numRows,
      colCost: new Float64Array(columns),
      colLower: bound(
        (i) => outside.known[i]?.low,
        0,
        () => -highs.infinity,
      ),
      colUpper: bound(
        (i) => finite(outside.known[i]?.high ?? Infinity),
        highs.infinity,
        (i) => aims[i]?.enough?.high ?? 0,
      ),
      rowLower: new Float64Array(numRows),
      rowUpper: upper,
      matrix: { format: 'csr', numRows, numCols: columns, starts, indices, values },
      ...(this.whole ? { integrality: Int32Array.from({ length: columns }, (_, c) => Number(c < figures)) } : {}),
    };
  }
}
