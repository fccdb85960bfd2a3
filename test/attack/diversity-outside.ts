import type { Dimensions, Outcome, Release, System } from '../../src/edi/disclosure/model';
import { engineCatalogue, engineParameters, POPULATIONS, ReleaseCatalogue } from '../../src/edi/release/catalogue';
import type { TestApp } from '../support/app';
import { togetherIn, type Whole } from './diversity-published';

/** A release put together from nothing but what anybody can download. */
export interface FromOutside {
  release: Release;
  characteristics: { id: string; categories: string[]; within?: Record<string, string> }[];
}

/** With which counts each organisation stands, by its id: the release in which it was last shown anew. */
export type Instances = ReadonlyMap<string, string>;

/**
 * Reads a release as a stranger does. What the release says of an organisation is that it was held, or not; that nothing at all
 * changed in one that was not held nobody is told, and the attacker is taken to have guessed it right.
 */
export async function readAsStranger(t: TestApp, whole: Whole, instances: Instances): Promise<FromOutside> {
  const { release, units, characteristics, tables } = whole;
  const { body: about } = await t.api.get(`/v1/diversity/releases/${release.id}`).expect(200);
  const leavesOf = (key: string): string[] =>
    units.flatMap((unit) => {
      if (unit.key === key && unit.organisationId !== null) return [instances.get(unit.organisationId) ?? ''];
      return unit.parent === key ? leavesOf(unit.key) : [];
    });
  const figures = new Map<string, Outcome>();
  for (const { characteristic, population, figures: list } of tables)
    for (const { unit, hub, category, value, status } of list) {
      if (status === 'x') continue;
      const place =
        characteristic === 'ethnic-group'
          ? `${category ?? '*'}|*|*`
          : `${hub ?? '*'}|${category === null ? '*|*' : `${characteristic}|${category}`}`;
      figures.set(`${unit}|${population}|${place}`, status === 'c' ? 'c' : (value ?? 0));
    }
  for (const { unit, population, characteristic, categories, value } of togetherIn(whole))
    figures.set(`${unit}|${population}|*|${characteristic}|${categories.join('+')}`, value);
  const counted = new Set(tables.map((table) => table.characteristic));
  return {
    characteristics: characteristics
      .filter((one) => one.key === 'ethnic-group' || counted.has(one.key))
      .map(({ key, categories }) => ({
        id: key,
        categories: categories.map((category) => category.code),
        ...(key === 'ethnic-background'
          ? { within: Object.fromEntries(categories.map((one) => [one.code, one.within ?? ''])) }
          : {}),
      })),
    release: {
      id: release.id,
      units: units.map((unit) => ({ id: unit.key, level: unit.level, leaves: leavesOf(unit.key) })),
      catalogue: engineCatalogue((about as { catalogue: ReleaseCatalogue }).catalogue, false),
      parameters: engineParameters(release),
      merges: [],
      figures,
    },
  };
}

/** The true value of a figure. Only for checking what the attacker found. */
export function trueValue(system: System, release: Release, key: string): number {
  const [unit = '', population = '', hub = '*', characteristic = '*', category = '*'] = key.split('|');
  const leaves = new Set(release.units.find((one) => one.id === unit)?.leaves);
  const stages = new Set([...POPULATIONS, ...STAGES_ALONE].find((one) => one.id === population)?.stages);
  const inside = (row: { leaf: string; stage: string; hub: string }): boolean =>
    leaves.has(row.leaf) && stages.has(row.stage) && (hub === '*' || row.hub === hub);
  const rows =
    characteristic === '*'
      ? system.people.filter(inside)
      : system.counts.filter(
          (row) => inside(row) && row.characteristic === characteristic && category.split('+').includes(row.category),
        );
  return rows.reduce((sum, row) => sum + row.people, 0);
}

/** A furthest stage by itself, for what is known of it beside the tables. */
export const STAGES_ALONE = (POPULATIONS[0]?.stages ?? []).map((stage) => ({ id: `only-${stage}`, stages: [stage] }));

/** The attacker's frame of mind: the questions and stages that everybody can read, and no count. */
export const frameOf = (system: System): Dimensions => ({
  stages: system.stages,
  populations: [...POPULATIONS, ...STAGES_ALONE],
  hub: system.hub,
  characteristics: system.characteristics,
});

/**
 * Something known about people beside the tables, in the form in which the attack takes it: sums over some leaves that are known
 * exactly, or, with the mark `-`, to be from 1 to `most`.
 */
export function known(
  id: string,
  leaves: readonly string[],
  figures: ReadonlyMap<string, number | '-'>,
  most = 0,
): Release {
  return {
    id,
    units: [{ id, level: id, leaves }],
    catalogue: { id, leafLevel: 'none', minimumLeafSize: 0, tables: [] },
    parameters: {
      base: 1,
      rule: { threshold: most + 1, zeros: 'shown', sensitive: false },
      characteristics: {},
    },
    merges: [],
    // The one mark that the attack does not know is read as "from 1 to one less than the threshold".
    figures: new Map([...figures].map(([place, value]) => [`${id}|${place}`, value as Outcome])),
  };
}
