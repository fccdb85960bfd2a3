import type PgBoss from 'pg-boss';
import { asError, errorCode } from '../events/failures';
import type { JobData } from './job-data';
import type { QueueName } from './queues';

/** How often a queue is looked at, in milliseconds; what this process sends is seen at once. */
const POLL_MS = 2000;

export interface Job<D extends JobData = JobData> {
  readonly id: string;
  readonly data: D;
  /** 1 the first time. */
  readonly attempt: number;
}

/** Does one job. Returning means done; throwing means that it is tried again, as its queue says. */
export type Handler<D extends JobData = JobData> = (job: Job<D>) => Promise<void>;

/** Works one queue in this process. */
export class Worker {
  private looping: Promise<void> | undefined;
  private stopping = false;
  private woken = false;
  private wakeUp: (() => void) | undefined;

  constructor(
    private readonly queue: QueueName,
    private readonly atOnce: number,
    private readonly boss: Pick<PgBoss, 'fetch' | 'complete' | 'fail'>,
    private readonly handler: Handler<never>,
    private readonly failed: (error: Error) => void,
  ) {}

  start(): void {
    this.stopping = false;
    this.looping ??= this.loop();
  }

  /** Takes no more jobs, and waits for those in hand. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.looping;
    this.looping = undefined;
  }

  /** Looks at the queue without waiting for the next time. */
  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  /** Does what waits, until nothing does; answers how many were done without failing. */
  async drain(early = false): Promise<number> {
    let done = 0;
    for (;;) {
      const batch = await this.once(early);
      if (batch.length === 0) return done;
      done += batch.filter((well) => well).length;
      // A job that has just failed waits for its own time, however early the others are done.
      if (early && batch.includes(false)) return done;
    }
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      this.woken = false;
      const done = await this.once(false).catch((error: unknown) => {
        this.failed(asError(error));
        return [];
      });
      if (done.length === 0) await this.pause();
    }
  }

  private pause(): Promise<void> {
    if (this.woken || this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wakeUp?.(), POLL_MS).unref();
      this.wakeUp = () => {
        clearTimeout(timer);
        this.wakeUp = undefined;
        resolve();
      };
    });
  }

  /** Takes as many jobs as may be done at once and does them; for each, whether it went well. */
  private async once(early: boolean): Promise<boolean[]> {
    const jobs = await this.boss.fetch<never>(this.queue, {
      batchSize: this.atOnce,
      includeMetadata: true,
      ignoreStartAfter: early,
    });
    return Promise.all(jobs.map((job) => this.one(job)));
  }

  private async one(job: PgBoss.JobWithMetadata<never>): Promise<boolean> {
    try {
      await this.handler({ id: job.id, data: job.data, attempt: job.retryCount + 1 });
    } catch (error) {
      this.failed(asError(error));
      // Only the code: the text of an error can quote what the job was about.
      await this.boss.fail(this.queue, job.id, { code: errorCode(error) });
      return false;
    }
    await this.boss.complete(this.queue, job.id);
    return true;
  }
}
