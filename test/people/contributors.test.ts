import { OURS, startApp, TestApp, THEIRS } from '../support/app';

let t: TestApp;
let ours: string;
let theirs: string;
beforeAll(async () => {
  t = await startApp();
  ours = await t.organisation(OURS);
  theirs = await t.organisation(THEIRS);
});
afterAll(() => t.stop());

type Headers = { authorization: string };
const person = (more: object = {}) => ({
  name: 'Rosalind Achterberg',
  email: 'rosalind@example.org',
  preferredChannel: 'email',
  ageGroup: 'adult',
  organisationId: ours,
  ...more,
});
const coordinator = (): Promise<Headers> => t.as('coordinator');
async function made(
  more: object = {},
  headers?: Headers,
): Promise<{ id: string; version: number; organisations: { id: string }[] }> {
  const answer = await t.api
    .post('/v1/contributors')
    .set(headers ?? (await coordinator()))
    .send(person(more));
  expect(answer.body).toMatchObject({ id: expect.any(String) as string });
  expect(answer.status).toBe(201);
  return answer.body as never;
}
/** A signed-in person whose account is tied to the contributor. */
async function asContributor(id: string, who = id): Promise<Headers> {
  const headers = await t.as('contributor', OURS, who);
  const { id: account } = await t.account('contributor', OURS, who);
  await t.db.query('UPDATE people.account SET contributor_id = $1 WHERE id = $2', [id, account]);
  return headers;
}
const count = async (sql: string, params: unknown[] = []): Promise<number> =>
  (await t.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, params)).rows[0]?.n ?? -1;

