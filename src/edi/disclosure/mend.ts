import highsLoader, { type Highs } from 'highs';
import { at, Ground, NO_END } from './ground';
import type { Target } from './reach';
import type { World } from './world';

/** Unknowns that a programme may have at most; beyond it, what the steps could not find is left to merging. */
const MOST_OF_ONE = 6000;
const MOST_OF_ALL = 1500;
const MOST_NODES = 100;
const OPTIMAL = 7;
/** Stopped at the first solution, which is all that is asked for: what it suppressed too much is published again later. */
const FIRST_SOLUTION = 16;

let loading: Promise<Highs> | undefined;

/**
 * Finds a world by an integer programme where no sequence of steps led to one: with nobody moved, so that one
 * characteristic is enough; or, in systems that are small enough, with everything free. What may be suppressed for it
 * is priced as in the search.
 */
export class Mend {
  private constructor(
    private readonly ground: Ground,
    private readonly highs: Highs,
  ) {}

  static async load(ground: Ground): Promise<Mend> {
    return new Mend(ground, await (loading ??= highsLoader()));
  }

  /** Leaves the world in `world`; gives the figures that were suppressed for it, or null where there is none. */
  find(world: World, target: Target, direction: 1 | -1, need: number): number[] | null {
    const block = at(this.ground.blockOf, target.places[0] ?? 0);
    const own = this.ground.blocks[block];
    const everything = [{ start: 0, end: this.ground.width }];
    const small = this.ground.people.length <= MOST_OF_ALL;
    return own && !small
      ? this.solve(world, target, direction * need, [own])
      : this.solve(world, target, direction * need, everything);
  }

  private solve(
    world: World,
    target: Target,
    by: number,
    ranges: readonly { start: number; end: number }[],
  ): number[] | null {
    const { ground } = this;
    const free = ranges[0]?.start === 0;
    const columns = new Map<number, number>();
    const lower: number[] = [];
    const upper: number[] = [];
    for (let cell = 0; cell < ground.cellCount; cell++) {
      const total = at(ground.people, cell * ground.width);
      if (total === 0 && !free) continue;
      for (const { start, end } of ranges)
        for (let place = start; place < end; place++) {
          if (!ground.canBe(cell, place)) continue;
          columns.set(cell * ground.width + place, lower.length);
          lower.push(0);
          upper.push(free ? this.highs.infinity : total);
        }
      if (columns.size > (free ? MOST_OF_ALL : MOST_OF_ONE)) return null;
    }
    const unknowns = lower.length;
    const rows = new Rows();
    for (let cell = 0; cell < ground.cellCount; cell++)
      for (const { start, end } of ground.blocks) {
        const terms = this.terms(columns, [cell], range(start, end));
        if (terms.length === 0) continue;
        const total = columns.get(cell * ground.width);
        if (total === undefined)
          rows.add(terms, at(ground.people, cell * ground.width), at(ground.people, cell * ground.width));
        else rows.add([...terms, [total, -1]], 0, 0);
      }
    const costs: number[] = new Array<number>(unknowns).fill(0);
    const slack: { figure: number; column: number }[] = [];
    ground.figures.forEach((figure, f) => {
      if (figure.status === 'withdrawn') return;
      const terms = this.terms(columns, ground.lines[figure.line]?.cells ?? [], figure.places);
      if (terms.length === 0) return;
      if (ground.payable(f))
        for (const side of [1, -1]) {
          slack.push({ figure: f, column: lower.length });
          terms.push([lower.length, side]);
          lower.push(0);
          upper.push(this.highs.infinity);
          costs.push(figure.price);
        }
      rows.add(terms, this.end(at(ground.low, f)), this.end(at(ground.high, f)));
      if (ground.payable(f)) rows.add(terms.slice(0, -2), figure.least, this.highs.infinity);
    });
    const value = target.cells.reduce(
      (sum, cell) => sum + target.places.reduce((s, p) => s + at(ground.people, cell * ground.width + p), 0),
      0,
    );
    rows.add(this.terms(columns, target.cells, target.places), value + by, value + by);
    const found = this.run(rows, costs, lower, upper, unknowns);
    if (!found) return null;
    world.reset();
    const paid = [...new Set(slack.filter(({ column }) => (found[column] ?? 0) > 0.5).map(({ figure }) => figure))];
    for (const figure of paid) ground.suppress(figure);
    for (const [unknown, column] of columns) {
      const difference = Math.round(found[column] ?? 0) - at(ground.people, unknown);
      if (difference !== 0) world.shift(Math.floor(unknown / ground.width), unknown % ground.width, difference);
    }
    if (world.fits()) return paid;
    for (const figure of paid) ground.publish(figure);
    return null;
  }

  private run(rows: Rows, costs: number[], lower: number[], upper: number[], unknowns: number): Float64Array | null {
    const count = lower.length;
    const data = {
      numCols: count,
      numRows: rows.low.length,
      colCost: costs,
      colLower: lower,
      colUpper: upper,
      rowLower: rows.low,
      rowUpper: rows.high,
      matrix: {
        format: 'csr' as const,
        numRows: rows.low.length,
        numCols: count,
        starts: rows.starts,
        indices: rows.indices,
        values: rows.values,
      },
      integrality: Int32Array.from({ length: count }, (_, i) => Number(i < unknowns)),
    };
    return this.highs.withModel(data, (model) => {
      model.options.set({ output_flag: false, random_seed: 1, mip_max_nodes: MOST_NODES, mip_max_improving_sols: 1 });
      const { modelStatus } = model.run();
      return modelStatus === OPTIMAL || modelStatus === FIRST_SOLUTION ? model.getSolution().colValue : null;
    });
  }

  private end(value: number): number {
    return value >= NO_END ? this.highs.infinity : value <= -NO_END ? -this.highs.infinity : value;
  }

  private terms(
    columns: ReadonlyMap<number, number>,
    cells: Iterable<number>,
    places: readonly number[],
  ): [number, number][] {
    const terms: [number, number][] = [];
    for (const cell of cells)
      for (const place of places) {
        const column = columns.get(cell * this.ground.width + place);
        if (column !== undefined) terms.push([column, 1]);
      }
    return terms;
  }
}

const range = (start: number, end: number): number[] => Array.from({ length: end - start }, (_, i) => start + i);

/** Rows of a sparse matrix with their bounds. */
class Rows {
  readonly starts: number[] = [0];
  readonly indices: number[] = [];
  readonly values: number[] = [];
  readonly low: number[] = [];
  readonly high: number[] = [];

  add(terms: readonly (readonly [number, number])[], low: number, high: number): void {
    for (const [column, value] of terms) {
      this.indices.push(column);
      this.values.push(value);
    }
    this.starts.push(this.indices.length);
    this.low.push(low);
    this.high.push(high);
  }
}
