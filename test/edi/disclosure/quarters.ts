import type {
  CategoryCount,
  CellCount,
  Parameters,
  Protected,
  System,
  Witness,
} from '../../../src/edi/disclosure/model';
import { releaseOf } from './trial/worked-tables';

const QUARTERS = ['spring', 'summer'] as const;

/** The same people and so many more in one leaf, each in the cell and with the answers that are most common there. */
export function joined(system: System, leaf: string, people: number): System {
  const [cell] = system.people.filter((row) => row.leaf === leaf).sort((a, b) => b.people - a.people);
  const same = (row: CellCount): boolean => row.leaf === leaf && row.stage === cell?.stage && row.hub === cell.hub;
  const most = new Map<string, CategoryCount>();
  for (const row of system.counts.filter(same))
    if (row.people > (most.get(row.characteristic)?.people ?? 0)) most.set(row.characteristic, row);
  const more = <Row extends CellCount>(row: Row, grows: boolean): Row =>
    grows ? { ...row, people: row.people + people } : row;
  return {
    ...system,
    people: system.people.map((row) => more(row, row === cell)),
    counts: system.counts.map((row) => more(row, most.get(row.characteristic) === row)),
  };
}

/**
 * A second release joined with the first into one system of unknowns. Leaves that the gate let through are new instances beside the old,
 * called `leaf@summer`; all others are the same unknowns in both, in every unit that contains them.
 * @param renewed the leaves that the gate let through
 */
export function nextQuarter(
  before: { system: System; made: Protected },
  now: System,
  renewed: readonly string[],
  parameters: Parameters,
): System {
  const instanceOf = (leaf: string): string => (renewed.includes(leaf) ? `${leaf}@${QUARTERS[1]}` : leaf);
  const fresh = <Row extends CellCount>(rows: readonly Row[]): Row[] =>
    rows.filter((row) => renewed.includes(row.leaf)).map((row) => ({ ...row, leaf: instanceOf(row.leaf) }));
  const units = now.units.map((unit) => ({ ...unit, leaves: unit.leaves.map(instanceOf) }));
  return {
    ...now,
    units,
    leaves: [...new Set([...units.flatMap((unit) => unit.leaves), ...before.system.leaves])].sort(),
    people: [...fresh(now.people), ...before.system.people],
    counts: [...fresh(now.counts), ...before.system.counts],
    earlier: [releaseOf(before.system, parameters, before.made, QUARTERS[0])],
  };
}

/** What proved the first release, as positions in the joint system: the same but for the places of the leaves. */
export function carriedOver(witnesses: readonly Witness[], from: System, to: System): Witness[] {
  return witnesses.map((witness) => ({
    ...witness,
    release: 0,
    changes: witness.changes.map((n, i) => (i % 6 === 0 ? to.leaves.indexOf(from.leaves[n] ?? '') : n)),
  }));
}
