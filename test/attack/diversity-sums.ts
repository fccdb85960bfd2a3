import type { Category, Characteristic, Figure, Table, Unit, Whole } from './diversity-published';

/**
 * Everything that reports make of published figures, worked out again from release.json by formulas written down here anew. What
 * comes out the same says nothing that the figures did not say.
 */

/** A number that was worked out, and its mark; the number is null where the mark is c, x or z. */
export interface Worked {
  value: number | null;
  status: string;
}

const NONE: Worked = { value: null, status: 'x' };
const Z = 1.959963984540054;

/** A share: none of a withheld count, none of fewer than 25 people, and marked `u` where it rests on fewer than 20. */
export function shareOf(count: number | null, status: string, base: number | null): Worked {
  if (count === null) return { value: null, status: status || 'x' };
  if (base === null) return NONE;
  if (base < 25) return { value: null, status: 'x' };
  return { value: Math.min(1, count / base), status: count < 20 ? 'u' : '' };
}

/** The 95% interval of a share (Wilson). */
export function interval(count: number, base: number): { low: number; high: number } {
  const share = count / base;
  const wide = Z * Math.sqrt(Z * Z + 4 * count * (1 - share));
  const of = (sign: number): number => (2 * count + Z * Z + sign * wide) / (2 * (base + Z * Z));
  return { low: Math.max(0, of(-1)), high: Math.min(1, of(1)) };
}

/** A table with its figures by place. */
export class Told {
  readonly characteristic: Characteristic;
  readonly units: Unit[];
  /** Each category, and everybody last. */
  readonly columns: (Category | null)[];
  readonly rows: (Category | null)[];
  private readonly figures: Map<string, Figure>;

  constructor(
    readonly whole: Whole,
    readonly table: Table,
  ) {
    const of = (key: string): Characteristic => {
      const found = whole.characteristics.find((one) => one.key === key);
      if (!found) throw new Error(`release.json does not say what ${key} is`);
      return found;
    };
    this.characteristic = of(table.characteristic);
    this.columns = [...this.characteristic.categories, null];
    this.rows = [...(table.byHub ? of('ethnic-group').categories : []), null];
    this.figures = new Map(table.figures.map((one) => [`${one.unit}|${one.hub}|${one.category}`, one]));
    this.units = whole.units.filter(({ key }) => table.figures.some((figure) => figure.unit === key));
  }

  static of(whole: Whole, key: string): Told | undefined {
    const table = whole.tables.find((one) => one.key === key);
    return table && new Told(whole, table);
  }

  /** The table of one characteristic that tells a unit. */
  static oneWay(whole: Whole, unit: string, population: string, characteristic: string): Told | undefined {
    const table = whole.tables.find(
      (one) =>
        !one.byHub &&
        one.population === population &&
        one.characteristic === characteristic &&
        one.figures.some((figure) => figure.unit === unit),
    );
    return table && new Told(whole, table);
  }

  at(unit: string, hub: string | null, category: string | null): Worked {
    const figure = this.figures.get(`${unit}|${hub}|${category}`);
    return figure ? { value: figure.value, status: figure.status } : { value: null, status: 'x' };
  }

  sum(unit: string, hub: string | null, unknown: boolean): number | null {
    const values = this.characteristic.categories
      .filter((one) => one.unknown === unknown)
      .map(({ code }) => this.at(unit, hub, code).value);
    return values.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
  }

  /** How many gave an answer. */
  known(unit: string, hub: string | null): number | null {
    const sum = this.sum(unit, hub, false);
    const [all, rest] = [this.at(unit, hub, null).value, this.sum(unit, hub, true)];
    return sum ?? (all === null || rest === null ? null : Math.max(0, all - rest));
  }

  share(unit: string, hub: string | null, category: string | null): Worked {
    const of = this.characteristic.categories.find((one) => one.code === category);
    if (!of || of.unknown) return { value: null, status: 'z' };
    const { value, status } = this.at(unit, hub, category);
    return shareOf(value, status, this.known(unit, hub));
  }
}

/** Population figures as /v1/diversity/population-figures gives them. */
export interface Benchmark {
  source: string;
  title: string;
  characteristic: string;
  area: { code: string; name: string };
  figures: { category: string; label: string; people: number; of: string[] }[];
}

