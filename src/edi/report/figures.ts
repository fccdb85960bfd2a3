import type {
  FigureStatus,
  Population,
  PublishedCategory,
  PublishedCharacteristic,
  PublishedFigure,
  PublishedRelease,
  PublishedTable,
  PublishedUnit,
} from '../release/published';

/** The characteristic that all two-way tables share. */
export const HUB = 'ethnic-group';

/** What stands in files where no category is told apart: everybody. No category has this code. */
export const EVERYBODY = 'all';

/** No percentage, ratio or index where fewer people than this gave an answer. */
export const SMALLEST_BASE = 25;

/**
 * A percentage or ratio of fewer people than this is marked as of low reliability. A verdict on it is given only where at least so
 * many were to be expected.
 */
export const RELIABLE_FROM = 20;

/** What each status means and how it is written in tables for people. The same everywhere. */
export const SHORTHAND: Readonly<Record<Exclude<FigureStatus, ''>, { mark: string; means: string }>> = {
  c: {
    mark: '[c]',
    means: 'Confidential: the number is small, or would tell another that is. It is not nought.',
  },
  u: {
    mark: '[u]',
    means: `Low reliability: a percentage or ratio of fewer than ${RELIABLE_FROM} people.`,
  },
  x: {
    mark: '[x]',
    means: `Not available: nobody returned it, or it could not be shown safely; of a percentage, that fewer than ${SMALLEST_BASE} people answered, or that nobody can say how many did because a category is withheld.`,
  },
  z: { mark: '[z]', means: 'Does not apply.' },
  r: { mark: '[r]', means: 'Revised since the release before.' },
};

/** The populations from widest to narrowest. Each holds all that come after it. */
export const POPULATIONS: Readonly<Record<Population, { label: string; means: string }>> = {
  registered: { label: 'Registered', means: 'Everybody who is registered as a contributor, however far they came.' },
  interested: {
    label: 'Interested',
    means: 'Those who said in the period that they were interested, or came further.',
  },
  selected: { label: 'Selected', means: 'Those who were offered a place in the period, or came further.' },
  'took-part': { label: 'Took part', means: 'Those who took part in at least one activity in the period.' },
};

export const POPULATION_ORDER = Object.keys(POPULATIONS) as Population[];

/** Where one figure stands in a table. */
export interface Place {
  unit: string;
  /** Category of ethnic group, or null for everybody. */
  hub: string | null;
  /** Category of the table's characteristic, or null for everybody. */
  category: string | null;
}

/** A number worked out from published counts. The value may be there although the status is `u`; with `c`, `x` and `z` it is null. */
export interface Derived {
  value: number | null;
  status: FigureStatus;
}

const placeOf = ({ unit, hub, category }: Place): string => JSON.stringify([unit, hub, category]);

/** One published table with what is needed to read it: figures by place, its units and categories in their fixed order, percentages. */
export class TableFigures {
  readonly characteristic: PublishedCharacteristic;
  /** Categories of ethnic group that the table tells apart; none in a one-way table. */
  readonly hubs: readonly PublishedCategory[];
  /** The units that have figures, in the release's order. */
  readonly units: readonly PublishedUnit[];
  private readonly figures: ReadonlyMap<string, PublishedFigure>;

  constructor(
    readonly release: PublishedRelease,
    readonly table: PublishedTable,
  ) {
    this.characteristic = characteristicOf(release, table.characteristic);
    this.hubs = table.byHub ? characteristicOf(release, HUB).categories : [];
    this.figures = new Map(table.figures.map((figure) => [placeOf(figure), figure]));
    const present = new Set(table.figures.map((figure) => figure.unit));
    this.units = release.units.filter((unit) => present.has(unit.key));
  }

  /** The figure of a place; `x` where the table has none there. */
  at(place: Place): PublishedFigure {
    return this.figures.get(placeOf(place)) ?? { ...place, value: null, status: 'x' };
  }

  /** Ethnic groups of the rows: each category and everybody in a two-way table, everybody alone in a one-way one. */
  rowsOf(): (PublishedCategory | null)[] {
    return [...this.hubs, null];
  }

