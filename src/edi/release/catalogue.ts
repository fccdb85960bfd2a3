import { createHash } from 'node:crypto';
import type { Catalogue, Parameters, Rule, TableRule } from '../disclosure/model';
import type { Population } from './published';

/** The characteristic that two-way tables share. */
export const HUB = 'ethnic-group';

/** Characteristics that a release counts beside the hub, in the order in which they are shown. */
export const RELEASED = [
  'age',
  'sex',
  'gender-identity',
  'disability',
  'religion',
  'sexual-orientation',
  'unpaid-care',
  'socio-economic-background',
  'region',
  'main-language',
] as const;

/** Characteristics that tell the hub more finely. They are not among "each", and are told by themselves only. */
export const FINER = ['ethnic-background'] as const;

/** Everything that a release can count by, in the order in which it is shown. */
export const CHARACTERISTICS: readonly string[] = [HUB, ...RELEASED, ...FINER];

/** Which people each population holds, by their furthest stage: everybody who came at least so far. */
export const POPULATIONS: readonly { id: Population; stages: readonly string[] }[] = [
  { id: 'registered', stages: ['registered', 'interested', 'selected', 'took-part'] },
  { id: 'interested', stages: ['interested', 'selected', 'took-part'] },
  { id: 'selected', stages: ['selected', 'took-part'] },
  { id: 'took-part', stages: ['took-part'] },
];

/** Levels of units that tables can be asked for. */
export const LEVELS = ['all', 'group', 'organisation'] as const;
export type Level = (typeof LEVELS)[number];

/** One rule of the catalogue as a steward writes it; the engine's own form differs in the name of the lowest level only. */
export interface CatalogueTable {
  level: Level;
  population: Population;
  /** `['each']`, `[<characteristic>]`, `['hub', 'each']` or `['hub', <characteristic>]`. A finer one stands by itself only. */
  by: string[];
}

/** A closed list of tables: what a release publishes, and nothing else. */
export interface ReleaseCatalogue {
  /** An organisation with fewer people has no figures of its own. */
  minimumLeafSize: number;
  tables: CatalogueTable[];
}

const oneWay = (level: Level): CatalogueTable[] =>
  POPULATIONS.map(({ id }) => ({ level, population: id, by: ['each'] }));

/**
 * All: every population by each characteristic and by ethnic background, and the registered by ethnic group and each; so for groups, but
 * for the background of later stages; larger organisations one-way, without the background, which is mostly small numbers there.
 */
export const DEFAULT_CATALOGUE: ReleaseCatalogue = {
  minimumLeafSize: 25,
  tables: [
    ...oneWay('all'),
    ...POPULATIONS.map(({ id }): CatalogueTable => ({ level: 'all', population: id, by: ['ethnic-background'] })),
    { level: 'all', population: 'registered', by: ['hub', 'each'] },
    ...oneWay('group'),
    { level: 'group', population: 'registered', by: ['ethnic-background'] },
    { level: 'group', population: 'registered', by: ['hub', 'each'] },
    { level: 'organisation', population: 'registered', by: ['each'] },
  ],
};

/** Counts of these are protected more strictly: a higher threshold, and no telling that nobody, or nearly everybody, is. */
export const STRICT: Readonly<Record<string, Partial<Rule>>> = {
  'gender-identity': { threshold: 10, zeros: 'hidden', sensitive: true },
  'sexual-orientation': { threshold: 10, zeros: 'hidden', sensitive: true },
};

/** Why tables of a catalogue cannot be: by the position of the table. None where the catalogue is a star. */
export function catalogueFaults(catalogue: ReleaseCatalogue): { table: number; message: string }[] {
  const known: readonly string[] = RELEASED;
  const finer: readonly string[] = FINER;
  const seen = new Set<string>();
  return catalogue.tables.flatMap((table, i) => {
    const [first, second] = table.by;
    const crossed = table.by.length === 2 && first === 'hub' && (second === 'each' || known.includes(second ?? ''));
    const single =
      table.by.length === 1 && (first === 'each' || first === HUB || [...known, ...finer].includes(first ?? ''));
    const name = JSON.stringify([table.level, table.population, table.by]);
    if (seen.has(name)) return [{ table: i, message: 'This table is in the list twice. Leave one out.' }];
    seen.add(name);
    if (crossed || single) return [];
    if (table.by.length === 2 && first === 'hub' && finer.includes(second ?? ''))
      return [
        {
          table: i,
          message: `${second ?? ''} tells ethnic group more finely, so crossing the two tells nothing more. Give "by" as ["${second ?? ''}"].`,
        },
      ];
    return [
      {
        table: i,
        message: `Give "by" as one characteristic, or as "hub" and one other: ${['each', ...CHARACTERISTICS].join(', ')}. Other crossings cannot be protected together with these.`,
      },
    ];
  });
}

