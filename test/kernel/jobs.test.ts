import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Pool } from 'pg';
import { theService } from '../../src/kernel/access/actor';
import { FixedClock } from '../../src/kernel/clock';
import { Db } from '../../src/kernel/db/db';
import { jobDataFault } from '../../src/kernel/jobs/job-data';
import { Jobs } from '../../src/kernel/jobs/jobs';
import { Purge } from '../../src/kernel/jobs/purge';
import { QUEUES } from '../../src/kernel/jobs/queues';
import type { Job } from '../../src/kernel/jobs/worker';
import { EventBench, gate } from './events-support';

let bench: EventBench;
let db: Db;
let owner: Pool;
const running: Jobs[] = [];
const NOW = '2026-11-22T12:34:56Z';

beforeAll(async () => {
  bench = await EventBench.open();
  owner = bench.owner;
  db = await bench.door();
});
beforeEach(() => owner.query('TRUNCATE pgboss.job, pgboss.archive'));
afterEach(async () => {
  for (const jobs of running.splice(0)) await jobs.stop();
});
afterAll(() => bench.close());

interface Bench {
  jobs: Jobs;
  clock: FixedClock;
  failures: { queue: string; error: Error }[];
}

function makeJobs(): Bench {
  const failures: Bench['failures'] = [];
  const clock = new FixedClock(NOW);
  const jobs = new Jobs(db, clock, (queue, error) => failures.push({ queue, error }));
  running.push(jobs);
  return { jobs, clock, failures };
}

interface StoredJob {
  id: string;
  state: string;
  data: unknown;
  output: unknown;
  retry_count: number;
  retry_limit: number;
}

async function stored(queue: string): Promise<StoredJob[]> {
  const { rows } = await owner.query<StoredJob>('SELECT * FROM pgboss.job WHERE name = $1 ORDER BY created_on, id', [
    queue,
  ]);
  return rows;
}

