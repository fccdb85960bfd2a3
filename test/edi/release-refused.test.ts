import type { Protected } from '../../src/edi/disclosure/model';
import { DiversityDb } from '../../src/edi/door/diversity-db';
import { Protection } from '../../src/edi/release/protection';
import { Snapshots } from '../../src/edi/release/snapshot.service';
import { ReleaseService } from '../../src/edi/release/release.service';
import { Jobs } from '../../src/kernel/jobs/jobs';
import { startApp, TestApp } from '../support/app';
import { FEW_TABLES, made, published, QUARTER, ReleaseBody, ReleasePeople } from './release-people';

const RELEASES = '/v1/diversity/releases';

describe('a release of which nothing comes', () => {
  let t: TestApp;
  let steward: { authorization: string };

  /** From now on the search answers something else than it found; the verifier is none the wiser. */
  const spoil = (spoiled: (made: Protected) => Protected): void => {
    const protection = t.app.get(Protection, { strict: false });
    const honest = Protection.prototype.protect.bind(protection);
    jest.spyOn(protection, 'protect').mockImplementation(async (...asked) => spoiled(await honest(...asked)));
  };
  const gone = (): Protected => {
    throw new Error('the process is gone');
  };

  beforeAll(async () => {
    t = await startApp();
    steward = await t.as('data-steward');
    await new ReleasePeople(t).add('rrdn-north-west', 120);
  });
  afterAll(() => t.stop());
  afterEach(() => jest.restoreAllMocks());

  const ask = async (says: object = {}): Promise<string> => {
    const { body } = await t.api
      .post(RELEASES)
      .set(steward)
      .send({ ...QUARTER, catalogue: FEW_TABLES, ...says })
      .expect(201);
    return (body as ReleaseBody).id;
  };
  const read = async (id: string): Promise<ReleaseBody> =>
    (await t.api.get(`${RELEASES}/${id}`).set(steward).expect(200)).body as ReleaseBody;
  const stored = async (id: string): Promise<number> => {
    const { rows } = await t.db.query<{ rows: number }>(
      `SELECT (SELECT count(*) FROM edi.release_table WHERE release_id = $1) + (SELECT count(*) FROM edi.release_file WHERE release_id = $1) AS rows`,
      [id],
    );
    return Number(rows[0]?.rows);
  };

  it('fails closed where a small count is shown: the table is named, nothing is published, and another can be made', async () => {
    let shown = '';
    spoil((result) => {
      const figures = new Map(result.figures);
      const [key] = [...figures].find(([name, outcome]) => outcome === 'c' && name.startsWith('all|')) ?? [''];
      shown = key;
      return { ...result, figures: figures.set(key, 5) };
    });
    const release = await made(t, steward);
    const [unit, population] = shown.split('|');
    expect(release).toMatchObject({ state: 'refused', certificate: null, refusal: { code: 'not_proven_safe' } });
    expect(release.refusal?.table).toContain(`${unit}: ${population} by`);
    expect(await stored(release.id)).toBe(0);
    await t.api.get(`${RELEASES}/latest`).expect(404);
    jest.restoreAllMocks();
    expect(await made(t, steward)).toMatchObject({ state: 'ready' });
  });

  it('fails closed without a witness', async () => {
    const waiting = (await t.api.get(RELEASES).set(steward).expect(200)).body as { data: ReleaseBody[] };
    await t.api.post(`${RELEASES}/${waiting.data[0]?.id}/discard`).set(steward).expect(200);
    spoil((result) => ({ ...result, witnesses: result.witnesses.slice(1) }));
    expect((await made(t, steward)).refusal).toMatchObject({ code: 'not_proven_safe' });
  });

  it('is told to those who wait for it', async () => {
    const { rows } = await t.db.query<{ data: { code: string } }>(
      `SELECT data FROM kernel.event WHERE type = 'diversity-release.refused' ORDER BY id`,
    );
    expect(rows.map((row) => row.data.code)).toEqual(['not_proven_safe', 'given_up', 'not_proven_safe']);
  });

  it('where there is nobody to count', async () => {
    const release = await made(t, steward, { from: '2020-01-01', until: '2020-04-01' });
    expect(release.refusal).toMatchObject({ code: 'nobody_counted' });
  });

  it('is tried again after a fault, and makes the snapshot anew', async () => {
    const id = await ask();
    spoil(gone);
    await t.app.get(Jobs).drain('release.make');
    expect(await read(id)).toMatchObject({ state: 'running', step: 'protection' });
    jest.restoreAllMocks();
    await t.app.get(Jobs).drain('release.make', true);
    expect(await read(id)).toMatchObject({ state: 'ready' });
    const { rows } = await t.db.query<{ people: number }>(
      `SELECT count(*)::integer AS people FROM edi_snapshot.unit u
       JOIN edi_snapshot.member m ON m.release_id = u.refreshed_in AND m.organisation_id = u.organisation_id WHERE u.release_id = $1`,
      [id],
    );
    expect(rows).toEqual([{ people: 120 }]);
    await t.api.post(`${RELEASES}/${id}/discard`).set(steward).expect(200);
  });

  it('is given up when it fails again and again', async () => {
    const id = await ask();
    spoil(gone);
    for (let attempt = 0; attempt < 3; attempt++) await t.app.get(Jobs).drain('release.make', true);
    expect(await read(id)).toMatchObject({ state: 'refused', refusal: { code: 'fault' } });
  });

  it('is taken up by the next start where its process died in the middle, and once only', async () => {
    const id = await ask();
    // As a process leaves it that died in the snapshot: the job is gone, the connection was cut and its transaction undone.
    const blocker = await t.db.connect();
    await blocker.query('BEGIN; LOCK TABLE edi_snapshot.category');
    const dying = t.app.get(Jobs).drain('release.make');
    const cut = await cutOff();
    await blocker.query('ROLLBACK');
    blocker.release();
    expect(cut).toBe(1);
    expect(await dying).toBe(0);
    await t.db.query(`DELETE FROM pgboss.job WHERE name = 'release.make'`);
    expect(await read(id)).toMatchObject({ state: 'running', step: 'snapshot' });
    const { rows } = await t.db.query('SELECT FROM edi_snapshot.member WHERE release_id = $1', [id]);
    expect(rows).toHaveLength(0);

    const service = t.app.get(ReleaseService, { strict: false });
    await Promise.all([service.takeUp(), service.takeUp()]);
    await t.app.get(Jobs).drain('release.make');
    expect(await read(id)).toMatchObject({ state: 'ready' });
    const members = await t.db.query(
      `SELECT FROM edi_snapshot.unit u JOIN edi_snapshot.member m ON m.release_id = u.refreshed_in AND m.organisation_id = u.organisation_id
       WHERE u.release_id = $1`,
      [id],
    );
    expect(members.rows).toHaveLength(120);
    await t.api.post(`${RELEASES}/${id}/discard`).set(steward).expect(200);
  });

  it('is refused cleanly when it was interrupted too often', async () => {
    const id = await ask();
    await t.db.query(`UPDATE edi.release SET state = 'running', step = 'snapshot', attempt = 3 WHERE id = $1`, [id]);
    await t.app.get(Jobs).drain('release.make');
    expect(await read(id)).toMatchObject({ state: 'refused', refusal: { code: 'interrupted' } });
    expect(await published(t, steward)).toMatchObject({ number: 1 });
  });

  it('is looked at again later where another process holds it, and made once that is gone', async () => {
    const id = await ask();
    const other = await t.db.connect();
    await other.query('SELECT pg_advisory_lock($1, hashtext($2))', [731_055, id]);
    await t.app.get(Jobs).drain('release.make');
    expect(await read(id)).toMatchObject({ state: 'queued' });
    const { rows } = await t.db.query<{ later: boolean }>(
      `SELECT start_after > now() AS later FROM pgboss.job WHERE name = 'release.make' AND state = 'created' AND data ->> 'releaseId' = $1`,
      [id],
    );
    expect(rows).toEqual([{ later: true }]);
    other.release(true);
    await t.db.query(`UPDATE pgboss.job SET start_after = now() WHERE name = 'release.make' AND state = 'created'`);
    // Postgres lets go of a lock as soon as it has seen that the connection is gone.
    const seen = await t.db.connect();
    await seen.query('SELECT pg_advisory_lock($1, hashtext($2)), pg_advisory_unlock($1, hashtext($2))', [731_055, id]);
    seen.release();
    await t.app.get(Jobs).drain('release.make');
    expect(await read(id)).toMatchObject({ state: 'ready' });
    await t.api.post(`${RELEASES}/${id}/discard`).set(steward).expect(200);
  });

  it('leaves no snapshot that the service’s own login can read', async () => {
    expect(t.app.get(Snapshots, { strict: false })).toBeDefined();
    const { rows } = await t.db.query<{ may: boolean }>(
      `SELECT bool_or(has_table_privilege('partnerships_service', c.oid, 'SELECT') OR has_schema_privilege('partnerships_service', 'edi_snapshot', 'USAGE')) AS may
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'edi_snapshot' AND c.relkind = 'r'`,
    );
    expect(rows).toEqual([{ may: false }]);
  });

  /** Cuts the connection that waits for a table, as soon as one does; answers how many there were. */
  const cutOff = async (): Promise<number> => {
    for (let i = 0; i < 5000; i++) {
      const rows = await t.app.get(DiversityDb, { strict: false }).query<{ cut: number }>(
        `SELECT count(pg_terminate_backend(l.pid, 5000))::integer AS cut FROM pg_locks l
         WHERE NOT l.granted AND l.relation = 'edi_snapshot.category'::regclass AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      if ((rows[0]?.cut ?? 0) > 0) return rows[0]?.cut ?? 0;
    }
    return 0;
  };
});
