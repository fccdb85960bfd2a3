import { at, Ground, NO_END } from './ground';
import type { Target } from './reach';
import { Step, World } from './world';

/** How many ways to move people are followed into every characteristic before the search gives up. */
const FOLLOWED = 60;
const TRIED = 40_000;
/** Nowhere: people who join or leave altogether, as far as the rounding of totals leaves room. */
const NOWHERE = -1;

interface Move {
  readonly from: number;
  readonly to: number;
}
interface Takes {
  offer(step: Step, price: { price: number; toPay: number[]; times: number }, left: number): void;
}

/**
 * People who are moved to another leaf, stage or hub category, each with one answer to every characteristic; where units
 * above would notice, others are moved the opposite way elsewhere. Once it is settled who moves from where to where,
 * characteristics do not touch each other, and the best answers to carry are chosen for each by itself.
 */
export class Transfers {
  private followed = 0;
  private tried = 0;

  constructor(
    private readonly ground: Ground,
    private readonly world: World,
    private readonly inside: Uint8Array,
  ) {}

  /** Makes what can be made without suppressing anything; gives what is left to do. */
  free(target: Target, direction: 1 | -1, need: number): number {
    let left = need;
    this.search(target, direction, false, (step, { times }) => {
      const by = Math.min(times, left);
      this.world.make(step, by);
      left -= by;
      return left > 0;
    });
    return left;
  }

  /** Offers every way with what would have to be suppressed for it. */
  cheapest(target: Target, direction: 1 | -1, left: number, cheapest: Takes): void {
    this.search(target, direction, true, (step, cost) => {
      cheapest.offer(step, cost, left);
      return true;
    });
  }

  private search(
    target: Target,
    direction: 1 | -1,
    pay: boolean,
    found: (step: Step, cost: { price: number; toPay: number[]; times: number }) => boolean,
  ): void {
    this.followed = FOLLOWED;
    this.tried = TRIED;
    for (const move of this.moves(target, direction))
      for (const back of this.opposites(move)) {
        if (this.followed < 0 || this.tried < 0) return;
        const result = this.complete(target, direction, move, back, pay);
        if (result && !found(result.step, result)) return;
      }
  }

  /** Out of the target or into it, by changing one of leaf, stage and hub category, or by joining or leaving. */
  private *moves(target: Target, direction: 1 | -1): Generator<Move> {
    const { system, cellOf } = { system: this.ground.system, cellOf: this.ground.cellOf.bind(this.ground) };
    const [L, S, H] = [system.leaves.length, system.stages.length, system.hub.categories.length];
    for (const cell of target.cells) {
      const [l, s, h] = [Math.floor(cell / (S * H)), Math.floor((cell % (S * H)) / H), cell % H];
      const others = [
        ...Array.from({ length: H }, (_, i) => cellOf(l, s, i)),
        ...Array.from({ length: S }, (_, i) => cellOf(l, i, h)),
        NOWHERE,
        ...Array.from({ length: L }, (_, i) => cellOf(i, s, h)),
      ];
      for (const other of others) {
        if (other !== NOWHERE && this.inside[other] === 1) continue;
        const move = direction > 0 ? { from: other, to: cell } : { from: cell, to: other };
        if (move.from === NOWHERE || this.world.people(move.from, 0) > 0) yield move;
      }
    }
  }

  /** None, and then the opposite moves elsewhere that hide a move from some of the units above. */
  private *opposites({ from, to }: Move): Generator<Move | null> {
    yield null;
    if (from === NOWHERE || to === NOWHERE) return;
    const { system } = this.ground;
    const [L, S, H] = [system.leaves.length, system.stages.length, system.hub.categories.length];
    const parts = (cell: number): [number, number, number] => [
      Math.floor(cell / (S * H)),
      Math.floor((cell % (S * H)) / H),
      cell % H,
    ];
    const [a, b] = [parts(from), parts(to)];
    const changed = a[0] !== b[0] ? 0 : a[1] !== b[1] ? 1 : 2;
    const [first, second] = changed === 0 ? [S, H] : changed === 1 ? [L, H] : [L, S];
    for (let i = 0; i < first; i++)
      for (let j = 0; j < second; j++) {
        const place = (value: number): number =>
          changed === 0
            ? this.ground.cellOf(value, i, j)
            : changed === 1
              ? this.ground.cellOf(i, value, j)
              : this.ground.cellOf(i, j, value);
        const back = { from: place(b[changed]), to: place(a[changed]) };
        if (back.from !== to && this.world.people(back.from, 0) > 0) yield back;
      }
  }

