import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { BadInput } from '../../kernel/errors/problem';
import { CONTENT_FIELDS } from './opportunity-content';
import type { Opportunity } from './opportunity.entity';

/**
 * Opportunities as rows of a table, the same for reading and for writing. One column a field; fields of an object have a column each
 * (`payment.pence`). Several values in a cell are separated by `|` (written `\|` inside a value, a backslash `\\`); pairs are written `phone: Ring us`.
 */
type Cell = 'text' | 'number' | 'flag' | 'list' | 'ways' | 'identifiers' | 'json' | 'json-list';

const SPECIAL: Readonly<Record<string, Cell>> = {
  placesAvailable: 'number',
  sessions: 'number',
  hoursPerSession: 'number',
  totalHours: 'number',
  preparationHours: 'number',
  minAge: 'number',
  maxAge: 'number',
  noExperienceNeeded: 'flag',
  openToUnder18: 'flag',
  expensesPaid: 'flag',
  accessProvision: 'list',
  languages: 'list',
  healthCategories: 'list',
  conditions: 'list',
  howToApply: 'ways',
  identifiers: 'identifiers',
  questions: 'json-list',
  welsh: 'json',
  easyRead: 'json',
  'payment.pence': 'number',
  'draw.reserves': 'number',
};
const OBJECTS: Readonly<Record<string, readonly string[]>> = {
  payment: ['kind', 'band', 'pence', 'per', 'note'],
  place: ['name', 'town', 'outwardPostcode'],
  contact: ['name', 'email', 'phone'],
  draw: ['on', 'reserves'],
};

/** Columns that are written out and passed over when they come back. */
const TOLD_ONLY = ['id', 'version', 'state', 'publishedAt', 'hiddenAt'] as const;
const columnsOf = (field: string): string[] => OBJECTS[field]?.map((part) => `${field}.${part}`) ?? [field];
const COLUMNS = ['projectId', ...CONTENT_FIELDS].flatMap(columnsOf);
const KNOWN: ReadonlySet<string> = new Set([...TOLD_ONLY, ...COLUMNS]);
/**
 * A cell that a spreadsheet would take for a formula is written with an apostrophe before it, and read without. So is one that begins
 * with apostrophes and then so, lest it lose one on the way back.
 */
const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/;
const guarded = (cell: string): string => (FORMULA.test(cell) ? `'${cell}` : cell);
const unguarded = (cell: string): string => (cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell);

/** The header line. */
export const csvHeader = (): string => stringify([[...TOLD_ONLY, ...COLUMNS]]);

/** One opportunity as a line. */
export function csvLine(opportunity: Opportunity): string {
  const told = TOLD_ONLY.map((name) => {
    const value = opportunity[name];
    return value instanceof Date ? value.toISOString() : value;
  });
  return stringify([[...told, ...COLUMNS.map((column) => guarded(written(column, valueAt(opportunity, column))))]]);
}

/** An opportunity read from a line of a file. */
export interface CsvRow {
  /** Line of the file in which the row begins; the header is line 1. */
  line: number;
  item: Record<string, unknown>;
}

/** The rows of a file, in the form of the JSON body. Whether the values are right is checked afterwards, row by row. */
export function csvRows(text: string): CsvRow[] {
  const [header, ...rows] = records(text);
  if (!header) throw bad('no_header', 'Send a first line with the names of the columns.');
  const names = header.record.map((name) => name.trim());
  const unknown = names.find((name) => !KNOWN.has(name));
  if (unknown !== undefined)
    throw bad(
      'unknown_column',
      `There is no column "${unknown.slice(0, 100)}". The columns are ${[...KNOWN].join(', ')}.`,
    );
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw bad('column_twice', `The column "${twice}" comes twice.`);
  return rows.map(({ record, line }) => ({ line, item: itemOf(names, record) }));
}

