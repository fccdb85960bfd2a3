import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Query } from '../../../kernel/privacy/query';
import { PopulationFile, PopulationSource, sourcesOf } from './population-rows';

/** One number, the same in all replicas: only one of them loads at a time. */
const LOAD_LOCK = 7_310_551_846;

/** What comes with the service. */
export const censusFile = (): PopulationFile =>
  JSON.parse(readFileSync(join(__dirname, 'census-2021.json'), 'utf8')) as PopulationFile;

/** Writes sources with their figures; what a source had before and has no longer goes. Call it inside a transaction. */
export async function storePopulation(
  q: Query,
  sources: readonly PopulationSource[],
  maintainedBy: 'reference' | 'steward',
): Promise<void> {
  await q.query('SELECT pg_advisory_xact_lock($1)', [LOAD_LOCK]);
  for (const { figures, ...source } of sources) {
    const stored = await q.query<{ id: string }>(SOURCE, [
      ...[source.key, source.title, source.publisher, source.licence, source.tableId, source.origin],
      ...[
        source.referenceDay,
        source.characteristic,
        source.ageRange,
        source.reservation,
        source.caution,
        maintainedBy,
      ],
    ]);
    const id = stored[0]?.id;
    if (id === undefined) throw new Error(`Source ${source.key} belongs to the service. Give yours another key.`);
    const rows = JSON.stringify(figures.map((figure, place) => ({ ...figure, place: place + 1 })));
    await q.query(GONE, [id, rows]);
    await q.query(FIGURES, [id, rows]);
  }
}

/** The rows that are right stay untouched: a start changes nothing where nothing changed. */
const SOURCE = `
  WITH given AS (
    INSERT INTO edi.population_source AS s (key, title, publisher, licence, table_id, origin, reference_day, characteristic, age_range,
      reservation, caution, maintained_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7::date, $8, $9, $10, $11, $12)
    ON CONFLICT (key) DO UPDATE SET title = EXCLUDED.title, publisher = EXCLUDED.publisher, licence = EXCLUDED.licence,
      table_id = EXCLUDED.table_id, origin = EXCLUDED.origin, reference_day = EXCLUDED.reference_day,
      characteristic = EXCLUDED.characteristic, age_range = EXCLUDED.age_range, reservation = EXCLUDED.reservation,
      caution = EXCLUDED.caution, version = s.version + 1, updated_at = now()
    WHERE s.maintained_by = EXCLUDED.maintained_by
      AND (s.title, s.publisher, s.licence, s.table_id, s.origin, s.reference_day, s.characteristic, s.age_range, s.reservation, s.caution)
        IS DISTINCT FROM (EXCLUDED.title, EXCLUDED.publisher, EXCLUDED.licence, EXCLUDED.table_id, EXCLUDED.origin,
          EXCLUDED.reference_day, EXCLUDED.characteristic, EXCLUDED.age_range, EXCLUDED.reservation, EXCLUDED.caution)
    RETURNING s.id
  )
  SELECT id FROM given
  UNION
  SELECT s.id FROM edi.population_source s WHERE s.key = $1 AND s.maintained_by = $12`;

const SHAPE =
  '"areaCode" text, "areaName" text, category text, label text, people integer, "of" text[], sureness text, place integer';
const GONE = `
  DELETE FROM edi.population_figure f
  WHERE f.source_id = $1 AND NOT EXISTS (
    SELECT FROM jsonb_to_recordset($2::jsonb) AS g(${SHAPE}) WHERE g."areaCode" = f.area_code AND g.category = f.category)`;
const FIGURES = `
  INSERT INTO edi.population_figure AS f (source_id, area_code, area_name, category, label, place, people, stands_for, sureness)
  SELECT $1, g."areaCode", g."areaName", g.category, g.label, g.place, g.people, g."of", g.sureness
  FROM jsonb_to_recordset($2::jsonb) AS g(${SHAPE})
  ON CONFLICT (source_id, area_code, category) DO UPDATE SET area_name = EXCLUDED.area_name, label = EXCLUDED.label,
    place = EXCLUDED.place, people = EXCLUDED.people, stands_for = EXCLUDED.stands_for, sureness = EXCLUDED.sureness,
    version = f.version + 1, updated_at = now()
  WHERE (f.area_name, f.label, f.place, f.people, f.stands_for, f.sureness) IS DISTINCT FROM
    (EXCLUDED.area_name, EXCLUDED.label, EXCLUDED.place, EXCLUDED.people, EXCLUDED.stands_for, EXCLUDED.sureness)`;

/** Brings the figures that come with the service in line, over a connection of its own: at start, and for the template of tests. */
export async function loadPopulationFiguresInto(databaseUrl: string): Promise<void> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5000,
    options: '-c timezone=UTC',
  });
  const q: Query = {
    query: async <R>(sql: string, params: unknown[] = []) => (await client.query(sql, params)).rows as R[],
  };
  await client.connect();
  try {
    await client.query('BEGIN');
    await storePopulation(q, sourcesOf(censusFile()), 'reference');
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
