import { at, Figure, Ground } from './ground';
import { Mend } from './mend';
import type { WitnessKind } from './model';
import { Reach, Target } from './reach';

/** Something that must be shown to be possible. */
export interface Need {
  readonly figure: number;
  readonly kind: WitnessKind;
}

/** A world that shows it: pairs of unknown or figure, and how much it differs from the truth. */
export interface Proof {
  readonly need: Need;
  readonly unknowns: Int32Array;
  figures: Int32Array;
}

/** How often a world that was taken over is mended before it is given up. */
const REPAIRS = 8;

const nameOf = ({ figure, kind }: Need): string => `${figure}|${kind}`;

/** The worlds found so far, and the search for more. */
export class Proofs {
  private readonly found = new Map<string, Proof>();
  /** Leaf instances of earlier releases. */
  private counted: Set<string> | undefined;
  private readonly reach: Reach;

  constructor(
    private readonly ground: Ground,
    private readonly mend: Mend,
  ) {
    this.reach = new Reach(ground);
  }

  /** What is to be proven: earlier releases first, since they cannot give way; then the widest units; then the largest counts. */
  needed(): Need[] {
    const { ground } = this;
    const rank = (f: number): number[] => {
      const { release, promise } = ground.figure(f);
      const crossed = Number((promise?.hub ?? -1) >= 0) + 2 * Number((promise?.characteristic ?? -1) >= 0);
      return [release >= 0 ? 0 : 1, -(promise?.unit.leaves.length ?? 0), crossed, -at(ground.count, f), f];
    };
    return [...ground.figures.keys()]
      .flatMap((figure) => this.needsOf(figure))
      .map((need) => ({ need, rank: rank(need.figure) }))
      .sort((a, b) => a.rank.map((n, i) => n - (b.rank[i] ?? 0)).find((difference) => difference !== 0) ?? 0)
      .map(({ need }) => need);
  }

  needsOf(figure: number): Need[] {
    const { small, margin, status } = this.ground.figure(figure);
    if (status === 'withdrawn' || status === 'size') return [];
    if (small)
      return [
        { figure, kind: 'high' },
        { figure, kind: 'low' },
      ];
    return margin >= 0 ? [{ figure, kind: 'spread' }] : [];
  }

  has(need: Need): boolean {
    return this.found.has(nameOf(need));
  }

  /** Finds a world; with `pay`, suppresses other figures where none is free. */
  prove(need: Need, pay: boolean): boolean {
    const { target, direction, by } = this.aim(need);
    if (!this.reach.find(target, direction, by, pay)) return false;
    this.found.set(nameOf(need), { need, ...this.reach.world.differences() });
    return true;
  }

  /**
   * Takes a world that showed it before, where it still fits, or can be made to fit by people changing in cells that no earlier release
   * counts; with `pay`, what of this release it would still move out of its box is suppressed.
   * @param unknowns pairs of unknown and how much it differs from the truth
   */
  takeOver(need: Need, unknowns: readonly number[], pay: boolean): boolean {
    const { ground, reach } = this;
    if (!reach.world.of(unknowns)) return false;
    for (let attempt = 0; attempt < REPAIRS; attempt++) {
      const [wrong] = this.outside();
      if (wrong === undefined || !this.repair(wrong)) break;
    }
    const differences = reach.world.differences();
    const outside = this.outside();
    const mayPay = (f: number): boolean =>
      pay && ground.payable(f) && at(ground.count, f) + byIn(differences.figures, f) >= ground.figure(f).least;
    if (!this.shows(need, differences.figures) || !outside.every(mayPay)) return false;
    for (const f of outside) ground.suppress(f);
    this.found.set(nameOf(need), { need, ...differences });
    return true;
  }

  /** Figures that the world in hand moves out of their boxes. */
  private outside(): number[] {
    const { ground } = this;
    return [...pairs(this.reach.world.differences().figures)].flatMap(([f, by]) => {
      const value = at(ground.count, f) + by;
      return value < at(ground.low, f) || value > at(ground.high, f) ? [f] : [];
    });
  }

  /** Moves a figure of this release back into its box, by people whom only this release counts. */
  private repair(figure: number): boolean {
    const { ground, reach } = this;
    const { line, places, release } = ground.figure(figure);
    if (release >= 0) return false;
    const value = at(ground.count, figure) + at(reach.world.figureBy, figure);
    const above = value - at(ground.high, figure);
    const cells = (ground.lines[line]?.cells ?? new Int32Array(0)).filter((cell) => this.isOwn(cell));
    return reach.go({ cells, places }, above > 0 ? -1 : 1, above > 0 ? above : at(ground.low, figure) - value);
  }

  /** Whether no earlier release counts the people of a cell. */
  private isOwn(cell: number): boolean {
    const { system } = this.ground;
    this.counted ??= new Set(system.earlier.flatMap((release) => release.units.flatMap((unit) => unit.leaves)));
    const leaf = system.leaves[Math.floor(cell / (system.stages.length * system.hub.categories.length))];
    return !this.counted.has(leaf ?? '');
  }

