import { at, Ground, NO_END } from './ground';

/** A few changes of unknowns that are made together: cell, place, and how many more for each time it is made. */
export class Step {
  readonly cells: number[] = [];
  readonly places: number[] = [];
  readonly by: number[] = [];

  clear(): this {
    this.cells.length = this.places.length = this.by.length = 0;
    return this;
  }

  add(cell: number, place: number, by: number): this {
    this.cells.push(cell);
    this.places.push(place);
    this.by.push(by);
    return this;
  }

  join(other: Step): this {
    for (let i = 0; i < other.cells.length; i++) this.add(other.cells[i] ?? 0, other.places[i] ?? 0, other.by[i] ?? 0);
    return this;
  }

  copy(): Step {
    return new Step().join(this);
  }
}

/** A set of true counts beside the true one, held as differences, in which every figure stays inside its box. */
export class World {
  /** How often the step that was measured last can be made; 0 if it cannot. */
  times = 0;
  /** What would have to be suppressed for that, and its price. */
  readonly toPay: number[] = [];
  price = 0;
  readonly figureBy: Int32Array;
  readonly unknownBy: Int32Array;
  private movedFigures: number[] = [];
  private movedUnknowns: number[] = [];
  private readonly net: Int32Array;
  private readonly marked: Uint8Array;
  private readonly list: number[] = [];

  constructor(private readonly ground: Ground) {
    this.figureBy = new Int32Array(ground.count.length);
    this.net = new Int32Array(ground.count.length);
    this.marked = new Uint8Array(ground.count.length);
    this.unknownBy = new Int32Array(ground.people.length);
  }

  reset(): void {
    for (const f of this.movedFigures) this.figureBy[f] = 0;
    for (const u of this.movedUnknowns) this.unknownBy[u] = 0;
    this.movedFigures = [];
    this.movedUnknowns = [];
  }

  /** People of a cell's place in this world. */
  people(cell: number, place: number): number {
    const unknown = cell * this.ground.width + place;
    return at(this.ground.people, unknown) + at(this.unknownBy, unknown);
  }

  /** How often a step can be made from here, and, if `pay`, what would have to be suppressed to make it at all. */
  measure(step: Step, pay: boolean): boolean {
    const { ground, net, list, marked } = this;
    this.times = NO_END;
    this.price = 0;
    this.toPay.length = 0;
    for (let i = 0; i < step.cells.length; i++) {
      const by = step.by[i] ?? 0;
      if (by >= 0) {
        if (!this.ground.canBe(step.cells[i] ?? 0, step.places[i] ?? 0)) return false;
        continue;
      }
      const have = Math.floor(this.people(step.cells[i] ?? 0, step.places[i] ?? 0) / -by);
      if (have < this.times) this.times = have;
    }
    if (this.times < 1) return false;
    list.length = 0;
    for (let i = 0; i < step.cells.length; i++) {
      const cell = step.cells[i] ?? 0;
      const place = step.places[i] ?? 0;
      const by = step.by[i] ?? 0;
      const lines = (place === 0 ? ground.totalLines : ground.categoryLines)[cell];
      if (!lines) continue;
      for (const line of lines) {
        const f = at(ground.figureAt, line * ground.width + place);
        if (f < 0) continue;
        if (marked[f] === 0) {
          marked[f] = 1;
          list.push(f);
        }
        net[f] = at(net, f) + by;
      }
    }
    let possible = true;
    for (const f of list) {
      const by = at(net, f);
      net[f] = 0;
      marked[f] = 0;
      if (by === 0 || !possible) continue;
      const now = at(ground.count, f) + at(this.figureBy, f);
      let room = by > 0 ? Math.floor((at(ground.high, f) - now) / by) : Math.floor((now - at(ground.low, f)) / -by);
      if (room < 1 && pay && ground.payable(f)) {
        this.toPay.push(f);
        const figure = ground.figure(f);
        this.price += figure.price;
        room = by > 0 ? NO_END : Math.floor((now - figure.least) / -by);
      }
      if (room < this.times) this.times = room;
      if (room < 1) possible = false;
    }
    return possible && this.times >= 1;
  }

  make(step: Step, times: number): void {
    for (let i = 0; i < step.cells.length; i++)
      this.shift(step.cells[i] ?? 0, step.places[i] ?? 0, (step.by[i] ?? 0) * times);
  }

  /** Changes one unknown, and with it every figure that it is in. */
  shift(cell: number, place: number, by: number): void {
    const { ground } = this;
    const unknown = cell * ground.width + place;
    this.movedUnknowns.push(unknown);
    this.unknownBy[unknown] = at(this.unknownBy, unknown) + by;
    for (const line of (place === 0 ? ground.totalLines : ground.categoryLines)[cell] ?? []) {
      const f = at(ground.figureAt, line * ground.width + place);
      if (f < 0) continue;
      this.movedFigures.push(f);
      this.figureBy[f] = at(this.figureBy, f) + by;
    }
  }

  /** Whether nowhere are fewer people than none, and every figure is in its box. */
  fits(): boolean {
    const { ground } = this;
    return (
      this.movedUnknowns.every((u) => at(ground.people, u) + at(this.unknownBy, u) >= 0) &&
      this.movedFigures.every((f) => {
        const value = at(ground.count, f) + at(this.figureBy, f);
        return value >= at(ground.low, f) && value <= at(ground.high, f);
      })
    );
  }

  /** The world in which these unknowns differ from the truth; undefined where somewhere there would be fewer people than none. */
  of(unknowns: readonly number[]): { unknowns: Int32Array; figures: Int32Array } | undefined {
    this.reset();
    for (let i = 0; i < unknowns.length; i += 2) {
      const unknown = unknowns[i] ?? 0;
      const by = unknowns[i + 1] ?? 0;
      const cell = Math.floor(unknown / this.ground.width);
      const place = unknown % this.ground.width;
      if (at(this.ground.people, unknown) + by < 0 || !this.ground.canBe(cell, place)) return undefined;
      this.shift(cell, place, by);
    }
    return this.differences();
  }

  /** Everything that differs from the truth: unknowns, then figures, in order. */
  differences(): { unknowns: Int32Array; figures: Int32Array } {
    const pairs = (moved: number[], by: Int32Array): Int32Array => {
      const different = [...new Set(moved)].filter((i) => at(by, i) !== 0).sort((a, b) => a - b);
      return Int32Array.from(different.flatMap((i) => [i, at(by, i)]));
    };
    return { unknowns: pairs(this.movedUnknowns, this.unknownBy), figures: pairs(this.movedFigures, this.figureBy) };
  }
}
