import type { Pool } from 'pg';
import { ConsumerLocks } from './consumer-lock';
import { Consumer, ConsumerOptions } from './consumer';
import { declaredEvent } from './declare';
import { asError } from './failures';
import { EventHead } from './head';
import { EventReader } from './reader';
import { Sequencer } from './sequencer';

/** How long growth of the log is gathered before consumers are woken, in milliseconds. */
const GATHER_MS = 25;
/** How often consumers are woken by the clock: for retries, and for those whose process has gone. In milliseconds. */
const TICK_MS = 500;

/** How far a consumer is behind. */
export interface ConsumerLag {
  readonly consumer: string;
  /** Numbered events that it wants and has not been given; counted up to 10,000. */
  readonly waiting: number;
  /** Age of the oldest of them in seconds; 0 when none waits. */
  readonly oldestSeconds: number;
  /** How often the next one has failed in a row. */
  readonly attempts: number;
  /** Code of the last failure. */
  readonly lastError: string | null;
}

/**
 * Gives each consumer its events in the order of the log: deliver, then note. At least once, never out of order, one process
 * at a time for a consumer; an event that fails is tried again later and holds up its own consumer only.
 */
export class Relay {
  private readonly consumers = new Map<string, Consumer>();
  private readonly working = new Map<string, Promise<void>>();
  private readonly locks: ConsumerLocks;
  private timer: NodeJS.Timeout | undefined;
  private gathering: NodeJS.Timeout | undefined;
  private forget: (() => void) | undefined;
  private stopping = false;

  constructor(
    private readonly database: { readonly pool: Pool },
    private readonly reader: EventReader,
    private readonly events: EventHead,
    private readonly sequencer: Sequencer,
    private readonly clock: { now(): Date },
    /** Told of each failure, of an event or of the database; retries come by themselves. */
    private readonly failed: (consumer: string, error: Error) => void = () => undefined,
  ) {
    this.locks = new ConsumerLocks(database);
  }

  /** Names a consumer and what it wants. A new one is given the whole log from its beginning. */
  consumer(name: string, options: ConsumerOptions): void {
    if (this.consumers.has(name)) throw new Error(`Consumer ${name} is named twice`);
    if (!/^[a-z][a-z0-9.-]{0,62}$/.test(name))
      throw new Error(`Consumer ${name} is not written in lower case with dots or hyphens`);
    for (const type of options.types) declaredEvent(type);
    this.consumers.set(name, new Consumer(name, options, this.reader, this.clock));
  }

  /** Delivers as the log grows, until stopped. */
  start(): void {
    if (this.timer) return;
    this.stopping = false;
    this.forget = this.events.onGrowth(() => {
      this.gathering ??= setTimeout(() => {
        this.gathering = undefined;
        this.wake();
      }, GATHER_MS);
    });
    this.timer = setInterval(() => this.wake(), TICK_MS).unref();
    this.wake();
  }

  /** Finishes the events in hand, notes them, and delivers no more. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.forget?.();
    clearInterval(this.timer);
    clearTimeout(this.gathering);
    this.timer = this.gathering = undefined;
    await Promise.all(this.working.values());
  }

  /** Delivers now whatever had committed before the call, to all consumers; failing events are left for their retry. */
  async drain(): Promise<void> {
    await this.sequencer.run();
    for (const consumer of this.consumers.values()) {
      while (this.working.has(consumer.name)) await this.working.get(consumer.name);
      await this.keep(consumer, () => this.locked(consumer));
    }
  }

  /** How far each consumer is behind: for the metrics. */
  async lags(): Promise<ConsumerLag[]> {
    if (this.consumers.size === 0) return [];
    const wanted = [...this.consumers.values()].map((c) => ({ name: c.name, types: c.options.types }));
    const { rows } = await this.database.pool.query<LagRow>(LAGS, [JSON.stringify(wanted)]);
    return rows.map((row) => ({
      consumer: row.name,
      waiting: Number(row.waiting),
      oldestSeconds: row.oldest ? Math.max(0, (this.clock.now().getTime() - row.oldest.getTime()) / 1000) : 0,
      attempts: row.attempts,
      lastError: row.last_error,
    }));
  }

  private wake(): void {
    if (this.stopping) return;
    const { position } = this.events.head();
    for (const consumer of this.consumers.values()) {
      if (this.working.has(consumer.name)) continue;
      void this.keep(consumer, async () => {
        if (await consumer.wanted(position)) await this.locked(consumer);
      });
    }
  }

  private keep(consumer: Consumer, work: () => Promise<void>): Promise<void> {
    const working = work()
      .catch((error: unknown) => this.failed(consumer.name, asError(error)))
      .finally(() => this.working.delete(consumer.name));
    this.working.set(consumer.name, working);
    return working;
  }

  private async locked(consumer: Consumer): Promise<void> {
    await this.locks.alone(consumer.name, async (connection) => {
      const error = await consumer.deliver(connection, () => this.stopping);
      if (error) this.failed(consumer.name, error);
    });
  }
}

interface LagRow {
  name: string;
  waiting: string;
  oldest: Date | null;
  attempts: number;
  last_error: string | null;
}

/** Counted up to 10,000 a consumer, so that a new one on a long log costs no more than that. */
const LAGS = `
  SELECT w.name, l.waiting, l.oldest, coalesce(c.attempts, 0) AS attempts, c.last_error
  FROM jsonb_to_recordset($1::jsonb) AS w(name text, types text[])
  LEFT JOIN kernel.event_consumer c ON c.name = w.name
  CROSS JOIN LATERAL (
    SELECT count(*) AS waiting, min(e.at) AS oldest
    FROM (
      SELECT at FROM kernel.event
      WHERE position > coalesce(c.position, 0) AND type = ANY(w.types)
      ORDER BY position LIMIT 10000
    ) e
  ) l
  ORDER BY w.name`;
