import type { Tx } from '../db/tx';
import { columnSql, Query, tableSql } from './query';

/** Something about a person that an erasure left, and why it had to. */
export interface Stayed {
  /** What is left, in plain English. */
  what: string;
  /** The rule under which it is kept, named so that it can be looked up. */
  rule: string;
}

/** What an eraser of one table did. */
export interface Erased {
  /** How many rows were removed or no longer tell whose they were. */
  went: number;
  stayed: Stayed[];
}

/** How rows are shown to whom they are about. */
export interface Shown {
  /** Columns that are the service's own affair. */
  without?: readonly string[];
  /** Columns that refer to a row which has a name, with where the name stands, as `schema.table.column`: it is shown instead of the id. */
  named?: Readonly<Record<string, string>>;
}

/** Reads inside an export, and opens sealed values. */
export interface PersonReader extends Query {
  /**
   * The person's rows in a table as they are to be read: sealed columns opened, names in camelCase, times in UTC. What tells a person
   * nothing is left out: the count of changes, whose row it is (they asked for theirs), and what `shown` says.
   */
  rows(table: string, column: string, id: string, shown?: Shown): Promise<Record<string, unknown>[]>;
  open(place: { table: string; row: string; column: string }, stored: Buffer): string;
}

/** When rows of a table are no longer needed. */
export interface Retention {
  /** Column that holds the moment from which the time runs. Rows where it is null are not due. */
  from: string;
  /** ISO 8601 duration, or the purpose whose newest wording says how long. */
  after: string | { purpose: string };
  /** A further condition in SQL of our own, alias `r`: `r.state = 'withdrawn'`. */
  where?: string;
  /** What happens to rows that are due (they have a uuid `id`). Default: they are deleted. */
  then?: (tx: Tx, ids: string[]) => Promise<void>;
}

/** How one table that holds personal data treats a person's rows. */
export interface PersonalTable {
  /** Table with its schema. */
  table: string;
  /** Column that says whose row it is. */
  person: string;
  /** What that column holds: the person's own id (default), or the id of an account of theirs. */
  key?: 'person' | 'account';
  /** Title of the section in a person's copy of their data. */
  heading: string;
  /** What is held, in plain English. Shown in exports and receipts. */
  holds: string;
  /** The rows as the person gets them; default: `PersonReader.rows`. `elsewhere`: another entry of the table shows them. */
  export?: ((q: PersonReader, id: string) => Promise<object[]>) | 'elsewhere';
  /** For the default of `export`. */
  shown?: Shown;
  /** `delete` the rows, overwrite columns of them, or a function of the area's own. */
  erase:
    | 'delete'
    | { anonymise: Record<string, string | number | boolean | null> }
    | ((tx: Tx, id: string) => Promise<Erased>);
  /** How long it is kept, in plain English. */
  keptFor: string;
  /** The law, regulation or policy that says so. */
  rule: string;
  /** Erasers run from low to high: what refers to a row goes before the row. */
  order: number;
  retention?: Retention;
}

const registered = new Map<string, PersonalTable>();

/**
 * Declares a table that holds personal data, beside its entity. One entry for each column that names a person. A test
 * finds every table with a person's key and no entry.
 */
export function personalTable(entry: PersonalTable): PersonalTable {
  tableSql(entry.table);
  columnSql(entry.person);
  const key = `${entry.table}.${entry.person}`;
  if (registered.has(key)) throw new Error(`${key} is declared twice`);
  if (typeof entry.erase === 'object') Object.keys(entry.erase.anonymise).forEach(columnSql);
  registered.set(key, entry);
  return entry;
}

/** Every declared table, in the order in which they are erased. */
export const personalTables = (): readonly PersonalTable[] =>
  [...registered.values()].sort((a, b) => a.order - b.order || a.table.localeCompare(b.table));
