import type { Characteristic, Dimensions, Figures, Merge, Unit } from '../disclosure/model';
import { CatalogueTable, FINER, HUB, Level, ReleaseCatalogue } from './catalogue';
import { isLeftOut, populationLeftOut } from './left-out';
import type { Population, PublishedCharacteristic, PublishedFigure, PublishedTable, PublishedUnit } from './published';
import { RECORDS_UNIT } from './units';

const PLURAL: Readonly<Record<Level, string>> = { all: 'all', group: 'groups', organisation: 'organisations' };
const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  all: 'all organisations',
  group: 'groups of organisations',
  organisation: 'organisations',
};
const POPULATION_WORDS: Readonly<Record<Population, string>> = {
  registered: 'Registered contributors',
  interested: 'Contributors who were interested',
  selected: 'Contributors who were selected',
  'took-part': 'Contributors who took part',
};

/** The key of a table, the same in each release. */
export const tableKey = (level: Level, population: Population, characteristic: string, byHub: boolean): string =>
  `${PLURAL[level]}-${population}-${byHub ? `${HUB}-by-` : ''}${characteristic}`;

/** What a release publishes, as the engine made it. */
export interface Made {
  figures: Figures;
  merges: readonly Merge[];
}

interface Shape {
  level: Level;
  population: Population;
  characteristic: string;
  byHub: boolean;
}

/** The tables of a catalogue, one for each characteristic, each once. */
export function tableShapes(catalogue: ReleaseCatalogue, characteristics: readonly { id: string }[]): Shape[] {
  const shapes = new Map<string, Shape>();
  for (const table of catalogue.tables)
    for (const characteristic of named(table, characteristics)) {
      const shape = { level: table.level, population: table.population, characteristic, byHub: table.by.length === 2 };
      shapes.set(tableKey(shape.level, shape.population, shape.characteristic, shape.byHub), shape);
    }
  return [...shapes.values()];
}

function named({ by }: CatalogueTable, characteristics: readonly { id: string }[]): string[] {
  const last = by[by.length - 1] ?? '';
  if (last !== 'each') return [last];
  const finer: readonly string[] = FINER;
  const each = characteristics.map((one) => one.id).filter((id) => !finer.includes(id));
  return each.filter((id) => by.length === 1 || id !== HUB);
}

/** What tables are of and how their parts are called. */
export interface Frame {
  engine: readonly Unit[];
  published: readonly PublishedUnit[];
  characteristics: Pick<Dimensions, 'hub' | 'characteristics'>;
  labels: readonly PublishedCharacteristic[];
  /** What nobody returned. */
  leftOut?: readonly Merge[];
}

/** The tables as everybody sees them: the figures that the engine let through, and marks for all others. */
export function publishedTables(catalogue: ReleaseCatalogue, frame: Frame, made: Made): PublishedTable[] {
  const characteristics = [frame.characteristics.hub, ...frame.characteristics.characteristics];
  const { published: units, labels, leftOut = [] } = frame;
  const counted = new Set([...made.figures.keys()].map((key) => key.split('|')[0] ?? ''));
  const called = (key: string): string => lower(labels.find((one) => one.key === key)?.label ?? key);
  const someCounts = units.some((unit) => unit.key === RECORDS_UNIT);
  return tableShapes(catalogue, characteristics).map((shape) => {
    // Crossed tables of all are of the organisations with rows, where others returned counts; no other table is of that unit.
    const fits = (unit: PublishedUnit): boolean =>
      unit.level === shape.level &&
      (unit.key === RECORDS_UNIT) === (shape.byHub && shape.level === 'all' && someCounts);
    const shown = units.filter(
      (unit) =>
        fits(unit) &&
        (hasFigures(unit.key, shape, made.figures) ||
          (populationLeftOut(leftOut, unit.key, shape.population) && counted.has(unit.key))),
    );
    const by = shape.byHub ? `${called(HUB)} and ${called(shape.characteristic)}` : called(shape.characteristic);
    return {
      key: tableKey(shape.level, shape.population, shape.characteristic, shape.byHub),
      title: `${POPULATION_WORDS[shape.population]} by ${by}, ${LEVEL_WORDS[shape.level]}`,
      ...shape,
      figures: shown.flatMap((unit) => figuresOf(unit.key, shape, characteristics, made.figures)),
      notes: made.merges.flatMap((merge) =>
        mergeNote(merge, shape, units.filter(fits), labels, made.figures, isLeftOut(leftOut, merge)),
      ),
    };
  });
}

