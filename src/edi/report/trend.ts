import type { Population, PublishedRelease, PublishedUnit } from '../release/published';
import { Derived, HUB, TableFigures } from './figures';
import { whyNoShare } from './missing';

/** One unit that took over from others, so that its series goes on from theirs only with a break. */
export interface Succession {
  /** Key of the unit that goes on. */
  unit: string;
  /** Keys of the units that it took over from. */
  from: readonly string[];
  /** The day, YYYY-MM-DD. */
  on: string;
}

/** Which series: a population of a unit by a category of a characteristic, of everybody or of one ethnic group. */
export interface TrendAsk {
  unit: string;
  population: Population;
  characteristic: string;
  /** Null: everybody. */
  category: string | null;
  /** Null: everybody. */
  hub: string | null;
}

export interface Trend extends TrendAsk {
  unitName: string;
  label: string;
  points: TrendPoint[];
  notes: string[];
}

export interface TrendPoint {
  release: { id: string; number: number };
  snapshotOn: string;
  period: { from: string; until: string };
  /** Published count. */
  count: Derived;
  /** Share among known answers, 0 to 1. */
  share: Derived;
  /** Why this point cannot simply be set beside the one before; none where it can. */
  breaks: TrendBreak[];
  /** Why there is no share; null where there is one. */
  noShareBecause: string | null;
}

export interface TrendBreak {
  kind: 'threshold' | 'rounding' | 'question' | 'categories' | 'unit' | 'held' | 'gap' | 'organisations' | 'form';
  says: string;
}

/** The series over the releases given, oldest first. Undefined where none of them tells it. */
export function trend(
  releases: readonly PublishedRelease[],
  ask: TrendAsk,
  successions: readonly Succession[] = [],
): Trend | undefined {
  const ordered = [...releases].sort((a, b) => a.number - b.number);
  const points: TrendPoint[] = [];
  let before: { release: PublishedRelease; table: TableFigures } | undefined;
  let missed = false;
  for (const release of ordered) {
    const table = tableFor(release, ask);
    if (!table) {
      missed = before !== undefined;
      continue;
    }
    const place = { unit: ask.unit, hub: ask.hub, category: ask.category };
    const { value, status } = table.at(place);
    points.push({
      release: { id: release.id, number: release.number },
      snapshotOn: release.snapshotOn,
      period: release.period,
      count: { value, status },
      share: table.share(place),
      breaks: [
        ...(missed && before
          ? [{ kind: 'gap' as const, says: `Releases after number ${before.release.number} did not tell this.` }]
          : []),
        ...(before ? breaksBetween(before, { release, table }, ask, successions) : []),
        ...heldBreak(release, ask.unit),
      ],
      noShareBecause: whyNoShare(table, place),
    });
    before = { release, table };
    missed = false;
  }
  const last = before;
  if (!last) return undefined;
  const category = last.table.characteristic.categories.find((one) => one.code === ask.category);
  return {
    ...ask,
    unitName: last.release.units.find((unit) => unit.key === ask.unit)?.name ?? ask.unit,
    label: category?.label ?? 'Everybody',
    points,
    notes: [
      'Each release counts everybody who was registered on its day, so most people are in several. A change between two releases is not a sample of change.',
      'Where a break is marked, compare the points on each side of it with each other, not across it.',
    ],
  };
}

/** The table that tells the series, if the release has it with this unit, category and group. */
function tableFor(release: PublishedRelease, ask: TrendAsk): TableFigures | undefined {
  const found = release.tables.find(
    (table) =>
      table.byHub === (ask.hub !== null) &&
      table.population === ask.population &&
      table.characteristic === ask.characteristic &&
      table.figures.some(
        (figure) => figure.unit === ask.unit && figure.category === ask.category && figure.hub === ask.hub,
      ),
  );
  return found && new TableFigures(release, found);
}

interface Told {
  release: PublishedRelease;
  table: TableFigures;
}

function breaksBetween(before: Told, now: Told, ask: TrendAsk, successions: readonly Succession[]): TrendBreak[] {
  const breaks: TrendBreak[] = [];
  const say = (kind: TrendBreak['kind'], says: string): void => void breaks.push({ kind, says });
  const threshold = ({ release }: Told): number => release.thresholds[ask.characteristic] ?? release.threshold;
  if (threshold(before) !== threshold(now))
    say('threshold', `Numbers below ${threshold(now)} are withheld; before, those below ${threshold(before)} were.`);
  if (before.release.base !== now.release.base)
    say('rounding', `Counts are rounded to ${now.release.base}; before, they were rounded to ${before.release.base}.`);
  for (const key of ask.hub === null ? [ask.characteristic] : [ask.characteristic, HUB]) {
    const [was, is] = [before, now].map(({ release }) => release.characteristics.find((one) => one.key === key));
    if (!was || !is) continue;
    if (was.question !== is.question)
      say('question', `The question on ${is.label.toLowerCase()} changed to “${is.question}”.`);
    const codes = (of: typeof is): string => of.categories.map((one) => one.code).join(' ');
    if (codes(was) !== codes(is)) say('categories', `The answers to choose from on ${is.label.toLowerCase()} changed.`);
  }
  breaks.push(...otherOrganisations(before.release, now.release, ask.unit));
  for (const { from, on } of successions.filter(
    ({ unit, on }) => unit === ask.unit && on > before.release.snapshotOn && on <= now.release.snapshotOn,
  ))
    say('unit', `On ${on} it took over from ${from.join(', ')}, whose people count here since.`);
  return breaks;
}

const FORMS = { records: 'rows about named people', anonymous: 'anonymous rows', counts: 'counts' };

/** Organisations of the unit that came or went since the release before, or whose people come in another form. */
function otherOrganisations(before: PublishedRelease, now: PublishedRelease, unit: string): TrendBreak[] {
  const [was, is] = [organisationsOf(before, unit), organisationsOf(now, unit)];
  const names = (list: ReadonlyMap<string, PublishedUnit>, without: ReadonlyMap<string, PublishedUnit>): string =>
    [...list.values()]
      .filter(({ key }) => !without.has(key))
      .map(({ name }) => name)
      .sort()
      .join(', ');
  const [came, went] = [names(is, was), names(was, is)];
  const breaks: TrendBreak[] = [];
  if (came !== '' || went !== '')
    breaks.push({
      kind: 'organisations',
      says: [
        `Other organisations are counted than in release ${before.number}.`,
        ...(came === '' ? [] : [`Now counted too: ${came}.`]),
        ...(went === '' ? [] : [`No longer counted: ${went}.`]),
      ].join(' '),
    });
  for (const [key, { name, form }] of is) {
    const old = was.get(key)?.form;
    if (form && old && form !== old)
      breaks.push({ kind: 'form', says: `${name} returned ${FORMS[form]}; before, ${FORMS[old]}.` });
  }
  return breaks;
}

/** The organisations that a unit is made of, by key: itself, where it is one. */
function organisationsOf({ units }: PublishedRelease, unit: string): Map<string, PublishedUnit> {
  const parents = new Map(units.map(({ key, parent }) => [key, parent]));
  const within = (key: string | null | undefined): boolean =>
    typeof key === 'string' && (key === unit || within(parents.get(key)));
  return new Map(
    units.filter(({ key, level }) => level === 'organisation' && within(key)).map((one) => [one.key, one]),
  );
}

/** A unit that was held stands on its old counts. */
const heldBreak = (release: PublishedRelease, unit: string): TrendBreak[] =>
  release.units.some((one) => one.key === unit && one.held)
    ? [{ kind: 'held', says: 'These are the counts of an earlier release: too few people changed to show it safely.' }]
    : [];
