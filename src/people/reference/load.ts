import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPurposes } from '../../kernel/privacy/purpose-data';
import type { Query } from '../../kernel/privacy/query';
import { fixedId } from './fixed-id';
import type {
  ReferenceFile,
  ReferenceHealthCategory,
  ReferenceLanguage,
  ReferenceOrganisation,
  ReferencePostcodeArea,
  ReferencePurpose,
  ReferenceRegion,
} from './shapes';

/** One number, the same in all replicas: only one of them loads at a time. */
const LOAD_LOCK = 7_310_551_843;

/** How many rows were added or brought up to date, by table. */
export type Loaded = Record<
  'region' | 'health_category' | 'language' | 'postcode_area' | 'organisation' | 'purpose',
  number
>;

/**
 * Brings the reference data of the database in line with the files beside this one. Safe to run at every start, as the
 * service's login: rows that are right are left alone, and so is every row that an administrator keeps. Call it inside a
 * transaction; copies that start at the same moment wait for each other.
 */
export async function loadReference(q: Query): Promise<Loaded> {
  await q.query('SELECT pg_advisory_xact_lock($1)', [LOAD_LOCK]);
  return {
    region: await regions(q, file<ReferenceRegion>('regions')),
    health_category: await healthCategories(q, file<ReferenceHealthCategory>('health-categories')),
    language: await languages(q, file<ReferenceLanguage>('languages')),
    postcode_area: await postcodeAreas(q, file<ReferencePostcodeArea>('postcode-areas')),
    organisation: await organisations(q, file<ReferenceOrganisation>('organisations').rows),
    purpose: await purposes(q, file<ReferencePurpose>('purposes')),
  };
}

type File<Row> = ReferenceFile<Row> & { accuracyKm?: number };

const file = <Row>(name: string): File<Row> =>
  JSON.parse(readFileSync(join(__dirname, `${name}.json`), 'utf8')) as File<Row>;

/** Where a row comes from: its own word, else that of its file. */
const said = (
  f: File<unknown>,
  row: { source?: string; verified?: boolean },
): { source: string; verified: boolean } => ({
  source: row.source ?? f.source ?? 'not said',
  verified: row.verified ?? f.verified ?? false,
});

/** Adds rows to a table of codes and updates those that differ and are not an administrator's. */
async function upsert(
  q: Query,
  table: string,
  key: string,
  columns: Record<string, string>,
  rows: object[],
): Promise<number> {
  const names = Object.keys(columns);
  const shape = names.map((name) => `${name} ${columns[name]}`).join(', ');
  const given = names.map((name) => `EXCLUDED.${name}`).join(', ');
  const stored = names.map((name) => `t.${name}`).join(', ');
  const done = await q.query(
    `INSERT INTO people.${table} AS t (${names.join(', ')})
     SELECT ${names.join(', ')} FROM jsonb_to_recordset($1::jsonb) AS r(${shape})
     ON CONFLICT (${key}) DO UPDATE SET (${names.join(', ')}) = ROW (${given})
     WHERE t.maintained_by = 'reference' AND (${stored}) IS DISTINCT FROM (${given})
     RETURNING 1`,
    [JSON.stringify(rows)],
  );
  return done.length;
}

const regions = (q: Query, f: File<ReferenceRegion>): Promise<number> =>
  upsert(
    q,
    'region',
    'code',
    {
      code: 'text',
      name: 'text',
      welsh_name: 'text',
      kind: 'text',
      nation_code: 'text',
      source: 'text',
      verified: 'boolean',
    },
    f.rows.map((r) => ({ ...r, welsh_name: r.welshName, nation_code: r.nation })),
  );

const healthCategories = (q: Query, f: File<ReferenceHealthCategory>): Promise<number> =>
  upsert(
    q,
    'health_category',
    'slug',
    { slug: 'text', name: 'text', description: 'text', place: 'integer', source: 'text', verified: 'boolean' },
    f.rows.map((r, i) => ({ ...r, ...said(f, r), place: i + 1 })),
  );

const languages = (q: Query, f: File<ReferenceLanguage>): Promise<number> =>
  upsert(
    q,
    'language',
    'code',
    { code: 'text', name: 'text', own_name: 'text', place: 'integer', source: 'text', verified: 'boolean' },
    f.rows.map((r, i) => ({ ...r, ...said(f, {}), own_name: r.ownName, place: i + 1 })),
  );

