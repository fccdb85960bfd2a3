import { both, KnownRange, middles, Range, settle, shownRange, sumOf } from './count-cell';
import type { Stage } from './derived';
import { Faults } from './fault';
import { NOT_KNOWN, Vocabulary } from './vocabulary';

/** A count of people as it is kept. Low and high are equal where the number is exact. */
export interface ReturnedCount {
  /** Short name of the organisation, as it was written; null where the file does not say. */
  organisation: string | null;
  stage: Stage;
  characteristic: string;
  code: string;
  low: number;
  high: number;
  /** A whole number within the range; those of one question add up to the same people as those of another. */
  people: number;
}

/** One line of counts as it was read. */
export interface ReadCount {
  row: number;
  column: string | null;
  cell: string | null;
  organisation: string | null;
  stage: Stage;
  characteristic: string;
  /** null: the total of the characteristic. */
  code: string | null;
  range: Range;
}

/** The counts of one characteristic of one population of one organisation. */
interface CountTable {
  organisation: string | null;
  stage: Stage;
  characteristic: string;
  parts: Map<string, ReadCount>;
  total: ReadCount | undefined;
  row: number;
}

/**
 * Puts counts together by characteristic, checks that they add up (to their own total, and over the characteristics to the same
 * people), narrows what is withheld, and adds what follows: ethnic groups from backgrounds, and "not known" for questions not counted.
 */
export function checkCounts(
  read: readonly ReadCount[],
  vocabulary: Vocabulary,
  star: number | undefined,
  faults: Faults,
): ReturnedCount[] {
  const tables = gathered(read, faults);
  const populations = new Map<
    string,
    { settled: { table: CountTable; parts: Map<string, KnownRange>; total: KnownRange }[] }
  >();
  for (const table of tables) {
    const several = vocabulary.get(table.characteristic)?.several ?? false;
    const codes = [...table.parts.keys()];
    const ranges = [...table.parts.values()].map(({ range }) => range);
    const result = settle(ranges, several ? undefined : table.total?.range, star);
    const label = vocabulary.get(table.characteristic)?.label ?? table.characteristic;
    if (result === 'no-bound') {
      faults.add(
        at(
          table,
          'star_without_bound',
          `"${label}" has a star that nothing bounds. Give the total of the table, or say below what number you put a star: suppressedBelow=5.`,
        ),
      );
      continue;
    }
    if (result === 'sum') {
      faults.add(
        at(
          table,
          'counts_do_not_add_up',
          `The counts of "${label}" add up to ${shownRange(sumOf(ranges))}, and the total says ${shownRange(table.total?.range ?? { low: 0, high: 0 })}. Count "not known" and "prefer not to say" too, or correct the total.`,
        ),
      );
      continue;
    }
    const parts = new Map(codes.map((code, i) => [code, result.parts[i] ?? { low: 0, high: 0 }]));
    const key = populationOf(table);
    const population = populations.get(key) ?? { settled: [] };
    population.settled.push({ table, parts, total: result.total });
    populations.set(key, population);
  }
  if (faults.count > 0) return [];
  return [...populations.values()].flatMap(({ settled }) => populationCounts(settled, vocabulary, faults));
}

const populationOf = ({ organisation, stage }: CountTable): string => `${stage} ${organisation ?? ''}`;

function gathered(read: readonly ReadCount[], faults: Faults): CountTable[] {
  const tables = new Map<string, CountTable>();
  for (const one of read) {
    const { organisation, stage, characteristic, code, row } = one;
    const key = `${organisation ?? ''} ${stage} ${characteristic}`;
    const table: CountTable = tables.get(key) ?? {
      organisation,
      stage,
      characteristic,
      parts: new Map(),
      total: undefined,
      row,
    };
    tables.set(key, table);
    const before = code === null ? table.total : table.parts.get(code);
    if (before && (before.range.low !== one.range.low || before.range.high !== one.range.high))
      faults.add({
        row,
        column: one.column,
        cell: one.cell,
        code: 'counted_twice',
        message: `Row ${before.row} says ${shownRange(before.range)} of the same people, and this one ${shownRange(one.range)}. Keep the one that holds.`,
      });
    else if (!before && code === null) table.total = one;
    else if (!before && code !== null) table.parts.set(code, one);
  }
  return [...tables.values()];
}

