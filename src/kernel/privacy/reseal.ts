import { theService } from '../access/actor';
import type { KeyRing } from '../config-secrets';
import type { Db } from '../db/db';
import { columnSql, tableSql } from './query';
import { headerOf, open, seal, Unopenable } from './seal';
import { SealedColumn, sealedColumns } from './sealed-columns';

/** What happened to one column. */
export interface Resealed {
  table: string;
  column: string;
  /** Values moved to the current key. */
  moved: number;
  /** Values that somebody changed or removed meanwhile; they were left to that writer. */
  changedMeanwhile: number;
  /** Ids of rows whose value did not open: they keep what they had. */
  unopenable: string[];
}

interface Stored {
  id: string;
  value: Buffer;
}

const BATCH = 200;

/**
 * Seals every value again under the ring's current key. Needs no bookkeeping: a value's first bytes name its key, so
 * a run that was cut short is simply started again. Safe while the service runs, because a row is only written if it
 * still holds what was read. The service itself must already run with the new current key, else it goes on sealing
 * with the old one.
 */
export async function reseal(db: Db, ring: KeyRing, columns = sealedColumns()): Promise<Resealed[]> {
  const done: Resealed[] = [];
  for (const column of columns) done.push(await resealColumn(db, ring, column));
  return done;
}

async function resealColumn(db: Db, ring: KeyRing, at: SealedColumn): Promise<Resealed> {
  const result: Resealed = { ...at, moved: 0, changedMeanwhile: 0, unopenable: [] };
  const [table, column] = [tableSql(at.table), columnSql(at.column)];
  const header = headerOf(ring.current);
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const batch = await db.query<Stored>(
      `SELECT id, ${column} AS value FROM ${table}
       WHERE id > $1 AND ${column} IS NOT NULL AND substring(${column} FROM 1 FOR $2) <> $3 ORDER BY id LIMIT $4`,
      [after, header.length, header, BATCH],
    );
    const last = batch.at(-1);
    if (!last) return result;
    after = last.id;
    const ready = batch.flatMap((row) => again(ring, at, row, result));
    const moved = await store(db, at, ready);
    result.moved += moved;
    result.changedMeanwhile += ready.length - moved;
  }
}

function again(ring: KeyRing, at: SealedColumn, row: Stored, result: Resealed): (Stored & { sealed: Buffer })[] {
  const place = { table: at.table, row: row.id, column: at.column };
  try {
    return [{ ...row, sealed: seal(ring, place, open(ring, place, row.value)) }];
  } catch (error) {
    if (!(error instanceof Unopenable)) throw error;
    result.unopenable.push(row.id);
    return [];
  }
}

/** Writes one batch; answers how many rows still held what had been read. A record's version does not rise: nothing that it says has changed. */
async function store(db: Db, at: SealedColumn, rows: (Stored & { sealed: Buffer })[]): Promise<number> {
  if (rows.length === 0) return 0;
  const column = columnSql(at.column);
  return db.write(theService(), async (tx) => {
    const written = await tx.query(
      `UPDATE ${tableSql(at.table)} t SET ${column} = n.sealed
       FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n(id, before, sealed)
       WHERE t.id = n.id AND t.${column} = n.before RETURNING t.id`,
      [rows.map((r) => r.id), rows.map((r) => r.value), rows.map((r) => r.sealed)],
    );
    tx.audit('resealed', at.table, null, { after: { column: at.column, values: written.length } });
    return written.length;
  });
}