describe('POST /v1/contributors', () => {
  it('adds a contributor, seals contact points, audits with private fields masked and tells the event', async () => {
    const answer = await t.api
      .post('/v1/contributors')
      .set(await coordinator())
      .send(
        person({
          phone: '020 7946 0018',
          address: '4 Mill Lane\nLeeds',
          supporter: { name: 'Keith', contact: '01632 960304', relation: 'husband' },
          reference: 'P-1',
          languages: ['cy', 'en'],
        }),
      );
    expect(answer.status).toBe(201);
    const { id } = answer.body as { id: string };
    expect(answer.headers.location).toBe(`/v1/contributors/${id}`);
    expect(answer.headers.etag).toBe('"1-json"');
    expect(answer.body).toMatchObject({
      email: 'rosalind@example.org',
      phone: '020 7946 0018',
      supporter: { name: 'Keith', contact: '01632 960304', relation: 'husband' },
      guardian: null,
      languages: ['cy', 'en'],
      state: 'active',
      organisations: [{ organisationId: ours, home: true, from: '2026-11-23', until: null, reference: 'P-1' }],
    });
    const { rows } = await t.db.query<{ text: string }>(
      'SELECT c::text AS text FROM people.contributor c WHERE id = $1',
      [id],
    );
    expect(rows[0]?.text).not.toContain('rosalind@');
    expect(rows[0]?.text).not.toContain('Mill Lane');
    const audit = await t.db.query<{ after: { name: string; emailSealed: string } }>(
      `SELECT after FROM kernel.audit_entry WHERE subject = 'contributor' AND subject_id = $1 AND person_id = $1`,
      [id],
    );
    expect(audit.rows[0]?.after).toMatchObject({ name: '(private)', emailSealed: '(private)' });
    expect(
      await count(`kernel.event WHERE type = 'contributor.joined' AND subject_id = $1 AND organisation_id = $2`, [
        id,
        ours,
      ]),
    ).toBe(1);
  });

  it('asks who you are, and for leave to add others', async () => {
    expect((await t.api.post('/v1/contributors').send(person())).status).toBe(401);
    expect(
      (
        await t.api
          .post('/v1/contributors')
          .set(await t.as('auditor'))
          .send(person())
      ).status,
    ).toBe(403);
    expect(
      (
        await t.api
          .post('/v1/contributors')
          .set(await t.as('coordinator', THEIRS))
          .send(person())
      ).status,
    ).toBe(404);
  });

  it.each([
    ['an unknown field', { ethnicity: 'x' }, '/ethnicity'],
    ['no name', { name: undefined }, '/name'],
    ['a channel that is none', { preferredChannel: 'pigeon' }, '/preferredChannel'],
    ['no e-mail address', { email: 'nobody' }, '/email'],
    ['no telephone number', { phone: '12' }, '/phone'],
    ['a whole postcode', { outwardPostcode: 'LS6 3AA' }, '/outwardPostcode'],
    ['an age in years', { ageGroup: '17' }, '/ageGroup'],
    ['a language that is none', { languages: ['English!'] }, '/languages'],
    ['half a guardian', { guardian: { name: 'Anwen' } }, '/guardian/contact'],
  ])('refuses %s and says where', async (_, more, at) => {
    const answer = await t.api
      .post('/v1/contributors')
      .set(await coordinator())
      .send(person(more));
    expect(answer.status).toBe(400);
    expect((answer.body as { errors: { at: string }[] }).errors.map((fault) => fault.at)).toContain(at);
  });

  it.each([
    ['a channel without its contact point', { email: null }, 'channel_without_contact'],
    ['a supporter who is not named', { preferredChannel: 'supporter' }, 'channel_without_contact'],
    ['a region that is none', { regionCode: 'E99999999' }, 'unknown_region'],
    [
      'somebody under 16 without a guardian',
      { ageGroup: 'under-16', safeguardingContact: { name: 'S', contact: '1' } },
      'guardian_needed',
    ],
    [
      'somebody of 16 without a guardian, by the usual policy',
      { ageGroup: '16-to-17', safeguardingContact: { name: 'S', contact: '1' } },
      'guardian_needed',
    ],
    [
      'somebody of 16 without a safeguarding contact',
      {
        ageGroup: '16-to-17',
        guardian: { name: 'G', contact: '1', agreedAt: '2026-11-20T10:00:00Z', agreedHow: 'phone' },
      },
      'safeguarding_contact_needed',
    ],
  ])('refuses %s', async (_, more, code) => {
    const answer = await t.api
      .post('/v1/contributors')
      .set(await coordinator())
      .send(person(more));
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([422, code]);
  });

  it('takes somebody of 16 without a guardian where the home organisation asks for one under 16 only', async () => {
    const young = { ageGroup: '16-to-17', safeguardingContact: { name: 'S', contact: '1' } };
    await t.db.query(`UPDATE people.organisation SET guardian_policy = 'under-16' WHERE id = $1`, [theirs]);
    const headers = await t.as('coordinator', THEIRS);
    const { id } = await made({ ...young, organisationId: theirs }, headers);
    expect(await count('people.contributor WHERE id = $1', [id])).toBe(1);
    // Moving home to an organisation with the stricter policy then needs the guardian.
    const move = await t.api
      .post(`/v1/contributors/${id}/organisations`)
      .set(await asContributor(id))
      .send({ organisationId: ours, home: true });
    expect((move.body as { code: string }).code).toBe('guardian_needed');
  });

  it('registers whoever is signed in, with an account and the role of a contributor, once', async () => {
    const headers = { authorization: `Bearer ${await t.token({ sub: 'newcomer' })}` };
    const answer = await t.api
      .post('/v1/contributors')
      .set(headers)
      .send(person({ name: 'New Comer', myself: true }));
    expect(answer.status).toBe(201);
    const { id } = answer.body as { id: string };
    expect((await t.api.get('/v1/me/contributor').set(headers)).body).toMatchObject({ id, name: 'New Comer' });
    expect((await t.api.get(`/v1/contributors/${id}`).set(headers)).status).toBe(200);
    const again = await t.api
      .post('/v1/contributors')
      .set(headers)
      .send(person({ myself: true }));
    expect([again.status, (again.body as { code: string }).code]).toEqual([409, 'already_registered']);
  });

  it('registers one of two attempts at once', async () => {
    const headers = { authorization: `Bearer ${await t.token({ sub: 'hasty' })}` };
    const both = await Promise.all(
      [1, 2].map(() =>
        t.api
          .post('/v1/contributors')
          .set(headers)
          .send(person({ name: 'Hasty', myself: true })),
      ),
    );
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 409]);
    expect(await count(`people.contributor WHERE name = 'Hasty'`)).toBe(1);
  });

  it('gives the same answer to a retry and keeps nothing personal of it', async () => {
    const headers = { ...(await coordinator()), 'idempotency-key': 'add-once' };
    const first = await t.api
      .post('/v1/contributors')
      .set(headers)
      .send(person({ name: 'Once Only' }));
    const second = await t.api
      .post('/v1/contributors')
      .set(headers)
      .send(person({ name: 'Once Only' }));
    expect([first.status, second.status]).toEqual([201, 201]);
    expect((second.body as { id: string }).id).toBe((first.body as { id: string }).id);
    expect(await count(`people.contributor WHERE name = 'Once Only'`)).toBe(1);
    expect(await count(`kernel.idempotency WHERE key = 'add-once' AND answer IS NULL`)).toBe(1);
  });
});