  /** Whether a world shows what is needed. */
  private shows({ figure, kind }: Need, moved: Int32Array): boolean {
    const { ground } = this;
    const of = ground.figure(figure);
    const now = (f: number): number => at(ground.count, f) + byIn(moved, f);
    if (kind === 'low') return now(figure) === of.least;
    if (kind === 'high') return now(figure) >= of.threshold;
    return now(of.margin) - now(figure) >= 2;
  }

  /** Finds a world by an integer programme, suppressing what is needed for it. */
  mended(need: Need): boolean {
    const { target, direction, by } = this.aim(need);
    if (!this.mend.find(this.reach.world, target, direction, by)) return false;
    this.found.set(nameOf(need), { need, ...this.reach.world.differences() });
    return true;
  }

  /** Every proof that is still asked for, in a fixed order. */
  all(): Proof[] {
    return [...this.found.values()]
      .filter(({ need }) => this.ground.figure(need.figure).status !== 'withdrawn')
      .sort((a, b) => a.need.figure - b.need.figure || a.need.kind.localeCompare(b.need.kind));
  }

  smallestWidth(): number {
    const widths = this.all()
      .filter(({ need }) => need.kind === 'high')
      .map((high) => {
        const low = this.found.get(nameOf({ figure: high.need.figure, kind: 'low' }));
        return valueIn(high, high.need.figure) - (low ? valueIn(low, high.need.figure) : 0);
      });
    return widths.reduce((least, width) => Math.min(least, width), widths[0] ?? 0);
  }

  /** Publishes a figure again if all worlds that rest on its suppression can be replaced by others. */
  tryToPublish(figure: number): boolean {
    const { ground } = this;
    ground.publish(figure);
    const broken = [...this.found.values()].filter((proof) => this.breaks(proof, figure));
    const before = new Map(broken.map((proof) => [nameOf(proof.need), proof]));
    for (const { need } of broken) {
      if (this.prove(need, false)) continue;
      ground.suppress(figure);
      for (const [name, proof] of before) this.found.set(name, proof);
      return false;
    }
    return true;
  }

  /** Takes up a figure that was made of others by a merge; says whether every world still fits. */
  takeUp(merged: number, parts: readonly number[]): boolean {
    let fits = true;
    for (const proof of this.found.values()) {
      const by = parts.reduce((sum, part) => sum + valueIn(proof, part), 0);
      if (by === 0) continue;
      proof.figures = Int32Array.from([...proof.figures, merged, by]);
      fits &&= !this.breaks(proof, merged);
    }
    return fits;
  }

  private breaks(proof: Proof, figure: number): boolean {
    const { ground } = this;
    if (ground.figure(proof.need.figure).status === 'withdrawn') return false;
    const value = at(ground.count, figure) + valueIn(proof, figure);
    return value < at(ground.low, figure) || value > at(ground.high, figure);
  }

  private aim({ figure, kind }: Need): { target: Target; direction: 1 | -1; by: number } {
    const { ground } = this;
    const of = ground.figure(figure);
    const count = at(ground.count, figure);
    const target = { cells: ground.lines[of.line]?.cells ?? new Int32Array(0), places: of.places };
    if (kind === 'low') return { target, direction: -1, by: count - of.least };
    if (kind === 'high') return { target, direction: 1, by: of.threshold - count };
    return { target: this.rest(of), direction: 1, by: 2 - (at(ground.count, of.margin) - count) };
  }

  /** What a figure's margin has beyond the figure itself. */
  private rest(of: Figure): Target {
    const { ground } = this;
    const margin = ground.figure(of.margin);
    const own = ground.lines[of.line]?.cells ?? new Int32Array(0);
    if (margin.line === of.line) {
      const block = ground.blocks[at(ground.blockOf, of.places[0] ?? 0)] ?? { start: 0, end: 0 };
      const others = Array.from({ length: block.end - block.start }, (_, i) => block.start + i);
      return { cells: own, places: others.filter((place) => !of.places.includes(place)) };
    }
    const cells = ground.lines[margin.line]?.cells ?? new Int32Array(0);
    return { cells: cells.filter((cell) => !own.includes(cell)), places: of.places };
  }
}

function valueIn({ figures }: Proof, figure: number): number {
  for (let i = 0; i < figures.length; i += 2) if (figures[i] === figure) return at(figures, i + 1);
  return 0;
}

function* pairs(list: Int32Array): Generator<readonly [index: number, by: number]> {
  for (let i = 0; i < list.length; i += 2) yield [at(list, i), at(list, i + 1)];
}

function byIn(moved: Int32Array, figure: number): number {
  let sum = 0;
  for (const [f, by] of pairs(moved)) if (f === figure) sum += by;
  return sum;
}
