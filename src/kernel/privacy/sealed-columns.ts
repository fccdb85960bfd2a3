import { columnSql, tableSql } from './query';

/** A column that holds sealed values: bytea, named `<what>_sealed`, in a table whose key is the uuid `id`. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
}

const registered = new Map<string, SealedColumn>();

/**
 * Declares a sealed column, beside its entity: `sealedColumn('people.access_need', 'detail_sealed')`. What is not
 * declared would be left behind when keys change, so a test compares this list with the database.
 */
export function sealedColumn(table: string, column: string): SealedColumn {
  tableSql(table);
  columnSql(column);
  if (!column.endsWith('_sealed')) throw new Error(`A sealed column is named <what>_sealed, not ${column}`);
  const known = registered.get(`${table}.${column}`);
  if (known) throw new Error(`${table}.${column} is declared twice`);
  const made = { table, column };
  registered.set(`${table}.${column}`, made);
  return made;
}

/** Every declared sealed column. */
export const sealedColumns = (): readonly SealedColumn[] => [...registered.values()];
