import { fixedId } from '../../src/people/reference/fixed-id';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';

describe('Organisations', () => {
  let t: TestApp;
  beforeAll(async () => (t = await startApp()));
  afterAll(() => t.stop());

  const admin = () => t.as('national-administrator');
  const sent = (extra: object = {}) => ({
    name: 'Quay Street Panel',
    slug: 'quay-street-panel',
    kind: 'charity',
    ...extra,
  });
  const events = async (subjectId: string): Promise<string[]> =>
    (
      await t.db.query<{ type: string }>('SELECT type FROM kernel.event WHERE subject_id = $1 ORDER BY entry', [
        subjectId,
      ])
    ).rows.map((r) => r.type);
  const trail = async (subjectId: string): Promise<string[]> =>
    (
      await t.db.query<{ action: string }>('SELECT action FROM kernel.audit_entry WHERE subject_id = $1 ORDER BY id', [
        subjectId,
      ])
    ).rows.map((r) => r.action);
  const codes = (body: { errors: { at: string; code: string }[] }) => body.errors.map((e) => [e.at, e.code]);

  describe('GET /v1/organisations', () => {
    it('answers verified organisations by name, to anybody, in pages that meet end to end', async () => {
      const names: string[] = [];
      let next: string | null = '/v1/organisations?limit=50';
      while (next) {
        const page: { body: { data: { name: string }[]; meta: { nextCursor: string | null } } } = await t.api
          .get(next)
          .expect(200);
        names.push(...page.body.data.map((o) => o.name));
        next = page.body.meta.nextCursor && `/v1/organisations?limit=50&cursor=${page.body.meta.nextCursor}`;
      }
      const { rows } = await t.db.query<{ name: string }>(
        `SELECT name FROM people.organisation WHERE state = 'verified' ORDER BY name, id`,
      );
      expect(names).toEqual(rows.map((r) => r.name));
    });

    it('may be kept by a cache that asks again each time', async () => {
      const first = await t.api.get('/v1/organisations?limit=1').expect(200);
      expect(first.headers['cache-control']).toBe('public, no-cache');
      await t.api.get('/v1/organisations?limit=1').set('If-None-Match', String(first.headers.etag)).expect(304);
    });

    it('is kept by nobody where it depends on who asks', async () => {
      const answer = await t.api
        .get('/v1/organisations?limit=1')
        .set(await admin())
        .expect(200);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers.vary).toBe('Authorization');
    });

    it.each([
      ['kind=regional-network&at=2024-09-30', 15],
      ['kind=regional-network&at=2024-10-01', 12],
      ['q=south%20west%20central&kind=regional-network&at=2025-01-01', 1],
      ['q=100%25', 0],
      ['state=applied', 0],
    ])('filters by %s', async (query, many) => {
      const { body } = await t.api.get(`/v1/organisations?limit=100&${query}`).expect(200);
      expect(body.data).toHaveLength(many);
    });

    it('filters by region and nation', async () => {
      const { body } = await t.api.get('/v1/organisations?limit=100&region=E12000002&nation=E92000001').expect(200);
      expect(body.data.length).toBeGreaterThan(0);
      expect(new Set(body.data.map((o: { regionCode: string }) => o.regionCode))).toEqual(new Set(['E12000002']));
    });

    it.each([
      ['kind=club', 'kind', 'not_a_choice'],
      ['at=2024-02-30', 'at', 'not_a_day'],
      ['identifier=ror', 'identifier', 'text_pattern'],
      ['limit=0', 'limit', 'too_small'],
      ['cursor=bad', 'cursor', 'bad_cursor'],
      ['sort=name', 'sort', 'unknown_field'],
      ['region=x', 'region', 'text_pattern'],
    ])('refuses %s', async (query, at, code) => {
      const { body } = await t.api.get(`/v1/organisations?${query}`).expect(400);
      expect(codes(body)).toEqual([[at, code]]);
    });
  });

  describe('GET /v1/organisations/{id}', () => {
    it('answers with the host, and with whom it followed', async () => {
      const { body } = await t.api.get(`/v1/organisations/${await t.organisation(OURS)}`).expect(200);
      expect(body).toMatchObject({
        slug: OURS,
        kind: 'regional-network',
        state: 'verified',
        hostSlug: 'manchester-university-nhs-foundation-trust',
      });
      expect(body.predecessors.length).toBeGreaterThan(0);
      const before = await t.api.get(`/v1/organisations/${body.predecessors[0].id}`).expect(200);
      expect(before.body.successors).toContainEqual(expect.objectContaining({ id: body.id, slug: OURS }));
    });

    it('answers 404 where there is none and 400 where the id is none', async () => {
      await t.api.get(`/v1/organisations/${fixedId('organisation', 'nobody')}`).expect(404);
      await t.api.get('/v1/organisations/nobody').expect(400);
    });
  });

  describe('POST /v1/organisations', () => {
    it('needs a token and the permission', async () => {
      await t.api.post('/v1/organisations').send(sent()).expect(401);
      await t.api
        .post('/v1/organisations')
        .set(await t.as('coordinator'))
        .send(sent())
        .expect(403);
    });

    it('adds one that counts at once, tells it and leaves a trail', async () => {
      const predecessor = await t.organisation('barts-health');
      const body = sent({
        regionCode: 'E12000002',
        nationCode: 'E92000001',
        identifiers: [{ scheme: 'charity', value: '1099999' }],
        predecessors: [{ id: predecessor, part: true }],
      });
      const made = await t.api
        .post('/v1/organisations')
        .set(await admin())
        .send(body)
        .expect(201);
      expect(made.headers.location).toBe(`/v1/organisations/${made.body.id}`);
      expect(made.headers.etag).toBe('"1-json"');
      expect(made.body).toMatchObject({
        ...body,
        state: 'verified',
        factsChecked: false,
        predecessors: [{ id: predecessor, slug: 'barts-health', part: true, verified: false }],
      });
      expect(await events(made.body.id)).toEqual(['organisation.added']);
      expect(await trail(made.body.id)).toEqual(['created', 'identifiers-set']);
      const before = await t.api.get(`/v1/organisations/${predecessor}`).expect(200);
      expect(before.body.version).toBe(2);
      expect(before.body.successors).toEqual([
        { id: made.body.id, slug: 'quay-street-panel', part: true, verified: false },
      ]);
      const found = await t.api.get('/v1/organisations?identifier=charity:1099999').expect(200);
      expect(found.body.data.map((o: { id: string }) => o.id)).toEqual([made.body.id]);
    });

    it.each([
      ['a slug that is taken', { slug: OURS }, 409, 'slug_taken'],
      [
        'an identifier that is taken',
        { slug: 'a', identifiers: [{ scheme: 'charity', value: '1099999' }] },
        409,
        'identifier_taken',
      ],
      ['a region that is not there', { slug: 'b', regionCode: 'E12000099' }, 422, 'unknown_region'],
      ['a host that is not there', { slug: 'c', hostId: fixedId('organisation', 'nobody') }, 422, 'unknown_host'],
      [
        'a predecessor that is not there',
        { slug: 'd', predecessors: [{ id: fixedId('organisation', 'nobody') }] },
        422,
        'unknown_predecessor',
      ],
      [
        'an end before its beginning',
        { slug: 'e', from: '2025-01-02', until: '2025-01-02' },
        422,
        'ends_before_it_began',
      ],
    ])('refuses %s', async (_, extra, status, code) => {
      const { body } = await t.api
        .post('/v1/organisations')
        .set(await admin())
        .send(sent(extra))
        .expect(status);
      expect(body.code).toBe(code);
    });

    it('refuses what is not well formed, all faults at once', async () => {
      const bad = {
        slug: 'Quay Street',
        name: '',
        kind: 'club',
        website: 'example.org',
        from: '2025-13-01',
        state: 'verified',
        identifiers: [{ scheme: 'isbn', value: ' ' }],
      };
      const { body } = await t.api
        .post('/v1/organisations')
        .set(await admin())
        .send(bad)
        .expect(400);
      expect(codes(body).sort()).toEqual(
        [
          ['/slug', 'text_pattern'],
          ['/name', 'text_length'],
          ['/kind', 'not_a_choice'],
          ['/website', 'text_pattern'],
          ['/from', 'not_a_day'],
          ['/state', 'unknown_field'],
          ['/identifiers/0/scheme', 'not_a_choice'],
          ['/identifiers/0/value', 'text_pattern'],
        ].sort(),
      );
    });

    it('adds one once, whatever comes at the same time', async () => {
      const as = await admin();
      const answers = await Promise.all(
        [1, 2, 3].map(() =>
          t.api
            .post('/v1/organisations')
            .set(as)
            .send(sent({ slug: 'at-once', identifiers: [] })),
        ),
      );
      expect(answers.map((a) => a.status).sort()).toEqual([201, 409, 409]);
    });
  });

  describe('PUT /v1/organisations/by-identifier/{scheme}/{value}', () => {
    const path = '/v1/organisations/by-identifier/org-id/GB-COH-7';
    const body = { name: 'Harbour Voices', slug: 'harbour-voices', kind: 'community-group', description: 'A group.' };

    it('adds what is not there, needs the version of what is, and clears what is left out', async () => {
      const as = await admin();
      const made = await t.api.put(path).set(as).send(body).expect(201);
      expect(made.body.identifiers).toEqual([{ scheme: 'org-id', value: 'GB-COH-7' }]);
      await t.api.put(path).set(as).send(body).expect(428);
      await t.api.put(path).set(as).set('If-Match', '"9-json"').send(body).expect(412);
      await t.api.put(path).set(as).set('If-Match', 'W/"1"').send(body).expect(400);
      const { description: _, ...less } = body;
      const changed = await t.api
        .put(path)
        .set(as)
        .set('If-Match', String(made.headers.etag))
        .send({ ...less, name: 'Harbour and Quay Voices' })
        .expect(200);
      expect(changed.body).toMatchObject({
        id: made.body.id,
        version: 2,
        name: 'Harbour and Quay Voices',
        description: null,
        slug: 'harbour-voices',
      });
      expect(await events(made.body.id)).toEqual(['organisation.added', 'organisation.changed']);
      await t.api
        .put('/v1/organisations/by-identifier/org-id/GB-COH-8')
        .set(as)
        .set('If-Match', '"1-json"')
        .send(body)
        .expect(412);
    });

    it('adds one once, whatever comes at the same time', async () => {
      const as = await admin();
      const answers = await Promise.all(
        [1, 2, 3].map((n) =>
          t.api
            .put('/v1/organisations/by-identifier/ods/RX9')
            .set(as)
            .send({ ...body, slug: `race-${n}` }),
        ),
      );
      expect(answers.map((a) => a.status).sort()).toEqual([201, 428, 428]);
    });

    it('refuses a scheme that is not known, and is for administrators', async () => {
      await t.api
        .put('/v1/organisations/by-identifier/isbn/7')
        .set(await admin())
        .send(body)
        .expect(400);
      await t.api.put(path).send(body).expect(401);
      await t.api
        .put(path)
        .set(await t.as('coordinator'))
        .send(body)
        .expect(403);
    });
  });

  describe('PATCH /v1/organisations/{id}', () => {
    it('changes what is sent, from the version that was read', async () => {
      const as = await admin();
      const id = await t.organisation('guys-and-st-thomas');
      const path = `/v1/organisations/${id}`;
      await t.api.patch(path).send({ name: 'x' }).expect(401);
      await t.api
        .patch(path)
        .set(await t.as('coordinator'))
        .set('If-Match', '"1-json"')
        .send({ name: 'x' })
        .expect(403);
      await t.api.patch(path).set(as).send({ name: 'x' }).expect(428);
      await t.api.patch(path).set(as).set('If-Match', '"1-json"').send({ name: null }).expect(400);
      await t.api.patch(path).set(as).set('If-Match', '"1-json"').send({ slug: 'new' }).expect(400);
      await t.api
        .patch(`/v1/organisations/${fixedId('organisation', 'nobody')}`)
        .set(as)
        .set('If-Match', '"1-json"')
        .send({ name: 'x' })
        .expect(404);
      const { body } = await t.api
        .patch(path)
        .set(as)
        .set('If-Match', '"1-json"')
        .set('Content-Type', 'application/merge-patch+json')
        .send(JSON.stringify({ website: 'https://example.org/gstt', note: null }))
        .expect(200);
      expect(body).toMatchObject({ version: 2, website: 'https://example.org/gstt', note: null, kind: 'nhs-body' });
      await t.api.patch(path).set(as).set('If-Match', '"1-json"').send({ website: null }).expect(412);
      expect(await events(id)).toEqual(['organisation.changed']);
      const { rows } = await t.db.query('SELECT maintained_by FROM people.organisation WHERE id = $1', [id]);
      expect(rows).toEqual([{ maintained_by: 'administrator' }]);
    });

    it('lets one of two changes through', async () => {
      const as = await admin();
      const path = `/v1/organisations/${await t.organisation('royal-wolverhampton')}`;
      const answers = await Promise.all(
        ['a', 'b'].map((name) => t.api.patch(path).set(as).set('If-Match', '"1-json"').send({ name })),
      );
      expect(answers.map((a) => a.status).sort()).toEqual([200, 412]);
    });
  });

  describe('PATCH /v1/organisations/{id}/settings', () => {
    it("is the organisation's own choice: its coordinator's, and no other's", async () => {
      const ours = `/v1/organisations/${await t.organisation(OURS)}/settings`;
      const theirs = `/v1/organisations/${await t.organisation(THEIRS)}/settings`;
      const as = await t.as('coordinator');
      await t.api.patch(ours).set('If-Match', '"1-json"').send({ secondApprover: true }).expect(401);
      await t.api
        .patch(ours)
        .set(await t.as('researcher'))
        .set('If-Match', '"1-json"')
        .send({ secondApprover: true })
        .expect(403);
      await t.api.patch(theirs).set(as).set('If-Match', '"1-json"').send({ secondApprover: true }).expect(404);
      await t.api.patch(ours).set(as).set('If-Match', '"1-json"').send({ name: 'Ours' }).expect(400);
      const { body } = await t.api
        .patch(ours)
        .set(as)
        .set('If-Match', '"1-json"')
        .send({ secondApprover: true, guardianPolicy: 'under-16' })
        .expect(200);
      expect(body).toMatchObject({ version: 2, secondApprover: true, guardianPolicy: 'under-16' });
      expect((await t.api.get(ours).set(as).expect(200)).body).toEqual(body);
      await t.api.get(ours).expect(401);
      await t.api
        .get(ours)
        .set(await t.as('researcher'))
        .expect(403);
      await t.api.get(theirs).set(as).expect(404);
      for (const who of [{}, as]) {
        const seen = await t.api.get(ours.replace('/settings', '')).set(who).expect(200);
        expect(Object.keys(seen.body as object).filter((name) => /approver|policy/i.test(name))).toEqual([]);
      }
      await t.api.patch(ours).set(as).set('If-Match', '"1-json"').send({ secondApprover: false }).expect(412);
      expect(await events(body.id)).toEqual(['organisation.changed']);
    });
  });
});