type Settled = { table: CountTable; parts: Map<string, KnownRange>; total: KnownRange };

/** The counts of one population, over all characteristics. */
function populationCounts(settled: readonly Settled[], vocabulary: Vocabulary, faults: Faults): ReturnedCount[] {
  const single = settled.filter(({ table }) => !vocabulary.get(table.characteristic)?.several);
  const [first] = single;
  const one = first ?? settled[0];
  if (!one) return [];
  let people: Range = first ? first.total : { low: 0, high: null };
  for (const { table, total } of single) {
    const fits = both(people, total);
    if (fits) people = fits;
    else
      faults.add(
        at(
          table,
          'counts_do_not_add_up',
          `"${vocabulary.get(table.characteristic)?.label}" is about ${shownRange(total)} people, and "${vocabulary.get(first?.table.characteristic ?? '')?.label}" about ${shownRange(people)}. Each question is about the same people: count those who were not asked as "not known".`,
        ),
      );
  }
  if (!first || people.high === null) {
    faults.add(
      at(
        one.table,
        'people_not_counted',
        'Only a question with several answers is counted, which does not tell how many people there are. Add a question with one answer, such as age.',
      ),
    );
    return [];
  }
  const middle = Math.floor(single.reduce((sum, { total }) => sum + total.low + total.high, 0) / (2 * single.length));
  const size = Math.min(Math.max(middle, people.low), people.high);
  const all = { low: people.low, high: people.high, people: size };
  const { organisation, stage } = first.table;
  const counts = settled.flatMap(({ table, parts }) => {
    const several = vocabulary.get(table.characteristic)?.several ?? false;
    const numbers = middles([...parts.values()], several ? undefined : size);
    return [...parts].map(([code, range], i) => ({
      ...{ organisation, stage, characteristic: table.characteristic, code, ...range },
      people: numbers[i] ?? range.low,
    }));
  });
  addEthnicGroups(counts, vocabulary, faults, first.table);
  const counted = new Set(counts.map(({ characteristic }) => characteristic));
  for (const { key, several } of vocabulary.characteristics)
    if (!several && !counted.has(key))
      counts.push({ organisation, stage, characteristic: key, code: NOT_KNOWN, ...all });
  return counts;
}

/** Ethnic groups follow from backgrounds; where both are counted they must agree. */
function addEthnicGroups(counts: ReturnedCount[], vocabulary: Vocabulary, faults: Faults, table: CountTable): void {
  const backgrounds = counts.filter(({ characteristic }) => characteristic === 'ethnic-background');
  if (backgrounds.length === 0 || !vocabulary.get('ethnic-group')) return;
  const groups = new Map<string, KnownRange & { people: number }>();
  for (const { code, low, high, people } of backgrounds) {
    const group = vocabulary.ethnicGroup(code);
    const sum = groups.get(group) ?? { low: 0, high: 0, people: 0 };
    groups.set(group, { low: sum.low + low, high: sum.high + high, people: sum.people + people });
  }
  const given = counts.filter(({ characteristic }) => characteristic === 'ethnic-group');
  for (const { code, low, high } of given) {
    if (both({ low, high }, groups.get(code) ?? { low: 0, high: 0 })) continue;
    faults.add(
      at(
        table,
        'counts_do_not_add_up',
        `The backgrounds counted under "${vocabulary.label('ethnic-group', code)}" do not add up to the count of that group, ${shownRange({ low, high })}.`,
      ),
    );
  }
  if (given.length > 0) return;
  const { organisation, stage } = table;
  for (const [code, range] of groups)
    counts.push({ organisation, stage, characteristic: 'ethnic-group', code, ...range });
}

const at = ({ row }: CountTable, code: string, message: string) => ({ row, column: null, cell: null, code, message });
