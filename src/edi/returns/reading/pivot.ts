import { isCount } from './count-cell';
import type { ReadCount } from './count-table';
import { Stage, STAGES } from './derived';
import { cellAddress, columnNamed, Faults, quoted } from './fault';
import { GridRow, isBlank } from './grid';
import { Mapping, MAPPING_CALL } from './headings';
import { PivotRows } from './pivot-rows';
import { characteristicNamed, codeNamed, TOTAL_WORDS } from './tidy';
import { plain, Vocabulary } from './vocabulary';

export interface PivotSetting {
  vocabulary: Vocabulary;
  mapping: Mapping;
  /** Name of the sheet, where there are others. */
  sheet?: string;
}

/** What a column of numbers counts. */
export type ValueColumn =
  | { kind: 'people'; index: number; stage: Stage }
  | { kind: 'total'; index: number }
  | { kind: 'category'; index: number; characteristic: string; code: string };

/** One table of a sheet: what stands over it, and its lines of numbers. */
export interface PivotTable {
  /** Characteristic that a heading over the rows names, where one does. */
  named: string | undefined;
  stage: Stage;
  /** Texts that stand over the table. */
  titles: readonly string[];
  /** Cells of the line over the numbers, by column. */
  headings: readonly string[];
  /** How many columns of labels stand before the numbers. */
  labels: number;
  values: ValueColumn[];
  lines: GridRow[];
}

const COUNT_WORDS =
  /^(?:count|number|n|people|persons|headcount|freq(?:uency)?|contributors|values?)\b|^(?:count|number|sum) of\b/;
/** Written where a number should stand, and no heading. */
const NOT_ANSWERED = /^n ?\/ ?[ak]$/i;
const PERCENT_WORDS = /%|per ?cent|^share$|^proportion$/;
const LABEL_WORDS = new Set(['row labels', 'column labels', 'characteristic', 'category', 'answer', 'group', '']);

/**
 * Reads pivot tables as spreadsheets make them: one under another, with headings over rows, rows nested below a subtotal, one question
 * across and one down. Subtotals are recognised and checked. What comes out are counts of one question each.
 */
export function readPivots(
  lines: readonly GridRow[],
  setting: PivotSetting,
  notes: string[],
  faults: Faults,
): ReadCount[] {
  const counts: ReadCount[] = [];
  let titles: GridRow[] = [];
  let found = 0;
  for (const segment of segments(lines, setting)) {
    const start = segment.findIndex(hasCount);
    if (start < 0) {
      titles = [...titles, ...segment];
      continue;
    }
    found++;
    const table = tableOf([...titles, ...segment.slice(0, start)], segment.slice(start), setting, notes, faults);
    titles = [];
    if (table) counts.push(...new PivotRows(table, setting, notes, faults).read());
  }
  if (found === 0)
    faults.add({
      row: lines[0]?.row ?? 1,
      column: null,
      cell: null,
      code: 'no_counts',
      message: `No table of counts was found${setting.sheet === undefined ? '' : ` in the sheet ${quoted(setting.sheet)}`}. Use the template for counts, or put each table with its answers in the first column and the numbers to the right.`,
    });
  return counts;
}

/**
 * Runs of lines without a blank one between. Spreadsheets leave blank rows out of their files, so a number that is skipped is one, too.
 * Where somebody deleted the blank row, the next table begins at its heading, with the titles right above it.
 */
function segments(lines: readonly GridRow[], setting: PivotSetting): GridRow[][] {
  const runs: GridRow[][] = [];
  let run: GridRow[] = [];
  let last = 0;
  const close = (): void => {
    if (run.length > 0) runs.push(run);
    run = [];
  };
  for (const line of lines) {
    if (isBlank(line)) continue;
    if (line.row > last + 1) close();
    last = line.row;
    const counted = run.findLastIndex(hasCount);
    if (counted >= 0 && isHeading(line, setting)) {
      const titles = run.splice(counted + 1);
      close();
      run = titles;
    }
    run.push(line);
  }
  close();
  return runs;
}

const hasCount = ({ cells }: GridRow): boolean => cells.some((cell, i) => i > 0 && isCount(cell));

/** Whether a line heads the numbers below it: it has none itself, says what is counted, and is about no answer and no total. */
function isHeading(line: GridRow, { vocabulary, mapping }: PivotSetting): boolean {
  const [label = '', ...rest] = line.cells;
  if (hasCount(line) || TOTAL_WORDS.has(plain(label))) return false;
  const says = (cell: string): boolean => plain(cell) !== '' && !NOT_ANSWERED.test(cell) && kindOf(cell) !== undefined;
  if (!rest.some(says)) return false;
  return vocabulary.characteristics.every(({ key }) => codeNamed(label, key, vocabulary, mapping) === undefined);
}