  private complete(
    target: Target,
    direction: 1 | -1,
    move: Move,
    back: Move | null,
    pay: boolean,
  ): { step: Step; price: number; toPay: number[]; times: number } | null {
    const { ground, world } = this;
    const [place = 0] = target.places;
    this.tried--;
    if (back && place === 0 && this.isInside(back.from) !== this.isInside(back.to)) return null;
    const step = this.carry(move, back, 0, 0, 0, 0);
    if (!world.measure(step, pay)) return null;
    let times = world.times;
    let price = world.price;
    const toPay = [...world.toPay];
    this.followed--;
    const own = place === 0 ? -1 : at(ground.blockOf, place);
    // The characteristic that the target is about decides most often, and so comes first.
    const order = [...(own < 0 ? [] : [own]), ...[...ground.blocks.keys()].filter((k) => k !== own)];
    for (const k of order) {
      const best = this.answer(k, k === own ? target : null, direction, move, back, pay);
      if (!best) return null;
      times = Math.min(times, best.times);
      price += best.price;
      toPay.push(...best.toPay);
      step.join(best.step);
    }
    return { step, price, toPay, times };
  }

  /** The answers to one characteristic with which the movers disturb least. */
  private answer(
    k: number,
    target: Target | null,
    direction: 1 | -1,
    move: Move,
    back: Move | null,
    pay: boolean,
  ): { step: Step; price: number; toPay: number[]; times: number } | null {
    const { world, ground } = this;
    const { start = 0, end = 0 } = ground.blocks[k] ?? {};
    let best: { step: Step; price: number; toPay: number[]; times: number } | null = null;
    const leaves = (cell: number, place: number): boolean => cell === NOWHERE || world.people(cell, place) > 0;
    const consider = (out: number, into: number, backOut: number, backInto: number): boolean => {
      if (target && this.gain(target, move, back, [out, into, backOut, backInto]) !== direction) return false;
      const step = this.carry(move, back, out, into, backOut, backInto);
      if (!world.measure(step, pay)) return false;
      if (!best || world.price < best.price)
        best = { step, price: world.price, toPay: [...world.toPay], times: Math.min(world.times, NO_END) };
      return best.price === 0;
    };
    for (let out = start; out < end; out++) {
      if (!leaves(move.from, out)) continue;
      if (!back ? consider(out, out, 0, 0) : leaves(back.from, out) && consider(out, out, out, out)) return best;
    }
    for (let out = start; out < end; out++) {
      if (!leaves(move.from, out)) continue;
      for (let other = start; other < end; other++) {
        if (other === out) continue;
        if (!back) {
          if (move.from !== NOWHERE && move.to !== NOWHERE && consider(out, other, 0, 0)) return best;
        } else if (leaves(back.from, other)) {
          if (consider(out, out, other, other) || consider(out, other, other, out)) return best;
        }
      }
    }
    return best;
  }

  /** How many more people the target has after a move with these answers. */
  private gain(
    target: Target,
    move: Move,
    back: Move | null,
    places: readonly [number, number, number, number],
  ): number {
    const has = (cell: number | undefined, place: number): number =>
      Number(cell !== undefined && this.isInside(cell) && target.places.includes(place));
    const [out, into, backOut, backInto] = places;
    return has(move.to, into) - has(move.from, out) + has(back?.to, backInto) - has(back?.from, backOut);
  }

  private isInside(cell: number): boolean {
    return cell !== NOWHERE && this.inside[cell] === 1;
  }

  private carry(move: Move, back: Move | null, out: number, into: number, backOut: number, backInto: number): Step {
    const step = new Step();
    if (move.from !== NOWHERE) step.add(move.from, out, -1);
    if (move.to !== NOWHERE) step.add(move.to, into, 1);
    if (back) step.add(back.from, backOut, -1).add(back.to, backInto, 1);
    return step;
  }
}
