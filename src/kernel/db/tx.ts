import type { DataSource } from 'typeorm';
import type { PoolClient } from 'pg';
import type { Actor } from '../access/actor';
import { checkedEvent } from '../events/declare';
import { NotFound, Stale } from '../errors/problem';
import { personalFields } from './fields';
import type { StoredRecord } from './record';
import { columnList, RecordType, tableOf, toColumns, toRecord } from './rows';
import { all, binder, Condition, statementName } from './sql';

/** A fact that others may act on, told in the transaction that made it true. Holds ids and codes only, never personal data. */
export interface NewEvent {
  /** Declared type, in the past tense: `opportunity.published`. */
  type: string;
  /** Kind of record that it is about. */
  subject: string;
  subjectId: string;
  /** The record's version after the change. */
  version: number;
  organisationId?: string | null;
  data?: Record<string, unknown>;
}

/** What an audit row says beside who and when. */
export interface AuditFacts {
  before?: object | null;
  after?: object | null;
  /** The person whose data were touched. */
  personId?: string | null;
  organisationId?: string | null;
  purpose?: string | null;
  /** The person for whom the account acts, where it does what is theirs to do or say: `actor.actsFor(personId)`. */
  actingFor?: string | null;
}

/** The fields that a caller of `insert` or `change` may set. */
export type Fields<E> = Partial<
  Omit<{ [K in keyof E as E[K] extends (...args: never[]) => unknown ? never : K]: E[K] }, keyof StoredRecord>
>;

const MASK = '(private)';

/**
 * One transaction. The write, its audit row and its event are one: whoever has a `Tx` cannot forget them.
 * Only `Db.write` makes one.
 */
export class Tx {
  private readonly audits: object[] = [];
  private readonly events: object[] = [];
  private readonly afterwards: (() => void)[] = [];

  constructor(
    /** The source of its connection; tells through which door it was begun. */
    readonly door: DataSource,
    private readonly client: PoolClient,
    readonly actor: Actor,
    /** The moment of the transaction, as the service's clock says. */
    readonly at: Date,
  ) {}

  /** Rows of a statement of our own. Column names as the database has them. */
  async query<R>(sql: string, params: unknown[] = []): Promise<R[]> {
    const result = await this.client.query({ text: sql, values: params, name: statementName(sql) });
    return result.rows as R[];
  }

  /** The record, locked against other writers till the transaction ends. NotFound where there is none that fits the conditions (alias `r`). */
  async get<E extends StoredRecord>(type: RecordType<E>, id: string, ...conditions: Condition[]): Promise<E> {
    const meta = this.door.getMetadata(type);
    const { params, bind } = binder([id]);
    const [row] = await this.query<Record<string, unknown>>(
      `SELECT ${columnList(meta, 'r')} FROM ${tableOf(meta)} r WHERE r.id = $1 AND ${all(conditions, bind)} FOR NO KEY UPDATE OF r`,
      params,
    );
    if (!row) throw new NotFound();
    return toRecord(type, meta, row);
  }

  /** Adds a record; answers it as stored. `id` may be given for reference data only. */
  async insert<E extends StoredRecord>(
    type: RecordType<E>,
    data: Fields<E> & { id?: string },
    facts: AuditFacts = {},
  ): Promise<E> {
    const meta = this.door.getMetadata(type);
    const columns = toColumns(meta, data);
    const list = columns.map((c) => `"${c.column}"`).join(', ');
    const places = columns.map((_, i) => `$${i + 1}`).join(', ');
    const values = columns.length === 0 ? 'DEFAULT VALUES' : `(${list}) VALUES (${places})`;
    const [row] = await this.query<Record<string, unknown>>(
      `INSERT INTO ${tableOf(meta)} ${values} RETURNING ${columnList(meta)}`,
      columns.map((c) => c.value),
    );
    if (!row) throw new Error(`No row came back from inserting a ${meta.name}`);
    const record = toRecord(type, meta, row);
    this.audit('created', meta.tableName, record.id, { ...facts, after: masked(type, pick(record, columns)) });
    return record;
  }

  /**
   * Changes the named fields in one conditional statement, which raises the version. Stale when the version is no longer
   * `version` (default: the version of the record given). Fields that are undefined are left alone; null clears.
   */
  async change<E extends StoredRecord>(
    record: E,
    patch: Fields<E>,
    version = record.version,
    facts: AuditFacts = {},
  ): Promise<E> {
    const type = record.constructor as RecordType<E>;
    const meta = this.door.getMetadata(type);
    const columns = toColumns(meta, patch);
    const sets = columns.map((c, i) => `"${c.column}" = $${i + 3}`);
    const [row] = await this.query<Record<string, unknown>>(
      `UPDATE ${tableOf(meta)} SET ${[...sets, 'version = version + 1', 'updated_at = now()'].join(', ')}
       WHERE id = $1 AND version = $2 RETURNING ${columnList(meta)}`,
      [record.id, version, ...columns.map((c) => c.value)],
    );
    if (!row) throw new Stale();
    const changed = toRecord(type, meta, row);
    this.audit('changed', meta.tableName, record.id, {
      ...facts,
      before: masked(type, pick(record, columns)),
      after: masked(type, pick(changed, columns)),
    });
    return changed;
  }