/** In words, which table a figure of the engine belongs to. */
export function tableOfFigure(figure: string): string {
  const [unit = '', population = '', hub = '*', characteristic = '*'] = figure.split('|');
  const by = [hub === '*' ? '' : HUB, characteristic === '*' ? '' : characteristic].filter((part) => part !== '');
  return `${unit}: ${population} ${by.length === 0 ? 'in all' : `by ${by.join(' and ')}`}`;
}

const lower = (label: string): string => label.charAt(0).toLowerCase() + label.slice(1);

/** Units without any figure of a population, such as small organisations, are left out of the table. */
const hasFigures = (unit: string, { population }: Shape, figures: Figures): boolean =>
  figures.has(`${unit}|${population}|*|*|*`);

function figuresOf(
  unit: string,
  { population, characteristic, byHub }: Shape,
  characteristics: readonly Characteristic[],
  figures: Figures,
): PublishedFigure[] {
  const codes = (id: string): (string | null)[] => [
    ...(characteristics.find((one) => one.id === id)?.categories ?? []),
    null,
  ];
  const figure = (hub: string | null, category: string | null): PublishedFigure => {
    const of = characteristic === HUB ? `${category ?? '*'}|*|*` : `${hub ?? '*'}|${place(characteristic, category)}`;
    const outcome = figures.get(`${unit}|${population}|${of}`);
    if (outcome === undefined) return { unit, hub, category, value: null, status: 'x' };
    return outcome === 'c'
      ? { unit, hub, category, value: null, status: 'c' }
      : { unit, hub, category, value: outcome, status: '' };
  };
  return (byHub ? codes(HUB) : [null]).flatMap((hub) => codes(characteristic).map((category) => figure(hub, category)));
}

const place = (characteristic: string, category: string | null): string =>
  category === null ? '*|*' : `${characteristic}|${category}`;

/** What a reader of a table must know of what was published more coarsely, of the units that the table may be of. */
function mergeNote(
  merge: Merge,
  shape: Shape,
  units: readonly PublishedUnit[],
  labels: readonly PublishedCharacteristic[],
  figures: Figures,
  notReturned: boolean,
): string[] {
  const unit = units.find((one) => one.key === merge.unit);
  if (!unit) return [];
  if (merge.kind === 'unit') return [`${unit.name}: too few people to show anything safely.`];
  if (merge.kind === 'population') {
    if (merge.population !== shape.population) return [];
    return [
      `${unit.name}: ${notReturned ? 'nobody returned how far people came' : 'too few people to show this safely'}.`,
    ];
  }
  if (merge.characteristic !== shape.characteristic) return [];
  if (merge.kind === 'categories') {
    const names = merge.categories.map(
      (code) =>
        labels.find((one) => one.key === merge.characteristic)?.categories.find((category) => category.code === code)
          ?.label ?? code,
    );
    const together = figures.get(
      `${unit.key}|${shape.population}|*|${merge.characteristic}|${merge.categories.join('+')}`,
    );
    const told = typeof together === 'number' ? `: ${together} together` : '';
    return [
      `${unit.name}: ${names.join(', ')} are counted together only, since apart they could not be shown safely${told}.`,
    ];
  }
  if (merge.population !== shape.population || (merge.kind === 'crossing' && !shape.byHub)) return [];
  return [`${unit.name}: ${notReturned ? 'nobody returned this' : 'this could not be shown safely'}.`];
}
