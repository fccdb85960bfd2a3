import { Injectable } from '@nestjs/common';
import { theService } from '../access/actor';
import { Clock } from '../clock';
import { Db } from '../db/db';
import type { Tx } from '../db/tx';
import { PersonalTable, personalTables, Retention as Rule } from './personal';
import { columnSql, tableSql } from './query';

/** When the service does `Retention.run` by itself: each night, UTC. */
export const RETENTION_JOB = { queue: 'privacy.retention', schedule: '17 2 * * *' } as const;

/** How many rows of a table are past their time. */
export interface Due {
  table: string;
  rows: number;
}

type Kept = PersonalTable & { retention: Rule };

const BATCH = 500;

/** Finds and removes what has been kept for as long as its rule says. */
@Injectable()
export class Retention {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
  ) {}

  /** What is due at this moment, by table; tables with nothing due are listed with 0. */
  async due(tables = personalTables()): Promise<Due[]> {
    const found: Due[] = [];
    for (const entry of tables.filter(isKept)) {
      const [row] = await this.db.query<{ rows: number }>(
        `SELECT count(*)::integer AS rows ${dueRows(entry)}`,
        this.terms(entry),
      );
      found.push({ table: entry.table, rows: row?.rows ?? 0 });
    }
    return found;
  }

  /**
   * Handler of the daily job: removes what is due, in batches that each are a transaction of their own, so that it can be
   * cut short and started again. Answers how many rows it dealt with.
   */
  async run(tables = personalTables()): Promise<Due[]> {
    const done: Due[] = [];
    for (const entry of tables.filter(isKept)) done.push({ table: entry.table, rows: await this.clear(entry) });
    return done;
  }

  private async clear(entry: Kept): Promise<number> {
    let rows = 0;
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const ids = await this.db.write(theService(), (tx) => this.batch(tx, entry, after));
      rows += ids.length;
      const last = ids.at(-1);
      if (!last || ids.length < BATCH) return rows;
      after = last;
    }
  }

  private async batch(tx: Tx, entry: Kept, after: string): Promise<string[]> {
    const { then } = entry.retention;
    const due = `SELECT r.id ${dueRows(entry)} AND r.id > $3 ORDER BY r.id LIMIT ${BATCH}`;
    const table = tableSql(entry.table);
    // What is only deleted may be a table of which the service may change nothing, and a lock is the right to change.
    const sql = then ? `${due} FOR UPDATE` : `DELETE FROM ${table} WHERE id IN (${due}) RETURNING id`;
    const found = await tx.query<{ id: string }>(sql, [...this.terms(entry), after]);
    const ids = found.map((row) => row.id).sort();
    if (ids.length === 0) return ids;
    if (then) await then(tx, ids);
    tx.audit('kept_long_enough', entry.table, null, { after: { rows: ids.length, rule: entry.rule } });
    return ids;
  }

  private terms({ retention }: Kept): unknown[] {
    return [this.clock.now(), typeof retention.after === 'string' ? retention.after : retention.after.purpose];
  }
}

const isKept = (entry: PersonalTable): entry is Kept => entry.retention !== undefined;

/** `FROM … WHERE …` for the rows that are due. A purpose that is not loaded makes nothing due. */
function dueRows(entry: Kept): string {
  const { from, after, where } = entry.retention;
  const time =
    typeof after === 'string'
      ? '$2::text::interval'
      : `(SELECT p.kept_for::interval FROM kernel.purpose p WHERE p.slug = $2 ORDER BY p.wording_major DESC, p.wording_minor DESC LIMIT 1)`;
  return `FROM ${tableSql(entry.table)} r WHERE r.${columnSql(from)} <= $1::timestamptz - ${time}${where ? ` AND (${where})` : ''}`;
}
