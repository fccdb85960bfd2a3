import { promised, Promised } from './catalogue';
import { Characteristic, Merge, Outcome, Parameters, Release, System, Unit } from './model';
import { combined, readAs, rounded, ruleOf } from './rules';

/** Stands for "no upper end". */
export const NO_END = 1 << 30;

/** The number at a place of a list that is known to be long enough. */
export const at = (list: Int32Array, i: number): number => list[i] ?? 0;

/** What became of a figure. `frozen` ones are of an earlier release; `size` is not published, but known of a leaf. */
export type Status = 'open' | 'primary' | 'complementary' | 'hiddenZero' | 'withdrawn' | 'frozen' | 'size';

export interface Figure {
  readonly key: string;
  /** Position in `System.earlier`, -1 for this release. */
  readonly release: number;
  readonly line: number;
  /** Places of the unknowns within a cell; 0 is the cell's own total. */
  readonly places: readonly number[];
  readonly promise: Promised | null;
  readonly threshold: number;
  /** Smallest count behind the marker. */
  readonly least: number;
  /** Lies under its threshold. */
  readonly small: boolean;
  /** Figure that this one is all, or all but one, of, where that is sensitive; -1 otherwise. */
  margin: number;
  /** What suppressing it would lose, compared with others. */
  readonly price: number;
  status: Status;
}

/** A unit and population, with one hub category or all: where the categories of a characteristic stand side by side. */
interface Line {
  readonly cells: Int32Array;
}

/**
 * A system as numbers, for the search. A **cell** is a leaf, stage and hub category; in each cell stand its total
 * (place 0) and then the categories of each characteristic. A **line** is a set of cells; a figure is the sum of some
 * places over the cells of a line.
 */
export class Ground {
  readonly width: number;
  readonly cellCount: number;
  /** First place and place after the last, by characteristic. */
  readonly blocks: readonly { readonly start: number; readonly end: number }[];
  readonly blockOf: Int32Array;
  /** Where there can be people at all, by hub category and place: 0 for an answer that lies in another category of the hub. */
  private readonly possible: Uint8Array;
  /** True unknowns, by cell and place. */
  readonly people: Int32Array;
  readonly lines: Line[] = [];
  /** Lines through a cell: those with a figure of its total, and those with figures of categories. */
  readonly totalLines: Int32Array[];
  readonly categoryLines: Int32Array[];
  figureAt: Int32Array;
  readonly figures: Figure[] = [];
  readonly count: Int32Array;
  readonly low: Int32Array;
  readonly high: Int32Array;
  private readonly lineIds = new Map<string, number>();

  constructor(
    readonly system: System,
    readonly parameters: Parameters,
  ) {
    const { stages, hub, characteristics, leaves } = system;
    let place = 1;
    this.blocks = characteristics.map(({ categories }) => ({ start: place, end: (place += categories.length) }));
    this.width = place;
    this.blockOf = new Int32Array(place).fill(-1);
    this.blocks.forEach(({ start, end }, k) => this.blockOf.fill(k, start, end));
    this.possible = possiblePlaces(hub, characteristics, this.width);
    this.cellCount = leaves.length * stages.length * hub.categories.length;
    this.people = new Int32Array(this.cellCount * this.width);
    this.fill();

    const { units, catalogue } = system;
    const current = {
      id: '',
      units,
      catalogue,
      parameters,
      merges: system.leftOut ?? [],
      figures: new Map<string, Outcome>(),
    };
    const releases: Release[] = [current, ...system.earlier];
    const found = releases.map((release) => promised(system, release, (unit) => this.isSmall(unit, release)));
    const most =
      found.reduce((sum, list) => sum + list.length, 0) + releases.reduce((sum, r) => sum + r.units.length, 0);
    // Merging makes new figures: at most as many as there are, since each takes the place of two.
    [this.count, this.low, this.high] = [0, 1, 2].map(() => new Int32Array(2 * most)) as [
      Int32Array,
      Int32Array,
      Int32Array,
    ];
    this.figureAt = new Int32Array(0);
    releases.forEach((release, i) => {
      for (const promise of found[i] ?? []) this.addPromised(release, i - 1, promise);
      for (const unit of release.units) this.addSize(release, i - 1, unit);
    });
    this.totalLines = this.linesThrough((figure) => figure.places[0] === 0);
    this.categoryLines = this.linesThrough((figure) => figure.places[0] !== 0);
    this.indexFigures();
    this.findMargins();
  }

