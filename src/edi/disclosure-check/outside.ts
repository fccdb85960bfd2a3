import type { CellCount, Dimensions, Parameters, Release, Unit } from '../disclosure/model';

/** What an outsider knows of one published sum: the unknowns it adds up, and between what it lies. */
export interface Known {
  /** Position of the release among all that are known; the latest is 0. */
  readonly release: number;
  readonly figure: string;
  readonly columns: readonly number[];
  /** Other known sums that add up to this one: shorter than the list of unknowns, and the same. None where there are no such. */
  readonly parts: readonly number[];
  readonly low: number;
  readonly high: number;
}

/** Everything that can be read off what was published: unknowns, and rows of sums of them. */
export interface Outside {
  readonly columnCount: number;
  /** Sums that are equal: the people of a cell, and the same people by one characteristic. */
  readonly equal: readonly { readonly total: number; readonly parts: readonly number[] }[];
  readonly known: readonly Known[];
}

const THE_ONE_MARKER = 'c';

/**
 * Reads releases as a stranger does: the values and markers, the catalogue, the units and the rules, never a true count.
 * Leaves that no release tells apart are taken as one, which changes nothing that can be found out, since any people of
 * the one could as well be of the other.
 *
 * @param people what the stranger knows besides: how many people every leaf has in each stage and hub category
 */
export function readFromOutside(
  dimensions: Dimensions,
  releases: readonly Release[],
  people?: readonly CellCount[],
): Outside {
  const { stages, hub, characteristics } = dimensions;
  const shown = releases.map((release) => new Set([...release.figures.keys()].map((key) => key.split('|')[0] ?? '')));
  const classes = leafClasses(releases, shown);
  const width = 1 + characteristics.reduce((sum, c) => sum + c.categories.length, 0);
  const starts = new Map<string, number>();
  characteristics.reduce((start, c) => (starts.set(c.id, start), start + c.categories.length), 1);
  const hubs = hub.categories.length;
  const classCount = new Set(classes.values()).size;
  const column = (leafClass: number, stage: number, h: number, place: number): number =>
    ((leafClass * stages.length + stage) * hubs + h) * width + place;

  const columnsOf = (unit: Unit, population: readonly string[], h: number, places: readonly number[]): number[] => {
    const columns = new Set<number>();
    for (const leaf of unit.leaves)
      for (const stage of population)
        for (let i = 0; i < hubs; i++)
          if (h < 0 || h === i)
            for (const place of places) columns.add(column(classes.get(leaf) ?? 0, stages.indexOf(stage), i, place));
    return [...columns];
  };

  const known: Known[] = [];
  releases.forEach((release, index) => {
    const units = new Map(release.units.map((unit) => [unit.id, unit]));
    for (const [key, outcome] of release.figures) {
      const [unitId = '', populationId, hubId = '*', characteristicId = '*', category = '*'] = key.split('|');
      const unit = units.get(unitId);
      const population = dimensions.populations.find((p) => p.id === populationId);
      const characteristic = characteristics.find((c) => c.id === characteristicId);
      if (!unit || !population) throw new RangeError(`${key} is not of a unit and population of its release.`);
      const places = characteristic
        ? category
            .split('+')
            .map((name) => (starts.get(characteristic.id) ?? 0) + characteristic.categories.indexOf(name))
        : [0];
      const columns = columnsOf(unit, population.stages, hubId === '*' ? -1 : hub.categories.indexOf(hubId), places);
      const told = [...(hubId === '*' ? [] : [hub.id]), ...(characteristicId === '*' ? [] : [characteristicId])];
      const [low, high] = reading(outcome, release.parameters, told);
      known.push({ release: index, figure: key, columns, parts: [], low, high });
    }
    const ofClass = new Map<number, { leaves: string[]; low: number; high: number }>();
    for (const { unit, low, high } of sizes(release, shown[index] ?? new Set()))
      for (const leaf of unit.leaves) {
        const sum = ofClass.get(classes.get(leaf) ?? 0) ?? { leaves: [], low: 0, high: 0 };
        ofClass.set(classes.get(leaf) ?? 0, { leaves: [leaf], low: sum.low + low, high: sum.high + high });
      }
    for (const { leaves, low, high } of ofClass.values()) {
      const columns = columnsOf({ id: '', level: '', leaves }, stages, -1, [0]);
      known.push({ release: index, figure: '', columns, parts: [], low, high });
    }
  });
  const equal: Outside['equal'][number][] = [];
  for (let cell = 0; cell < classCount * stages.length * hubs; cell++)
    for (const { id, categories } of characteristics) {
      const start = cell * width + (starts.get(id) ?? 0);
      equal.push({ total: cell * width, parts: categories.map((_, c) => start + c) });
    }
  if (people) {
    const exact = new Map<number, number>();
    for (const leafClass of new Set(classes.values()))
      for (let s = 0; s < stages.length; s++) for (let h = 0; h < hubs; h++) exact.set(column(leafClass, s, h, 0), 0);
    for (const { leaf, stage, hub: of, people: count } of people) {
      const leafClass = classes.get(leaf);
      if (leafClass === undefined) continue;
      const at = column(leafClass, stages.indexOf(stage), hub.categories.indexOf(of), 0);
      exact.set(at, (exact.get(at) ?? 0) + count);
    }
    for (const [at, count] of exact)
      known.push({ release: 0, figure: '', columns: [at], parts: [], low: count, high: count });
  }
  const impossible = impossibleColumns(dimensions, classCount, starts, width);
  if (impossible.length > 0) known.push({ release: 0, figure: '', columns: impossible, parts: [], low: 0, high: 0 });
  return { columnCount: classCount * stages.length * hubs * width, equal, known: inParts(dimensions, releases, known) };
}