const postcodeAreas = (q: Query, f: File<ReferencePostcodeArea>): Promise<number> =>
  upsert(
    q,
    'postcode_area',
    'code',
    {
      ...{
        code: 'text',
        town: 'text',
        latitude: 'double precision',
        longitude: 'double precision',
        region_code: 'text',
      },
      ...{ accuracy_km: 'integer', note: 'text', source: 'text', verified: 'boolean' },
    },
    f.rows.map((r) => ({
      ...{
        code: r.area,
        town: r.name,
        latitude: r.latitude,
        longitude: r.longitude,
        region_code: r.region,
        note: r.note ?? null,
      },
      ...{ accuracy_km: r.accuracyKm ?? f.accuracyKm, ...said(f, {}) },
    })),
  );

async function organisations(q: Query, rows: ReferenceOrganisation[]): Promise<number> {
  const given = rows.map((r) => ({
    ...r,
    id: fixedId('organisation', r.slug),
    host_id: r.host === null ? null : fixedId('organisation', r.host),
  }));
  const changed = await q.query<{ id: string }>(ORGANISATIONS, [JSON.stringify(given)]);
  await q.query(PREDECESSORS, [
    JSON.stringify(rows.flatMap((r) => r.predecessors.map((p) => ({ ...p, predecessor: p.slug, successor: r.slug })))),
  ]);
  await q.query(IDENTIFIERS, [JSON.stringify(rows.flatMap((r) => r.identifiers.map((i) => ({ ...i, slug: r.slug }))))]);
  if (changed.length > 0) await q.query(TRAIL, [changed.map((row) => row.id)]);
  return changed.length;
}

const purposes = (q: Query, f: File<ReferencePurpose>): Promise<number> =>
  loadPurposes(q, f.rows, f.source ?? 'not said');

const FACTS = 'name, kind, region_code, nation_code, host_id, "from", until, source, facts_checked, note';
const fact = (row: string): string =>
  FACTS.split(', ')
    .map((name) => `${row}.${name}`)
    .join(', ');

/** A host whose slug an administrator had used before has another id than the fixed one. */
const ORGANISATIONS = `
  INSERT INTO people.organisation AS t (id, slug, state, maintained_by, ${FACTS})
  SELECT r.id, r.slug, 'verified', 'reference', r.name, r.kind, r.region, r.nation, coalesce(h.id, r.host_id), r."from", r.until, r.source, r.verified, r.note
  FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, slug text, name text, kind text, region text, nation text, host text, host_id uuid,
    "from" date, until date, source text, verified boolean, note text)
  LEFT JOIN people.organisation h ON h.slug = r.host
  ON CONFLICT (slug) DO UPDATE SET (${FACTS}) = ROW (${fact('EXCLUDED')}), version = t.version + 1, updated_at = now()
  WHERE t.maintained_by = 'reference' AND (${fact('t')}) IS DISTINCT FROM (${fact('EXCLUDED')})
  RETURNING id`;

const PREDECESSORS = `
  INSERT INTO people.organisation_predecessor AS t (successor_id, predecessor_id, part, verified)
  SELECT s.id, p.id, r.part, r.verified
  FROM jsonb_to_recordset($1::jsonb) AS r(successor text, predecessor text, part boolean, verified boolean)
  JOIN people.organisation s ON s.slug = r.successor AND s.maintained_by = 'reference'
  JOIN people.organisation p ON p.slug = r.predecessor
  ON CONFLICT (successor_id, predecessor_id) DO UPDATE SET part = EXCLUDED.part, verified = EXCLUDED.verified
  WHERE (t.part, t.verified) IS DISTINCT FROM (EXCLUDED.part, EXCLUDED.verified)`;

const IDENTIFIERS = `
  INSERT INTO people.organisation_identifier (scheme, value, organisation_id)
  SELECT r.scheme, r.value, o.id FROM jsonb_to_recordset($1::jsonb) AS r(scheme text, value text, slug text)
  JOIN people.organisation o ON o.slug = r.slug AND o.maintained_by = 'reference'
  ON CONFLICT (scheme, value) DO NOTHING`;

/** The first load is the ground on which events begin; later changes are told like any other. */
const TRAIL = `
  WITH trail AS (
    INSERT INTO kernel.audit_entry (actor, action, subject, subject_id, trace_id)
    SELECT 'service', 'loaded', 'organisation', id, repeat('0', 32) FROM unnest($1::uuid[]) AS t(id)
  )
  INSERT INTO kernel.event (type, subject, subject_id, version, organisation_id, public, data, trace_id)
  SELECT 'organisation.changed', 'organisation', id, version, id, true, jsonb_build_object('kind', kind), repeat('0', 32)
  FROM people.organisation WHERE id = ANY ($1::uuid[]) AND version > 1`;
