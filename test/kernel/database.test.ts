import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkServiceLogin, migrate, refuseOldServer } from '../../src/database';
import { cloneDatabase, type ClonedDatabase } from '../support/database';
import { withOwner } from '../support/server';

describe('the database at start', () => {
  let database: ClonedDatabase;
  let folder: string;
  const write = (name: string, sql: string): void => writeFileSync(join(folder, name), sql);
  const ask = <T>(url: string, sql: string): Promise<T[]> =>
    withOwner(url, async (client) => (await client.query(sql)).rows as T[]);

  beforeEach(async () => {
    database = await cloneDatabase();
    folder = mkdtempSync(join(tmpdir(), 'partnerships-migrations-'));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  it('stores text as UTF-8, works in UTC and tells letters beyond ASCII', async () => {
    const [found] = await ask<Record<string, string>>(
      database.serviceUrl,
      `SELECT current_setting('server_encoding') AS encoding, current_setting('TimeZone') AS zone, lower('ŴYNEDD') AS lower,
        current_setting('server_version_num')::int >= 180000 AS new_enough`,
    );
    expect(found).toEqual({ encoding: 'UTF8', zone: 'UTC', lower: 'ŵynedd', new_enough: true });
  });

  it('runs each SQL file once, in order, under its own name', async () => {
    write('2000000000001-add-row.sql', `INSERT INTO public.ship (name) VALUES ('first');`);
    write(
      '2000000000000-make-ship.sql',
      `CREATE TABLE public.ship (name text); COMMENT ON TABLE public.ship IS 'Ships';`,
    );
    expect(await migrate(database.ownerUrl, { folder })).toEqual(['MakeShip2000000000000', 'AddRow2000000000001']);
    expect(await migrate(database.ownerUrl, { folder })).toEqual([]);
    expect(await ask(database.ownerUrl, 'SELECT name FROM public.ship')).toEqual([{ name: 'first' }]);
  });

  it('lets replicas migrate at the same moment: one does, the others wait', async () => {
    write('2000000000000-slow.sql', 'CREATE TABLE public.slow (id int); SELECT pg_sleep(0.2);');
    const ran = await Promise.all([1, 2, 3].map(() => migrate(database.ownerUrl, { folder })));
    expect(ran.flat()).toEqual(['Slow2000000000000']);
  });

  it('leaves nothing of a migration that fails, and names it', async () => {
    write('2000000000000-good.sql', 'CREATE TABLE public.good (id int);');
    write('2000000000001-half.sql', 'CREATE TABLE public.half (id int); SELECT 1 / 0;');
    await expect(migrate(database.ownerUrl, { folder })).rejects.toThrow(/Half2000000000001 failed: division by zero/);
    const tables = await ask(
      database.ownerUrl,
      `SELECT to_regclass('public.good') IS NOT NULL AS good, to_regclass('public.half') IS NOT NULL AS half`,
    );
    expect(tables).toEqual([{ good: true, half: false }]);
  });

  it('refuses a file whose name says no order', async () => {
    write('later.sql', 'SELECT 1;');
    await expect(migrate(database.ownerUrl, { folder })).rejects.toThrow(/migrations\/later.sql is not named/);
  });

  it('accepts the service login and refuses the owner', async () => {
    await expect(checkServiceLogin(database.serviceUrl)).resolves.toBeUndefined();
    await expect(checkServiceLogin(database.ownerUrl)).rejects.toThrow(
      /^DATABASE_URL logs in as ".+", which (owns tables|is a superuser): /,
    );
  });

  it('refuses a service login that may create tables', async () => {
    await ask(database.ownerUrl, 'GRANT CREATE ON SCHEMA public TO PUBLIC');
    await expect(checkServiceLogin(database.serviceUrl)).rejects.toThrow(/^DATABASE_URL .*may create tables/);
  });

  it('says in one line that its login may not let the service in, or does not know it', async () => {
    const [owner, service] = ['owner', 'service'].map((name) => `${name}_${randomBytes(6).toString('hex')}`);
    const url = new URL(database.ownerUrl);
    [url.username, url.password] = [owner ?? '', 'owner'];
    await ask(
      database.ownerUrl,
      `CREATE ROLE ${owner} LOGIN PASSWORD 'owner'; CREATE ROLE ${service} LOGIN; GRANT ${owner} TO CURRENT_USER`,
    );
    await ask(
      database.ownerUrl,
      `GRANT CREATE ON SCHEMA public TO ${owner}; ALTER TABLE public.migrations OWNER TO ${owner}`,
    );
    try {
      await expect(migrate(url.href, { folder, service })).rejects.toThrow(
        `DATABASE_OWNER_URL logs in as "${owner}", which may not let "${service}" into the role partnerships_service: have an administrator of the server run GRANT partnerships_service TO "${service}" once, or give a login that may.`,
      );
      write('2000000000000-role.sql', 'CREATE ROLE not_for_you;');
      await expect(migrate(url.href, { folder })).rejects.toThrow(
        /^DATABASE_OWNER_URL logs in as a user who may not do what migration Role2000000000000 asks \(permission denied to create role\)/,
      );
      rmSync(join(folder, '2000000000000-role.sql'));
      await expect(migrate(url.href, { folder, service: 'nobody_here' })).rejects.toThrow(
        'DATABASE_URL logs in as "nobody_here", which this server does not know: make that login first.',
      );
    } finally {
      await ask(
        database.ownerUrl,
        `REASSIGN OWNED BY ${owner} TO CURRENT_USER; DROP OWNED BY ${owner}; DROP ROLE ${owner}, ${service}`,
      );
    }
  });

  it('refuses a server older than 18 in one line', () => {
    expect(() => refuseOldServer('DATABASE_URL', 170009)).toThrow(
      'DATABASE_URL points to PostgreSQL 17: give a server of version 18 or later.',
    );
    expect(() => refuseOldServer('DATABASE_URL', 180000)).not.toThrow();
  });
});
