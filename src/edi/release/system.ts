import type { CategoryCount, CellCount, Characteristic, Merge, Release, System } from '../disclosure/model';
import { HUB, POPULATIONS, RELEASED } from './catalogue';

/** One true count as the snapshot keeps it. Never leaves the process. */
export interface TrueCount {
  /** Organisation and the release in which it was last refreshed. */
  instance: string;
  stage: string;
  hub: string;
  characteristic: string;
  category: string;
  people: number;
}

/** One count of an organisation that returned counts and no rows. */
export interface ReturnedCount {
  instance: string;
  stage: string;
  characteristic: string;
  category: string;
  people: number;
}

/** What the engine needs beside the counts. */
export interface SystemFrame {
  /** Every characteristic of the release with its categories, the hub among them. */
  characteristics: readonly Characteristic[];
  units: System['units'];
  catalogue: System['catalogue'];
  /** Instances of this release. */
  leaves: readonly string[];
  earlier: readonly Release[];
  /** What nobody returned. */
  leftOut?: readonly Merge[];
}

/** The true counts of a release, and of the earlier ones that share counts with it, as the engine takes them. */
export function systemOf(frame: SystemFrame, counts: readonly TrueCount[], returned: readonly ReturnedCount[]): System {
  const hub = frame.characteristics.find((one) => one.id === HUB);
  if (!hub) throw new Error('A release has no hub');
  const characteristics = frame.characteristics.filter((one) => one.id !== HUB);
  const released = new Set(characteristics.map((one) => one.id));
  const dealt = dealtOut(returned, characteristics);
  const people: CellCount[] = [...dealt.people];
  const categories: CategoryCount[] = [...dealt.counts];
  for (const { instance: leaf, stage, hub: of, characteristic, category, people: number } of counts) {
    if (characteristic === HUB) people.push({ leaf, stage, hub: of, people: number });
    else if (released.has(characteristic))
      categories.push({ leaf, stage, hub: of, characteristic, category, people: number });
  }
  const earlier = frame.earlier.flatMap((release) => release.units.flatMap((unit) => unit.leaves));
  return {
    stages: [...(POPULATIONS[0]?.stages ?? [])],
    populations: POPULATIONS,
    hub,
    characteristics,
    leaves: [...new Set([...frame.leaves, ...earlier])],
    units: frame.units,
    catalogue: frame.catalogue,
    people,
    counts: categories,
    earlier: frame.earlier,
    leftOut: frame.leftOut ?? [],
  };
}

/**
 * Counts without rows say nothing of how two characteristics go together, and no table tells it. People are dealt out over ethnic
 * group and each characteristic in the order of the categories: one of the many ways that fit, which is all that a proof needs,
 * since it shows other ways that fit what is published as well.
 */
function dealtOut(
  returned: readonly ReturnedCount[],
  characteristics: readonly Characteristic[],
): { people: CellCount[]; counts: CategoryCount[] } {
  const people: CellCount[] = [];
  const counts: CategoryCount[] = [];
  const places = new Map<string, ReturnedCount[]>();
  for (const row of returned) {
    const place = `${row.instance} ${row.stage}`;
    const rows = places.get(place);
    if (rows) rows.push(row);
    else places.set(place, [row]);
  }
  for (const [place, rows] of places) {
    const [leaf = '', stage = ''] = place.split(' ');
    const hubs = rows.filter((row) => row.characteristic === HUB && row.people > 0);
    for (const { category, people: number } of hubs) people.push({ leaf, stage, hub: category, people: number });
    for (const { id: characteristic } of characteristics) {
      const left = rows.filter((row) => row.characteristic === characteristic).map((row) => ({ ...row }));
      for (const { category: hub, people: number } of hubs) {
        let wanted = number;
        for (const from of left) {
          const taken = Math.min(wanted, from.people);
          if (taken > 0) counts.push({ leaf, stage, hub, characteristic, category: from.category, people: taken });
          from.people -= taken;
          wanted -= taken;
        }
      }
    }
  }
  return { people, counts };
}

/** The characteristics of a release in their order, from the lists of categories that there are. */
export function releasedCharacteristics(lists: ReadonlyMap<string, readonly string[]>): Characteristic[] {
  return [HUB, ...RELEASED].map((id) => {
    const categories = lists.get(id);
    if (!categories) throw new Error(`There is no list of categories for ${id}`);
    return { id, categories };
  });
}
