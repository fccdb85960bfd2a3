import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import PgBoss from 'pg-boss';
import { asError } from '../events/failures';
import { BossDatabase } from './boss-database';
import { cron, lastDue, Schedule } from './cron';
import { JobData, jobDataFault } from './job-data';
import { QueueName, QUEUES, queueNames } from './queues';
import { Handler, Worker } from './worker';

/** How often what falls due by the clock is looked at, in milliseconds. */
const SCHEDULE_MS = 10_000;
/** Done jobs are kept this long, so that a schedule's minute is not sent twice, and then put away. */
const KEPT_DONE_SECONDS = 2 * 86_400;
const KEPT_AWAY_DAYS = 14;

/** The transaction in which a job is sent: the kernel's `Tx`. */
export interface SendingTransaction {
  query<R>(sql: string, params?: unknown[]): Promise<R[]>;
  afterCommit(work: () => void): void;
}

export interface SendOptions {
  /** Not before this moment, by the database's clock. */
  after?: Date;
  /** The job's id. A second job of the queue with the same one is not made: give an event's id and a repeat does nothing. */
  id?: string;
}

/** How a queue stands. */
export interface QueueCount {
  readonly queue: QueueName;
  readonly waiting: number;
  readonly failed: number;
}

const COUNTS = `
  SELECT name, count(*) FILTER (WHERE state < 'active') AS waiting, count(*) FILTER (WHERE state = 'failed') AS failed
  FROM pgboss.job GROUP BY name`;

/** Work that is done apart from a request: sent in its transaction, done at least once, tried again when it fails. */
export class Jobs {
  private readonly workers = new Map<QueueName, Worker>();
  private readonly schedules: { queue: QueueName; schedule: Schedule; sent: number }[] = [];
  private readonly store: BossDatabase;
  private readonly boss: PgBoss;
  private timer: NodeJS.Timeout | undefined;
  private ticking: Promise<void> = Promise.resolve();

  constructor(
    database: { readonly pool: Pool },
    private readonly clock: { now(): Date },
    /** Told of each failure: of a job, with its queue, or of the machinery. */
    private readonly failed: (queue: string, error: Error) => void = () => undefined,
  ) {
    this.store = new BossDatabase(database);
    this.boss = new PgBoss({
      db: this.store,
      schema: 'pgboss',
      migrate: false,
      // Its own clockwork would make a queue at start, which the service's role may not; ours is below.
      schedule: false,
      archiveCompletedAfterSeconds: KEPT_DONE_SECONDS,
      deleteAfterDays: KEPT_AWAY_DAYS,
    });
    this.boss.on('error', (error) => this.failed('pgboss', error));
  }

  /**
   * Adds a job in the caller's transaction: it exists if, and only if, that commits. Its data hold ids, codes, numbers and
   * instants, never anything about a person. Answers its id, or null where a job with the given id was there already.
   */
  async send(
    tx: SendingTransaction,
    queue: QueueName,
    data: JobData = {},
    options: SendOptions = {},
  ): Promise<string | null> {
    const fault = jobDataFault(data);
    if (fault) throw new Error(`A job for ${queue} cannot hold ${fault}`);
    const db = {
      executeSql: async (sql: string, values: unknown[]) => ({ rows: await tx.query<unknown>(sql, values) }),
    };
    const id = await this.boss.send(queue, data, {
      db,
      ...(options.id ? { id: options.id } : {}),
      ...(options.after ? { startAfter: options.after } : {}),
    });
    if (id === null && !options.id) throw new Error(`There is no queue ${queue} in the database`);
    tx.afterCommit(() => this.workers.get(queue)?.wake());
    return id;
  }

  /** Says what is done with a queue's jobs. One handler a queue; a job can come twice, so what it does must bear repeating. */
  work<D extends JobData = JobData>(queue: QueueName, handler: Handler<D>): void {
    if (this.workers.has(queue)) throw new Error(`Queue ${queue} has two handlers`);
    const worker = new Worker(queue, QUEUES[queue].atOnce, this.boss, handler, (error) => this.failed(queue, error));
    this.workers.set(queue, worker);
    if (this.timer) worker.start();
  }

  /**
   * Sends an empty job at each minute that the schedule names (five fields, UTC): one job over all processes. After a time in
   * which no process ran, the last minute missed within a day is made up for.
   */
  every(schedule: string, queue: QueueName): void {
    this.schedules.push({ queue, schedule: cron(schedule), sent: 0 });
  }

  /** Begins to work, by the clock as well. */
  async start(): Promise<void> {
    if (this.timer) return;
    await this.boss.start();
    for (const worker of this.workers.values()) worker.start();
    this.timer = setInterval(() => this.tickAlone(), SCHEDULE_MS).unref();
    this.tickAlone();
  }

  /** Takes no more jobs, and waits for those in hand to end. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([this.ticking, ...[...this.workers.values()].map((worker) => worker.stop())]);
    if (this.timer) await this.boss.stop({ graceful: false, close: false });
    this.timer = undefined;
    await this.store.idle();
  }

  /** Does now what waits in a queue, or in all of them; answers how many jobs were done. `early` does not wait for their time. */
  async drain(queue?: QueueName, early = false): Promise<number> {
    let done = 0;
    for (const name of queue ? [queue] : queueNames) done += (await this.workers.get(name)?.drain(early)) ?? 0;
    return done;
  }

  /**
   * Puts away jobs that ended, drops those put away long ago, and takes up again those whose process was lost. Runs by itself
   * every two minutes, in one process.
   */
  async upkeep(): Promise<void> {
    await this.boss.maintain();
  }

  /** How many jobs of each queue wait to be done, and how many failed for good and were not put away yet: for the metrics. */
  async counts(): Promise<QueueCount[]> {
    const { rows } = await this.store.executeSql(COUNTS);
    const found = new Map(rows.map((row) => [row.name, row]));
    return queueNames.map((queue) => {
      const row = found.get(queue);
      return { queue, waiting: Number(row?.waiting ?? 0), failed: Number(row?.failed ?? 0) };
    });
  }

  /** Sends what has fallen due by the clock and was not sent yet, by this process or another. */
  async tick(): Promise<void> {
    for (const entry of this.schedules) {
      const due = lastDue(entry.schedule, this.clock.now());
      if (!due || due.getTime() <= entry.sent) continue;
      await this.boss.send(entry.queue, {}, { id: minuteId(entry.queue, due) });
      entry.sent = due.getTime();
      this.workers.get(entry.queue)?.wake();
    }
  }

  private tickAlone(): void {
    this.ticking = this.ticking
      .then(() => this.tick())
      .catch((error: unknown) => this.failed('schedule', asError(error)));
  }
}

/** The same id for the same minute of a queue in every process, so that only one of them adds the job. */
function minuteId(queue: string, minute: Date): string {
  const hex = createHash('sha256').update(`${queue} ${minute.toISOString()}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
