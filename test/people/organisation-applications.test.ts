import { fixedId } from '../../src/people/reference/fixed-id';
import { startApp, TestApp, THEIRS } from '../support/app';

describe('Applications of organisations, and lists that seldom change', () => {
  let t: TestApp;
  beforeAll(async () => (t = await startApp()));
  afterAll(() => t.stop());

  const admin = () => t.as('national-administrator');
  const events = async (subjectId: string): Promise<string[]> =>
    (
      await t.db.query<{ type: string }>('SELECT type FROM kernel.event WHERE subject_id = $1 ORDER BY entry', [
        subjectId,
      ])
    ).rows.map((r) => r.type);

  describe('Applications', () => {
    const asked = {
      name: 'Manchester University NHS Foundation Trust (MFT)',
      kind: 'nhs-body',
      reason: 'We have a panel.',
    };
    const apply = async (who: string, extra: object = {}) => {
      const as = await t.as('researcher', THEIRS, who);
      return {
        as,
        answer: await t.api
          .post('/v1/organisation-applications')
          .set(as)
          .send({ ...asked, ...extra }),
      };
    };

    it('need an account', async () => {
      await t.api.post('/v1/organisation-applications').send(asked).expect(401);
      const stranger = { authorization: `Bearer ${await t.token({ sub: 'stranger' })}` };
      const { body } = await t.api.post('/v1/organisation-applications').set(stranger).send(asked).expect(403);
      expect(body.code).toBe('account_needed');
    });

    it('wait, are seen by the applicant and administrators only, and hint at duplicates', async () => {
      const { as, answer } = await apply('ann');
      expect(answer.status).toBe(201);
      const { id } = answer.body as { id: string };
      expect(answer.body).toMatchObject({
        state: 'applied',
        slug: 'manchester-university-nhs-foundation-trust-mft',
        reason: 'We have a panel.',
      });
      expect((answer.body as { possibleDuplicates: { slug: string }[] }).possibleDuplicates[0]?.slug).toBe(
        'manchester-university-nhs-foundation-trust',
      );
      await t.api.get(`/v1/organisations/${id}`).expect(404);
      await t.api
        .get(`/v1/organisations/${id}`)
        .set(await t.as('coordinator'))
        .expect(404);
      await t.api
        .get(`/v1/organisation-applications/${id}`)
        .set(await t.as('coordinator'))
        .expect(404);
      await t.api.get(`/v1/organisation-applications/${id}`).expect(401);
      await t.api.get(`/v1/organisation-applications/${id}`).set(as).expect(200);
      await t.api.get(`/v1/organisations/${id}`).set(as).expect(200);
      expect((await t.api.get('/v1/organisations?state=applied').expect(200)).body.data).toEqual([]);
      expect(
        (
          await t.api
            .get('/v1/organisations?state=applied')
            .set(await admin())
            .expect(200)
        ).body.data,
      ).toHaveLength(1);
      expect(await events(id)).toEqual(['organisation.applied']);
      const told = await t.db.query('SELECT public FROM kernel.event WHERE subject_id = $1', [id]);
      expect(told.rows).toEqual([{ public: false }]);
    });

    it('leave nothing of what the applicant wrote in the trail or among stored answers', async () => {
      const as = { ...(await t.as('researcher', THEIRS, 'eve')), 'Idempotency-Key': 'apply-1' };
      const first = await t.api
        .post('/v1/organisation-applications')
        .set(as)
        .send({ ...asked, name: 'Planted', reason: 'Planted words' });
      const again = await t.api
        .post('/v1/organisation-applications')
        .set(as)
        .send({ ...asked, name: 'Planted', reason: 'Planted words' });
      expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
      const { rows } = await t.db.query(
        `SELECT 1 FROM kernel.audit_entry a WHERE a::text LIKE '%Planted words%' UNION ALL SELECT 1 FROM kernel.idempotency i WHERE i::text LIKE '%Planted words%'`,
      );
      expect(rows).toEqual([]);
    });

    it('of one name at once get a slug each', async () => {
      const answers = await Promise.all(['b1', 'b2', 'b3'].map((who) => apply(who, { name: 'The Same Name' })));
      expect(answers.map((a) => (a.answer.body as { slug: string }).slug).sort()).toEqual([
        'the-same-name',
        'the-same-name-2',
        'the-same-name-3',
      ]);
    });

    it('are verified by an administrator, once, and the applicant coordinates from the next request on', async () => {
      const { as, answer } = await apply('cas', { name: 'Tidewater Carers' });
      const { id } = answer.body as { id: string };
      await t.api.get(`/v1/memberships?organisation=${id}`).set(as).expect(403);
      await t.api.post(`/v1/organisations/${id}/verify`).expect(401);
      await t.api.post(`/v1/organisations/${id}/verify`).set(as).expect(403);
      await t.api
        .post(`/v1/organisations/${fixedId('organisation', 'nobody')}/verify`)
        .set(await admin())
        .expect(404);
      const done = await Promise.all(
        [1, 2].map(async () => t.api.post(`/v1/organisations/${id}/verify`).set(await admin())),
      );
      expect(done.map((a) => a.status).sort()).toEqual([200, 409]);
      await t.api.get(`/v1/organisations/${id}`).expect(200);
      const mine = await t.api.get(`/v1/memberships?organisation=${id}`).set(as).expect(200);
      expect(mine.body.data).toMatchObject([{ role: 'coordinator', from: '2026-11-23', until: null }]);
      expect(await events(id)).toEqual(['organisation.applied', 'organisation.verified']);
      await t.api
        .get(`/v1/organisation-applications/${id}`)
        .set(await t.as('coordinator'))
        .expect(404);
    });

    it('are refused with a reason that the applicant reads', async () => {
      const { as, answer } = await apply('dee', { name: 'Nowhere in Particular' });
      const { id } = answer.body as { id: string };
      const path = `/v1/organisations/${id}/refuse`;
      await t.api.post(path).send({ reason: 'x' }).expect(401);
      await t.api.post(path).set(as).send({ reason: 'x' }).expect(403);
      await t.api
        .post(path)
        .set(await admin())
        .send({})
        .expect(400);
      await t.api
        .post(path)
        .set(await admin())
        .send({ reason: 'It is listed already.' })
        .expect(200);
      const read = await t.api.get(`/v1/organisation-applications/${id}`).set(as).expect(200);
      expect(read.body).toMatchObject({ state: 'refused', refusalReason: 'It is listed already.' });
      const again = await t.api
        .post(`/v1/organisations/${id}/verify`)
        .set(await admin())
        .expect(409);
      expect(again.body.code).toBe('already_decided');
      expect(await events(id)).toEqual(['organisation.applied', 'organisation.refused']);
      const list = await t.api
        .get('/v1/organisation-applications?state=refused')
        .set(await admin())
        .expect(200);
      expect(list.body.data.map((o: { id: string }) => o.id)).toEqual([id]);
      await t.api.get('/v1/organisation-applications').set(as).expect(403);
    });
  });

  describe('Lists that seldom change', () => {
    it.each([
      ['/v1/regions', 13, { code: 'W92000004', welshName: 'Cymru', kind: 'nation' }],
      ['/v1/health-categories', 21, { slug: 'blood', name: 'Blood' }],
      ['/v1/languages', undefined, { code: 'cy', ownName: 'Cymraeg' }],
    ])('%s is open to everybody and to caches', async (path, many, row) => {
      const answer = await t.api.get(path).expect(200);
      if (many) expect(answer.body.data).toHaveLength(many);
      expect(answer.body.data).toContainEqual(expect.objectContaining(row));
      expect(answer.headers['cache-control']).toBe('public, max-age=3600');
      await t.api.get(path).set('If-None-Match', String(answer.headers.etag)).expect(304);
    });
  });
});