  /** Categories of the columns, everybody last. */
  columns(): (PublishedCategory | null)[] {
    return [...this.characteristic.categories, null];
  }

  /**
   * How many people gave an answer, by published counts: the sum of the known categories; where one of them is withheld, everybody
   * less the categories that are not known. Null where neither can be told.
   */
  known(unit: string, hub: string | null): number | null {
    const { categories } = this.characteristic;
    const sum = this.sum(unit, hub, (category) => !category.unknown, categories);
    if (sum !== null) return sum;
    const all = this.at({ unit, hub, category: null }).value;
    const unknown = this.sum(unit, hub, (category) => category.unknown, categories);
    return all === null || unknown === null ? null : Math.max(0, all - unknown);
  }

  /** How many people gave no answer; null where it is withheld. */
  unknown(unit: string, hub: string | null): number | null {
    return this.sum(unit, hub, (category) => category.unknown, this.characteristic.categories);
  }

  /** Share of a category among the known answers, between 0 and 1. */
  share({ unit, hub, category }: Place): Derived {
    const of = this.characteristic.categories.find((one) => one.code === category);
    if (!of || of.unknown) return { value: null, status: 'z' };
    const { value, status } = this.at({ unit, hub, category });
    return shareOf(value, status, this.known(unit, hub));
  }

  private sum(
    unit: string,
    hub: string | null,
    which: (category: PublishedCategory) => boolean,
    categories: readonly PublishedCategory[],
  ): number | null {
    let sum = 0;
    for (const { code } of categories.filter(which)) {
      const { value } = this.at({ unit, hub, category: code });
      if (value === null) return null;
      sum += value;
    }
    return sum;
  }
}

/** A share by the rules of reliability: nothing from a withheld count, or on a base that is under 25 or not known; `u` under 20. */
export function shareOf(count: number | null, status: FigureStatus, base: number | null): Derived {
  if (count === null) return { value: null, status: status === '' ? 'x' : status };
  if (base === null || base < SMALLEST_BASE) return { value: null, status: 'x' };
  return { value: Math.min(1, count / base), status: count < RELIABLE_FROM ? 'u' : '' };
}

/** The characteristic with this key; an Error where the release has none, since its tables then cannot be read. */
export function characteristicOf(release: PublishedRelease, key: string): PublishedCharacteristic {
  const found = release.characteristics.find((one) => one.key === key);
  if (!found) throw new Error(`Release ${release.number} has no characteristic ${key}`);
  return found;
}

/** The one-way table of a population by a characteristic on a unit's level, or undefined where the release has none with that unit. */
export function oneWay(
  release: PublishedRelease,
  unit: string,
  population: Population,
  characteristic: string,
): TableFigures | undefined {
  const table = release.tables.find(
    (one) =>
      !one.byHub &&
      one.population === population &&
      one.characteristic === characteristic &&
      one.figures.some((figure) => figure.unit === unit),
  );
  return table && new TableFigures(release, table);
}

/** The table with this key, or undefined. */
export function tableOf(release: PublishedRelease, key: string): TableFigures | undefined {
  const table = release.tables.find((one) => one.key === key);
  return table && new TableFigures(release, table);
}

/** How a count is written for people: with thousands parted by commas, or as shorthand. A revised count carries its mark. */
export function written({ value, status }: { value: number | null; status: FigureStatus }): string {
  if (value === null) return SHORTHAND[status === '' ? 'x' : status].mark;
  const digits = value.toLocaleString('en-GB');
  return status === '' || (status === 'u' && value === 0) ? digits : `${digits} ${SHORTHAND[status].mark}`;
}

/** A share as a percentage to one decimal, or shorthand. */
export function percentage({ value, status }: Derived): string {
  if (value === null) return SHORTHAND[status === '' ? 'x' : status].mark;
  const digits = `${(value * 100).toFixed(1)}%`;
  return status === '' || (status === 'u' && value === 0) ? digits : `${digits} ${SHORTHAND[status].mark}`;
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** A day, YYYY-MM-DD, as people write it: 5 October 2026. */
export function inWords(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${date} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

/** The last day of a period whose `until` no longer belongs to it. */
export function lastDay(until: string): string {
  const day = new Date(`${until}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
}
