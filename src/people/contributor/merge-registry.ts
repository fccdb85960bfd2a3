import type { Tx } from '../../kernel/db/tx';
import { columnSql, tableSql } from '../../kernel/privacy/query';

/** How rows of one table follow a contributor whose record is merged into another. */
export interface MergeRule {
  /** Table with its schema. */
  table: string;
  /** Column that names the contributor. */
  column: string;
  /** Moves the rows itself, where they cannot simply be given the other id. Afterwards none may name the one that goes. */
  move?: (tx: Tx, kept: string, gone: string) => Promise<void>;
}

const rules = new Map<string, MergeRule>();

/**
 * Declares how rows follow, beside their entity, where they cannot simply be given the other id: such as where a person may have one
 * row only. Columns with a foreign key to people.contributor that nobody declares are given the other id; others must be declared.
 */
export function onMerge(rule: MergeRule): void {
  tableSql(rule.table);
  columnSql(rule.column);
  const key = `${rule.table}.${rule.column}`;
  if (rules.has(key)) throw new Error(`What a merge does with ${key} is declared twice`);
  rules.set(key, rule);
}

/** Gives every row of the contributor that goes to the one that stays. Postgres refuses to delete a record that any row still names. */
export async function moveAll(tx: Tx, kept: string, gone: string): Promise<void> {
  const found = await tx.query<MergeRule>(FOREIGN_KEYS);
  const undeclared = found.filter(({ table, column }) => !rules.has(`${table}.${column}`));
  for (const { table, column, move } of [...undeclared, ...rules.values()]) {
    if (move) await move(tx, kept, gone);
    else
      await tx.query(`UPDATE ${tableSql(table)} SET ${columnSql(column)} = $1 WHERE ${columnSql(column)} = $2`, [
        kept,
        gone,
      ]);
  }
}

/** Every column with a foreign key to people.contributor. Partitions follow their table. */
const FOREIGN_KEYS = `
  SELECT n.nspname || '.' || c.relname AS table, a.attname AS column
  FROM pg_constraint f
  JOIN pg_class c ON c.oid = f.conrelid AND NOT c.relispartition
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
  WHERE f.contype = 'f' AND f.confrelid = 'people.contributor'::regclass AND cardinality(f.conkey) = 1
  ORDER BY 1, 2`;
