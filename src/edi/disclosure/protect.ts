import { catalogueFaults, NoGround, parameterFaults } from './catalogue';
import { suppressionCost } from './cost';
import { at, Ground } from './ground';
import { Coarsening } from './coarsen';
import { Mend } from './mend';
import type { Parameters, Protected, System, Witness } from './model';
import { Proof, Proofs } from './proofs';

/** How long the search holds the thread before it lets others have it. */
const TURN_MILLISECONDS = 50;

/**
 * Decides what of a release is suppressed, and proves it. Every figure under its threshold is suppressed (and what is
 * nearly all of its margin, where that is sensitive); for each, and for each that earlier releases suppressed, two other
 * worlds are found that look the same from outside, suppressing other figures where need be; what turned out not to be
 * needed for that is published again, the most valuable first. What cannot be protected is published more coarsely.
 * The same input gives the same result. The result is not to be trusted: `verify` decides whether it may be published.
 *
 * @param known witnesses of earlier releases, from when they were made: where nothing better is found, they are taken over
 * @throws NoGround where catalogue or rules are none that a release can be made by
 */
export async function protect(
  system: System,
  parameters: Parameters,
  known: readonly Witness[] = [],
): Promise<Protected> {
  const faults = [...catalogueFaults(system.catalogue, system), ...parameterFaults(parameters, system)];
  if (faults.length > 0) throw new NoGround(faults);
  const ground = new Ground(system, parameters);
  const proofs = new Proofs(ground, await Mend.load(ground));
  const coarsening = new Coarsening(ground, proofs);
  let turn = Date.now();
  const breathe = async (): Promise<void> => {
    if (Date.now() - turn < TURN_MILLISECONDS) return;
    await new Promise((resolve) => setImmediate(resolve));
    turn = Date.now();
  };
  takeOver(ground, proofs, known);
  await prove(ground, proofs, coarsening, breathe);
  await republish(ground, proofs, breathe);
  return result(ground, proofs, coarsening);
}

/** Proves figure after figure, from the widest unit down, until nothing is left to prove. */
async function prove(
  ground: Ground,
  proofs: Proofs,
  coarsening: Coarsening,
  breathe: () => Promise<void>,
): Promise<void> {
  const queue = proofs.needed();
  for (let next = queue.shift(); next; next = queue.shift()) {
    await breathe();
    const { status } = ground.figure(next.figure);
    if (status === 'withdrawn' || proofs.has(next)) continue;
    if (proofs.prove(next, true) || proofs.mended(next)) continue;
    queue.unshift(...coarsening.coarsen(next), next);
    if (coarsening.exhausted(next)) queue.splice(queue.indexOf(next), 1);
  }
}

/** Publishes again what was suppressed for others, the most valuable first, where all that rests on it can be proven anew. */
async function republish(ground: Ground, proofs: Proofs, breathe: () => Promise<void>): Promise<void> {
  const complementary = [...ground.figures.keys()]
    .filter((f) => ground.figure(f).status === 'complementary')
    .sort((a, b) => ground.figure(b).price - ground.figure(a).price || a - b);
  for (const figure of complementary) {
    await breathe();
    proofs.tryToPublish(figure);
  }
}

function result(ground: Ground, proofs: Proofs, coarsening: Coarsening): Protected {
  const own = ground.figures.map((figure, f) => ({ figure, f })).filter(({ figure }) => figure.release < 0);
  const figures = new Map(
    own.flatMap(({ figure, f }) => {
      const outcome = ground.outcome(f);
      return outcome === undefined ? [] : [[figure.key, outcome] as const];
    }),
  );
  const primary = own.filter(({ figure }) => figure.status === 'primary').length;
  const complementary = own.filter(({ figure }) => figure.status === 'complementary').length;
  const cost = suppressionCost(ground);
  const merges = coarsening.merges();
  return {
    figures,
    merges,
    witnesses: proofs.all().map((proof) => witnessOf(ground, proof)),
    primary,
    complementary,
    cost,
    smallestWidth: proofs.smallestWidth(),
    log: [
      `${figures.size} figures: ${primary} suppressed for their own sake, ${complementary} to protect those.`,
      `Of ${cost.large} figures at or above their threshold, ${cost.withheld} are withheld.`,
      ...coarsening.log,
    ],
  };
}

