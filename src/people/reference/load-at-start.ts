import { Client } from 'pg';
import type { Query } from '../../kernel/privacy/query';
import { Loaded, loadReference } from './load';

/** Loads the reference data over a connection of its own, in one transaction: at start, and when a template for tests is made. */
export async function loadReferenceInto(databaseUrl: string): Promise<Loaded> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5000,
    options: '-c timezone=UTC',
  });
  const q: Query = {
    query: async <R>(sql: string, params: unknown[] = []) => (await client.query(sql, params)).rows as R[],
  };
  await client.connect();
  try {
    await client.query('BEGIN');
    const loaded = await loadReference(q);
    await client.query('COMMIT');
    return loaded;
  } finally {
    await client.end();
  }
}
