import { at, Ground } from './ground';
import { Products } from './products';
import { Transfers } from './transfers';
import { Step, World } from './world';

/** What is to become larger or smaller: some places over some cells. */
export interface Target {
  readonly cells: Int32Array;
  readonly places: readonly number[];
}

/** How many steps are tried before the search gives up on a level. */
const FREE_TRIES = 6000;
const PAID_TRIES = 3000;
const HIDDEN_TRIES = 3000;

/**
 * Looks for another world in which a target differs from the truth by so many people. Steps in order of effort: people
 * of one cell change their answer; the same with others elsewhere changing theirs the opposite way, so that units
 * above both see nothing; several such, each opposite to the next, so that nothing is seen from any side; people change
 * leaf, stage or hub category. Where no step is free, the cheapest is paid for by suppressing what stands in its way, and
 * the search goes on.
 */
export class Reach {
  readonly world: World;
  /** Figures that were suppressed in the last attempt. */
  paid: number[] = [];
  private readonly inside: Uint8Array;
  private readonly peopled: Int32Array[];
  private readonly products: Products;
  private readonly transfers: Transfers;
  private readonly nears = new Map<number, Int32Array>();
  private tries = 0;

  constructor(private readonly ground: Ground) {
    this.world = new World(ground);
    this.inside = new Uint8Array(ground.cellCount);
    const peopled: number[][] = Array.from({ length: ground.width }, () => []);
    for (let cell = 0; cell < ground.cellCount; cell++)
      for (let place = 0; place < ground.width; place++)
        if (at(ground.people, cell * ground.width + place) > 0) peopled[place]?.push(cell);
    this.peopled = peopled.map((cells) => Int32Array.from(cells));
    this.products = new Products(ground, this.world, this.inside);
    this.transfers = new Transfers(ground, this.world, this.inside);
  }

  /** Leaves the world found in `world`; if none was, nothing that was tried stays suppressed. */
  find(target: Target, direction: 1 | -1, need: number, pay: boolean): boolean {
    this.world.reset();
    this.paid = [];
    for (const cell of target.cells) this.inside[cell] = 1;
    const found = this.climb(target, direction, need, pay);
    for (const cell of target.cells) this.inside[cell] = 0;
    if (!found) {
      for (const f of this.paid) this.ground.publish(f);
      this.paid = [];
    }
    return found;
  }

  /** Goes on from the world in hand, without suppressing anything. */
  go(target: Target, direction: 1 | -1, need: number): boolean {
    for (const cell of target.cells) this.inside[cell] = 1;
    const found = this.climb(target, direction, need, false);
    for (const cell of target.cells) this.inside[cell] = 0;
    return found;
  }

  private climb(target: Target, direction: 1 | -1, need: number, pay: boolean): boolean {
    let left = need;
    while (left > 0) {
      const before = left;
      if (target.places[0] !== 0) {
        left = this.answers(target, direction, left, null);
        if (left > 0) left = this.opposites(target, direction, left, null);
        if (left > 0) left = this.hidden(target, direction, left, null);
      }
      if (left > 0) left = this.transfers.free(target, direction, left);
      if (left <= 0) return true;
      if (left < before) continue;
      if (!pay) return false;
      const cheapest = new Cheapest();
      if (target.places[0] !== 0) {
        this.answers(target, direction, left, cheapest);
        this.opposites(target, direction, left, cheapest);
        this.hidden(target, direction, left, cheapest);
      }
      this.transfers.cheapest(target, direction, left, cheapest);
      if (!cheapest.step) return false;
      for (const f of cheapest.toPay) {
        this.ground.suppress(f);
        this.paid.push(f);
      }
      const times = Math.min(cheapest.times, left);
      this.world.make(cheapest.step, times);
      left -= times;
    }
    return true;
  }

  /** Makes a measured step, or offers it to those that are to be paid for; gives what is left to do. */
  private take(step: Step, left: number, cheapest: Cheapest | null): number {
    this.tries--;
    if (!this.world.measure(step, cheapest !== null)) return left;
    if (cheapest) {
      cheapest.offer(step, this.world, left);
      return left;
    }
    const times = Math.min(this.world.times, left);
    this.world.make(step, times);
    return left - times;
  }

