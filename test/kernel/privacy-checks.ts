import type { Client } from 'pg';
import { personalTables } from '../../src/kernel/privacy/personal';
import { sealedColumns } from '../../src/kernel/privacy/sealed-columns';

const OURS = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;

/**
 * Columns that name a person, of tables that say nothing of how they are exported and erased: those that refer to
 * people.contributor, are called contributor_id, person_id or pseudonym, or hold the id of an account: account_id, or by whom something was done. Partitions count with their table.
 */
export async function personKeysWithoutEntry(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ found: string }>(
    `SELECT DISTINCT format('%s.%s.%s', n.nspname, c.relname, a.attname) AS found
     FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_constraint f ON f.conrelid = c.oid AND f.contype = 'f' AND a.attnum = ANY (f.conkey)
       AND f.confrelid = to_regclass('people.contributor') AND cardinality(f.conkey) = 1
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${OURS}
       AND (f.oid IS NOT NULL OR a.attname IN ('contributor_id', 'person_id', 'pseudonym') OR a.atttypid = 'uuid'::regtype AND a.attname ~ '(^|_)(account_id|by)$')
     ORDER BY 1`,
  );
  const known = new Set(personalTables().map((entry) => `${entry.table}.${entry.person}`));
  return rows.map((row) => row.found).filter((column) => !known.has(column));
}

/** Entries and sealed columns that are declared but not in the database, and bytea columns named *_sealed that are not declared. */
export async function undeclaredSealedColumns(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ found: string }>(
    `SELECT format('%s.%s.%s', n.nspname, c.relname, a.attname) AS found
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${OURS}
       AND a.atttypid = 'bytea'::regtype AND a.attname LIKE '%\\_sealed' ORDER BY 1`,
  );
  const found = new Set(rows.map((row) => row.found));
  const declared = new Set(sealedColumns().map((at) => `${at.table}.${at.column}`));
  return [...found].filter((name) => !declared.has(name)).concat([...declared].filter((name) => !found.has(name)));
}

/**
 * Every table in which a planted text stands in any column: as text, inside JSON, or as bytes. Looks at all schemas but
 * Postgres's own, so queues and stored answers are among them.
 */
export async function whereFound(client: Client, planted: string): Promise<string[]> {
  const tables = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'm') AND ${OURS} ORDER BY 1`,
  );
  const hex = Buffer.from(planted, 'utf8').toString('hex');
  const found: string[] = [];
  for (const { name } of tables.rows) {
    const hit = await client.query(
      `SELECT 1 FROM ${name} t WHERE position(lower($1) IN lower(t::text)) > 0 OR position($2 IN t::text) > 0 LIMIT 1`,
      [planted, hex],
    );
    if (hit.rowCount) found.push(name);
  }
  return found;
}
