import type { Pool } from 'pg';

/** An event as the log has it. */
export interface StoredEvent {
  /** The event, wherever it is told again: drop repeats by it. */
  readonly id: string;
  /** Its place in the log. */
  readonly position: bigint;
  readonly type: string;
  readonly subject: string;
  readonly subjectId: string;
  /** The record's version after what happened. */
  readonly version: number;
  readonly organisationId: string | null;
  readonly public: boolean;
  readonly data: Readonly<Record<string, unknown>>;
  /** The account that did it; null for the service itself and for callers without an account. */
  readonly accountId: string | null;
  readonly traceId: string | null;
  /** When the transaction began in which it happened. */
  readonly at: Date;
}

/** Which events a reader wants; conditions left out do not narrow. */
export interface EventFilter {
  /** At most so many events. */
  limit: number;
  publicOnly?: boolean;
  types?: readonly string[];
  organisationIds?: readonly string[];
}

/** What a look at the log gave. */
export interface EventBatch {
  /** In the order of the log. */
  readonly events: readonly StoredEvent[];
  /** Everything up to here has been looked at, what the filter left out included: the position to go on from. */
  readonly readTo: bigint;
  /** Whether numbered events lay beyond `readTo` at the moment of reading. */
  readonly more: boolean;
}

/** Reads the event log by position. What it has once answered never changes, and nothing ever appears before it. */
export class EventReader {
  constructor(private readonly database: { readonly pool: Pool }) {}

  /** The events after a position, which is 0 for the beginning. */
  async after(position: bigint, filter: EventFilter): Promise<EventBatch> {
    const { rows } = await this.database.pool.query<EventRow>({
      name: filter.publicOnly ? 'events_public' : 'events_all',
      text: filter.publicOnly ? PUBLIC : ALL,
      values: [position.toString(), filter.types ?? null, filter.organisationIds ?? null, filter.limit],
    });
    const head = BigInt(rows[0]?.head ?? '0');
    const events = rows.flatMap((row) => (row.position === null ? [] : [toEvent(row, row.position)]));
    const last = events.at(-1);
    // A full batch ends with its last event; one that is not full has seen everything that was numbered.
    const readTo = last && events.length === filter.limit ? last.position : head > position ? head : position;
    return { events, readTo, more: readTo < head };
  }
}

/** The head and the events come from one statement, hence from one picture of the log. */
const statement = (condition: string): string => `
  SELECT h.position AS head, e.position, e.id, e.type, e.subject, e.subject_id, e.version, e.organisation_id, e.public, e.data,
    e.account_id, e.trace_id, e.at
  FROM kernel.event_head h
  LEFT JOIN LATERAL (
    SELECT * FROM kernel.event e
    WHERE e.position > $1 AND ${condition}
      AND ($2::text[] IS NULL OR e.type = ANY($2)) AND ($3::uuid[] IS NULL OR e.organisation_id = ANY($3))
    ORDER BY e.position LIMIT $4
  ) e ON true
  ORDER BY e.position`;
const ALL = statement('true');
const PUBLIC = statement('e.public');

interface EventRow {
  head: string;
  position: string | null;
  id: string;
  type: string;
  subject: string;
  subject_id: string;
  version: number;
  organisation_id: string | null;
  public: boolean;
  data: Record<string, unknown>;
  account_id: string | null;
  trace_id: string | null;
  at: Date;
}

const toEvent = (row: EventRow, position: string): StoredEvent => ({
  id: row.id,
  position: BigInt(position),
  type: row.type,
  subject: row.subject,
  subjectId: row.subject_id,
  version: row.version,
  organisationId: row.organisation_id,
  public: row.public,
  data: row.data,
  accountId: row.account_id,
  traceId: row.trace_id,
  at: row.at,
});
