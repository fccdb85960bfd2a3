import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor';
import { Clock } from '../clock';
import { Db } from '../db/db';
import type { Tx } from '../db/tx';
import { Erased, PersonalTable, personalTables, PersonReader, Shown, Stayed } from './personal';
import { lockPerson } from './person-lock';
import { columnSql, Query, tableSql } from './query';
import { Sealer } from './sealer';

/** A person as the kernel knows one: ids without a meaning. */
export interface PersonKeys {
  personId: string;
  /** Accounts that the person signs in with; often none. */
  accountIds: readonly string[];
}

/** Everything held about a person, made for the person to read. */
export interface PersonExport {
  personId: string;
  /** When it was put together (RFC 3339, UTC). */
  madeAt: string;
  sections: PersonSection[];
}

/** One kind of data in a person's copy. Kinds of which nothing is held are listed too, with no rows. */
export interface PersonSection {
  heading: string;
  /** What is held, in plain English. */
  holds: string;
  keptFor: string;
  rule: string;
  rows: object[];
}

/** What is erased: a person with all their data, an interest of somebody without a record, or an account. */
export const ErasedSubject = { Person: 'person', Interest: 'interest', Account: 'account' } as const;
export type ErasedSubject = (typeof ErasedSubject)[keyof typeof ErasedSubject];

export type ErasedBecause = 'asked_by_person' | 'kept_long_enough' | 'recorded_in_error';

/** What an erasure removed and what it left. Holds no personal data. */
export interface ErasureReceipt {
  id: string;
  subject: ErasedSubject;
  /** The id that the person, interest or account had. */
  subjectId: string;
  erasedAt: Date;
  because: ErasedBecause;
  went: { table: string; what: string; rows: number }[];
  stayed: ({ table: string } & Stayed)[];
}

/** What went and what stayed, table by table. */
type Done = Pick<ErasureReceipt, 'went' | 'stayed'>;

interface StoredReceipt {
  id: string;
  subject: ErasedSubject;
  person_id: string;
  erased_at: Date;
  because: ErasedBecause;
  went: ErasureReceipt['went'];
  stayed: ErasureReceipt['stayed'];
}