/** What everybody knows without any release: an answer that lies in one category of the hub is given by nobody of another. */
function impossibleColumns(
  { hub, stages, characteristics }: Dimensions,
  classCount: number,
  starts: ReadonlyMap<string, number>,
  width: number,
): number[] {
  const columns: number[] = [];
  for (let cell = 0; cell < classCount * stages.length * hub.categories.length; cell++)
    for (const { id, categories, within } of characteristics)
      categories.forEach((category, c) => {
        const own = hub.categories[cell % hub.categories.length];
        if (within && within[category] !== own) columns.push(cell * width + (starts.get(id) ?? 0) + c);
      });
  return columns;
}

/** Says of each figure which others it is the sum of: hub categories of it, or the same figure of units below. */
function inParts({ hub }: Dimensions, releases: readonly Release[], known: readonly Known[]): Known[] {
  const places = new Map(known.map(({ release, figure }, i) => [`${release}|${figure}`, i]));
  return known.map((one) => {
    const [unit = '', population, of, ...rest] = one.figure.split('|');
    if (of === undefined) return one;
    const at = (u: string, h: string): number | undefined =>
      places.get([one.release, u, population, h, ...rest].join('|'));
    const sums = [of === '*' ? hub.categories.map((category) => at(unit, category)) : []];
    const units = releases[one.release]?.units ?? [];
    const leaves = new Set(units.find(({ id }) => id === unit)?.leaves);
    const below = units
      .filter(
        ({ id, leaves: part }) => id !== unit && part.length < leaves.size && part.every((leaf) => leaves.has(leaf)),
      )
      .filter(({ id }) => at(id, of) !== undefined)
      .sort((a, b) => b.leaves.length - a.leaves.length);
    const taken = new Set<string>();
    const apart = below.filter(({ leaves: part }) => {
      if (part.some((leaf) => taken.has(leaf))) return false;
      for (const leaf of part) taken.add(leaf);
      return true;
    });
    if (taken.size === leaves.size) sums.unshift(apart.map(({ id }) => at(id, of)));
    // Only what adds up to exactly the same unknowns is used, so that nothing is gained or lost by it.
    const parts = sums
      .map((sum) => sum.filter((i) => i !== undefined))
      .find((sum) =>
        sameColumns(
          one,
          sum.map((i) => known[i]),
        ),
      );
    return { ...one, parts: parts ?? [] };
  });
}

function sameColumns(one: Known, parts: readonly (Known | undefined)[]): boolean {
  if (parts.length === 0) return false;
  const columns = parts.flatMap((part) => part?.columns ?? []);
  const own = new Set(one.columns);
  return (
    columns.length === own.size && new Set(columns).size === own.size && columns.every((column) => own.has(column))
  );
}

/** Leaves by what is shown of them: two that lie in the same shown units are in one class. */
function leafClasses(releases: readonly Release[], shown: readonly Set<string>[]): Map<string, number> {
  const within = new Map<string, string[]>();
  releases.forEach((release, index) => {
    const small = sizes(release, shown[index] ?? new Set());
    for (const unit of release.units)
      for (const leaf of unit.leaves) {
        const list = within.get(leaf) ?? [];
        if (shown[index]?.has(unit.id)) list.push(`${index}|${unit.id}`);
        // Sizes of leaves without figures of their own are only kept apart where one leaf appears in several releases.
        else if (releases.length > 1 && small.some((size) => size.unit === unit)) list.push(`${index}|${unit.id}`);
        within.set(leaf, list);
      }
  });
  const classes = new Map<string, number>();
  const numbers = new Map<string, number>();
  for (const [leaf, list] of within) {
    const name = [...list].sort().join(' ');
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    classes.set(leaf, numbers.get(name) ?? 0);
  }
  return classes;
}

/** A leaf with figures has at least the least size; one without has less, unless the release says otherwise. */
function sizes(release: Release, shown: ReadonlySet<string>): { unit: Unit; low: number; high: number }[] {
  const { catalogue, units, merges } = release;
  if (!catalogue.tables.some((rule) => rule.level === catalogue.leafLevel)) return [];
  return units
    .filter((unit) => unit.level === catalogue.leafLevel)
    .map((unit) =>
      shown.has(unit.id) || merges.some((merge) => merge.kind === 'unit' && merge.unit === unit.id)
        ? { unit, low: catalogue.minimumLeafSize, high: Infinity }
        : { unit, low: 0, high: catalogue.minimumLeafSize - 1 },
    );
}

/** Between what a figure lies, given what was printed for it. */
function reading(outcome: number | string, parameters: Parameters, told: readonly string[]): [number, number] {
  const rules = (told.length > 0 ? told : ['']).map((id) => ({
    ...parameters.rule,
    ...parameters.characteristics[id],
  }));
  const threshold = Math.max(...rules.map((rule) => rule.threshold));
  const zeros = rules.every((rule) => rule.zeros === 'shown' && !(rule.sensitive && told.length > 0));
  if (typeof outcome === 'string') {
    // A marker of its own says which figures are small.
    if (outcome !== THE_ONE_MARKER) return [1, threshold - 1];
    return [zeros ? 1 : 0, Infinity];
  }
  if (outcome === 0) return [0, 0];
  const { base } = parameters;
  if (outcome % base !== 0) return [outcome, outcome];
  const low = outcome - Math.floor(base / 2);
  const high = low + base - 1;
  return [high >= threshold ? Math.max(low, threshold) : low, high];
}