function tableOf(
  above: readonly GridRow[],
  body: readonly GridRow[],
  setting: PivotSetting,
  notes: string[],
  faults: Faults,
): PivotTable | undefined {
  const firstNumber = Math.min(
    ...body.map(({ cells }) => cells.findIndex((cell, i) => i > 0 && isCount(cell))).filter((i) => i > 0),
  );
  const heading = above.findLast(({ cells }) => cells.some((cell, i) => i >= firstNumber && cell !== ''));
  // A heading over rows can stand below the line of headings: then it is a line of the table like the others.
  const lines = [...above.filter(({ row }) => heading !== undefined && row > heading.row), ...body];
  const titles = above.filter((line) => line !== heading && !lines.includes(line));
  const words = [...titles.flatMap(({ cells }) => cells), ...(heading?.cells.slice(0, firstNumber) ?? [])].filter(
    (cell) => cell !== '',
  );
  const stage = words.map(stageIn).find((one) => one !== undefined) ?? 'registered';
  const values = valueColumns(heading, body, firstNumber, stage, setting, notes, faults);
  if (!values) return undefined;
  const crossed = values.find((value) => value.kind === 'category')?.characteristic;
  const names = words
    .map((word) => characteristicIn(word, setting))
    .filter((key) => key !== undefined && key !== crossed);
  return {
    named: names.at(-1),
    stage,
    titles: words,
    headings: heading?.cells ?? [],
    labels: firstNumber,
    values,
    lines,
  };
}

/** The characteristic that a title speaks of: its whole text, or what stands before or after "by", "of", ":" and the like. */
function characteristicIn(text: string, { vocabulary, mapping }: PivotSetting): string | undefined {
  const whole = characteristicNamed(text, vocabulary, mapping);
  if (whole !== undefined) return whole;
  for (const part of text.split(/\bby\b|\bof\b|[:,()–-]/i)) {
    const named = characteristicNamed(part.trim(), vocabulary, mapping);
    if (named !== undefined) return named;
  }
  return undefined;
}

const stageIn = (text: string): Stage | undefined =>
  STAGES.find((stage) => plain(text) === plain(stage) || plain(text).split(' ').join('-') === stage);

function valueColumns(
  heading: GridRow | undefined,
  body: readonly GridRow[],
  first: number,
  stage: Stage,
  setting: PivotSetting,
  notes: string[],
  faults: Faults,
): ValueColumn[] | undefined {
  const width = Math.max(...body.map(({ cells }) => cells.length));
  const columns: { index: number; text: string }[] = [];
  for (let index = first; index < width; index++) {
    const text = heading?.cells[index] ?? '';
    const cells = body.map((line) => line.cells[index] ?? '').filter((cell) => cell !== '');
    if (cells.length === 0) continue;
    if (
      PERCENT_WORDS.test(text.toLowerCase()) ||
      cells.every((cell) => cell.includes('%') || /^[01]?\.\d+$/.test(cell))
    )
      notes.push(`Column ${quoted(text)} holds percentages, which were not read.`);
    else columns.push({ index, text });
  }
  const categories = columns.filter(({ text }) => kindOf(text) === undefined);
  const crossed = categories.length > 0 ? crossedBy(categories, setting) : undefined;
  const values: ValueColumn[] = [];
  let wrong = false;
  for (const { index, text } of columns) {
    const kind = kindOf(text);
    const code =
      crossed && kind === undefined ? codeNamed(text, crossed, setting.vocabulary, setting.mapping) : undefined;
    if (kind === 'total' && columns.length > 1) values.push({ kind: 'total', index });
    else if (kind === 'people' || kind === 'total' || columns.length === 1)
      values.push({ kind: 'people', index, stage: stageIn(text) ?? stage });
    else if (kind !== undefined) values.push({ kind: 'people', index, stage: kind });
    else if (crossed && code !== undefined) values.push({ kind: 'category', index, characteristic: crossed, code });
    else {
      wrong = true;
      const row = heading?.row ?? body[0]?.row ?? 1;
      faults.add({
        row,
        column: columnNamed(heading?.cells ?? [], index),
        cell: cellAddress(row, index),
        code: 'unknown_heading',
        message: `It is not clear what the numbers below ${quoted(text)} count. Head each column with "Count", a stage, or the answers of one question; or map your own codes once with ${MAPPING_CALL}.`,
      });
    }
  }
  return wrong ? undefined : values;
}

/** What a heading over numbers says, where it is no answer to a question. */
function kindOf(text: string): 'people' | 'total' | Stage | undefined {
  const written = plain(text);
  if (TOTAL_WORDS.has(written)) return 'total';
  if (stageIn(text)) return stageIn(text);
  return COUNT_WORDS.test(written) || LABEL_WORDS.has(written) ? 'people' : undefined;
}

/** The one question of which all these headings are answers. */
function crossedBy(columns: readonly { text: string }[], { vocabulary, mapping }: PivotSetting): string | undefined {
  const fitting = vocabulary.characteristics.filter(({ key }) =>
    columns.every(({ text }) => codeNamed(text, key, vocabulary, mapping) !== undefined),
  );
  return fitting.length === 1 ? fitting[0]?.key : fitting.find(({ codes }) => codes.length === columns.length)?.key;
}