/** The numbers of a comparison with a population, in the shape of the answer. */
export function compared(told: Told, unit: string, { figures }: Benchmark) {
  const some = figures.filter((one) => one.of.length > 0);
  const answered = some.reduce((sum, one) => sum + one.people, 0);
  const counts = some.map(({ of }) => {
    const parts = of.map((code) => told.at(unit, null, code));
    const gone = parts.find((part) => part.value === null);
    return gone ?? { value: parts.reduce((sum, part) => sum + (part.value ?? 0), 0), status: '' };
  });
  const has = new Set(some.flatMap((one) => one.of));
  // Of whom a group is known and no background: part of the base, and perhaps of each category.
  const notTold = told.characteristic.categories.filter(({ code }) => code.endsWith('-not-told'));
  const left = told.characteristic.categories.some(
    (one) => !one.unknown && !notTold.includes(one) && !has.has(one.code),
  );
  const sum = counts.reduce<number | null>(
    (all, { value }) => (all === null || value === null ? null : all + value),
    0,
  );
  const known = left ? sum : told.known(unit, null);
  const people = told.at(unit, null, null).value;
  const unknown = notTold.reduce<number | null>(
    (all, { code }) => {
      const { value } = told.at(unit, null, code);
      return all === null || value === null ? null : all + value;
    },
    told.sum(unit, null, true),
  );
  const rows = some.map((figure, i) => {
    const { value: count, status } = counts[i] ?? NONE;
    const populationShare = figure.people / answered;
    const share = shareOf(count, status, known);
    const wide =
      count === null || known === null || share.value === null ? null : interval(Math.min(count, known), known);
    return {
      count,
      share: { value: share.value },
      shareInterval: wide,
      populationShare,
      ratio: { value: share.value === null ? null : share.value / populationShare },
      ratioInterval: wide && { low: wide.low / populationShare, high: wide.high / populationShare },
      difference: { value: share.value === null ? null : (share.value - populationShare) * 100 },
      bounds:
        count === null || people === null || unknown === null || people < 25
          ? null
          : { low: Math.min(1, count / people), high: Math.min(1, (count + unknown) / people) },
      status: share.status,
      label: figure.label,
    };
  });
  const whole = rows.every((row) => row.count !== null && row.share.value !== null);
  return {
    people,
    known,
    completeness: people === null || known === null || people === 0 ? null : Math.min(1, known / people),
    rows,
    dissimilarity: {
      value: whole
        ? rows.reduce((all, row) => all + Math.abs((row.share.value ?? 0) - row.populationShare), 0) / 2
        : null,
    },
  };
}

const POPULATIONS = ['registered', 'interested', 'selected', 'took-part'];

/** The numbers of an equity funnel, in the shape of the answer. */
export function funnelOf(whole: Whole, unit: string, characteristic: string) {
  const stages = POPULATIONS.flatMap((population) => Told.oneWay(whole, unit, population, characteristic) ?? []);
  const categories = stages[0]?.characteristic.categories.filter((one) => !one.unknown) ?? [];
  return {
    groups: categories.map(({ code }) => {
      const counts = stages.map((told) => told.at(unit, null, code).value);
      const known = stages.map((told) => told.known(unit, null));
      return {
        counts,
        progress: stages.slice(1).map((_, i) => step(counts[i], counts[i + 1], known[i], known[i + 1])),
      };
    }),
  };
}

type Count = number | null | undefined;

function step(before: Count, after: Count, knownBefore: Count, knownAfter: Count) {
  const nothing = { rate: { value: null }, others: { value: null }, ratio: { value: null }, interval: null };
  if (before == null || after == null) return nothing;
  const rate = shareOf(after, '', before);
  if (knownBefore == null || knownAfter == null) return { ...nothing, rate: { value: rate.value } };
  const [n, c] = [Math.max(0, knownBefore - before), Math.max(0, knownAfter - after)];
  const others = shareOf(c, '', n);
  const told = { ...nothing, rate: { value: rate.value }, others: { value: others.value } };
  if (rate.value === null || others.value === null) return told;
  const [a, b] = [Math.min(after, before), Math.min(c, n)];
  const ratio = { value: others.value === 0 ? null : rate.value / others.value };
  if (a <= 0 || b <= 0 || before < a || n < b) return { ...told, ratio };
  const spread = Math.exp(Z * Math.sqrt(1 / a - 1 / before + 1 / b - 1 / n));
  const middle = a / before / (b / n);
  return { ...told, ratio, interval: { low: middle / spread, high: middle * spread } };
}
