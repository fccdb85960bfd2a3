import type { Catalogue, Dimensions, Merge, Parameters, Release, TableRule, Unit } from './model';
import { ruleOf } from './rules';

/** The least threshold that any rule may set. */
export const LEAST_THRESHOLD = 5;
/** The least size of a leaf that has figures of its own, where a catalogue sets no other. */
export const LEAST_LEAF = 25;

/** Thresholds and rounding as NIHR's service uses them unless it is configured otherwise. */
export const DEFAULT_PARAMETERS: Parameters = {
  base: 5,
  rule: { threshold: 8, zeros: 'whenNeeded', sensitive: false },
  characteristics: {},
};

/**
 * The default catalogue over the levels `all`, `group` and `leaf`: for the first population (everyone) totals, one-way
 * tables and, above the leaves, the hub by each characteristic; one-way tables of the other populations above the leaves.
 */
export function defaultCatalogue(populations: readonly string[]): Catalogue {
  const [everyone = '', ...others] = populations;
  const above = ['all', 'group'];
  return {
    id: 'default',
    leafLevel: 'leaf',
    minimumLeafSize: LEAST_LEAF,
    tables: [
      ...above.flatMap((level) => [
        { level, population: everyone, by: ['each'] },
        { level, population: everyone, by: ['hub', 'each'] },
        ...others.map((population) => ({ level, population, by: ['each'] })),
      ]),
      { level: 'leaf', population: everyone, by: ['each'] },
    ],
  };
}

/** A catalogue or rules that no release can be made by. Each fault is one sentence in plain English. */
export class NoGround extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join(' '));
    this.name = 'NoGround';
  }
}

/** What is wrong with a catalogue; nothing where every table of it belongs to one star. */
export function catalogueFaults(catalogue: Catalogue, dimensions: Dimensions): string[] {
  const faults = catalogue.tables.flatMap((rule) => tableFaults(rule, dimensions));
  if (!Number.isSafeInteger(catalogue.minimumLeafSize) || catalogue.minimumLeafSize < 0)
    faults.push('The least size of a leaf unit must be a whole number, 0 or more.');
  if (catalogue.tables.length === 0) faults.push('The catalogue has no tables.');
  return faults;
}

function tableFaults(rule: TableRule, { hub, characteristics, populations }: Dimensions): string[] {
  const name = `The table of ${rule.population} by ${rule.by.join(' and ') || 'nothing'} for level ${rule.level}`;
  const others = new Set(['each', ...characteristics.map((c) => c.id)]);
  const finer = new Set(characteristics.filter((c) => c.within).map((c) => c.id));
  const [first = '', second = ''] = rule.by;
  const faults: string[] = [];
  const extra = Object.keys(rule).filter((key) => !['level', 'population', 'by'].includes(key));
  if (extra.length > 0)
    faults.push(`${name} has ${extra.join(', ')}: tables cannot be filtered or changed, only listed.`);
  if (!populations.some((population) => population.id === rule.population))
    faults.push(`${name} is of a population that there is not.`);
  if (rule.by.length > 2) faults.push(`${name} crosses more than two characteristics.`);
  else if (rule.by.length === 2 && (first !== 'hub' || !others.has(second)))
    faults.push(`${name} does not cross the hub (${hub.id}, written "hub") with one other characteristic.`);
  else if (rule.by.length === 2 && finer.has(second))
    faults.push(`${name} crosses the hub with what tells it more finely: ask for ${second} by itself.`);
  else if (rule.by.length === 1 && !others.has(first) && first !== hub.id)
    faults.push(`${name} is by a characteristic that there is not.`);
  return faults;
}