/** All data about one person, over every area, by way of the registry of personal data. */
@Injectable()
export class PersonalData {
  constructor(
    private readonly db: Db,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  /** Everything about a person. That it was read is recorded first. */
  async exportPerson(who: Actor, person: PersonKeys): Promise<PersonExport> {
    await this.db.write(who, (tx) => {
      tx.audit('exported', 'person', person.personId, { personId: person.personId, purpose: 'copy-of-own-data' });
      return Promise.resolve();
    });
    const reader = await this.reader(this.db);
    const sections: PersonSection[] = [];
    for (const entry of personalTables()) {
      if (entry.export === 'elsewhere') continue;
      const rows: object[] = [];
      for (const id of idsFor(entry, person)) {
        rows.push(
          ...(entry.export
            ? await entry.export(reader, id)
            : await reader.rows(entry.table, entry.person, id, entry.shown)),
        );
      }
      const { heading, holds, keptFor, rule } = entry;
      sections.push({ heading, holds, keptFor, rule, rows });
    }
    sections.sort((a, b) => a.heading.localeCompare(b.heading));
    return { personId: person.personId, madeAt: this.clock.now().toISOString(), sections };
  }

  /** Erases a person from every area and answers the receipt. Part of the caller's transaction: all of it or nothing. */
  async erasePerson(tx: Tx, person: PersonKeys, because: ErasedBecause): Promise<ErasureReceipt> {
    await lockPerson(tx, person.personId);
    return this.receipted(tx, ErasedSubject.Person, person.personId, because, await everyEntry(tx, person));
  }

  /** Erases an account that is no contributor's, from every area, and answers the receipt. */
  async eraseAccount(tx: Tx, accountId: string, because: ErasedBecause): Promise<ErasureReceipt> {
    const done = await everyEntry(tx, { personId: null, accountIds: [accountId] });
    return this.receipted(tx, ErasedSubject.Account, accountId, because, done);
  }

  /** Writes the receipt of an erasure that was carried out in this transaction. */
  async receipted(
    tx: Tx,
    subject: ErasedSubject,
    subjectId: string,
    because: ErasedBecause,
    { went, stayed }: Done,
  ): Promise<ErasureReceipt> {
    const [row] = await tx.query<{ id: string }>(
      `INSERT INTO kernel.erasure_receipt (subject, person_id, erased_at, erased_by, because, went, stayed)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
      [subject, subjectId, tx.at, tx.actor.accountId, because, JSON.stringify(went), JSON.stringify(stayed)],
    );
    if (!row) throw new Error('No receipt came back');
    const whose = subject === ErasedSubject.Person ? subjectId : null;
    tx.audit('erased', subject, subjectId, { personId: whose, after: { receipt: row.id, because } });
    return { id: row.id, subject, subjectId, erasedAt: tx.at, because, went, stayed };
  }

  /** A receipt by its id; null where there is none. */
  async receipt(id: string): Promise<ErasureReceipt | null> {
    const [row] = await this.db.query<StoredReceipt>(
      'SELECT id, subject, person_id, erased_at, because, went, stayed FROM kernel.erasure_receipt WHERE id = $1',
      [id],
    );
    if (!row) return null;
    const { person_id: subjectId, erased_at: erasedAt, ...rest } = row;
    return { ...rest, subjectId, erasedAt };
  }

  private async reader(q: Query): Promise<PersonReader> {
    const types = await columnTypes(q);
    const open: PersonReader['open'] = (place, stored) => this.sealer.open(place, stored);
    return {
      query: (sql, params) => q.query(sql, params),
      open,
      rows: async (table, column, id, shown) => {
        const { sql, without } = selectShown(table, column, shown);
        const found = await q.query<{ row: Record<string, unknown> }>(sql, [id, without]);
        return found.map(({ row }) => readable(table, row, types, open));
      },
    };
  }
}

/** The rows of a person as JSON, with names in place of the ids that lead to them. */
function selectShown(
  table: string,
  column: string,
  { without = [], named = {} }: Shown = {},
): { sql: string; without: string[] } {
  const names = Object.entries(named).map(([reference, place]) => {
    const [schema = '', of = '', name = ''] = place.split('.');
    columnSql(reference);
    const from = `${tableSql(`${schema}.${of}`)} n WHERE n.id = r.${reference}`;
    return `'${reference.replace(/_id$/, '')}', (SELECT n.${columnSql(name)} FROM ${from})`;
  });
  return {
    sql: `SELECT to_jsonb(r) - $2::text[] || jsonb_build_object(${names.join(', ')}) AS row
          FROM ${tableSql(table)} r WHERE r.${columnSql(column)} = $1 ORDER BY to_jsonb(r)`,
    without: ['version', ...(column === 'id' ? [] : [column]), ...Object.keys(named), ...without],
  };
}

/** Whose rows to go through; without a person's own id, those of accounts only. */
type Whose = { personId: string | null; accountIds: readonly string[] };

const idsFor = (entry: PersonalTable, { personId, accountIds }: Whose): readonly string[] => {
  if (entry.key === 'account') return accountIds;
  return personId === null ? [] : [personId];
};

async function everyEntry(tx: Tx, whose: Whose): Promise<Done> {
  const done: Done = { went: [], stayed: [] };
  for (const entry of personalTables()) {
    for (const id of idsFor(entry, whose)) {
      const { went, stayed } = await erase(tx, entry, id);
      if (went > 0) done.went.push({ table: entry.table, what: entry.holds, rows: went });
      done.stayed.push(...stayed.map((left) => ({ table: entry.table, ...left })));
    }
  }
  return done;
}

async function erase(tx: Tx, entry: PersonalTable, id: string): Promise<Erased> {
  if (typeof entry.erase === 'function') return entry.erase(tx, id);
  const table = tableSql(entry.table);
  const person = columnSql(entry.person);
  if (entry.erase === 'delete') {
    const gone = await tx.query(`DELETE FROM ${table} WHERE ${person} = $1 RETURNING 1`, [id]);
    return { went: gone.length, stayed: [] };
  }
  const columns = Object.entries(entry.erase.anonymise);
  const sets = columns.map(([name], i) => `${columnSql(name)} = $${i + 2}`).join(', ');
  const changed = await tx.query(`UPDATE ${table} SET ${sets} WHERE ${person} = $1 RETURNING 1`, [
    id,
    ...columns.map(([, value]) => value),
  ]);
  return { went: changed.length, stayed: [] };
}

type ColumnTypes = ReadonlyMap<string, 'bytea' | 'timestamp with time zone'>;

/** Columns of bytes and of moments, which JSON shows as Postgres writes them. */
async function columnTypes(q: Query): Promise<ColumnTypes> {
  const columns = await q.query<{ name: string; type: 'bytea' | 'timestamp with time zone' }>(
    `SELECT format('%s.%s.%s', table_schema, table_name, column_name) AS name, data_type AS type
     FROM information_schema.columns WHERE data_type IN ('bytea', 'timestamp with time zone')`,
  );
  return new Map(columns.map(({ name, type }) => [name, type]));
}

/** A row as a person reads it: names in camelCase, sealed columns opened under the name of what they hold, other bytes left out. */
function readable(
  table: string,
  row: Record<string, unknown>,
  types: ColumnTypes,
  open: PersonReader['open'],
): Record<string, unknown> {
  const told: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    const type = types.get(`${table}.${column}`);
    if (type !== 'bytea')
      told[camel(column)] = type && typeof value === 'string' ? new Date(value).toISOString() : value;
    else if (column.endsWith('_sealed')) {
      const stored = typeof value === 'string' ? Buffer.from(value.slice(2), 'hex') : null; // jsonb shows bytea as \x...
      told[camel(column.slice(0, -'_sealed'.length))] = stored && open({ table, row: String(row.id), column }, stored);
    }
  }
  return told;
}

const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
