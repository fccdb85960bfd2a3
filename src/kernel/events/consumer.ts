import type { Connection } from './consumer-lock';
import { asError, errorCode } from './failures';
import { EventReader, StoredEvent } from './reader';

/** Most events between two notes of the position; also the most that are delivered twice after a crash. */
const BATCH = 100;
/** How far a consumer may read past events that it does not want before its position is written down. */
const SKIP = 1000n;
const LONGEST_WAIT_SECONDS = 900;

/** Who wants events, and what is done with each. */
export interface ConsumerOptions {
  /** The declared types that it wants. */
  types: readonly string[];
  /**
   * Takes one event. Returning means done; throwing means that it comes again, later and later. The same event can come
   * twice after a crash, so what it does must bear repeating (drop repeats by the event's id).
   */
  handle: (event: StoredEvent) => Promise<void>;
}

/** One consumer of the log in this process: delivers in order, then notes how far it came. */
export class Consumer {
  /** Events up to here need not be looked at again by this process. */
  private scanned = 0n;
  private noted = 0n;
  private notBefore = 0;

  constructor(
    readonly name: string,
    readonly options: ConsumerOptions,
    private readonly reader: EventReader,
    private readonly clock: { now(): Date },
  ) {}

  /** Whether there is something for it, looking without the lock. */
  async wanted(head: bigint): Promise<boolean> {
    if (head <= this.scanned || this.clock.now().getTime() < this.notBefore) return false;
    const { events, readTo } = await this.reader.after(this.scanned, { limit: 1, types: this.options.types });
    if (events.length > 0) return true;
    this.scanned = readTo;
    return readTo - this.noted >= SKIP;
  }

  /** Delivers what there is, in order. Call it only under the consumer's lock, whose connection is given. */
  async deliver(connection: Connection, stopping: () => boolean): Promise<Error | undefined> {
    const state = await this.load(connection);
    let position = BigInt(state.position);
    this.noted = position;
    this.notBefore = state.next_attempt_at?.getTime() ?? 0;
    if (this.clock.now().getTime() < this.notBefore) return undefined;
    for (;;) {
      const batch = await this.reader.after(position, { limit: BATCH, types: this.options.types });
      if (batch.readTo === position) break;
      let done = position;
      for (const event of batch.events) {
        if (stopping()) {
          await this.note(connection, position, done);
          return undefined;
        }
        try {
          await this.options.handle(event);
          done = event.position;
        } catch (error) {
          await this.noteFailure(connection, position, done, done > position ? 1 : state.attempts + 1, error);
          return asError(error);
        }
      }
      await this.note(connection, position, batch.readTo);
      state.attempts = 0;
      position = batch.readTo;
      if (stopping()) break;
    }
    this.scanned = position;
    return undefined;
  }

  private async load(connection: Connection): Promise<ConsumerState> {
    await connection.query('INSERT INTO kernel.event_consumer (name) VALUES ($1) ON CONFLICT DO NOTHING', [this.name]);
    const { rows } = await connection.query<ConsumerState>(
      'SELECT position, attempts, next_attempt_at FROM kernel.event_consumer WHERE name = $1',
      [this.name],
    );
    if (!rows[0]) throw new Error(`Consumer ${this.name} is not on record`);
    return rows[0];
  }

  private async note(connection: Connection, from: bigint, to: bigint): Promise<void> {
    await this.update(connection, from, to, 0, null, null);
    this.noted = to;
    this.notBefore = 0;
  }

  private async noteFailure(
    connection: Connection,
    from: bigint,
    to: bigint,
    attempts: number,
    error: unknown,
  ): Promise<void> {
    const next = new Date(this.clock.now().getTime() + waitSeconds(attempts) * 1000);
    await this.update(connection, from, to, attempts, next, errorCode(error));
    this.noted = to;
    this.scanned = to;
    this.notBefore = next.getTime();
  }

  private async update(
    connection: Connection,
    from: bigint,
    to: bigint,
    attempts: number,
    next: Date | null,
    code: string | null,
  ): Promise<void> {
    const { rowCount } = await connection.query(NOTE, [
      this.name,
      from.toString(),
      to.toString(),
      attempts,
      next,
      code,
    ]);
    if (rowCount !== 1) throw new Error(`Consumer ${this.name} was moved on by another process`);
  }
}

/** Seconds until an event that has failed so often in a row is tried again: 1, 2, 4 … at most 900. */
export const waitSeconds = (attempts: number): number => Math.min(2 ** (attempts - 1), LONGEST_WAIT_SECONDS);

interface ConsumerState {
  position: string;
  attempts: number;
  next_attempt_at: Date | null;
}

const NOTE = `
  UPDATE kernel.event_consumer
  SET position = $3, attempts = $4, next_attempt_at = $5, last_error = $6, updated_at = now()
  WHERE name = $1 AND position = $2`;