/**
 * What earlier releases suppress was proven when they were made. Their figures cannot give way, so it is hard to find such worlds again;
 * those found then are taken over, and what of this release they would contradict is suppressed, to be published again if it can be.
 */
function takeOver(ground: Ground, proofs: Proofs, known: readonly Witness[]): void {
  const { system, width } = ground;
  const worlds = new Map(known.map((w) => [`${w.release}|${w.kind}|${w.figure}`, w.changes]));
  const perLeaf = width * system.stages.length * system.hub.categories.length;
  const earlier = new Set(system.earlier.flatMap((release) => release.units.flatMap((unit) => unit.leaves)));
  const now = new Set(system.units.flatMap((unit) => unit.leaves));
  const shared = (leaf: number): boolean =>
    earlier.has(system.leaves[leaf] ?? '') && now.has(system.leaves[leaf] ?? '');
  const own = [...system.leaves.keys()].filter((leaf) => !earlier.has(system.leaves[leaf] ?? ''));
  for (const need of proofs.needed()) {
    const { release, key } = ground.figure(need.figure);
    const changes = worlds.get(`${release}|${need.kind}|${key}`);
    if (release < 0 || !changes) continue;
    const unknowns: number[] = [];
    for (let i = 0; i < changes.length; i += 6) {
      const [leaf = 0, stage = 0, hub = 0, characteristic = -1, category = -1, by = 0] = changes.slice(i, i + 6);
      const cell = (leaf * system.stages.length + stage) * system.hub.categories.length + hub;
      const place = characteristic < 0 ? 0 : ground.placeOf(characteristic, category);
      unknowns.push(cell * width + place, by);
    }
    // What moves in counts that both releases have moves the totals of this one, unless it moves back in counts that only this one has.
    const mirrored = own.map((leaf) => {
      const back: number[] = [];
      for (let i = 0; i < unknowns.length; i += 2) {
        const from = Math.floor((unknowns[i] ?? 0) / perLeaf);
        if (shared(from)) back.push((unknowns[i] ?? 0) + (leaf - from) * perLeaf, -(unknowns[i + 1] ?? 0));
      }
      return [...unknowns, ...back];
    });
    if ([unknowns, ...mirrored].some((world) => proofs.takeOver(need, world, false))) continue;
    if (proofs.prove(need, false) || proofs.prove(need, true)) continue;
    proofs.takeOver(need, unknowns, true);
  }
}

/** The differences as positions in the lists of the system. */
function witnessOf(ground: Ground, { need, unknowns }: Proof): Witness {
  const { system, width, blockOf, blocks } = ground;
  const hubs = system.hub.categories.length;
  const perLeaf = system.stages.length * hubs;
  const changes: number[] = [];
  for (let i = 0; i < unknowns.length; i += 2) {
    const unknown = at(unknowns, i);
    const cell = Math.floor(unknown / width);
    const place = unknown % width;
    const block = at(blockOf, place);
    const category = block < 0 ? -1 : place - (blocks[block]?.start ?? 0);
    const inLeaf = cell % perLeaf;
    changes.push(
      Math.floor(cell / perLeaf),
      Math.floor(inLeaf / hubs),
      inLeaf % hubs,
      block,
      category,
      at(unknowns, i + 1),
    );
  }
  const { key, release, margin } = ground.figure(need.figure);
  return {
    figure: key,
    margin: need.kind === 'spread' ? ground.figure(margin).key : '',
    release,
    kind: need.kind,
    changes,
  };
}
