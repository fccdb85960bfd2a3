import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import pg from 'pg';
import QueryStream from 'pg-query-stream';
import type { DataSource, EntityTarget, Repository } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import type { Actor } from '../access/actor';
import { Clock } from '../clock';
import { NotFound } from '../errors/problem';
import { EventSignal } from '../events/signal';
import type { StoredRecord } from './record';
import { columnList, RecordType, tableOf, toRecord } from './rows';
import { all, binder, Condition, statementName } from './sql';
import { Tx } from './tx';

/** Days stay texts: a Date would shift them by the zone of the process. */
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/** A repository that can only read. */
export type Reader<E extends object> = Pick<
  Repository<E>,
  'find' | 'findBy' | 'findOne' | 'findOneBy' | 'count' | 'countBy' | 'exists' | 'existsBy'
>;

const RETRYABLE = new Set(['40001', '40P01']); // serialization failure, deadlock
const ATTEMPTS = 3;
/** Rows that a cursor brings at once: few, so that they are used and collected while they are young. */
const STREAM_BATCH = 100;

/** Whether an error says that the connection was lost, and not that the statement was wrong. */
function isLost(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return (
    code === '57P01' ||
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    /Connection terminated unexpectedly/.test(message ?? '')
  );
}

/**
 * A borrowed connection that is cut between two statements says so by an event, which would end the process if nobody heard it. The
 * next statement fails all the same.
 */
const ignore = (): void => undefined;

function giveBack(client: pg.PoolClient, broken: Error | undefined): void {
  client.off('error', ignore);
  client.release(broken);
}

/** The only door to the database. Reading: `read`, `one`, `list`, `query`, `stream`. Writing: `write`, which is one transaction. */
@Injectable()
export class Db {
  constructor(
    @Inject(getDataSourceToken()) private readonly source: DataSource,
    private readonly clock: Clock,
    private readonly signal: EventSignal,
  ) {}

  /** Whether this transaction was begun through this door. */
  began(tx: Tx | undefined): tx is Tx {
    return tx?.door === this.source;
  }

  /** The pool under everything, for what needs a connection of its own (LISTEN, COPY, advisory locks). */
  get pool(): pg.Pool {
    return (this.source.driver as PostgresDriver).master as pg.Pool;
  }

  read<E extends object>(type: EntityTarget<E>): Reader<E> {
    return this.source.getRepository(type);
  }

  /** Rows of a statement, as columns are named in the database. Prepared once a connection. */
  async query<R>(sql: string, params: unknown[] = []): Promise<R[]> {
    const ask = () => this.pool.query({ text: sql, values: params, name: statementName(sql) });
    // The first statement on a connection that was lost in between fails; reading again has no other effect.
    const result = await ask().catch((error: unknown) =>
      /^\s*SELECT/i.test(sql) && isLost(error) ? ask() : Promise.reject(error as Error),
    );
    return result.rows as R[];
  }

  /** One record that fits all conditions (alias `r`), or NotFound. */
  async one<E extends StoredRecord>(type: RecordType<E>, id: string, ...conditions: Condition[]): Promise<E> {
    const [found] = await this.list(type, { where: [(bind) => `r.id = ${bind(id)}`, ...conditions], limit: 1 });
    if (!found) throw new NotFound();
    return found;
  }

  /** Records that fit all conditions (alias `r`). `order` is SQL of our own, never a caller's text. */
  async list<E extends StoredRecord>(
    type: RecordType<E>,
    ask: { where?: Condition[]; order?: string; limit?: number },
  ): Promise<E[]> {
    const meta = this.source.getMetadata(type);
    const { params, bind } = binder();
    const where = all(ask.where ?? [], bind);
    const limit = ask.limit === undefined ? '' : `LIMIT ${bind(ask.limit)}`;
    const rows = await this.query<Record<string, unknown>>(
      `SELECT ${columnList(meta, 'r')} FROM ${tableOf(meta)} r WHERE ${where} ORDER BY ${ask.order ?? 'r.id'} ${limit}`,
      params,
    );
    return rows.map((row) => toRecord(type, meta, row));
  }

  /** Rows one after the other by a cursor, in constant memory: at most two batches wait for whoever reads them. */
  async *stream<R>(sql: string, params: unknown[] = []): AsyncGenerator<R> {
    const client = await this.borrow();
    const rows = client.query(new QueryStream(sql, params, { batchSize: STREAM_BATCH }));
    let failed: Error | undefined;
    try {
      for await (const row of rows) yield row as R;
    } catch (error) {
      failed = error as Error;
      throw error;
    } finally {
      rows.destroy();
      giveBack(client, failed);
    }
  }

  /**
   * One transaction: all of `work` or nothing, with its audit rows and events. Serialization failures and deadlocks are tried
   * again from BEGIN, so `work` has no effect but on the database. Joins the transaction that the request has open through this
   * door, if any.
   */
  async write<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.began(actor.open)) return work(actor.open);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(actor, work);
      } catch (error) {
        if (attempt >= ATTEMPTS || !RETRYABLE.has((error as { code?: string }).code ?? '')) throw error;
      }
    }
  }

  private async once<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.borrow();
    let broken: Error | undefined;
    try {
      await client.query(`BEGIN; SET LOCAL application_name = 'partnerships ${actor.traceId}'`);
      const tx = new Tx(this.source, client, actor, this.clock.now());
      const result = await work(tx);
      const told = await tx.flush();
      await client.query('COMMIT');
      tx.committed();
      if (told) this.signal.nudge();
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: unknown) => {
        broken = lost as Error;
      });
      throw error;
    } finally {
      giveBack(client, broken);
    }
  }

  private async borrow(): Promise<pg.PoolClient> {
    const client = await this.pool.connect();
    client.on('error', ignore);
    return client;
  }
}
