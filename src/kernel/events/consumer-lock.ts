import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { asError } from './failures';

/** Advisory locks of consumers; the sequencer has 7101. */
const LOCK_CLASS = 7102;

/** Where the holder of a lock writes what only the holder may write. */
export interface Connection {
  query<R extends QueryResultRow>(sql: string, params: unknown[]): Promise<QueryResult<R>>;
}

/**
 * The locks by which one process at a time delivers for a consumer. All of a process's locks live on one connection, taken
 * from the pool while any is held: when that connection is lost the server lets the locks go, and what is then sent over it
 * fails. A consumer's position is therefore written over this connection, so that no process writes one it no longer owns.
 */
export class ConsumerLocks {
  private opening: Promise<PoolClient> | undefined;
  private users = 0;

  constructor(private readonly database: { readonly pool: Pool }) {}

  /** Runs the work if the lock is free, over all processes; answers whether it ran. */
  async alone(name: string, work: (connection: Connection) => Promise<void>): Promise<boolean> {
    this.users++;
    try {
      const client = await (this.opening ??= this.open());
      const { rows } = await client.query<{ got: boolean }>(TRY, [LOCK_CLASS, name]);
      if (!rows[0]?.got) return false;
      try {
        await work(client);
      } finally {
        await client.query(RELEASE, [LOCK_CLASS, name]).catch((error: unknown) => this.giveUp(client, asError(error)));
      }
      return true;
    } finally {
      this.users--;
      if (this.users === 0) await this.close();
    }
  }

  private open(): Promise<PoolClient> {
    const opening = this.database.pool.connect().then(
      (client) => {
        client.once('error', (error: Error) => this.giveUp(client, error));
        return client;
      },
      (error: unknown) => {
        if (this.opening === opening) this.opening = undefined;
        throw error;
      },
    );
    return opening;
  }

  private readonly given = new WeakSet<PoolClient>();

  /** Ends a connection for good: one whose locks could not be let go must not return to the pool with them. */
  private giveUp(client: PoolClient, error: Error): void {
    if (this.given.has(client)) return;
    this.given.add(client);
    this.opening = undefined;
    client.on('error', () => undefined);
    client.release(error);
  }

  private async close(): Promise<void> {
    const last = this.opening;
    this.opening = undefined;
    const client = await last?.catch(() => undefined);
    if (!client || this.given.has(client)) return;
    client.removeAllListeners('error');
    client.release();
  }
}

const TRY = 'SELECT pg_try_advisory_lock($1, hashtext($2)) AS got';
const RELEASE = 'SELECT pg_advisory_unlock($1, hashtext($2))';
