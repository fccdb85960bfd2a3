import type { CategoryCount, CellCount, Characteristic, Merge, Release, System } from '../disclosure/model';
import { HUB, POPULATIONS } from './catalogue';
import { NOT_KNOWN } from './characteristics';
import type { PublishedCharacteristic } from './published';

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
  const people: CellCount[] = [];
  const categories: CategoryCount[] = [];
  for (const { instance: leaf, stage, hub: of, characteristic, category, people: number } of counts) {
    if (characteristic === HUB) people.push({ leaf, stage, hub: of, people: number });
    else if (released.has(characteristic))
      categories.push({ leaf, stage, hub: of, characteristic, category, people: number });
  }
  categories.push(...notCountedThen(people, categories, characteristics));
  const dealt = dealtOut(returned, characteristics);
  const earlier = frame.earlier.flatMap((release) => release.units.flatMap((unit) => unit.leaves));
  return {
    stages: [...(POPULATIONS[0]?.stages ?? [])],
    populations: POPULATIONS,
    hub,
    characteristics,
    leaves: [...new Set([...frame.leaves, ...earlier])],
    units: frame.units,
    catalogue: frame.catalogue,
    people: [...dealt.people, ...people],
    counts: [...dealt.counts, ...categories],
    earlier: frame.earlier,
    leftOut: frame.leftOut ?? [],
  };
}

/** The category of those of an ethnic group whose answer is not known. */
function notKnownIn({ within, categories }: Characteristic, hub: string): string {
  return within ? (categories.filter((category) => within[category] === hub).at(-1) ?? NOT_KNOWN) : NOT_KNOWN;
}

/** Counts that were frozen before a characteristic was counted at all: of everybody in them, the answer is not known. */
function notCountedThen(
  people: readonly CellCount[],
  counts: readonly CategoryCount[],
  characteristics: readonly Characteristic[],
): CategoryCount[] {
  const has = new Set(counts.map((count) => `${count.leaf} ${count.characteristic}`));
  return characteristics.flatMap((characteristic) =>
    people
      .filter(({ leaf }) => !has.has(`${leaf} ${characteristic.id}`))
      .map((cell) => ({
        ...cell,
        characteristic: characteristic.id,
        category: notKnownIn(characteristic, cell.hub),
      })),
  );
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
    const hubs = rows
      .filter((row) => row.characteristic === HUB && row.people > 0)
      .map((row) => ({ leaf, stage, hub: row.category, people: row.people }));
    people.push(...hubs);
    for (const characteristic of characteristics) {
      const told = rows.filter((row) => row.characteristic === characteristic.id);
      counts.push(...(characteristic.within ? dealtWithin : dealt)(hubs, told, characteristic));
    }
  }
  return { people, counts };
}

/** Categories in their order over the cells, as long as there are people. */
function dealt(cells: readonly CellCount[], told: readonly ReturnedCount[], { id }: Characteristic): CategoryCount[] {
  const left = told.map(({ category, people }) => ({ category, people }));
  return cells.flatMap((cell) => {
    let wanted = cell.people;
    return left.flatMap((from) => {
      const taken = Math.min(wanted, from.people);
      from.people -= taken;
      wanted -= taken;
      return taken > 0 ? [{ ...cell, characteristic: id, category: from.category, people: taken }] : [];
    });
  });
}

/**
 * Each category in the ethnic group that it lies in, and the rest of the group as not known. Where more people are told in a group's
 * categories than in the group, the return contradicts itself there, and the group's categories count as not told.
 */
function dealtWithin(
  cells: readonly CellCount[],
  told: readonly ReturnedCount[],
  characteristic: Characteristic,
): CategoryCount[] {
  return cells.flatMap((cell) => {
    const notKnown = notKnownIn(characteristic, cell.hub);
    const own = told.filter(({ category, people }) => {
      const lies = characteristic.within?.[category] === cell.hub;
      return lies && category !== notKnown && people > 0;
    });
    const sum = own.reduce((all, { people }) => all + people, 0);
    const fits = sum <= cell.people ? own : [];
    const rest = fits.length > 0 ? cell.people - sum : cell.people;
    return [
      ...fits.map(({ category, people }) => ({ ...cell, characteristic: characteristic.id, category, people })),
      ...(rest > 0 ? [{ ...cell, characteristic: characteristic.id, category: notKnown, people: rest }] : []),
    ];
  });
}

/** A characteristic as the engine takes it. */
export function counted({ key, categories }: PublishedCharacteristic): Characteristic {
  const within = Object.fromEntries(
    categories.flatMap((one) => (one.within === undefined ? [] : [[one.code, one.within]])),
  );
  const codes = categories.map((category) => category.code);
  return Object.keys(within).length > 0 ? { id: key, categories: codes, within } : { id: key, categories: codes };
}
