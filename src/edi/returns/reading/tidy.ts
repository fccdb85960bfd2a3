import { readCount } from './count-cell';
import type { ReadCount } from './count-table';
import { STAGES } from './derived';
import { cellAddress, Faults, quoted } from './fault';
import type { GridRow } from './grid';
import { Mapping, MAPPING_CALL } from './headings';
import { plain, Vocabulary } from './vocabulary';

/** Words for "everybody" in tables of counts. */
export const TOTAL_WORDS = new Set([
  'total',
  'grand total',
  'all',
  'overall',
  'sum',
  'everybody',
  'everyone',
  'all people',
  'total people',
]);

/** Columns of a tidy table of counts, one count a row, by the headings that they may have. */
const TIDY: Readonly<Record<string, readonly string[]>> = {
  characteristic: ['characteristic', 'question', 'variable'],
  category: ['category', 'answer', 'code', 'value', 'group', 'response'],
  count: ['count', 'number', 'people', 'n', 'number of people', 'headcount'],
  stage: ['stage', 'population'],
  organisation: ['organisation', 'network', 'home organisation'],
};

type TidyColumns = { characteristic: number; category: number; count: number; stage: number; organisation: number };

/** The columns of a tidy table, where these are its headings; undefined where the table is something else, such as a pivot table. */
export function tidyColumns(headings: readonly string[]): TidyColumns | undefined {
  const find = (name: string): number => headings.findIndex((one) => TIDY[name]?.includes(plain(one)) ?? false);
  const columns = {
    characteristic: find('characteristic'),
    category: find('category'),
    count: find('count'),
    stage: find('stage'),
    organisation: find('organisation'),
  };
  return columns.characteristic < 0 || columns.category < 0 || columns.count < 0 ? undefined : columns;
}

/** The key of the characteristic that a text names: by key, label or the organisation's own mapping. */
export function characteristicNamed(text: string, vocabulary: Vocabulary, mapping: Mapping): string | undefined {
  const written = plain(text);
  const mapped = mapping.headings.get(written);
  if (mapped !== undefined && vocabulary.get(mapped)) return mapped;
  return vocabulary.characteristics.find(({ key, label }) => plain(key) === written || plain(label) === written)?.key;
}

/** The code that a text means, by the organisation's own mapping or the list. */
export const codeNamed = (
  text: string,
  characteristic: string,
  vocabulary: Vocabulary,
  mapping: Mapping,
): string | undefined =>
  mapping.codes.get(characteristic)?.get(plain(text)) ??
  (text === '' ? undefined : vocabulary.code(characteristic, text));

/** Reads a tidy table. */
export function readTidy(
  lines: readonly GridRow[],
  columns: TidyColumns,
  { vocabulary, mapping }: { vocabulary: Vocabulary; mapping: Mapping },
  faults: Faults,
): ReadCount[] {
  const [heading, ...rest] = lines;
  const counts: ReadCount[] = [];
  const empty: { row: number; key: string }[] = [];
  for (const { row, cells } of rest) {
    const text = (index: number): string => (index < 0 ? '' : (cells[index] ?? ''));
    const fault = (index: number, code: string, message: string): void =>
      faults.add({ row, column: heading?.cells[index] ?? null, cell: cellAddress(row, index), code, message });
    const characteristic = characteristicNamed(text(columns.characteristic), vocabulary, mapping);
    if (characteristic === undefined) {
      const known = vocabulary.characteristics.map(({ key }) => key).join(', ');
      fault(
        columns.characteristic,
        'unknown_characteristic',
        `No question of this collection is called ${quoted(text(columns.characteristic))}. Write one of: ${known}.`,
      );
      continue;
    }
    const category = text(columns.category);
    const total = TOTAL_WORDS.has(plain(category));
    const code = total ? null : codeNamed(category, characteristic, vocabulary, mapping);
    if (code === undefined) fault(columns.category, 'unknown_code', unknownCode(category, characteristic, vocabulary));
    const stage =
      text(columns.stage) === '' ? 'registered' : STAGES.find((one) => plain(one) === plain(text(columns.stage)));
    if (stage === undefined) fault(columns.stage, 'unknown_code', unknownStage(text(columns.stage)));
    const written = text(columns.count);
    if (written === '' && stage !== undefined) {
      empty.push({ row, key: keyOf(text(columns.organisation), stage, characteristic) });
      continue;
    }
    const range = readCount(written);
    if (range === undefined)
      fault(
        columns.count,
        'not_a_count',
        `${quoted(written)} is not a count of people. Write a whole number, a range such as <5, or * where it is withheld.`,
      );
    if (code === undefined || stage === undefined || range === undefined) continue;
    counts.push({
      row,
      column: heading?.cells[columns.count] ?? null,
      cell: cellAddress(row, columns.count),
      organisation: text(columns.organisation) || null,
      stage,
      characteristic,
      code,
      range,
    });
  }
  const counted = new Set(counts.map((one) => keyOf(one.organisation ?? '', one.stage, one.characteristic)));
  // A question that was not asked may stay empty as a whole; one empty answer among counts is a slip.
  for (const { row, key } of empty)
    if (counted.has(key))
      faults.add({
        row,
        column: heading?.cells[columns.count] ?? null,
        cell: cellAddress(row, columns.count),
        code: 'count_missing',
        message: 'Write how many people gave this answer: 0 where nobody did.',
      });
  return counts;
}

const keyOf = (organisation: string, stage: string, characteristic: string): string =>
  `${organisation} ${stage} ${characteristic}`;

/** Most answers that a message lists, those that say nothing included. */
const MOST_LISTED = 12;

/** What to do about an answer that is none: what comes near it, what can be written, and how an own code is mapped. */
export function unknownCode(text: string, characteristic: string, vocabulary: Vocabulary): string {
  const near = vocabulary.nearCodes(characteristic, text).map(({ label }) => `"${label}"`);
  const perhaps = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  const codes = vocabulary.codes(characteristic);
  const known =
    codes.length <= MOST_LISTED
      ? `Write one of: ${codes.map(({ label }) => `"${label}"`).join(', ')}`
      : `Write one of its ${codes.length} answers, which the sheet Codes of the template lists`;
  const label = vocabulary.get(characteristic)?.label ?? characteristic;
  return `${quoted(text)} is not an answer to "${label}".${perhaps} ${known}; or map your own code once with ${MAPPING_CALL}.`;
}

/** What to do about a stage that is none. */
export const unknownStage = (text: string): string =>
  `${quoted(text)} is no stage. Write one of: ${STAGES.join(', ')}.`;
