import type { Unit } from '../disclosure/model';
import { WITH_RECORDS } from './catalogue';
import { areaOfAll, areaOfOne } from './areas';
import type { PublishedUnit } from './published';

/** An organisation at which people are counted. */
export interface HomeOrganisation {
  id: string;
  slug: string;
  name: string;
  kind: string;
  /** GSS code of its main region of England, and how the region is called. */
  regionCode: string | null;
  regionName: string | null;
  /** GSS code of its nation. */
  nationCode: string | null;
}

/** An organisation in a release: with which counts it stands. */
export interface CountedOrganisation extends HomeOrganisation {
  /** Names the counts: two releases with the same instance count the same people. */
  instance: string;
  held: boolean;
  /** Whether it returned counts and no rows. */
  countsOnly: boolean;
  /** In which form its people came. */
  form: NonNullable<PublishedUnit['form']>;
}

const GROUPS: readonly { key: string; name: string; kinds: readonly string[] }[] = [
  { key: 'regional-networks', name: 'Regional networks', kinds: ['regional-network'] },
  { key: 'national-centres', name: 'National centres', kinds: ['coordinating-centre'] },
  { key: 'other-organisations', name: 'Other organisations', kinds: [] },
];

/** The group that an organisation of this kind belongs to. */
export const groupOf = (kind: string): string =>
  GROUPS.find((group) => group.kinds.includes(kind))?.key ?? 'other-organisations';

/** Its name. */
export const groupName = (key: string): string => GROUPS.find((group) => group.key === key)?.name ?? key;

/** Name of the unit of all organisations that returned rows. */
export const RECORDS_UNIT = 'all-with-records';

/**
 * The units of a release as a tree: organisations, their groups, all. Organisations that returned counts only cannot be in two-way
 * tables; they stand beside the groups, directly under all, and the others are together a unit that two-way tables are for.
 */
export function unitsOf(organisations: readonly CountedOrganisation[]): { engine: Unit[]; published: PublishedUnit[] } {
  const sorted = [...organisations].sort((a, b) => (a.slug < b.slug ? -1 : 1));
  const withRecords = sorted.filter((organisation) => !organisation.countsOnly);
  const instances = (list: readonly CountedOrganisation[]): string[] => list.map((one) => one.instance);
  const someCounts = withRecords.length > 0 && withRecords.length < sorted.length;
  const engine: Unit[] = [{ id: 'all', level: 'all', leaves: instances(sorted) }];
  const published: PublishedUnit[] = [
    unit({ key: 'all', level: 'all', name: 'All organisations', held: allHeld(sorted), areaCode: areaOfAll(sorted) }),
  ];
  if (someCounts) {
    engine.push({ id: RECORDS_UNIT, level: WITH_RECORDS, leaves: instances(withRecords) });
    published.push(
      unit({
        key: RECORDS_UNIT,
        level: 'all',
        name: 'All organisations with rows',
        parent: 'all',
        held: allHeld(withRecords),
      }),
    );
  }
  const above = someCounts ? RECORDS_UNIT : 'all';
  for (const { key, name } of GROUPS) {
    const members = (someCounts ? withRecords : sorted).filter((organisation) => groupOf(organisation.kind) === key);
    if (members.length === 0) continue;
    engine.push({ id: key, level: 'group', leaves: instances(members) });
    published.push(unit({ key, level: 'group', name, parent: above, held: allHeld(members) }));
  }
  for (const one of sorted) {
    engine.push({ id: one.slug, level: 'organisation', leaves: [one.instance] });
    published.push({
      key: one.slug,
      level: 'organisation',
      name: one.name,
      areaCode: areaOfOne(one, sorted),
      parent: one.countsOnly && someCounts ? 'all' : groupOf(one.kind),
      organisationId: one.id,
      held: one.held,
      form: one.form,
    });
  }
  return { engine, published };
}

const allHeld = (list: readonly CountedOrganisation[]): boolean => list.length > 0 && list.every((one) => one.held);

const unit = (
  of: Pick<PublishedUnit, 'key' | 'level' | 'name' | 'held'> & { parent?: string; areaCode?: string | null },
): PublishedUnit => ({
  areaCode: null,
  organisationId: null,
  parent: null,
  ...of,
});
