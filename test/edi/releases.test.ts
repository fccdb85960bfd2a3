import { NOON, startApp, TestApp, THEIRS } from '../support/app';
import { FEW_TABLES, made, published, QUARTER, ReleaseBody, ReleasePeople } from './release-people';

const RELEASES = '/v1/diversity/releases';

describe('releases', () => {
  let t: TestApp;
  let steward: { authorization: string };
  let coordinator: { authorization: string };

  beforeAll(async () => {
    t = await startApp();
    const people = new ReleasePeople(t);
    steward = await t.as('data-steward');
    coordinator = await t.as('coordinator');
    await people.add('rrdn-north-west', 120);
    await people.add('rrdn-south-west-central', 60);
    await people.add('nihr-centre-for-engagement-and-dissemination', 20);
  });
  afterAll(() => t.stop());

  const ask = (says: object = {}) =>
    t.api
      .post(RELEASES)
      .set(steward)
      .send({ ...QUARTER, catalogue: FEW_TABLES, ...says });
  const codes = (body: unknown): string[] =>
    (body as { errors: { at: string; code: string }[] }).errors.map((e) => `${e.at} ${e.code}`);

  describe('asking for one', () => {
    it('needs a data steward', async () => {
      await t.api.post(RELEASES).send(QUARTER).expect(401);
      await t.api.post(RELEASES).set(coordinator).send(QUARTER).expect(403);
    });

    it('refuses what is not well formed, and a threshold below five', async () => {
      expect(codes((await ask({ threshold: 4 }).expect(400)).body)).toEqual(['/threshold too_small']);
      expect(codes((await ask({ thresholds: [{ characteristic: 'age', threshold: 3 }] }).expect(400)).body)).toEqual([
        '/thresholds/0/threshold too_small',
      ]);
      expect(
        codes((await ask({ thresholds: [{ characteristic: 'shoe-size', threshold: 9 }] }).expect(400)).body),
      ).toEqual(['/thresholds/0/characteristic not_a_choice']);
      expect(codes((await ask({ title: null, sql: 'x' }).expect(400)).body).sort()).toEqual(
        ['/sql unknown_field', '/title not_text'].sort(),
      );
    });

    it('refuses thresholds of single characteristics that are lower than usual, or that are two, and says the least allowed', async () => {
      const thresholds = [
        { characteristic: 'gender-identity', threshold: 9 },
        { characteristic: 'religion', threshold: 11 },
        { characteristic: 'religion', threshold: 40 },
        { characteristic: 'sexual-orientation', threshold: 10 },
        { characteristic: 'age', threshold: 5 },
      ];
      const { body } = await ask({ thresholds }).expect(422);
      expect((body as { code: string }).code).toBe('thresholds_not_possible');
      expect(codes(body)).toEqual([
        '/thresholds/0/threshold threshold_too_low',
        '/thresholds/2/characteristic threshold_twice',
        '/thresholds/4/threshold threshold_too_low',
      ]);
      const said = (body as { errors: { message: string }[] }).errors.map((one) => one.message);
      expect(said[0]).toContain('at least 10');
      expect(said[2]).toContain('at least 8');
      const low = await ask({
        threshold: 5,
        thresholds: [{ characteristic: 'gender-identity', threshold: 5 }],
      }).expect(422);
      expect(codes(low.body)).toEqual(['/thresholds/0/threshold threshold_too_low']);
      const high = await ask({
        threshold: 12,
        thresholds: [{ characteristic: 'gender-identity', threshold: 11 }],
      }).expect(422);
      expect(JSON.stringify(high.body)).toContain('at least 12');
    });

    it('refuses a list of tables that is no star, and names each that is wrong', async () => {
      const tables = [
        { level: 'all', population: 'registered', by: ['age', 'sex'] },
        { level: 'all', population: 'registered', by: ['age'] },
        { level: 'all', population: 'registered', by: ['hub', 'ethnic-group'] },
        { level: 'group', population: 'selected', by: ['shoe-size'] },
        { level: 'all', population: 'registered', by: ['age'] },
      ];
      const { body } = await ask({ catalogue: { minimumLeafSize: 25, tables } }).expect(422);
      expect((body as { code: string }).code).toBe('not_a_star');
      expect(codes(body)).toEqual([0, 2, 3, 4].map((i) => `/catalogue/tables/${i}/by not_a_star`));
    });

    it('refuses a period that is not over, is empty, or rounding that is too coarse', async () => {
      expect((await ask({ until: '2027-01-01' }).expect(422)).body).toMatchObject({ code: 'period_not_over' });
      expect((await ask({ until: '2026-07-01' }).expect(422)).body).toMatchObject({ code: 'ends_before_it_begins' });
      expect((await ask({ collectionId: '01920000-0000-7000-8000-000000000000' }).expect(422)).body).toMatchObject({
        code: 'unknown_collection',
      });
      expect((await ask({ base: 10 }).expect(422)).body).toMatchObject({ code: 'base_above_threshold' });
    });

    it('of two at once makes one, and refuses any other until that is settled', async () => {
      const both = await Promise.all([ask(), ask()]);
      expect(both.map((answer) => answer.status).sort()).toEqual([201, 409]);
      expect((await ask().expect(409)).body).toMatchObject({ code: 'release_under_way' });
      const won = both.find((answer) => answer.status === 201)?.body as ReleaseBody;
      expect(won).toMatchObject({ state: 'queued', step: 'waiting', number: null, certificate: null });
      const { rows } = await t.db.query<{ what: string }>(
        `SELECT type AS what FROM kernel.event WHERE subject_id = $1 UNION ALL SELECT action FROM kernel.audit_entry WHERE subject_id = $1`,
        [won.id],
      );
      expect(rows.map((row) => row.what).sort()).toEqual(['created', 'diversity-release.started']);
      await t.db.query(
        `UPDATE edi.release SET state = 'refused', refusal_code = 'test', refusal_detail = 'test' WHERE id = $1`,
        [won.id],
      );
    });
  });

  describe('until it is signed', () => {
    let ready: ReleaseBody;

    beforeAll(async () => {
      ready = await made(t, steward);
    });

    it('is proven, and known to those who make releases only', async () => {
      expect(ready).toMatchObject({
        state: 'ready',
        step: 'signature',
        progress: 100,
        certificate: { result: 'safe' },
      });
      expect(ready.certificate?.smallestWidth).toBeGreaterThanOrEqual(7);
      await t.api.get(`${RELEASES}/${ready.id}`).expect(404);
      await t.api.get(`${RELEASES}/${ready.id}`).set(coordinator).expect(404);
      for (const path of [
        'latest',
        'latest/tables',
        'latest/all.csv',
        'latest/manifest',
        `${ready.id}/tables`,
        `${ready.id}/all.csv`,
      ])
        await t.api.get(`${RELEASES}/${path}`).expect(404);
      expect((await t.api.get(RELEASES).expect(200)).body).toMatchObject({ data: [] });
      const { body } = await t.api.get(RELEASES).set(steward).expect(200);
      expect((body as { data: ReleaseBody[] }).data.map((one) => one.state)).toEqual(['ready', 'refused']);
    });

    it('shows the steward what would be published', async () => {
      await t.api.get(`${RELEASES}/${ready.id}/draft`).expect(401);
      await t.api.get(`${RELEASES}/${ready.id}/draft`).set(coordinator).expect(403);
      const { body } = await t.api.get(`${RELEASES}/${ready.id}/draft`).set(steward).expect(200);
      const draft = body as { number: number; tables: { key: string }[]; units: { key: string }[] };
      expect(draft.number).toBe(1);
      expect(draft.tables.map((table) => table.key)).toEqual([
        'all-registered-ethnic-group-by-sex',
        'all-registered-age',
        'organisations-registered-sex',
      ]);
    });

    it('is not signed by just anybody, nor for another certificate', async () => {
      const sign = (certificateHash: string) => t.api.post(`${RELEASES}/${ready.id}/sign`).send({ certificateHash });
      await sign(ready.certificateHash).expect(401);
      await sign(ready.certificateHash).set(coordinator).expect(403);
      await sign('x').set(steward).expect(400);
      expect((await sign('0'.repeat(64)).set(steward).expect(409)).body).toMatchObject({ code: 'other_certificate' });
    });

    it('does not change between proof and signature, not even for the owner of the database', async () => {
      await expect(t.db.query(`UPDATE edi.release SET threshold = 5 WHERE id = $1`, [ready.id])).rejects.toMatchObject({
        constraint: 'release_never_changed',
      });
      await expect(
        t.db.query(`UPDATE edi.release_table SET figures = '[]' WHERE release_id = $1`, [ready.id]),
      ).rejects.toMatchObject({ constraint: 'release_never_changed' });
    });

    it('can be given up, and is then settled', async () => {
      await t.api.post(`${RELEASES}/${ready.id}/discard`).expect(401);
      await t.api.post(`${RELEASES}/${ready.id}/discard`).set(coordinator).expect(403);
      const { body } = await t.api.post(`${RELEASES}/${ready.id}/discard`).set(steward).expect(200);
      expect(body).toMatchObject({ state: 'refused', refusal: { code: 'given_up' } });
      await t.api.post(`${RELEASES}/${ready.id}/discard`).set(steward).expect(409);
      await t.api.get(`${RELEASES}/${ready.id}/draft`).set(steward).expect(409);
      const { rows } = await t.db.query('SELECT FROM edi.release_table WHERE release_id = $1', [ready.id]);
      expect(rows).toHaveLength(0);
    });
  });

  describe('once published', () => {
    let release: ReleaseBody;

    beforeAll(async () => {
      release = await published(t, steward);
    });

    it('is public, without what only its makers may know', async () => {
      const { body } = await t.api.get(`${RELEASES}/latest`).expect(200);
      expect(body).toMatchObject({ id: release.id, number: 1, state: 'published', certificate: null });
      expect(JSON.stringify(body)).not.toContain('primary');
      await t.api.get(`${RELEASES}/newest`).expect(400);
      await t.api.get(`${RELEASES}/01920000-0000-7000-8000-000000000000`).expect(404);
    });

    it('has one tag for everybody and another for its makers, who see its proof', async () => {
      for (const which of ['latest', release.id]) {
        const read = (auth: Record<string, string>, tag = '"0"') =>
          t.api.get(`${RELEASES}/${which}`).set(auth).set('if-none-match', tag);
        const outside = await read({}).expect(200);
        const inside = await read(steward).expect(200);
        expect((inside.body as ReleaseBody).certificate).not.toBeNull();
        await read({}, String(outside.headers.etag)).expect(304);
        await read(steward, String(inside.headers.etag)).expect(304);
        expect((await read(steward, String(outside.headers.etag)).expect(200)).body).toEqual(inside.body);
        expect((await read({}, String(inside.headers.etag)).expect(200)).body).toEqual(outside.body);
      }
    });

    it('told so, publicly', async () => {
      const { rows } = await t.db.query<{ type: string; public: boolean }>(
        `SELECT type, public FROM kernel.event WHERE subject_id = $1 ORDER BY version`,
        [release.id],
      );
      expect(rows).toEqual([
        { type: 'diversity-release.started', public: false },
        { type: 'diversity-release.ready', public: false },
        { type: 'diversity-release.published', public: true },
      ]);
    });

    it('is not signed twice', async () => {
      await t.api
        .post(`${RELEASES}/${release.id}/sign`)
        .set(steward)
        .send({ certificateHash: release.certificateHash })
        .expect(409);
    });

    it('never changes: Postgres refuses, whoever asks', async () => {
      const never = { constraint: 'release_never_changed' };
      for (const sql of [
        `UPDATE edi.release SET title = 'Other'`,
        `UPDATE edi.release SET state = 'ready', number = NULL, signed_at = NULL, published_at = NULL`,
        `UPDATE edi.release_table SET figures = '[]'`,
        `DELETE FROM edi.release_table`,
        `UPDATE edi.release_file SET name = 'x'`,
        `DELETE FROM edi.release_file`,
      ]) {
        const where = sql.includes('edi.release ') ? 'id' : 'release_id';
        await expect(t.db.query(`${sql} WHERE ${where} = $1`, [release.id])).rejects.toMatchObject(never);
      }
      await expect(t.db.query('DELETE FROM edi.release WHERE id = $1', [release.id])).rejects.toMatchObject({
        constraint: 'release_never_removed',
      });
    });

    it('gives way to the next, and stays readable', async () => {
      const csv = await t.api.get(`${RELEASES}/${release.id}/all.csv`).expect(200);
      const latest = await t.api.get(`${RELEASES}/latest`).expect(200);
      const next = await published(t, steward, { title: 'The same again' });
      expect(next.version).toBe(release.version);
      const since = await t.api.get(`${RELEASES}/latest`).set('if-none-match', String(latest.headers.etag)).expect(200);
      expect(since.body).toMatchObject({ id: next.id });
      expect(next).toMatchObject({ number: 2, state: 'published' });
      const { body } = await t.api.get(`${RELEASES}/${release.id}`).expect(200);
      expect(body).toMatchObject({ state: 'superseded', number: 1, supersededAt: NOON });
      expect((await t.api.get(`${RELEASES}/${release.id}/all.csv`).expect(200)).text).toBe(csv.text);
      const { body: list } = await t.api
        .get(RELEASES)
        .set(await t.as('coordinator', THEIRS))
        .expect(200);
      expect((list as { data: ReleaseBody[] }).data.map((one) => one.number)).toEqual([2, 1]);
    });
  });
});