  /** People of one cell change their answer. */
  private answers(target: Target, direction: 1 | -1, need: number, cheapest: Cheapest | null): number {
    let left = need;
    const step = new Step();
    this.tries = Infinity;
    this.each(target, direction, (cell, place, other) => {
      step.clear().add(cell, place, direction).add(cell, other, -direction);
      left = this.take(step, left, cheapest);
      return left > 0;
    });
    return left;
  }

  /** The same, while people of a cell elsewhere change theirs the opposite way: first near, then anywhere. */
  private opposites(target: Target, direction: 1 | -1, need: number, cheapest: Cheapest | null): number {
    let left = need;
    const step = new Step();
    this.tries = cheapest ? PAID_TRIES : FREE_TRIES;
    for (const near of [true, false]) {
      this.each(target, direction, (cell, place, other) => {
        const losing = direction > 0 ? place : other;
        for (const elsewhere of near ? this.nearTo(cell) : (this.peopled[losing] ?? [])) {
          if (this.inside[elsewhere] === 1 || this.world.people(elsewhere, losing) < 1) continue;
          step.clear().add(cell, place, direction).add(cell, other, -direction);
          step.add(elsewhere, place, -direction).add(elsewhere, other, direction);
          left = this.take(step, left, cheapest);
          if (left <= 0 || this.tries < 0) return false;
        }
        return true;
      });
      if (left <= 0) break;
    }
    return left;
  }

  /** The same, hidden from more than one side at once. */
  private hidden(target: Target, direction: 1 | -1, need: number, cheapest: Cheapest | null): number {
    let left = need;
    this.tries = HIDDEN_TRIES;
    this.each(target, direction, (cell, place, other) => {
      const [to, from] = direction > 0 ? [place, other] : [other, place];
      for (const step of this.products.steps(cell, to, from)) {
        left = this.take(step, left, cheapest);
        if (left <= 0 || this.tries < 0) return false;
      }
      return true;
    });
    return left;
  }

  /** Every cell, place of the target and other place of the same characteristic between which people can change. */
  private each(
    target: Target,
    direction: 1 | -1,
    visit: (cell: number, place: number, other: number) => boolean,
  ): void {
    const { ground, world } = this;
    for (const place of target.places) {
      const block = ground.blocks[at(ground.blockOf, place)];
      if (!block) continue;
      for (const cell of target.cells) {
        if (world.people(cell, 0) === 0 || (direction < 0 && world.people(cell, place) === 0)) continue;
        for (let other = block.start; other < block.end; other++) {
          if (target.places.includes(other) || (direction > 0 && world.people(cell, other) === 0)) continue;
          if (!visit(cell, place, other)) return;
        }
      }
    }
  }

  /** The cells that have two of leaf, stage and hub category in common with one. */
  private nearTo(cell: number): Int32Array {
    const known = this.nears.get(cell);
    if (known) return known;
    const { system } = this.ground;
    const [L, S, H] = [system.leaves.length, system.stages.length, system.hub.categories.length];
    const [l, s, h] = [Math.floor(cell / (S * H)), Math.floor((cell % (S * H)) / H), cell % H];
    const found = [
      ...Array.from({ length: H }, (_, i) => this.ground.cellOf(l, s, i)),
      ...Array.from({ length: S }, (_, i) => this.ground.cellOf(l, i, h)),
      ...Array.from({ length: L }, (_, i) => this.ground.cellOf(i, s, h)),
    ].filter((near) => near !== cell && at(this.ground.people, near * this.ground.width) > 0);
    const near = Int32Array.from(found);
    this.nears.set(cell, near);
    return near;
  }
}

/** The step that protects most for what has to be suppressed for it. */
export class Cheapest {
  step: Step | null = null;
  toPay: readonly number[] = [];
  times = 0;
  private rate = Infinity;

  offer(step: Step, { price, toPay, times }: Pick<World, 'price' | 'toPay' | 'times'>, left: number): void {
    const rate = price / Math.min(times, left);
    if (rate >= this.rate) return;
    this.rate = rate;
    this.step = step.copy();
    this.toPay = [...toPay];
    this.times = times;
  }
}
