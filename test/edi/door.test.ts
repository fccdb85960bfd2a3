import { Client, DatabaseError } from 'pg';
import { checkDiversityLogin, checkServiceLogin } from '../../src/database';
import { DiversityDb } from '../../src/edi/door/diversity-db';
import { emailIdentifier, pseudonym, Pseudonyms } from '../../src/edi/door/pseudonym';
import { theService } from '../../src/kernel/access/actor';
import { Db } from '../../src/kernel/db/db';
import { startApp, type TestApp } from '../support/app';
import { cloneDatabase, type ClonedDatabase } from '../support/database';
import { withOwner } from '../support/server';

const as = async <T>(url: string, work: (client: Client) => Promise<T>): Promise<T> => withOwner(url, work);

/** What Postgres answers to each of these statements: its code, or that it was done. */
const outcomes = (url: string, statements: string[]): Promise<Record<string, string>> =>
  as(url, async (client) => {
    const found: Record<string, string> = {};
    for (const sql of statements) {
      found[sql] = await client.query(sql).then(
        () => 'done',
        (error: unknown) => (error instanceof DatabaseError ? (error.code ?? '') : String(error)),
      );
    }
    return found;
  });

describe('the two logins', () => {
  let database: ClonedDatabase;
  const tablesOf = (schemas: string): Promise<string[]> =>
    as(database.ownerUrl, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname ~ $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1`,
        [schemas],
      );
      return rows.map((row) => row.name);
    });

  beforeEach(async () => {
    database = await cloneDatabase();
  });
  afterEach(() => database.drop());

  it("keep the service's login out of every table of diversity answers and frozen counts", async () => {
    // One more in each, so that a table which is made later is meant too.
    await as(database.ownerUrl, (client) =>
      client.query('CREATE TABLE edi_answers.later (a int); CREATE TABLE edi_snapshot.later (a int)'),
    );
    const tables = await tablesOf('^(edi_answers|edi_snapshot)$');
    expect(tables).toEqual(expect.arrayContaining(['edi_answers.later', 'edi_snapshot.later']));
    const tried = tables.flatMap((table) => [`SELECT 1 FROM ${table}`, `DELETE FROM ${table}`]);
    const found = await outcomes(database.serviceUrl, tried);
    expect(found).toEqual(Object.fromEntries(tried.map((sql) => [sql, '42501'])));
  });

  it('keep the diversity login out of people, involvement, the trail, the event log and the queue', async () => {
    const tables = await tablesOf('^(kernel|people|involvement|payments|pgboss)$');
    expect(tables.length).toBeGreaterThan(30);
    const readable = ['kernel.idempotency'];
    const tried = tables.filter((table) => !readable.includes(table)).map((table) => `SELECT 1 FROM ${table}`);
    const found = await outcomes(database.diversityUrl, tried);
    expect(found).toEqual(Object.fromEntries(tried.map((sql) => [sql, '42501'])));
  });

  it('let the diversity login write what is behind its door, and read codes that it may not change', async () => {
    await as(database.ownerUrl, (client) =>
      client.query('CREATE TABLE edi_answers.later (a int); CREATE TABLE instruments.later (a int)'),
    );
    expect(
      await outcomes(database.diversityUrl, [
        'INSERT INTO edi_answers.later VALUES (1)',
        'SELECT a FROM instruments.later',
        'INSERT INTO instruments.later VALUES (1)',
        'CREATE TABLE edi_answers.more (a int)',
        'UPDATE kernel.audit_entry SET purpose = NULL',
        'DELETE FROM kernel.audit_entry',
      ]),
    ).toEqual({
      'INSERT INTO edi_answers.later VALUES (1)': 'done',
      'SELECT a FROM instruments.later': 'done',
      'INSERT INTO instruments.later VALUES (1)': '42501',
      'CREATE TABLE edi_answers.more (a int)': '42501',
      'UPDATE kernel.audit_entry SET purpose = NULL': '42501',
      'DELETE FROM kernel.audit_entry': '42501',
    });
  });

  it('let the service end answers, and only whoever knows the pseudonym; the diversity login ends none that way', async () => {
    const erase = `SELECT edi.erase_answers(sha256('somebody'))`;
    expect(await outcomes(database.serviceUrl, [erase])).toEqual({ [erase]: 'done' });
    expect(await outcomes(database.diversityUrl, [erase])).toEqual({ [erase]: '42501' });
    const all = await as(database.ownerUrl, async (client) => {
      const { rows } = await client.query<{ name: string; gives: string }>(
        `SELECT p.proname AS name, pg_get_function_result(p.oid) AS gives FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE p.prosecdef AND n.nspname ~ '^edi' ORDER BY 1`,
      );
      return rows;
    });
    // What runs with the owner's rights gives back a number at the most.
    expect(all.length).toBeGreaterThan(3);
    expect(all.filter(({ gives }) => !['integer', 'void'].includes(gives))).toEqual([]);
  });

  it('are checked at start: each in its own group only, both in one database', async () => {
    const { serviceUrl, diversityUrl, ownerUrl } = database;
    await expect(checkServiceLogin(serviceUrl)).resolves.toBeUndefined();
    await expect(checkDiversityLogin(diversityUrl, serviceUrl)).resolves.toBeUndefined();
    await expect(checkServiceLogin(diversityUrl)).rejects.toThrow(
      /^DATABASE_URL logs in as ".*", which is a member of partnerships_diversity: give a login/,
    );
    await expect(checkDiversityLogin(serviceUrl, serviceUrl)).rejects.toThrow(
      /^DIVERSITY_DATABASE_URL logs in as ".*", which is a member of partnerships_service: give a login/,
    );
    await expect(checkDiversityLogin(ownerUrl, serviceUrl)).rejects.toThrow(/^DIVERSITY_DATABASE_URL logs in as ".*"/);
    const another = await cloneDatabase();
    try {
      await expect(checkDiversityLogin(another.diversityUrl, serviceUrl)).rejects.toThrow(
        'DIVERSITY_DATABASE_URL leads to another database than DATABASE_URL: give the same database in both.',
      );
    } finally {
      await another.drop();
    }
  });
});

describe('the door to diversity answers', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
    await t.db.query('CREATE TABLE edi_answers.tried (a int)');
  });
  afterAll(() => t.stop());

  const counts = async (): Promise<number[]> => {
    const { rows } = await t.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM edi_answers.tried
       UNION ALL SELECT count(*)::int FROM kernel.audit_entry WHERE action = 'tried'
       UNION ALL SELECT count(*)::int FROM kernel.event WHERE type = 'diversity-answers.withdrawn'`,
    );
    return rows.map((row) => row.n);
  };

  it('carries audit row and event in the same transaction, all or nothing', async () => {
    const door = t.app.get(DiversityDb, { strict: false });
    const id = '01980000-0000-7000-8000-000000000001';
    const attempt = (fails: boolean): Promise<void> =>
      door.write(theService(), async (tx) => {
        await tx.query('INSERT INTO edi_answers.tried VALUES (1)');
        tx.audit('tried', 'contributor', id);
        tx.emit({ type: 'diversity-answers.withdrawn', subject: 'diversity-answers', subjectId: id, version: 1 });
        if (fails) throw new Error('no');
      });
    await expect(attempt(true)).rejects.toThrow('no');
    expect(await counts()).toEqual([0, 0, 0]);
    await attempt(false);
    expect(await counts()).toEqual([1, 1, 1]);
  });

  it('does not join a transaction that was begun through another door', async () => {
    const door = t.app.get(DiversityDb, { strict: false });
    const who = theService();
    const users = await t.app.get(Db, { strict: false }).write(who, async (tx) => {
      who.open = tx;
      const own = await tx.query<{ name: string }>('SELECT current_user AS name');
      const other = await door.write(who, (inner) => inner.query<{ name: string }>('SELECT current_user AS name'));
      return [own[0]?.name, other[0]?.name];
    });
    expect(users[0]).toBeDefined();
    expect(users[1]).toMatch(/diversity/);
    expect(users[0]).not.toBe(users[1]);
  });

  it('is part of being ready', async () => {
    const ready = await t.api.get('/health/ready').expect(200);
    expect(ready.body).toMatchObject({ checks: { database: 'ok', diversity: 'ok' } });
  });
});

