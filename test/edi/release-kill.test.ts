import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PoolClient } from 'pg';
import { OURS, startApp, TestApp } from '../support/app';
import { buildService, freePort, Run } from '../support/built';
import { FEW_TABLES, QUARTER, ReleaseBody, ReleasePeople } from './release-people';

const RELEASES = '/v1/diversity/releases';
const PEOPLE = 120;
const SECRETS = {
  KEY_RING: JSON.stringify({ current: 'a', keys: { a: Buffer.alloc(32, 7).toString('base64') } }),
  SERVICE_SECRET: 'x'.repeat(40),
  DIVERSITY_KEY: Buffer.alloc(32, 9).toString('base64'),
};
const SNAPSHOT = ['member', 'unit', 'unit_count', 'protected'];

jest.setTimeout(120_000);

/**
 * Processes of the service, as they are built, that are killed while they make a release. Where each dies is settled by a row that
 * somebody else is just adding: the statement that wants to add the same one waits, and nothing after it is done.
 */
describe('a release whose process is killed', () => {
  let t: TestApp;
  let steward: { authorization: string };
  let built: ReturnType<typeof buildService>;
  let folder: string;
  let organisation: string;

  beforeAll(async () => {
    built = buildService();
    folder = mkdtempSync(join(tmpdir(), 'partnerships-killed-'));
    t = await startApp(SECRETS);
    steward = await t.as('data-steward');
    organisation = await t.organisation(OURS);
    await new ReleasePeople(t).add(OURS, PEOPLE);
  });
  afterEach(() => Run.stopAll());
  afterAll(async () => {
    await t.stop();
    built.remove();
    rmSync(folder, { recursive: true });
  });

  const started = async (): Promise<Run> =>
    new Run(built.program('main.js'), {
      env: {
        ...SECRETS,
        DATABASE_URL: t.config.database.url,
        DIVERSITY_DATABASE_URL: t.config.diversity.url,
        DATA_DIR: folder,
        PORT: String(await freePort()),
      },
    }).listening();

  const ask = async (): Promise<string> => {
    const { body } = await t.api
      .post(RELEASES)
      .set(steward)
      .send({ ...QUARTER, catalogue: FEW_TABLES })
      .expect(201);
    return (body as ReleaseBody).id;
  };
  const told = async (id: string): Promise<ReleaseBody> =>
    (await t.api.get(`${RELEASES}/${id}`).set(steward).expect(200)).body as ReleaseBody;
  const rows = async (table: string, id: string): Promise<number> => {
    const { rows: found } = await t.db.query<{ rows: number }>(
      `SELECT count(*)::integer AS rows FROM ${table} WHERE release_id = $1`,
      [id],
    );
    return found[0]!.rows;
  };
  const stored = async (id: string): Promise<Record<string, number>> => {
    const counts = await Promise.all(SNAPSHOT.map((table) => rows(`edi_snapshot.${table}`, id)));
    return Object.fromEntries(SNAPSHOT.map((table, i) => [table, counts[i]!]));
  };

  /** Asks the database again and again until it answers something; fails after a minute. */
  const until = async <T>(answer: () => Promise<T | undefined>): Promise<T> => {
    for (const end = Date.now() + 60_000; Date.now() < end;) {
      const found = await answer();
      if (found !== undefined) return found;
    }
    throw new Error('It did not come to that within a minute');
  };

  /** What somebody else is just doing, so that whoever comes to the same place waits. */
  interface Obstacle {
    sql: string;
    params?: unknown[];
    /** The table that is being written. */
    at: string;
  }
  const inTheWay = async ({ sql, params = [] }: Obstacle): Promise<PoolClient> => {
    const client = await t.db.connect();
    await client.query('BEGIN');
    await client.query(sql, params);
    return client;
  };
  const outOfTheWay = async (client: PoolClient): Promise<void> => {
    await client.query('ROLLBACK');
    client.release();
  };

  /** The connection that waits there, and the one that holds the lock of the release. */
  const stopped = async (client: PoolClient, { at }: Obstacle): Promise<number[] | undefined> => {
    const { rows: found } = await t.db.query<{ waiting: number[] | null; holding: number[] | null }>(
      `SELECT (SELECT array_agg(pid) FROM pg_locks WHERE relation = $2::regclass AND $1 = ANY (pg_blocking_pids(pid))) AS waiting,
         (SELECT array_agg(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 731055
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS holding`,
      [(await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid, at],
    );
    const [{ waiting, holding } = { waiting: null, holding: null }] = found;
    return waiting && holding ? [...waiting, ...holding] : undefined;
  };

  /** A process makes the release as far as the first obstacle, then as far as the next one, and is killed at the last. */
  const killedAt = async (...obstacles: Obstacle[]): Promise<void> => {
    const [first] = obstacles;
    let client = await inTheWay(first!);
    let pids: number[] = [];
    try {
      const run = await started();
      for (const [i, obstacle] of obstacles.entries()) {
        pids = await until(() => stopped(client, obstacle));
        const next = obstacles[i + 1];
        if (!next) break;
        const after = await inTheWay(next);
        await outOfTheWay(client);
        client = after;
      }
      expect(await run.stop('SIGKILL')).toBe('SIGKILL');
    } finally {
      await outOfTheWay(client);
    }
    // The server has noticed, and undone what was not committed.
    await until(async () => {
      const { rowCount } = await t.db.query('SELECT FROM pg_stat_activity WHERE pid = ANY($1::integer[])', [pids]);
      return rowCount === 0 ? true : undefined;
    });
  };
  /** As the gate has decided and writes it down, in the transaction of the snapshot. */
  const atTheGate = (id: string): Obstacle => ({
    sql: `INSERT INTO edi_snapshot.unit (release_id, organisation_id, form, refreshed_in, joined, left_again, changed, held)
       VALUES ($1, $2, 'records', $1, 0, 0, 0, false)`,
    params: [id, organisation],
    at: 'edi_snapshot.unit',
  });
  /** Protected and verified: as it is going to be kept for those that come after it. */
  const whenProven = (id: string): Obstacle => ({
    sql: `INSERT INTO edi_snapshot.protected (release_id, release) VALUES ($1, '{}')`,
    params: [id],
    at: 'edi_snapshot.protected',
  });
  /** Its tables are there, and the release says that it is ready: only the event is missing. */
  const beforeItsCommit: Obstacle = {
    sql: 'LOCK TABLE kernel.event IN SHARE ROW EXCLUSIVE MODE',
    at: 'kernel.event',
  };

  const finished = async (id: string): Promise<ReleaseBody> => {
    const run = await started();
    await until(async () => {
      const { rows: found } = await t.db.query<{ state: string }>('SELECT state FROM edi.release WHERE id = $1', [id]);
      return found[0]!.state === 'running' || found[0]!.state === 'queued' ? undefined : true;
    });
    expect(await run.stop()).toBe(0);
    return told(id);
  };
  const signed = async ({ id, certificateHash }: ReleaseBody): Promise<void> => {
    await t.api.post(`${RELEASES}/${id}/sign`).set(steward).send({ certificateHash }).expect(200);
  };
  const events = async (): Promise<string[]> => {
    const { rows: found } = await t.db.query<{ type: string }>(
      `SELECT type FROM kernel.event WHERE subject = 'release' ORDER BY id`,
    );
    return found.map((one) => one.type.replace('diversity-release.', ''));
  };

  it('in its snapshot, and again when it is proven, is made by a third process, once', async () => {
    const id = await ask();
    await killedAt(atTheGate(id));
    expect(await told(id)).toMatchObject({ state: 'running', step: 'snapshot', progress: 40, certificate: null });
    expect(await stored(id)).toEqual({ member: 0, unit: 0, unit_count: 0, protected: 0 });

    await killedAt(whenProven(id));
    expect(await told(id)).toMatchObject({ state: 'running', step: 'verification', certificate: null });
    // The statement that waited is a transaction by itself: the server may end it well. What it kept is replaced by the next run.
    expect(await stored(id)).toMatchObject({ member: PEOPLE, unit: 1 });
    expect(await rows('edi.release_table', id)).toBe(0);

    const ready = await finished(id);
    expect(ready).toMatchObject({ state: 'ready', certificate: { result: 'safe' } });
    expect(await stored(id)).toMatchObject({ member: PEOPLE, unit: 1, protected: 1 });
    const { rows: counted } = await t.db.query(
      `SELECT sum(people)::integer AS people FROM edi_snapshot.unit_count WHERE release_id = $1 AND characteristic = 'ethnic-group'`,
      [id],
    );
    expect(counted).toEqual([{ people: PEOPLE }]);
    await signed(ready);
    expect(await events()).toEqual(['started', 'ready', 'published']);
  });

  it('before it commits its tables leaves none of them, and is made by the next process', async () => {
    const id = await ask();
    await killedAt(whenProven(id), beforeItsCommit);
    expect(await told(id)).toMatchObject({ state: 'running', step: 'verification', certificate: null });
    expect(await rows('edi.release_table', id)).toBe(0);
    await t.api.get(`${RELEASES}/${id}`).expect(404);

    const ready = await finished(id);
    await signed(ready);
    const { body } = await t.api.get(`${RELEASES}/${id}/tables`).expect(200);
    expect((body as { data: object[] }).data).toHaveLength(await rows('edi.release_table', id));
    const { body: list } = await t.api.get(RELEASES).expect(200);
    expect((list as { data: ReleaseBody[] }).data.map(({ number, state }) => [number, state])).toEqual([
      [2, 'published'],
      [1, 'superseded'],
    ]);
    expect((await events()).slice(3)).toEqual(['started', 'ready', 'superseded', 'published']);
  });
});
