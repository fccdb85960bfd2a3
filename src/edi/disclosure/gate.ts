import type { CategoryCount, CellCount, Parameters, Release, System, Unit } from './model';
import { ruleOf } from './rules';

/** What happened to the people of a leaf since the last snapshot in which its counts were renewed. */
export interface LeafChanges {
  readonly leaf: string;
  readonly joined: number;
  readonly left: number;
  /** People of both snapshots with any answer, stage or hub category that is not the same. */
  readonly changed: number;
}

/**
 * Whether the counts of a leaf are renewed. `held`: fewer people changed than the threshold, so that the difference of
 * two releases would be about those few; the old counts stand, and the changes wait. `unchanged`: nothing happened.
 */
export interface GateDecision {
  readonly leaf: string;
  readonly outcome: 'refreshed' | 'held' | 'unchanged';
  /** One sentence without a number of people, for the release to say. */
  readonly why: string;
}

/** The largest threshold that any figure of a release uses: so many must change before a leaf is counted anew. */
export function gateThreshold(parameters: Parameters): number {
  return Math.max(
    parameters.rule.threshold,
    ...Object.keys(parameters.characteristics).map((id) => ruleOf(parameters, id).threshold),
  );
}

/**
 * Decides leaf by leaf which counts are renewed. Changes are measured from the last *renewed* snapshot of the leaf, not
 * from the last release: else two joiners a quarter would never show. A leaf that was never counted is always new.
 */
export function gate(changes: readonly LeafChanges[], parameters: Parameters): GateDecision[] {
  const threshold = gateThreshold(parameters);
  return changes.map(({ leaf, joined, left, changed }) => {
    if (![joined, left, changed].every((people) => Number.isSafeInteger(people) && people >= 0))
      throw new RangeError(`The changes of ${leaf} are not whole numbers of people.`);
    const people = joined + left + changed;
    if (people === 0) return { leaf, outcome: 'unchanged', why: 'Nothing has changed since these counts were made.' };
    if (people < threshold)
      return {
        leaf,
        outcome: 'held',
        why: `Fewer than ${threshold} people joined, left or changed an answer since these counts were made: the earlier counts stand until more have.`,
      };
    return { leaf, outcome: 'refreshed', why: 'Enough has changed for the counts to be renewed.' };
  });
}

/** Counts of leaves that belong together: a snapshot. */
export interface Snapshot {
  readonly people: readonly CellCount[];
  readonly counts: readonly CategoryCount[];
}

/** A release that is published, with the true counts that it was made of, by the names of its leaf instances. */
export interface PastRelease extends Snapshot {
  readonly release: Release;
}

/** A leaf of the new release: which counts stand for it. */
export interface LeafSource {
  /** Name of the leaf in the units and the snapshot of the new release. */
  readonly leaf: string;
  /**
   * The leaf instance of an earlier release whose counts stand, where the gate held the leaf or nothing changed; absent
   * where it is counted anew.
   */
  readonly standsAs?: string;
}

/** What the new release is made of, before it is joined with those before it. */
export type NewRelease = Omit<System, 'leaves' | 'earlier'> & { readonly id: string };

/**
 * Joins a new release with the earlier ones into one system of unknowns. A leaf whose earlier counts stand is the same
 * unknowns in all; a leaf that is counted anew is a new instance, called `leaf@release`, beside the old. The units of
 * the new release are rewritten to the instances, so that held counts are held in everything that contains them.
 *
 * @throws RangeError where a leaf of the units has no source, or stands for an instance that no earlier release counted
 */
export function joinReleases(fresh: NewRelease, sources: readonly LeafSource[], past: readonly PastRelease[]): System {
  const { id, ...system } = fresh;
  const known = new Set(past.flatMap(({ release }) => release.units.flatMap((unit) => unit.leaves)));
  const instances = new Map<string, string>();
  for (const { leaf, standsAs } of sources) {
    if (standsAs !== undefined && !known.has(standsAs))
      throw new RangeError(`${leaf} cannot stand as ${standsAs}: no earlier release counted that.`);
    instances.set(leaf, standsAs ?? `${leaf}@${id}`);
  }
  const instanceOf = (leaf: string): string => {
    const instance = instances.get(leaf);
    if (instance === undefined) throw new RangeError(`It is not said which counts stand for ${leaf}.`);
    return instance;
  };
  const renewed = new Set(sources.filter(({ standsAs }) => standsAs === undefined).map(({ leaf }) => leaf));
  const rename = <Row extends CellCount>(rows: readonly Row[]): Row[] =>
    rows.filter((row) => renewed.has(row.leaf)).map((row) => ({ ...row, leaf: instanceOf(row.leaf) }));
  const units: Unit[] = system.units.map((unit) => ({ ...unit, leaves: unit.leaves.map(instanceOf) }));
  const taken = new Set<string>();
  const once = <Row extends CellCount>(of: (snapshot: Snapshot) => readonly Row[]): Row[] => {
    taken.clear();
    return past.flatMap((snapshot) => {
      const fresh = of(snapshot).filter((row) => !taken.has(row.leaf));
      for (const row of fresh) taken.add(row.leaf);
      return fresh;
    });
  };
  return {
    ...system,
    units,
    leaves: [...new Set([...units.flatMap((unit) => unit.leaves), ...known])].sort(),
    people: [...rename(system.people), ...once((snapshot) => snapshot.people)],
    counts: [...rename(system.counts), ...once((snapshot) => snapshot.counts)],
    earlier: past.map(({ release }) => release),
  };
}