describe('a pseudonym', () => {
  const key = Buffer.alloc(32, 1);
  it('is the same for the same person and key, and another with another key or scheme', () => {
    const id = '01980000-0000-7000-8000-000000000001';
    const ours = new Pseudonyms({ diversity: { url: '', key } });
    expect(ours.ofContributor(id)).toEqual(pseudonym(key, 'contributor', id));
    expect(ours.ofContributor(id)).toHaveLength(32);
    expect(ours.ofContributor(id.toUpperCase())).toEqual(ours.ofContributor(id));
    expect(ours.of('email', id)).not.toEqual(ours.ofContributor(id));
    expect(pseudonym(Buffer.alloc(32, 2), 'contributor', id)).not.toEqual(ours.ofContributor(id));
  });

  it('is what HMAC-SHA256 says, so that a key may move to other software', () => {
    // RFC 4231 gives no vector with a colon; this one is from: printf 'email:a@b.org' | openssl dgst -sha256 -mac HMAC -macopt hexkey:01..01
    expect(pseudonym(key, 'email', 'a@b.org').toString('hex')).toBe(VECTOR);
  });

  it('takes an address however it is written', () => {
    expect(emailIdentifier('  Jo\u0065\u0301@Example.ORG ')).toBe('joé@example.org');
  });
});

const VECTOR = '13b72ed2089092cf5392bc29c76bc839ebc6d646290a82b476ab7ef6ca95b71d';
