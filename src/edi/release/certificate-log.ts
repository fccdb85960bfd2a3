import type { Merge, Protected } from '../disclosure/model';
import { HUB } from './catalogue';
import { isLeftOut } from './left-out';
import type { Population, PublishedCharacteristic, PublishedUnit } from './published';

/** More of the large figures withheld than this share is said first. */
const MUCH_WITHHELD = 0.25;
/** More organisations of the release before missing than this share is said first. */
const MANY_MISSING = 0.25;
/** How the search ends what it says of a figure of an earlier release; the figure's key stands before it. */
const NOT_PROVEN = ' of an earlier release could not be proven to stay protected.';

/** What the log calls things by. */
export interface LogFrame {
  units: readonly PublishedUnit[];
  labels: readonly PublishedCharacteristic[];
  /** What nobody returned, which the release itself says. */
  leftOut: readonly Merge[];
  /** The release before, where there was one: its number and its organisations. */
  previous: { number: number | null; units: readonly PublishedUnit[] } | null;
}

/** What whoever signs must know before anything else: one sentence each, none where all is as usual. */
export function warningsOf({ cost }: Pick<Protected, 'cost'>, { units, previous }: LogFrame): string[] {
  const before = organisations(previous?.units ?? []);
  const now = new Set(organisations(units).map(({ key }) => key));
  const missing = before.filter(({ key }) => !now.has(key));
  return [
    ...(missing.length > before.length * MANY_MISSING
      ? [
          `LOOK AT THIS FIRST: ${missing.length} of the ${before.length} organisations of release ${previous?.number ?? 'before'} are missing in this one: ${list(missing.map(({ name }) => name))}.`,
        ]
      : []),
    ...(cost.share > MUCH_WITHHELD
      ? [
          `LOOK AT THIS FIRST: more than a quarter of what is large enough to be shown is withheld, ${cost.withheld} of ${cost.large} figures.`,
        ]
      : []),
  ];
}

/** What was withheld and told more coarsely, in the words of the release. */
export function protectionLog(
  { cost, merges, log }: Pick<Protected, 'cost' | 'merges' | 'log'>,
  frame: LogFrame,
): string[] {
  const words = new Words(frame);
  return [
    `Of ${cost.large} figures at or above their threshold, ${cost.withheld} are withheld.`,
    ...merges.filter((merge) => !isLeftOut(frame.leftOut, merge)).map((merge) => words.merge(merge)),
    ...log
      .filter((line) => line.endsWith(NOT_PROVEN))
      .map((line) => words.notProven(line.slice(0, -NOT_PROVEN.length))),
  ];
}

/** Codes as a reader knows them. */
class Words {
  constructor(private readonly frame: LogFrame) {}

  merge(merge: Merge): string {
    const unit = this.unit(merge.unit);
    const why = 'could not be protected';
    if (merge.kind === 'unit') return `${unit}: counted in the wider ones only, since its figures ${why}.`;
    if (merge.kind === 'population') return `${unit}: ${who(merge.population)} are left out, since this ${why}.`;
    const what = this.characteristic(merge.characteristic);
    if (merge.kind === 'categories') {
      const names = merge.categories.map((code) => `“${this.category(merge.characteristic, code)}”`);
      return `${unit}: ${list(names)} (${what}) are counted together, since they ${why} apart.`;
    }
    const crossed = merge.kind === 'crossing' ? `${this.characteristic(HUB)} by ${what}` : what;
    return `${unit}, ${who(merge.population)}: ${crossed} is left out, since this ${why}.`;
  }

  /** @param key unit, population, ethnic group, characteristic and category of a figure, with strokes between them */
  notProven(key: string): string {
    const [unit = '', population = '', hub = '*', characteristic = '*', category = '*'] = key.split('|');
    const parts = [
      this.unit(unit),
      who(population),
      ...(hub === '*' ? [] : [this.category(HUB, hub)]),
      ...(characteristic === '*' || category === '*'
        ? []
        : [
            category
              .split('+')
              .map((code) => this.category(characteristic, code))
              .join(' and '),
          ]),
    ];
    return `A figure of an earlier release could not be proven to stay protected: ${parts.join(', ')}.`;
  }

  private unit(key: string): string {
    return this.frame.units.find((one) => one.key === key)?.name ?? key;
  }

  private characteristic(key: string): string {
    const label = this.frame.labels.find((one) => one.key === key)?.label ?? key;
    return label.charAt(0).toLowerCase() + label.slice(1);
  }

  private category(characteristic: string, code: string): string {
    const of = this.frame.labels.find((one) => one.key === characteristic);
    return of?.categories.find((one) => one.code === code)?.label ?? code;
  }
}

const WHO: Readonly<Record<Population, string>> = {
  registered: 'everybody registered',
  interested: 'those who were interested',
  selected: 'those who were selected',
  'took-part': 'those who took part',
};
const who = (population: string): string => (WHO as Readonly<Record<string, string>>)[population] ?? population;

const organisations = (units: readonly PublishedUnit[]): PublishedUnit[] =>
  units.filter(({ level }) => level === 'organisation');

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
