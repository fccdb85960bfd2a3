import { csvRecords } from './csv-records';
import { decodeText } from './encoding';
import { MOST_COLUMNS, MOST_ROWS, tooManyRows, unreadable } from './fault';
import type { Grid, GridRow } from './grid';

/** How many rows are read before other requests have a turn. */
const TURN = 5_000;
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
  let row = offset;
  let filled = 0;
  for (const written of csvRecords(text, separator, offset)) {
    row++;
    const cells = written.map(cleanCell);
    if (cells.length > MOST_COLUMNS) throw tooManyColumns(row);
    if (cells.some((cell) => cell !== '') && ++filled > MOST_ROWS + 1) throw tooManyRows();
    yield { row, cells };
    // A turn for other requests: a long file is read in one go otherwise.
    if (row % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

export const tooManyColumns = (row: number) =>
  unreadable(
    'too_many_columns',
    `Row ${row} has more than ${MOST_COLUMNS} cells. Leave out the columns that are not asked for.`,
    row,
  );

/** What a spreadsheet would take for a formula, behind the apostrophe that makes it text. */
const GUARDED = /^'+[=+\-@\t\r＝＋－＠]/;

/** A cell without surrounding space (hard spaces too), and without the apostrophe put before what looks like a formula. */
export function cleanCell(written: string): string {
  const text = written.trim();
  return GUARDED.test(text) ? text.slice(1) : text;
}