describe('the queues', () => {
  it('are the same in the code and in the database', async () => {
    const { rows } = await owner.query<{ name: string }>(
      `SELECT name, policy, retry_limit AS "retryLimit", retry_delay AS "retryDelay", retry_backoff AS "retryBackoff",
        expire_seconds AS "expireInSeconds", retention_minutes AS "retentionMinutes", dead_letter AS "deadLetter"
       FROM pgboss.queue`,
    );
    const sorted = (list: { name: string }[]): unknown[] => list.sort((a, b) => a.name.localeCompare(b.name));
    const declared = Object.entries(QUEUES).map(
      ([name, { retryLimit, retryDelay, expireInSeconds, retentionMinutes }]) => ({
        name,
        ...{
          policy: 'standard',
          retryLimit,
          retryDelay,
          retryBackoff: true,
          expireInSeconds,
          retentionMinutes,
          deadLetter: null,
        },
      }),
    );
    expect(sorted(rows)).toEqual(sorted(declared));
  });

  it('stand in tables of the version that the library expects', async () => {
    const library = JSON.parse(readFileSync(require.resolve('pg-boss/version.json'), 'utf8')) as { schema: number };
    const { rows } = await owner.query('SELECT version FROM pgboss.version');
    expect(rows).toEqual([{ version: library.schema }]);
  });

  it.each([
    ['make one', `SELECT pgboss.create_queue('other', '{}')`],
    ['remove one', `SELECT pgboss.delete_queue('notice.send')`],
    ['change one', 'UPDATE pgboss.queue SET retry_limit = 0'],
    ['change the version', 'UPDATE pgboss.version SET version = 1'],
    ['empty one', 'TRUNCATE pgboss.job'],
  ])('cannot be altered by the service: it may not %s', async (_, sql) => {
    await expect(db.query(sql)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('sending', () => {
  it('is part of the transaction', async () => {
    const { jobs } = makeJobs();
    const done: Job[] = [];
    jobs.work('notice.send', async (job) => void done.push(job));
    const noticeId = randomUUID();
    const id = await db.write(theService(), async (tx) => {
      const sent = await jobs.send(tx, 'notice.send', { noticeId });
      expect(await jobs.drain()).toBe(0);
      return sent;
    });
    const failing = db.write(theService(), async (tx) => {
      await jobs.send(tx, 'notice.send', { noticeId: randomUUID() });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await jobs.drain()).toBe(1);
    expect(done).toEqual([{ id, data: { noticeId }, attempt: 1 }]);
    expect(await stored('notice.send')).toMatchObject([{ id, state: 'completed' }]);
    expect(await jobs.drain()).toBe(0);
  });

  it('makes one job of an id, however often it is sent', async () => {
    const { jobs } = makeJobs();
    const id = randomUUID();
    const send = (): Promise<string | null> => db.write(theService(), (tx) => jobs.send(tx, 'notice.send', {}, { id }));
    expect(await Promise.all([send(), send(), send()])).toEqual(expect.arrayContaining([id, null, null]));
    expect(await stored('notice.send')).toHaveLength(1);
  });

  it('waits for the moment that was named', async () => {
    const { jobs } = makeJobs();
    jobs.work('notice.send', () => Promise.resolve());
    await db.write(theService(), (tx) => jobs.send(tx, 'notice.send', {}, { after: new Date(Date.now() + 3_600_000) }));
    expect(await jobs.drain()).toBe(0);
    expect(await jobs.drain('notice.send', true)).toBe(1);
  });

  it('takes ids and codes, and nothing that could be about a person', async () => {
    expect(
      jobDataFault({
        id: randomUUID(),
        at: '2026-11-22T12:00:00.000Z',
        attempt: 2,
        again: true,
        none: null,
        ids: [randomUUID()],
      }),
    ).toBeUndefined();
    expect(jobDataFault({ to: 'ada@example.org' })).toContain('"to"');
    expect(jobDataFault({ name: 'Ada Lovelace' })).toContain('"name"');
    expect(jobDataFault({ names: ['Ada', 'Charles Babbage'] })).toContain('"names"');
    expect(jobDataFault({ words: 'a'.repeat(65) })).toContain('"words"');
    const { jobs } = makeJobs();
    await expect(
      db.write(theService(), (tx) => jobs.send(tx, 'notice.send', { to: 'ada@example.org' })),
    ).rejects.toThrow('notice.send cannot hold');
    expect(await stored('notice.send')).toEqual([]);
  });
});

describe('working', () => {
  it('tries a failing job again as often as its queue says, and keeps no words of its errors', async () => {
    const { jobs, failures } = makeJobs();
    const attempts: number[] = [];
    jobs.work('kernel.purge', async (job) => {
      attempts.push(job.attempt);
      throw Object.assign(new Error('Ada Lovelace is not at home'), { code: 'not_home' });
    });
    await db.write(theService(), (tx) => jobs.send(tx, 'kernel.purge'));
    expect(await jobs.drain()).toBe(0);
    expect(await stored('kernel.purge')).toMatchObject([{ state: 'retry', output: { code: 'not_home' } }]);
    expect(await jobs.drain()).toBe(0);
    expect(attempts).toEqual([1]);
    for (let i = 0; i < 4; i++) await jobs.drain('kernel.purge', true);
    expect(attempts).toEqual([1, 2, 3]);
    const [job] = await stored('kernel.purge');
    expect(job).toMatchObject({
      state: 'failed',
      retry_count: QUEUES['kernel.purge'].retryLimit,
      output: { code: 'not_home' },
    });
    expect(JSON.stringify(job)).not.toContain('Lovelace');
    expect(failures.map((failure) => failure.queue)).toEqual(['kernel.purge', 'kernel.purge', 'kernel.purge']);
    await db.write(theService(), (tx) => jobs.send(tx, 'notice.send'));
    const counts = await jobs.counts();
    expect(counts.map((count) => count.queue)).toEqual(Object.keys(QUEUES));
    expect(counts.filter((count) => count.waiting + count.failed > 0)).toEqual([
      { queue: 'notice.send', waiting: 1, failed: 0 },
      { queue: 'kernel.purge', waiting: 0, failed: 1 },
    ]);
  });

  it('gives each job to one process', async () => {
    const done: string[] = [];
    const processes = [makeJobs(), makeJobs(), makeJobs()];
    for (const { jobs } of processes) jobs.work('notice.send', async (job) => void done.push(job.id));
    const sent = await db.write(theService(), async (tx) => {
      const ids: (string | null)[] = [];
      for (let i = 0; i < 40; i++) ids.push(await processes[0]!.jobs.send(tx, 'notice.send'));
      return ids;
    });
    const counts = await Promise.all(processes.map(({ jobs }) => jobs.drain()));
    expect(counts.reduce((a, b) => a + b)).toBe(40);
    expect([...done].sort()).toEqual([...sent].sort());
  });

  it('begins as soon as the sender has committed, and on stopping ends what is in hand and no more', async () => {
    const { jobs, failures } = makeJobs();
    const [begun, mayEnd] = [gate(), gate()];
    const done: string[] = [];
    jobs.work('opportunity.clock', async (job) => {
      begun.open();
      await mayEnd.opened;
      done.push(job.id);
    });
    await jobs.start();
    const first = await db.write(theService(), (tx) => jobs.send(tx, 'opportunity.clock'));
    await begun.opened;
    const second = await db.write(theService(), (tx) => jobs.send(tx, 'opportunity.clock'));
    const stopped = jobs.stop();
    mayEnd.open();
    await stopped;
    expect(done).toEqual([first]);
    expect((await stored('opportunity.clock')).map(({ id, state }) => ({ id, state }))).toEqual([
      { id: first, state: 'completed' },
      { id: second, state: 'created' },
    ]);
    expect(failures).toEqual([]);
    expect(db.pool.idleCount).toBe(db.pool.totalCount);
  });

  it('has one handler a queue', () => {
    const { jobs } = makeJobs();
    jobs.work('notice.send', () => Promise.resolve());
    expect(() => jobs.work('notice.send', () => Promise.resolve())).toThrow('two handlers');
  });
});

describe('by the clock', () => {
  it('a schedule sends one job a minute that it names, over all processes, and makes up for the last one missed', async () => {
    const [one, two] = [makeJobs(), makeJobs()];
    for (const { jobs } of [one, two]) jobs.every('*/10 * * * *', 'kernel.purge');
    await Promise.all([one.jobs.tick(), two.jobs.tick(), one.jobs.tick()]);
    expect(await stored('kernel.purge')).toHaveLength(1);
    for (const clock of [one.clock, two.clock]) clock.advance(5 * 60_000 + 3999);
    await Promise.all([one.jobs.tick(), two.jobs.tick()]);
    expect(await stored('kernel.purge')).toHaveLength(1);
    for (const clock of [one.clock, two.clock]) clock.advance(1);
    await Promise.all([one.jobs.tick(), two.jobs.tick()]);
    expect(await stored('kernel.purge')).toHaveLength(2);
    for (const clock of [one.clock, two.clock]) clock.advance(3 * 3_600_000);
    await Promise.all([one.jobs.tick(), two.jobs.tick()]);
    expect(await stored('kernel.purge')).toHaveLength(3);
  });
});

describe('upkeep, with the rights that the service has', () => {
  it('takes up what a lost process had in hand, puts away what ended and drops what was put away', async () => {
    const { jobs, failures } = makeJobs();
    const [lost, ended, old] = [randomUUID(), randomUUID(), randomUUID()];
    await owner.query(
      `INSERT INTO pgboss.job (id, name, state, started_on, completed_on, created_on) VALUES
        ($1, 'notice.send', 'active', now() - interval '1 hour', NULL, now() - interval '1 hour'),
        ($2, 'notice.send', 'completed', now() - interval '3 days', now() - interval '3 days', now() - interval '3 days')`,
      [lost, ended],
    );
    await owner.query(
      `INSERT INTO pgboss.archive (id, name, state, archived_on, priority, retry_limit, retry_count, retry_delay, retry_backoff, start_after, expire_in, created_on, keep_until)
       VALUES ($1, 'notice.send', 'completed', now() - interval '15 days', 0, 0, 0, 0, false, now(), '1 s', now(), now())`,
      [old],
    );
    await jobs.upkeep();
    expect(await stored('notice.send')).toMatchObject([{ id: lost, state: 'retry' }]);
    const { rows } = await owner.query('SELECT id FROM pgboss.archive');
    expect(rows).toEqual([{ id: ended }]);
    expect(failures).toEqual([]);
  });

  it('leaves no broken connection in the pool when it fails', async () => {
    const { jobs } = makeJobs();
    await owner.query('REVOKE DELETE ON pgboss.job FROM partnerships_service');
    await expect(jobs.upkeep()).rejects.toMatchObject({ code: '42501' });
    await owner.query('GRANT DELETE ON pgboss.job TO partnerships_service');
    const answers = await Promise.all(Array.from({ length: 10 }, () => db.query<{ one: number }>('SELECT 1 AS one')));
    expect(answers).toEqual(Array.from({ length: 10 }, () => [{ one: 1 }]));
  });
});

it('the purge deletes stored answers after 24 hours, and what it was told besides', async () => {
  const { jobs, clock } = makeJobs();
  const purge = new Purge(db, jobs, clock);
  purge.onModuleInit();
  await owner.query(
    `INSERT INTO kernel.idempotency (owner, key, request_hash, status, made_at) VALUES
      ('me', 'old', '\\x00', 201, $1::timestamptz - interval '24 hours 1 second'), ('me', 'new', '\\x00', 201, $1::timestamptz - interval '23 hours')`,
    [NOW],
  );
  await owner.query('TRUNCATE kernel.probe');
  await bench.probes(2);
  purge.add('probes', 'DELETE FROM kernel.probe WHERE $1::timestamptz IS NOT NULL');
  expect(() => purge.add('probes', 'SELECT 1')).toThrow('twice');
  await jobs.tick();
  expect(await jobs.drain('kernel.purge')).toBe(1);
  expect(await db.query('SELECT key FROM kernel.idempotency')).toEqual([{ key: 'new' }]);
  expect(await db.query('SELECT * FROM kernel.probe')).toEqual([]);
});
