import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { cloneDatabase, type ClonedDatabase } from '../support/database';

const ROOT = join(__dirname, '..', '..');
const read = (name: string): string => readFileSync(join(ROOT, 'docs', 'privacy', name), 'utf8');
const policy = read('appropriate-policy-document.md');
const record = read('record-of-processing.md');
const TABLE = /`((?:edi|edi_answers|edi_snapshot|instruments|kernel)\.[a-z_]+)`/g;
const named = (text: string): string[] => [...new Set([...text.matchAll(TABLE)].map((found) => found[1] ?? ''))];

describe('the documents on privacy', () => {
  let database: ClonedDatabase;
  let owner: Client;
  const list = async (sql: string): Promise<string[]> =>
    (await owner.query<{ found: string }>(sql)).rows.map((row) => row.found);

  beforeAll(async () => {
    database = await cloneDatabase();
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  it('name only tables that there are', async () => {
    const tables = await list(
      `SELECT format('%s.%s', n.nspname, c.relname) AS found FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')`,
    );
    const missing = [...named(policy), ...named(record)].filter((table) => !tables.includes(table));
    expect(missing).toEqual([]);
    expect(named(policy)).toContain('edi_answers.answer_set');
  });

  it('name every table that holds something under a pseudonym, and every table of answers', async () => {
    const pseudonymous = await list(
      `SELECT format('%s.%s', n.nspname, c.relname) AS found FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'pseudonym' AND NOT a.attisdropped WHERE c.relkind IN ('r', 'p')`,
    );
    const ofAnswers = await list(
      `SELECT format('%s.%s', n.nspname, c.relname) AS found FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'edi_answers' AND c.relkind IN ('r', 'p')`,
    );
    for (const document of [policy, record])
      expect([...pseudonymous, ...ofAnswers].filter((table) => !named(document).includes(table))).toEqual([]);
  });

  it('give each purpose the basis and the condition that people read', async () => {
    for (const slug of ['equality-monitoring', 'diversity-by-consent']) {
      const row = policy.split('\n').find((line) => line.startsWith(`| \`${slug}\``));
      const { rows } = await owner.query<{ lawful_basis: string; special_condition: string; verified: boolean }>(
        'SELECT lawful_basis, special_condition, verified FROM kernel.purpose WHERE slug = $1',
        [slug],
      );
      const said = rows[0];
      const basis = /article (\d+\(\d\)\(\w\))/i.exec(said?.lawful_basis ?? '')?.[1] ?? 'none';
      const condition = /article (\d+\(\d\)\(\w\))/i.exec(said?.special_condition ?? '')?.[1] ?? 'none';
      expect(row).toContain(basis);
      expect(row).toContain(condition);
      expect(said?.verified).toBe(false);
    }
    expect(policy).toContain('nothing here has\nbeen confirmed by one yet');
  });

  it('name tests that there are', () => {
    const tests = [...record.matchAll(/`(test\/[a-z/.-]+\.test\.ts)`/g)].map((found) => found[1] ?? '');
    expect(tests.length).toBeGreaterThan(3);
    expect(tests.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