  cellOf(leaf: number, stage: number, hub: number): number {
    return (leaf * this.system.stages.length + stage) * this.system.hub.categories.length + hub;
  }

  /** Whether somebody of a cell can have this answer at all. */
  canBe(cell: number, place: number): boolean {
    return this.possible[(cell % this.system.hub.categories.length) * this.width + place] === 1;
  }

  placeOf(characteristic: number, category: number): number {
    return (this.blocks[characteristic]?.start ?? 0) + category;
  }

  /** Withdraws a figure: nothing is known of it, so that every other world that was possible stays so. */
  withdraw(figure: number): void {
    this.setStatus(figure, 'withdrawn');
    this.setBox(figure, -NO_END, NO_END);
  }

  suppress(figure: number): void {
    this.setStatus(figure, 'complementary');
    this.setBox(figure, this.figure(figure).least, NO_END);
  }

  /** Publishes a figure that was suppressed for others only. */
  publish(figure: number): void {
    this.setStatus(figure, 'open');
    this.setBox(figure, ...this.readAs(figure));
  }

  figure(figure: number): Figure {
    const found = this.figures[figure];
    if (!found) throw new RangeError('There is no such figure.');
    return found;
  }

  /** May be suppressed for the sake of others. */
  payable(figure: number): boolean {
    const { status, least } = this.figure(figure);
    return status === 'open' && at(this.count, figure) >= least;
  }

  outcome(figure: number): Outcome | undefined {
    const { status } = this.figure(figure);
    if (status === 'withdrawn' || status === 'size') return undefined;
    return status === 'open' ? rounded(at(this.count, figure), this.parameters.base) : 'c';
  }

  /** Replaces figures of one line by their sum. Nothing but the sum is known of them afterwards. */
  merge(parts: readonly number[], promise: Promised): number {
    const [first = -1] = parts;
    const { line } = this.figure(first);
    const figure = this.add(
      promise,
      -1,
      line,
      parts.flatMap((part) => this.figure(part).places),
      this.parameters,
    );
    for (const part of parts) this.withdraw(part);
    for (const place of this.figure(figure).places) this.figureAt[line * this.width + place] = figure;
    this.classify(figure);
    return figure;
  }

  marginOf(figure: number): number {
    const { promise, status } = this.figure(figure);
    if (!promise || status === 'withdrawn' || at(this.count, figure) === 0) return -1;
    const { unit, population, hub, characteristic } = promise;
    const release = this.figure(figure).release;
    const parameters = release < 0 ? this.parameters : (this.system.earlier[release]?.parameters ?? this.parameters);
    const sensitive = (id: string | undefined): boolean => id !== undefined && ruleOf(parameters, id).sensitive;
    const candidates: number[] = [];
    const near = (h: number, place: number): void => {
      const line = this.lineIds.get(this.lineKey(release, unit.id, population, h));
      if (line !== undefined) candidates.push(at(this.figureAt, line * this.width + place));
    };
    const [place = 0] = this.figure(figure).places;
    if (characteristic >= 0 && sensitive(this.system.characteristics[characteristic]?.id)) near(hub, 0);
    if (hub >= 0 && sensitive(this.system.hub.id)) near(-1, place);
    return candidates.find((f) => f >= 0 && at(this.count, f) - at(this.count, figure) <= 1) ?? -1;
  }