describe('GET /v1/contributors', () => {
  it('filters, pages and records one reading for each person, in one statement', async () => {
    const headers = await t.as('coordinator', 'rrdn-east-midlands');
    const organisationId = await t.organisation('rrdn-east-midlands');
    const add = (more: object) => made({ organisationId, ...more }, headers);
    const [a, b] = [
      await add({
        name: 'Élodie Żak',
        topics: ['sleep'],
        languages: ['fr'],
        regionCode: 'E12000004',
        healthCategories: ['stroke'],
      }),
      await add({ name: 'Elodie Brown', preferredChannel: 'in-person', email: null, keepInTouch: ['results'] }),
    ];
    await add({ name: 'Other Person' });
    const ids = async (query: string): Promise<string[]> => {
      const answer = await t.api.get(`/v1/contributors?${query}`).set(headers);
      expect(answer.status).toBe(200);
      return (answer.body as { data: { id: string }[] }).data.map((row) => row.id);
    };
    expect(await ids('q=elod')).toEqual([b.id, a.id]);
    expect(await ids('topic=sleep')).toEqual([a.id]);
    expect(await ids('healthCategory=stroke')).toEqual([a.id]);
    expect(await ids('language=fr')).toEqual([a.id]);
    expect(await ids('region=E92000001')).toEqual([a.id]);
    expect(await ids('channel=in-person')).toEqual([b.id]);
    expect(await ids(`organisation=${organisationId}`)).toHaveLength(3);
    expect(await ids(`organisation=${ours}`)).toEqual([]);
    const first = await t.api.get('/v1/contributors?limit=2').set(headers);
    const { data, meta } = first.body as { data: object[]; meta: { nextCursor: string } };
    expect(data).toHaveLength(2);
    expect(JSON.stringify(data)).not.toContain('rosalind@');
    expect(await ids(`limit=2&cursor=${encodeURIComponent(meta.nextCursor)}`)).toEqual([a.id]);
    const { rows } = await t.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM kernel.audit_entry WHERE action = 'read' AND person_id = $1 GROUP BY trace_id`,
      [a.id],
    );
    expect(rows.length).toBeGreaterThan(3);
    expect((await t.api.get('/v1/contributors?sort=name').set(headers)).status).toBe(400);
    expect((await t.api.get('/v1/contributors?cursor=x.y').set(headers)).status).toBe(400);
  });

  it('is for those with leave, and shows them their own organisation only', async () => {
    const { id } = await made();
    expect((await t.api.get('/v1/contributors')).status).toBe(401);
    expect((await t.api.get('/v1/contributors').set(await t.as('researcher'))).status).toBe(403);
    const answer = await t.api.get('/v1/contributors?limit=100').set(await t.as('coordinator', THEIRS));
    expect((answer.body as { data: { id: string }[] }).data.map((row) => row.id)).not.toContain(id);
  });
});

describe('GET and PATCH /v1/contributors/{id}', () => {
  it('shows and changes, with the version', async () => {
    const { id } = await made();
    const headers = await coordinator();
    expect((await t.api.get(`/v1/contributors/${id}`).set(headers)).body).toMatchObject({
      id,
      email: 'rosalind@example.org',
    });
    expect(await count(`kernel.audit_entry WHERE action = 'read' AND person_id = $1`, [id])).toBe(1);
    const patch = (body: object, tag = '"1-json"') =>
      t.api
        .patch(`/v1/contributors/${id}`)
        .set({ ...headers, 'if-match': tag })
        .send(body);
    const changed = await patch({ knownAs: 'Roz', phone: '07700 900123', email: null, preferredChannel: 'text' });
    expect(changed.body).toMatchObject({ knownAs: 'Roz', email: null, phone: '07700 900123', version: 2 });
    expect(
      await count(`kernel.event WHERE type = 'contributor.changed' AND subject_id = $1 AND version = 2`, [id]),
    ).toBe(1);
    expect((await patch({ knownAs: 'R' })).status).toBe(412);
    expect((await t.api.patch(`/v1/contributors/${id}`).set(headers).send({ knownAs: 'R' })).status).toBe(428);
    expect((await patch({ name: null }, '"2-json"')).status).toBe(400);
    expect((await patch({ phone: null }, '"2-json"')).status).toBe(422);
  });

  it('hides what belongs to others', async () => {
    const { id } = await made();
    const theirsHeaders = await t.as('coordinator', THEIRS);
    expect((await t.api.get(`/v1/contributors/${id}`).set(theirsHeaders)).status).toBe(404);
    expect(
      (
        await t.api
          .patch(`/v1/contributors/${id}`)
          .set({ ...theirsHeaders, 'if-match': '"1-json"' })
          .send({})
      ).status,
    ).toBe(404);
    const other = await made({ name: 'Another' });
    expect((await t.api.get(`/v1/contributors/${id}`).set(await asContributor(other.id))).status).toBe(404);
    expect((await t.api.get('/v1/contributors/no-id').set(theirsHeaders)).status).toBe(400);
  });
});
