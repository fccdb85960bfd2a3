import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { decodeText } from './encoding';
import { MOST_COLUMNS, MOST_ROWS, tooManyRows, unreadable } from './fault';
import type { Grid, GridRow } from './grid';

const SLICE = 64 * 1024;
const MOST_OF_A_ROW = 100_000;
const SEPARATORS = [',', ';', '\t', '|'] as const;
const NAMES: Readonly<Record<string, string>> = { ';': 'semicolons', '\t': 'tabs', '|': 'upright lines' };

/** A CSV file as rows of cells. Encoding and separator are found out, and said where they are not the usual ones. */
export function readCsv(bytes: Uint8Array): Grid {
  const { text, encoding } = decodeText(bytes);
  const notes: string[] = [];
  if (encoding !== 'utf-8')
    notes.push(`The file was read as ${encoding.toUpperCase()}. Check that names with accents look right.`);
  const { separator, body, offset } = separated(text);
  const name = NAMES[separator];
  if (name) notes.push(`The cells were taken to be separated by ${name}.`);
  return { rows: records(body, separator, offset), notes };
}

/** The separator: the one that Excel's `sep=` line names, else the one that the first rows have most evenly. */
function separated(text: string): { separator: string; body: string; offset: number } {
  const said = /^sep=(.)\r?\n/.exec(text);
  if (said?.[1]) return { separator: said[1], body: text.slice(said[0].length), offset: 1 };
  const lines = text
    .slice(0, 20_000)
    .split(/\r?\n/, 20)
    .filter((line) => line.trim() !== '');
  let best: { separator: string; score: number } = { separator: ',', score: 0 };
  for (const separator of SEPARATORS) {
    const counts = lines.map((line) => outsideQuotes(line, separator));
    const having = counts.filter((n) => n > 0).length;
    // A sign in fewer than half of the rows stands inside cells.
    const score = having * 2 <= lines.length ? 0 : having * 10 + Math.min(...counts);
    if (score > best.score) best = { separator, score };
  }
  return { separator: best.separator, body: text, offset: 0 };
}

const outsideQuotes = (line: string, sign: string): number => line.replace(/"[^"]*"/g, '').split(sign).length - 1;

async function* records(text: string, separator: string, offset: number): AsyncGenerator<GridRow> {
  const parser = parse({ relax_column_count: true, max_record_size: MOST_OF_A_ROW, delimiter: separator });
  Readable.from(slices(text)).pipe(parser);
  let row = offset;
  let filled = 0;
  try {
    for await (const record of parser) {
      row++;
      const cells = (record as string[]).map(cleanCell);
      if (cells.length > MOST_COLUMNS) throw tooManyColumns(row);
      if (cells.some((cell) => cell !== '') && ++filled > MOST_ROWS + 1) throw tooManyRows();
      yield { row, cells };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw unreadable(
      'malformed_csv',
      `The file cannot be read after row ${row}: ${REASONS[error.code] ?? 'it is not CSV'}.`,
      row + 1,
    );
  }
}

export const tooManyColumns = (row: number) =>
  unreadable(
    'too_many_columns',
    `Row ${row} has more than ${MOST_COLUMNS} cells. Leave out the columns that are not asked for.`,
    row,
  );

const REASONS: Partial<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE:
    'a quotation mark stands where a comma or the end of the row should; write two inside a quoted cell',
  INVALID_OPENING_QUOTE: 'a quotation mark stands inside a cell that is not quoted',
  CSV_MAX_RECORD_SIZE: `the next row has more than ${MOST_OF_A_ROW} characters`,
};

/** What a spreadsheet would take for a formula, behind the apostrophe that makes it text. */
const GUARDED = /^'+[=+\-@\t\r＝＋－＠]/;

/** A cell without surrounding space (hard spaces too), and without the apostrophe put before what looks like a formula. */
export function cleanCell(written: string): string {
  const text = written.trim();
  return GUARDED.test(text) ? text.slice(1) : text;
}

function* slices(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    // A slice never ends between the halves of a surrogate pair, which would be broken on their way through bytes.
    let end = Math.min(at + SLICE, text.length);
    if (end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end++;
    yield text.slice(at, end);
    at = end;
  }
}