  /** Decides what becomes of a figure of this release for its own sake. */
  classify(figure: number): void {
    const of = this.figure(figure);
    if (of.release >= 0 || of.status === 'size' || of.status === 'withdrawn') return;
    of.margin = this.marginOf(figure);
    const hidden = at(this.count, figure) === 0 && this.zeros(of.promise) === 'hidden';
    if (of.small || of.margin >= 0 || hidden) {
      this.suppress(figure);
      of.status = hidden ? 'hiddenZero' : 'primary';
    } else {
      this.publish(figure);
    }
  }

  private fill(): void {
    const { system } = this;
    const places = (ids: readonly string[]): Map<string, number> => new Map(ids.map((id, i) => [id, i]));
    const [leaf, stage, hub] = [places(system.leaves), places(system.stages), places(system.hub.categories)];
    const known = places(system.characteristics.map((c) => c.id));
    const categories = system.characteristics.map((c) => places(c.categories));
    const none = (): never => {
      throw new RangeError('A count names something that is not counted.');
    };
    const cell = (c: { leaf: string; stage: string; hub: string }): number =>
      this.cellOf(leaf.get(c.leaf) ?? none(), stage.get(c.stage) ?? none(), hub.get(c.hub) ?? none());
    for (const c of system.people) this.people[cell(c) * this.width] = c.people;
    for (const c of system.counts) {
      const k = known.get(c.characteristic) ?? none();
      const place = this.placeOf(k, categories[k]?.get(c.category) ?? none());
      this.people[cell(c) * this.width + place] = c.people;
    }
  }

  private isSmall(unit: Unit, { catalogue }: Release): boolean {
    return (
      unit.level === catalogue.leafLevel &&
      this.sum(this.cellsOf(unit, this.system.stages, -1), [0]) < catalogue.minimumLeafSize
    );
  }

  private sum(cells: Int32Array, places: readonly number[]): number {
    let sum = 0;
    for (const cell of cells) for (const place of places) sum += at(this.people, cell * this.width + place);
    return sum;
  }

  private cellsOf(unit: Unit, stages: readonly string[], hub: number): Int32Array {
    const { system } = this;
    const hubs = hub >= 0 ? [hub] : system.hub.categories.map((_, h) => h);
    const leaves = new Set(unit.leaves);
    const of = new Set(stages);
    return Int32Array.from(
      system.leaves.flatMap((leaf, l) =>
        leaves.has(leaf)
          ? system.stages.flatMap((stage, s) => (of.has(stage) ? hubs.map((h) => this.cellOf(l, s, h)) : []))
          : [],
      ),
    );
  }

  private lineKey(release: number, unit: string, population: string, hub: number): string {
    return `${release}|${unit}|${population}|${hub}`;
  }

  private lineOf(release: number, unit: Unit, population: string, stages: readonly string[], hub: number): number {
    const key = this.lineKey(release, unit.id, population, hub);
    let line = this.lineIds.get(key);
    if (line === undefined) {
      line = this.lines.push({ cells: this.cellsOf(unit, stages, hub) }) - 1;
      this.lineIds.set(key, line);
    }
    return line;
  }

  private addPromised(release: Release, index: number, promise: Promised): void {
    const stages = this.system.populations.find((p) => p.id === promise.population)?.stages ?? [];
    const line = this.lineOf(index, promise.unit, promise.population, stages, promise.hub);
    const places =
      promise.characteristic < 0 ? [0] : promise.categories.map((c) => this.placeOf(promise.characteristic, c));
    const figure = this.add(promise, index, line, places, release.parameters);
    if (index < 0) return;
    const outcome = release.figures.get(promise.key);
    const { threshold, least } = this.figure(figure);
    if (outcome === undefined) throw new RangeError(`The earlier release ${release.id} lacks ${promise.key}.`);
    this.setStatus(figure, 'frozen');
    if (outcome === 'c') this.setBox(figure, least, NO_END);
    else this.setBox(figure, ...readAs(outcome, release.parameters.base, threshold));
  }