/** The least threshold that a characteristic may have where the release has this one: its own are never weaker than either. */
export const leastThreshold = (characteristic: string, ofRelease: number): number =>
  Math.max(ofRelease, STRICT[characteristic]?.threshold ?? 0);

/** Why thresholds of single characteristics cannot be, by position: they may be stricter than usual only, and say one thing each. */
export function thresholdFaults(
  thresholds: readonly { characteristic: string; threshold: number }[],
  ofRelease: number,
): { at: string; code: string; message: string }[] {
  const seen = new Set<string>();
  return thresholds.flatMap(({ characteristic, threshold }, i) => {
    if (seen.has(characteristic))
      return [
        {
          at: `/thresholds/${i}/characteristic`,
          code: 'threshold_twice',
          message: `There are two thresholds for ${characteristic}. Leave one out.`,
        },
      ];
    seen.add(characteristic);
    const least = leastThreshold(characteristic, ofRelease);
    if (threshold >= least) return [];
    return [
      {
        at: `/thresholds/${i}/threshold`,
        code: 'threshold_too_low',
        message: `The threshold for ${characteristic} is at least ${least}. Send ${least} or more, or leave it out.`,
      },
    ];
  });
}

/** The same for the same tables, whatever the order of the keys. */
export const catalogueHash = (catalogue: ReleaseCatalogue): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        catalogue.minimumLeafSize,
        HUB,
        [...RELEASED, ...FINER],
        catalogue.tables.map(({ level, population, by }) => [level, population, by]),
      ]),
    )
    .digest('hex');

/** Level of the unit of all organisations with rows, where some returned counts only. */
export const WITH_RECORDS = 'with-records';

/**
 * The catalogue as the engine takes it. Where some organisations returned counts only, two-way tables for all are those of the
 * organisations with rows, which are then a unit of their own.
 */
export function engineCatalogue(catalogue: ReleaseCatalogue, someReturnedCounts: boolean): Catalogue {
  const rule = ({ level, population, by }: CatalogueTable): TableRule => ({
    level: level === 'all' && by.length === 2 && someReturnedCounts ? WITH_RECORDS : level,
    population,
    by,
  });
  return {
    id: catalogueHash(catalogue),
    leafLevel: 'organisation',
    minimumLeafSize: catalogue.minimumLeafSize,
    tables: catalogue.tables.map(rule),
  };
}

/** The rules of a release: its threshold for all, its own for some. */
export function engineParameters(release: {
  threshold: number;
  thresholds: Readonly<Record<string, number>>;
  base: number;
}): Parameters {
  const own: Record<string, Partial<Rule>> = {};
  for (const id of CHARACTERISTICS) {
    const threshold = release.thresholds[id];
    if (threshold === undefined && STRICT[id] === undefined) continue;
    const strict = STRICT[id] ?? {};
    own[id] = { ...strict, threshold: Math.max(threshold ?? 0, leastThreshold(id, release.threshold)) };
  }
  return {
    base: release.base,
    rule: { threshold: release.threshold, zeros: 'whenNeeded', sensitive: false },
    characteristics: own,
  };
}

/** The thresholds that differ from the release's, by characteristic. */
export function thresholdsOf(parameters: Parameters): Record<string, number> {
  const { rule, characteristics } = parameters;
  return Object.fromEntries(
    Object.entries(characteristics).flatMap(([id, { threshold }]) =>
      threshold === undefined || threshold === rule.threshold ? [] : [[id, threshold]],
    ),
  );
}