function records(text: string): { record: string[]; line: number }[] {
  try {
    // Line breaks inside a cell come as \r\n from spreadsheets; as one character each line is counted once.
    const read: unknown = parse(text.replace(/\r\n?/g, '\n'), {
      bom: true,
      skip_empty_lines: true,
      info: true,
      max_record_size: 1_000_000,
    });
    let line = 1;
    return (read as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => {
      const at = { record, line };
      line = info.lines + 1;
      return at;
    });
  } catch (error) {
    const { lines } = error as { lines?: number };
    throw bad('not_csv', `Line ${lines ?? 1} is not CSV as RFC 4180 has it, with as many cells as the header.`);
  }
}

function itemOf(names: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const item: Record<string, unknown> = {};
  names.forEach((column, i) => {
    if ((TOLD_ONLY as readonly string[]).includes(column)) return;
    const value = readCell(SPECIAL[column] ?? 'text', unguarded(cells[i] ?? ''));
    const [field = '', part] = column.split('.');
    if (part === undefined) {
      if (value !== null || !REQUIRED.has(field)) item[field] = value;
    } else item[field] = { ...(item[field] as object | undefined), [part]: value };
  });
  for (const field of Object.keys(OBJECTS)) {
    const object = item[field] as object | undefined;
    if (object && Object.values(object).every((value) => value === null)) item[field] = null;
  }
  return item;
}

/** Fields that cannot be cleared: an empty cell leaves them alone. */
const REQUIRED: ReadonlySet<string> = new Set(['projectId', 'title', 'kind', 'noExperienceNeeded', 'openToUnder18']);

/** A cell as the JSON body would have it. What cannot be read stays text, which the check then refuses by its place. */
function readCell(kind: Cell, text: string): unknown {
  if (text === '') return EMPTY_LIST.has(kind) ? [] : null;
  switch (kind) {
    case 'text':
      return text;
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'list':
      return split(text);
    case 'ways':
      return split(text).map((pair) => halves(pair, 'way', 'detail'));
    case 'identifiers':
      return split(text).map((pair) => halves(pair, 'scheme', 'value'));
    case 'json':
    case 'json-list':
      return readJsonCell(text);
  }
}

const EMPTY_LIST: ReadonlySet<Cell> = new Set<Cell>(['list', 'ways', 'identifiers', 'json-list']);

function readJsonCell(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The values of a cell: `|` stands between them, and a backslash before a `|` or another backslash that belongs to a value. */
function split(text: string): string[] {
  const values: string[] = [];
  let value = '';
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const next = text.charAt(i + 1);
    if (character === '\\' && (next === '|' || next === '\\')) {
      value += next;
      i++;
    } else if (character === '|') {
      values.push(value);
      value = '';
    } else value += character;
  }
  return [...values, value].map((one) => one.trim());
}
const joined = (parts: readonly string[]): string => parts.map((part) => part.replace(/[|\\]/g, '\\$&')).join('|');

function halves(pair: string, first: string, second: string): Record<string, string> {
  const at = pair.indexOf(':');
  return at < 0 ? { [first]: pair } : { [first]: pair.slice(0, at).trim(), [second]: pair.slice(at + 1).trim() };
}

function valueAt(opportunity: Opportunity, column: string): unknown {
  const [field = '', part] = column.split('.');
  const value: unknown = Reflect.get(opportunity, field);
  return part === undefined ? value : (value as Record<string, unknown> | null)?.[part];
}

function written(column: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  switch (SPECIAL[column] ?? 'text') {
    case 'list':
      return joined(value as string[]);
    case 'ways':
      return joined((value as { way: string; detail: string }[]).map(({ way, detail }) => `${way}: ${detail}`));
    case 'identifiers':
      return joined((value as { scheme: string; value: string }[]).map((one) => `${one.scheme}: ${one.value}`));
    case 'json-list':
      return (value as unknown[]).length === 0 ? '' : JSON.stringify(value);
    default:
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}

const bad = (code: string, message: string): BadInput => new BadInput([{ in: 'body', at: '', code, message }]);
