import type { Pool } from 'pg';
import { EventHead } from './head';
import { EventSignal } from './signal';

/** How often the log is looked at for what other processes have committed, in milliseconds. */
const POLL_MS = 250;
/** How long commits are gathered after a nudge, so that a burst of them costs one look, in milliseconds. */
const GATHER_MS = 10;

/**
 * Numbers committed events, so that the log can be read by position. Any process may do it for all: the database function
 * `kernel.sequence_events` holds the lock and the rules, this class only decides when to call it.
 */
export class Sequencer {
  private running: Promise<bigint> | undefined;
  private following: Promise<bigint> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private gathering: NodeJS.Timeout | undefined;
  private forget: (() => void) | undefined;

  constructor(
    private readonly database: { readonly pool: Pool },
    private readonly events: EventHead,
    private readonly signal: EventSignal,
    /** Told when a look failed; the next one comes by itself. */
    private readonly failed: (error: Error) => void = () => undefined,
  ) {}

  /** Numbers everything that had committed before the call. Answers the position of the last numbered event. */
  run(): Promise<bigint> {
    if (!this.running) {
      this.running = this.look().finally(() => (this.running = undefined));
      return this.running;
    }
    // The look under way may have begun before the caller's commit, so the caller waits for the one after it.
    this.following ??= this.running
      .catch(() => 0n)
      .then(() => {
        this.following = undefined;
        return this.run();
      });
    return this.following;
  }

  /** Looks at once, at each nudge and by the clock, until stopped. */
  start(): void {
    if (this.timer) return;
    this.forget = this.signal.onNudge(() => {
      this.gathering ??= setTimeout(() => {
        this.gathering = undefined;
        this.runAlone();
      }, GATHER_MS);
    });
    this.timer = setInterval(() => this.runAlone(), POLL_MS).unref();
    this.runAlone();
  }

  /** Stops looking and waits for what is under way. */
  async stop(): Promise<void> {
    this.forget?.();
    clearInterval(this.timer);
    clearTimeout(this.gathering);
    this.timer = this.gathering = undefined;
    while (this.running ?? this.following) await (this.following ?? this.running)?.catch(() => 0n);
  }

  private runAlone(): void {
    if (this.following) return;
    this.run().catch(this.failed);
  }

  private async look(): Promise<bigint> {
    for (;;) {
      const heardAt = performance.now();
      const result = await this.database.pool.query<{ head: string; public_head: string; more: boolean }>(LOOK);
      const row = result.rows[0];
      if (!row) throw new Error('The event log did not answer');
      const position = BigInt(row.head);
      if (!row.more) {
        this.events.hear({ position, publicPosition: BigInt(row.public_head), heardAt });
        return position;
      }
    }
  }
}

const LOOK = { name: 'sequence_events', text: 'SELECT head, public_head, more FROM kernel.sequence_events()' };
