import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database';
import { theService } from '../../src/kernel/access/actor';
import { FixedClock } from '../../src/kernel/clock';
import { Db } from '../../src/kernel/db/db';
import type { Tx } from '../../src/kernel/db/tx';
import { EventHead } from '../../src/kernel/events/head';
import { EventReader, StoredEvent } from '../../src/kernel/events/reader';
import { Sequencer } from '../../src/kernel/events/sequencer';
import { EventSignal } from '../../src/kernel/events/signal';
import { cloneDatabase, ClonedDatabase } from '../support/database';

/** One process of the service, as far as events go: its own connections, its own memory. */
export interface Process {
  readonly pool: Pool;
  readonly signal: EventSignal;
  readonly head: EventHead;
  readonly sequencer: Sequencer;
  readonly reader: EventReader;
  readonly clock: FixedClock;
  readonly faults: Error[];
}

/** A database with a table of probes, which stand for records, and as many processes on it as a test wants. */
export class EventBench {
  readonly owner: Pool;
  private readonly pools: Pool[] = [];
  private readonly sources: DataSource[] = [];

  private constructor(readonly database: ClonedDatabase) {
    this.owner = this.pool(database.ownerUrl, 5);
  }

  static async open(): Promise<EventBench> {
    const bench = new EventBench(await cloneDatabase());
    await bench.owner.query(`
      CREATE TABLE kernel.probe (id uuid PRIMARY KEY, version integer NOT NULL DEFAULT 0);
      GRANT ALL ON kernel.probe TO partnerships_service`);
    return bench;
  }

  async close(): Promise<void> {
    for (const source of this.sources) await source.destroy();
    for (const pool of this.pools) await pool.end();
    await this.database.drop();
  }

  process(): Process {
    const pool = this.pool(this.database.serviceUrl, 6);
    const signal = new EventSignal();
    const head = new EventHead();
    const faults: Error[] = [];
    const sequencer = new Sequencer({ pool }, head, signal, (error) => faults.push(error));
    const clock = new FixedClock('2026-11-22T12:00:00Z');
    return { pool, signal, head, sequencer, reader: new EventReader({ pool }), clock, faults };
  }

  /** The door to the database, whose commits nudge the given process. */
  async door(signal = new EventSignal(), connections = 10): Promise<Db> {
    const source = new DataSource({ ...dataSourceOptions(this.database.serviceUrl, connections), entities: [] });
    this.sources.push(await source.initialize());
    return new Db(source, new FixedClock('2026-11-22T12:00:00Z'), signal);
  }

  async probes(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID()).sort();
    await this.owner.query('INSERT INTO kernel.probe (id) SELECT unnest($1::uuid[])', [ids]);
    return ids;
  }

  /** Every event of the log in its order, read as the owner. */
  async log(): Promise<
    { id: string; position: string | null; subject_id: string; version: number; public: boolean; type: string }[]
  > {
    const { rows } = await this.owner.query<{
      id: string;
      position: string | null;
      subject_id: string;
      version: number;
      public: boolean;
      type: string;
    }>('SELECT id, position, subject_id, version, public, type FROM kernel.event ORDER BY position, entry');
    return rows;
  }

  private pool(connectionString: string, max: number): Pool {
    const pool = new Pool({ connectionString, max });
    pool.on('error', () => undefined);
    this.pools.push(pool);
    return pool;
  }
}

/** Changes the probe and tells it, as a service does. */
export async function touch(tx: Tx, id: string, type = 'probe.touched'): Promise<void> {
  const [row] = await tx.query<{ version: number }>(
    'UPDATE kernel.probe SET version = version + 1 WHERE id = $1 RETURNING version',
    [id],
  );
  if (!row) throw new Error('No such probe');
  tx.emit({ type, subject: 'probe', subjectId: id, version: row.version });
}

/** One committed change of one probe. */
export const touchOnce = (db: Db, id: string, type?: string): Promise<void> =>
  db.write(theService(), (tx) => touch(tx, id, type));

/** A promise that a test keeps when it wants to. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** Everything after a position, page by page. */
export async function readAll(reader: EventReader, from = 0n, limit = 500): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let position = from; ;) {
    const batch = await reader.after(position, { limit });
    events.push(...batch.events);
    position = batch.readTo;
    if (!batch.more) return events;
  }
}
