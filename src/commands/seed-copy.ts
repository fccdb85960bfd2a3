import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from } from 'pg-copy-streams';
import type { Db } from '../kernel/db/db';

/** A value of a row to copy. Lists are text arrays, objects are JSON. */
export type Value = string | number | boolean | null | Date | Buffer | readonly string[] | Record<string, unknown>;

/** Tells how far a table is. */
export type Progress = (table: string, done: number, all: number) => void;

/** Copies rows into a table, so many in one transaction, each with the triggers that a write of the service would fire. */
export async function copyRows(
  db: Db,
  target: { table: string; columns: readonly string[]; batch: number },
  rows: { count: number; row: (place: number) => readonly Value[] },
  progress: Progress,
): Promise<void> {
  const list = target.columns.map((column) => `"${column}"`).join(', ');
  const client = await db.pool.connect();
  try {
    for (let start = 0; start < rows.count; start += target.batch) {
      const end = Math.min(start + target.batch, rows.count);
      const into = client.query(from(`COPY ${target.table} (${list}) FROM STDIN (FORMAT csv)`));
      await pipeline(Readable.from(lines(start, end, rows.row)), into);
      progress(target.table, end, rows.count);
    }
  } finally {
    client.release();
  }
}

/** The rows as CSV, some hundred in a piece. */
function* lines(start: number, end: number, row: (place: number) => readonly Value[]): Generator<Buffer> {
  let text = '';
  for (let place = start; place < end; place++) {
    text += `${row(place).map(cell).join(',')}\n`;
    if (text.length < 60_000) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text) yield Buffer.from(text);
}

/** A value as a cell of Postgres's CSV: nothing is null, a quoted text is itself. */
function cell(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  if (typeof value === 'string') return quoted(value);
  if (isList(value)) return quoted(`{${value.map((item) => `"${item.replace(/(["\\])/g, '\\$1')}"`).join(',')}}`);
  return quoted(JSON.stringify(value));
}

const isList = (value: Value): value is readonly string[] => Array.isArray(value);
const quoted = (text: string): string => `"${text.replace(/"/g, '""')}"`;
