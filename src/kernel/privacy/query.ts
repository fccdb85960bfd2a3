/** What reads rows: `Db` outside a transaction, `Tx` inside one. */
export interface Query {
  query<R>(sql: string, params?: unknown[]): Promise<R[]>;
}

const NAME = /^[a-z_][a-z0-9_]*$/;

/** `schema.table` as SQL. Only names of our own registries come here; anything else is a mistake in the code. */
export function tableSql(table: string): string {
  const parts = table.split('.');
  if (parts.length !== 2) throw new Error(`Name the table with its schema, not ${table}`);
  return parts.map(columnSql).join('.');
}

/** A column's name as SQL. */
export function columnSql(name: string): string {
  if (!NAME.test(name)) throw new Error(`${name} is not the name of a table or column`);
  return `"${name}"`;
}