  /** That a leaf has figures of its own says that it is large enough for them; that it has none, that it is not. */
  private addSize(release: Release, index: number, unit: Unit): void {
    const { catalogue } = release;
    if (unit.level !== catalogue.leafLevel || !catalogue.tables.some((rule) => rule.level === unit.level)) return;
    const line = this.lineOf(index, unit, '', this.system.stages, -1);
    const figure = this.add(null, index, line, [0], release.parameters);
    this.setStatus(figure, 'size');
    const small = this.isSmall(unit, release);
    this.setBox(figure, small ? 0 : catalogue.minimumLeafSize, small ? catalogue.minimumLeafSize - 1 : NO_END);
  }

  private zeros(promise: Promised | null): string {
    return promise ? combined(this.parameters, this.told(promise)).zeros : 'shown';
  }

  private told({ hub, characteristic }: Promised): string[] {
    const { system } = this;
    return [
      ...(hub >= 0 ? [system.hub.id] : []),
      ...(characteristic >= 0 ? [system.characteristics[characteristic]?.id ?? ''] : []),
    ];
  }

  private add(
    promise: Promised | null,
    release: number,
    line: number,
    places: readonly number[],
    parameters: Parameters,
  ): number {
    const rule = promise ? combined(parameters, this.told(promise)) : { threshold: 0, zeros: 'shown' };
    const count = this.sum(this.lines[line]?.cells ?? new Int32Array(0), places);
    const margins = promise ? Number(promise.hub < 0) + Number(promise.characteristic < 0) : 2;
    const figure = this.figures.push({
      key: promise?.key ?? '',
      release,
      line,
      places,
      promise,
      threshold: rule.threshold,
      least: rule.zeros === 'shown' ? 1 : 0,
      small: count >= 1 && count < rule.threshold,
      margin: -1,
      price: (10 + Math.sqrt(count)) * (1 + margins) * (margins === 2 ? 100 : 1),
      status: 'open',
    });
    this.count[figure - 1] = count;
    return figure - 1;
  }

  private indexFigures(): void {
    this.figureAt = new Int32Array(this.lines.length * this.width).fill(-1);
    this.figures.forEach(({ line, places }, f) => {
      for (const place of places) this.figureAt[line * this.width + place] = f;
    });
  }

  private findMargins(): void {
    this.figures.forEach((figure, f) => {
      if (figure.release < 0) this.classify(f);
      else if (figure.status !== 'size') figure.margin = this.marginOf(f);
    });
  }

  private linesThrough(has: (figure: Figure) => boolean): Int32Array[] {
    const wanted = new Set(this.figures.filter(has).map((figure) => figure.line));
    const through: number[][] = Array.from({ length: this.cellCount }, () => []);
    this.lines.forEach(({ cells }, line) => {
      if (wanted.has(line)) for (const cell of cells) through[cell]?.push(line);
    });
    return through.map((list) => Int32Array.from(list));
  }

  private readAs(figure: number): [number, number] {
    const of = this.figure(figure);
    return readAs(rounded(at(this.count, figure), this.parameters.base), this.parameters.base, of.threshold);
  }

  private setStatus(figure: number, status: Status): void {
    this.figure(figure).status = status;
  }

  private setBox(figure: number, low: number, high: number): void {
    this.low[figure] = low;
    this.high[figure] = high;
  }
}

/** Only for the result: the merges as anyone may read them, each once. */
export function distinct(merges: readonly Merge[]): Merge[] {
  return [...new Map(merges.map((merge) => [JSON.stringify(merge), merge])).values()];
}

/** By hub category and place, whether they go together: all do, but for what tells the hub more finely. */
function possiblePlaces(hub: Characteristic, characteristics: readonly Characteristic[], width: number): Uint8Array {
  const possible = new Uint8Array(hub.categories.length * width).fill(1);
  hub.categories.forEach((category, h) => {
    let place = 1;
    for (const { categories, within } of characteristics)
      for (const answer of categories) {
        if (within && within[answer] !== category) possible[h * width + place] = 0;
        place++;
      }
  });
  return possible;
}