/** What is wrong with the rules of a release. */
export function parameterFaults(parameters: Parameters, dimensions: Dimensions): string[] {
  const ids = [dimensions.hub.id, ...dimensions.characteristics.map((c) => c.id)];
  const faults = Object.keys(parameters.characteristics)
    .filter((id) => !ids.includes(id))
    .map((id) => `There is a rule for ${id}, which is not counted.`);
  const thresholds = ['*', ...ids].map((id) => ({ id, threshold: ruleOf(parameters, id).threshold }));
  for (const { id, threshold } of thresholds)
    if (!Number.isSafeInteger(threshold) || threshold < LEAST_THRESHOLD)
      faults.push(`The threshold ${id === '*' ? 'of the release' : `of ${id}`} must be ${LEAST_THRESHOLD} or more.`);
  for (const { id, within } of dimensions.characteristics)
    if (within && ruleOf(parameters, id).sensitive)
      faults.push(`${id} tells the hub more finely, so it cannot have a rule of its own for what nearly all have.`);
  const most = 2 * Math.min(...thresholds.map(({ threshold }) => threshold));
  if (!Number.isSafeInteger(parameters.base) || parameters.base < 1 || parameters.base > most)
    faults.push(`The rounding base must be a whole number from 1 to ${most}, twice the lowest threshold.`);
  return faults;
}

/** One figure that a catalogue promises: `hub` and `characteristic` are positions, -1 for all. */
export interface Promised {
  readonly unit: Unit;
  readonly population: string;
  readonly hub: number;
  readonly characteristic: number;
  /** Positions of the categories that are counted together: one, unless they are merged. None in a total. */
  readonly categories: readonly number[];
  readonly key: string;
}

/** Every figure of a release, each once. `isSmall` tells which units are leaves too small to be shown. */
export function promised(
  dimensions: Dimensions,
  release: Omit<Release, 'figures'>,
  isSmall: (unit: Unit) => boolean,
): Promised[] {
  const { hub, characteristics } = dimensions;
  const found = new Map<string, Promised>();
  for (const unit of release.units) {
    const merges = release.merges.filter((merge) => merge.unit === unit.id);
    if (merges.some((merge) => merge.kind === 'unit') || isSmall(unit)) continue;
    for (const { population, by } of release.catalogue.tables.filter((rule) => rule.level === unit.level)) {
      if (merges.some((merge) => merge.kind === 'population' && merge.population === population)) continue;
      const left = (kind: Merge['kind'], id: string): boolean =>
        merges.some(
          (m) =>
            m.kind === kind &&
            'population' in m &&
            m.population === population &&
            'characteristic' in m &&
            m.characteristic === id,
        );
      const put = (h: number, k: number, categories: readonly number[]): void => {
        const of = characteristics[k];
        const names = categories.map((c) => of?.categories[c] ?? '').join('+');
        const key = `${unit.id}|${population}|${h < 0 ? '*' : (hub.categories[h] ?? '')}|${of?.id ?? '*'}|${of ? names : '*'}`;
        found.set(key, { unit, population, hub: h, characteristic: k, categories, key });
      };
      put(-1, -1, []);
      const last = by.at(-1);
      const crossed = by.length === 2;
      const withHub = !left('characteristic', hub.id);
      const hubs = hub.categories.map((_, h) => h);
      if (withHub && (crossed || last === 'each' || last === hub.id)) for (const h of hubs) put(h, -1, []);
      characteristics.forEach(({ id, categories, within }, k) => {
        if ((last !== id && (last !== 'each' || within)) || left('characteristic', id)) return;
        for (const group of grouped(categories, merges, id)) {
          put(-1, k, group);
          if (crossed && withHub && !left('crossing', id)) for (const h of hubs) put(h, k, group);
        }
      });
    }
  }
  return [...found.values()];
}

/** Positions of categories, those that are merged together in one list, in the order in which the merge names them. */
function grouped(categories: readonly string[], merges: readonly Merge[], characteristic: string): number[][] {
  const groups: number[][] = [];
  const merged = merges.flatMap((m) =>
    m.kind === 'categories' && m.characteristic === characteristic ? [m.categories] : [],
  );
  categories.forEach((category, c) => {
    const of = merged.find((group) => group.includes(category));
    if (!of) groups.push([c]);
    else if (of[0] === category) groups.push(of.map((name) => categories.indexOf(name)));
  });
  return groups;
}