  /** Removes the record for good. Stale when its version is no longer the one given. */
  async remove<E extends StoredRecord>(record: E, version = record.version, facts: AuditFacts = {}): Promise<void> {
    const meta = this.door.getMetadata(record.constructor as RecordType<E>);
    const gone = await this.query(`DELETE FROM ${tableOf(meta)} WHERE id = $1 AND version = $2 RETURNING id`, [
      record.id,
      version,
    ]);
    if (gone.length === 0) throw new Stale();
    this.audit('removed', meta.tableName, record.id, facts);
  }

  /** Does a part of the transaction that may fail by itself: its writes, audit rows and events then go, what came before stays. */
  async attempt<T>(part: () => Promise<T>): Promise<T> {
    const [audits, events, afterwards] = [this.audits.length, this.events.length, this.afterwards.length];
    await this.client.query('SAVEPOINT part');
    try {
      const result = await part();
      await this.client.query('RELEASE SAVEPOINT part');
      return result;
    } catch (error) {
      await this.client.query('ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part');
      this.audits.length = audits;
      this.events.length = events;
      this.afterwards.length = afterwards;
      throw error;
    }
  }

  /** Tells a fact. It reaches the event log if, and only if, the transaction commits. */
  emit(event: NewEvent): void {
    const type = checkedEvent(event);
    this.events.push({
      type: event.type,
      subject: event.subject,
      subject_id: event.subjectId,
      version: event.version,
      organisation_id: event.organisationId ?? null,
      public: type.public,
      data: event.data ?? {},
      account_id: this.actor.accountId,
      trace_id: this.actor.traceId,
    });
  }

  /** Adds a row to the audit trail beside those that insert, change and remove add by themselves. */
  audit(action: string, subject: string, subjectId: string | null, facts: AuditFacts = {}): void {
    this.audits.push({
      account_id: this.actor.accountId,
      acting_for: facts.actingFor ?? null,
      actor: this.actor.kind,
      action,
      subject,
      subject_id: subjectId,
      person_id: facts.personId ?? null,
      organisation_id: facts.organisationId ?? null,
      purpose: facts.purpose ?? null,
      before: facts.before ?? null,
      after: facts.after ?? null,
      trace_id: this.actor.traceId,
    });
  }

  /** Runs once the transaction has committed, for what lives in memory only. */
  afterCommit(work: () => void): void {
    this.afterwards.push(work);
  }

  /** Writes what was collected; part of ending the transaction. Answers whether there were events. */
  async flush(): Promise<boolean> {
    if (this.audits.length === 0 && this.events.length === 0) return false;
    await this.query(FLUSH, [JSON.stringify(this.audits), JSON.stringify(this.events)]);
    const told = this.events.length > 0;
    this.audits.length = 0;
    this.events.length = 0;
    return told;
  }

  committed(): void {
    for (const work of this.afterwards) work();
  }
}

/** Audit rows and events of the transaction, in one statement. */
const FLUSH = `
  WITH audits AS (
    INSERT INTO kernel.audit_entry (account_id, acting_for, actor, action, subject, subject_id, person_id, organisation_id, purpose, before, after, trace_id)
    SELECT account_id, acting_for, actor, action, subject, subject_id, person_id, organisation_id, purpose, before, after, trace_id
    FROM jsonb_to_recordset($1::jsonb) AS a(account_id uuid, acting_for uuid, actor text, action text, subject text, subject_id uuid,
      person_id uuid, organisation_id uuid, purpose text, before jsonb, after jsonb, trace_id text)
  )
  INSERT INTO kernel.event (type, subject, subject_id, version, organisation_id, public, data, account_id, trace_id)
  SELECT type, subject, subject_id, version, organisation_id, public, data, account_id, trace_id
  FROM jsonb_to_recordset($2::jsonb) AS e(type text, subject text, subject_id uuid, version integer, organisation_id uuid,
    public boolean, data jsonb, account_id uuid, trace_id text)`;

function pick(record: object, columns: { property: string }[]): Record<string, unknown> {
  const values = record as Record<string, unknown>;
  return Object.fromEntries(columns.map((c) => [c.property, values[c.property]]));
}

function masked(type: object, fields: Record<string, unknown>): Record<string, unknown> {
  const hidden = personalFields(type);
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Uint8Array || (hidden.has(name) && value !== null) ? MASK : value,
    ]),
  );
}
