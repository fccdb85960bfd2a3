import type { Merge } from '../disclosure/model';
import { isLeftOut, leftOutNote } from './left-out';
import type { PublishedUnit } from './published';
import type { CountedOrganisation } from './units';

const list = (names: readonly string[]): string => [...names].sort().join(', ');

/** How many organisations of a group were asked for a return, and from how many one was signed off. No number of people. */
export interface Coverage {
  group: string;
  asked: number;
  returned: number;
}

/** What a reader of a release must know, in plain sentences. */
export function notesOf(
  organisations: readonly CountedOrganisation[],
  merges: readonly Merge[],
  units: readonly PublishedUnit[],
  coverage: readonly Coverage[] = [],
  leftOut: readonly Merge[] = [],
): string[] {
  const named = (of: readonly CountedOrganisation[]): string => list(of.map((one) => one.name));
  const held = organisations.filter((one) => one.held);
  const counts = organisations.filter((one) => one.countsOnly);
  const merged = [...new Set(merges.filter((merge) => !isLeftOut(leftOut, merge)).map((merge) => merge.unit))].flatMap(
    (key) => units.find((unit) => unit.key === key)?.name ?? [],
  );
  return [
    'Everybody is counted once, at the organisation that they call home. People without one are not counted, nor are those who objected to this use of their answers.',
    'Small counts, and others that would tell them, are marked [c]. All others are rounded, each on its own, so they need not add up.',
    'An organisation with few people has no figures of its own and is counted in the wider ones.',
    'Kinds of impairment are not part of the release: they are asked of some people only, and cannot be protected together with the rest.',
    ...coverage.map(
      ({ group, asked, returned }) =>
        `Returns were signed off by ${returned} of ${asked} of the ${group} that were asked.`,
    ),
    ...(held.length === 0
      ? []
      : [
          `Too few people joined, left or changed to show these organisations anew, so their earlier counts stand, here and in every total: ${named(held)}. Their changes wait for a later release.`,
        ]),
    ...(counts.length === 0
      ? []
      : [
          `These organisations returned counts and no rows: ${named(counts)}. They are in tables of one characteristic for all organisations and for themselves only; people who are counted elsewhere as well could not be taken out.`,
        ]),
    ...leftOutNote(leftOut, units),
    ...(merged.length === 0
      ? []
      : [
          `Some figures could only be shown more coarsely or not at all; the tables say which. They are of: ${list(merged)}.`,
        ]),
  ];
}
