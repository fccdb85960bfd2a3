import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Query } from '../../kernel/privacy/query';
import { listName, toFhir } from '../questionnaire/fhir';
import { structureFaults } from '../questionnaire/structure';
import type { CodeListFile, MappingFile, QuestionnaireFile, ReferenceCodeList } from './shapes';

/** One number, the same in all replicas: only one of them loads at a time. */
const LOAD_LOCK = 7_310_551_845;

const read = <T>(name: string): T => JSON.parse(readFileSync(join(__dirname, `${name}.json`), 'utf8')) as T;

/** What comes with the service, as its files say. */
export const referenceFiles = (): {
  lists: CodeListFile;
  mappings: MappingFile;
  questionnaires: QuestionnaireFile;
} => ({
  lists: read('code-lists'),
  mappings: read('mappings'),
  questionnaires: read('questionnaires'),
});

/**
 * Brings lists, mappings and questionnaires of the database in line with the files beside this one. Safe to run at every start, as the
 * service's login. Call it inside a transaction.
 * @throws Error where a questionnaire's structure is not right, so that it is never stored
 */
export async function loadInstruments(q: Query): Promise<void> {
  await q.query('SELECT pg_advisory_xact_lock($1)', [LOAD_LOCK]);
  const { lists, mappings, questionnaires } = referenceFiles();
  await q.query(LISTS, [JSON.stringify(lists.lists)]);
  const codes = lists.lists.flatMap((list) =>
    list.codes.map((code, i) => ({
      ...{ list: list.key, list_version: list.version, code: code.code, label: code.label, place: i + 1 },
      ...{ welsh_label: code.welshLabel ?? null, unknown: code.unknown ?? false, alone: code.alone ?? false },
    })),
  );
  await q.query(CODES, [JSON.stringify(codes)]);
  const rows = mappings.mappings.flatMap((mapping) =>
    mapping.codes.map((code) => ({
      ...{ from_list: keyOf(mapping.from), from_version: versionOf(mapping.from), from_code: code.code },
      ...{ to_list: keyOf(mapping.to), to_version: versionOf(mapping.to), to_code: code.to },
      ...{ note: code.note ?? null, source: mapping.source, verified: mapping.verified },
    })),
  );
  await q.query(MAPPINGS, [JSON.stringify(rows)]);
  const byName = new Map(lists.lists.map((list) => [listName(list), list]));
  for (const questionnaire of questionnaires.questionnaires) {
    const resource = toFhir(questionnaire, byName);
    const faults = structureFaults(resource, (list, version, code) => hasCode(byName, list, version, code));
    if (faults.length > 0) throw new Error(`Questionnaire ${listName(questionnaire)}: ${faults.join(' ')}`);
    const { key, version, title, source, verified } = questionnaire;
    await q.query(QUESTIONNAIRE, [key, version, title, JSON.stringify(resource), source, verified]);
  }
}

export const hasCode = (
  lists: ReadonlyMap<string, ReferenceCodeList>,
  list: string,
  version: number,
  code: string,
): boolean => lists.get(`${list}/${version}`)?.codes.some((one) => one.code === code) ?? false;

/** Loads over a connection of its own, in one transaction: at start, and when a template for tests is made. */
export async function loadInstrumentsInto(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    await client.query('BEGIN');
    await loadInstruments({
      query: async <R>(sql: string, params: unknown[] = []) => (await client.query(sql, params)).rows as R[],
    });
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

const keyOf = (name: string): string => name.split('/')[0] ?? '';
const versionOf = (name: string): number => Number(name.split('/')[1]);

const LISTS = `
  INSERT INTO instruments.code_list AS t (key, version, name, about, source, verified)
  SELECT key, version, name, about, source, verified
  FROM jsonb_to_recordset($1::jsonb) AS r(key text, version integer, name text, about text, source text, verified boolean)
  ON CONFLICT (key, version) DO UPDATE SET name = EXCLUDED.name, about = EXCLUDED.about, source = EXCLUDED.source, verified = EXCLUDED.verified
  WHERE (t.name, t.about, t.source, t.verified) IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.about, EXCLUDED.source, EXCLUDED.verified)`;

const CODES = `
  INSERT INTO instruments.code AS t (list, list_version, code, label, welsh_label, place, unknown, alone)
  SELECT list, list_version, code, label, welsh_label, place, unknown, alone
  FROM jsonb_to_recordset($1::jsonb)
    AS r(list text, list_version integer, code text, label text, welsh_label text, place integer, unknown boolean, alone boolean)
  ON CONFLICT (list, list_version, code) DO UPDATE
    SET label = EXCLUDED.label, welsh_label = EXCLUDED.welsh_label, place = EXCLUDED.place, unknown = EXCLUDED.unknown, alone = EXCLUDED.alone
  WHERE (t.label, t.welsh_label, t.place, t.unknown, t.alone)
    IS DISTINCT FROM (EXCLUDED.label, EXCLUDED.welsh_label, EXCLUDED.place, EXCLUDED.unknown, EXCLUDED.alone)`;

const MAPPINGS = `
  INSERT INTO instruments.mapping AS t (from_list, from_version, from_code, to_list, to_version, to_code, note, source, verified)
  SELECT from_list, from_version, from_code, to_list, to_version, to_code, note, source, verified
  FROM jsonb_to_recordset($1::jsonb) AS r(from_list text, from_version integer, from_code text, to_list text, to_version integer,
    to_code text, note text, source text, verified boolean)
  ON CONFLICT (from_list, from_version, from_code, to_list, to_version) DO UPDATE
    SET to_code = EXCLUDED.to_code, note = EXCLUDED.note, source = EXCLUDED.source, verified = EXCLUDED.verified
  WHERE (t.to_code, t.note, t.source, t.verified) IS DISTINCT FROM (EXCLUDED.to_code, EXCLUDED.note, EXCLUDED.source, EXCLUDED.verified)`;

const QUESTIONNAIRE = `
  INSERT INTO instruments.questionnaire AS t (key, version, title, resource, source, verified) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (key, version) DO UPDATE
    SET title = EXCLUDED.title, resource = EXCLUDED.resource, source = EXCLUDED.source, verified = EXCLUDED.verified
  WHERE (t.title, t.resource, t.source, t.verified) IS DISTINCT FROM (EXCLUDED.title, EXCLUDED.resource, EXCLUDED.source, EXCLUDED.verified)`;
