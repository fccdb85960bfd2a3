import type { Release, System } from '../../src/edi/disclosure/model';
import { engineCatalogue, engineParameters, POPULATIONS, ReleaseCatalogue } from '../../src/edi/release/catalogue';
import type { PublishedTable, PublishedUnit } from '../../src/edi/release/published';
import type { TestApp } from '../support/app';

/** What release.json says, as far as an attacker needs it. */
interface Whole {
  release: { id: string; number: number; threshold: number; thresholds: Record<string, number>; base: number };
  characteristics: { key: string; categories: { code: string }[] }[];
  units: PublishedUnit[];
  tables: PublishedTable[];
}

/** A release put together from nothing but what anybody can download. */
export interface FromOutside {
  release: Release;
  characteristics: { id: string; categories: string[] }[];
  /** Which counts each organisation stands with, by its id: those of the release before where it says so. */
  instances: Map<string, string>;
}

/** Reads a release as a stranger does. `before` is the release before, whose counts stand where an organisation was held. */
export async function readAsStranger(t: TestApp, id: string, before?: FromOutside): Promise<FromOutside> {
  const { body: about } = await t.api.get(`/v1/diversity/releases/${id}`).expect(200);
  const { body } = await t.api.get(`/v1/diversity/releases/${id}/release.json`).expect(200);
  const { release, units, characteristics, tables } = body as Whole;
  const instances = new Map(
    units.flatMap((unit) => {
      if (unit.organisationId === null) return [];
      const old = before?.instances.get(unit.organisationId);
      return [[unit.organisationId, unit.held && old ? old : `${unit.organisationId}:${id}`] as const];
    }),
  );
  const leavesOf = (key: string): string[] =>
    units.flatMap((unit) => {
      if (unit.key === key && unit.organisationId !== null) return [instances.get(unit.organisationId) ?? ''];
      return unit.parent === key ? leavesOf(unit.key) : [];
    });
  const figures = new Map<string, number | 'c'>();
  for (const { characteristic, population, figures: list } of tables)
    for (const { unit, hub, category, value, status } of list) {
      if (status === 'x') continue;
      const place =
        characteristic === 'ethnic-group'
          ? `${category ?? '*'}|*|*`
          : `${hub ?? '*'}|${category === null ? '*|*' : `${characteristic}|${category}`}`;
      figures.set(`${unit}|${population}|${place}`, status === 'c' ? 'c' : (value ?? 0));
    }
  const counted = new Set(tables.map((table) => table.characteristic));
  return {
    instances,
    characteristics: characteristics
      .filter((one) => one.key === 'ethnic-group' || counted.has(one.key))
      .map((one) => ({ id: one.key, categories: one.categories.map((category) => category.code) })),
    release: {
      id,
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
  const stages = new Set(POPULATIONS.find((one) => one.id === population)?.stages);
  const inside = (row: { leaf: string; stage: string; hub: string }): boolean =>
    leaves.has(row.leaf) && stages.has(row.stage) && (hub === '*' || row.hub === hub);
  const rows =
    characteristic === '*'
      ? system.people.filter(inside)
      : system.counts.filter(
          (row) => inside(row) && row.characteristic === characteristic && row.category === category,
        );
  return rows.reduce((sum, row) => sum + row.people, 0);
}
