import type { Ground } from './ground';
import { Step, World } from './world';

/** How many leaves stand in for one that several releases count, at most, in each of them. */
const STAND_INS = 6;

/**
 * People of a cell change their answer; so that nobody above notices, others change theirs the opposite way: in other leaves, stages
 * and hub categories, and again the same way where two of these meet. A leaf that several releases count has a leaf of each of them
 * opposite, since each has its own totals.
 */
export class Products {
  /** By leaf, the sets of leaves that can stand opposite it; the fullest first. */
  private readonly opposite: readonly (readonly (readonly number[])[])[];
  private readonly step = new Step();

  constructor(
    private readonly ground: Ground,
    private readonly world: World,
    private readonly inside: Uint8Array,
  ) {
    this.opposite = oppositeLeaves(ground);
  }

  /** Steps that let the cells inside gain one person with an answer who had another before. The step given is good until the next is asked for. */
  *steps(cell: number, to: number, from: number): Generator<Step> {
    const { system } = this.ground;
    const [S, H] = [system.stages.length, system.hub.categories.length];
    const [l, s, h] = [Math.floor(cell / (S * H)), Math.floor((cell % (S * H)) / H), cell % H];
    for (const leaves of this.opposite[l] ?? [[]])
      for (let stage = -1; stage < S; stage++)
        for (let hub = -1; hub < H; hub++) {
          const apart = Number(leaves.length > 0) + Number(stage >= 0) + Number(hub >= 0);
          // One difference alone is tried before.
          if (stage === s || hub === h || (apart < 2 && leaves.length < 2)) continue;
          if (this.build([l, ...leaves], stage < 0 ? [s] : [s, stage], hub < 0 ? [h] : [h, hub], to, from))
            yield this.step;
        }
  }

  /** The first of each list changes, those after it the opposite way; false where somebody cannot, or nothing is gained inside. */
  private build(
    leaves: readonly number[],
    stages: readonly number[],
    hubs: readonly number[],
    to: number,
    from: number,
  ): boolean {
    const { ground, world, step } = this;
    step.clear();
    let gained = 0;
    for (let i = 0; i < leaves.length; i++)
      for (let j = 0; j < stages.length; j++)
        for (let k = 0; k < hubs.length; k++) {
          const cell = ground.cellOf(leaves[i] ?? 0, stages[j] ?? 0, hubs[k] ?? 0);
          const opposite = (Number(i > 0) + Number(j > 0) + Number(k > 0)) % 2 === 1;
          const [into, out] = opposite ? [from, to] : [to, from];
          if (world.people(cell, out) < 1) return false;
          if (this.inside[cell] === 1) gained += opposite ? -1 : 1;
          step.add(cell, into, 1).add(cell, out, -1);
        }
    return gained === 1;
  }
}

/** By leaf: none, one other that the same releases count, or one for each release that counts it. */
function oppositeLeaves({ system }: Ground): number[][][] {
  const releases = [system.units, ...system.earlier.map((release) => release.units)];
  const counts = new Map<string, number>();
  for (const { leaf, people } of system.people) counts.set(leaf, (counts.get(leaf) ?? 0) + people);
  const within = system.leaves.map(() => 0);
  releases.forEach((units, release) => {
    const counted = new Set(units.flatMap((unit) => unit.leaves));
    system.leaves.forEach((leaf, l) => {
      if (counted.has(leaf)) within[l] = (within[l] ?? 0) | (1 << release);
    });
  });
  const fullest = [...system.leaves.keys()].sort(
    (a, b) => (counts.get(system.leaves[b] ?? '') ?? 0) - (counts.get(system.leaves[a] ?? '') ?? 0) || a - b,
  );
  const of = (mask: number, except: number): number[] => fullest.filter((l) => l !== except && within[l] === mask);
  return system.leaves.map((_, l) => {
    const own = within[l] ?? 0;
    const parts = releases.flatMap((_, release) => ((own >> release) & 1 ? [1 << release] : []));
    const apart = parts.length < 2 ? [] : parts.map((mask) => of(mask, l).slice(0, STAND_INS));
    return [[], ...of(own, l).map((one) => [one]), ...together(apart)];
  });
}

/** One of each list, in every way. */
function together(lists: readonly (readonly number[])[]): number[][] {
  if (lists.length === 0) return [];
  return lists.reduce<number[][]>((ways, list) => ways.flatMap((way) => list.map((one) => [...way, one])), [[]]);
}
