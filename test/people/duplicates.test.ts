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

interface Made {
  id: string;
  version: number;
  name: string;
}
interface Pair {
  contributors: Made[];
  reasons: string[];
}
let serial = 0;
async function made(more: object = {}, slug = OURS): Promise<Made> {
  const organisationId = slug === OURS ? ours : theirs;
  const body = {
    name: `Person ${++serial}`,
    preferredChannel: 'in-person',
    ageGroup: 'adult',
    organisationId,
    ...more,
  };
  const answer = await t.api
    .post('/v1/contributors')
    .set(await t.as('coordinator', slug))
    .send(body);
  expect(answer.status).toBe(201);
  return answer.body as Made;
}
const pairs = async (role = 'coordinator', query = ''): Promise<Pair[]> => {
  const answer = await t.api.get(`/v1/contributor-duplicates?limit=100${query}`).set(await t.as(role));
  expect(answer.status).toBe(200);
  return (answer.body as { data: Pair[] }).data;
};
const merge = async (id: string, otherId: string, keep?: object, role = 'coordinator', slug = OURS) =>
  t.api
    .post(`/v1/contributors/${id}/merge`)
    .set(await t.as(role, slug))
    .send({ otherId, keep });
const count = async (sql: string, params: unknown[] = []): Promise<number> =>
  (await t.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, params)).rows[0]?.n ?? -1;

describe('GET /v1/contributor-duplicates', () => {
  it('suggests pairs inside one organisation, with the reasons, and puts the reading on record', async () => {
    const a = await made({ name: 'Jonathan Smyth', email: 'jon@example.org', outwardPostcode: 'LS6' });
    const b = await made({
      name: 'Jonathon Smyth',
      email: 'JON@Example.org',
      outwardPostcode: 'LS6',
      phone: '020 7946 0018',
    });
    const c = await made({ phone: '+44 20 7946 0018' });
    await made({ name: 'Jonathan Smyth', outwardPostcode: 'M1' });
    await made({ name: 'Somebody Else', outwardPostcode: 'LS6' });
    const elsewhere = await made({ name: 'Jonathan Smyth', email: 'jon@example.org', outwardPostcode: 'LS6' }, THEIRS);
    const found = await pairs();
    expect(found.map((pair) => [pair.contributors.map((one) => one.id), pair.reasons])).toEqual([
      [
        [a.id, b.id],
        ['same-email', 'like-name-and-postcode'],
      ],
      [[b.id, c.id], ['same-phone']],
    ]);
    expect(JSON.stringify(found)).not.toContain('example.org');
    expect(
      await count(`kernel.audit_entry WHERE action = 'read' AND person_id = $1 AND after->>'what' LIKE '%duplicate%'`, [
        b.id,
      ]),
    ).toBe(1);
    const national = await pairs('data-steward');
    expect(national.some((pair) => pair.contributors.some((one) => one.id === elsewhere.id))).toBe(true);
    const first = await t.api.get('/v1/contributor-duplicates?limit=1').set(await t.as('coordinator'));
    const { meta } = first.body as { meta: { nextCursor: string } };
    const second = await t.api
      .get(`/v1/contributor-duplicates?limit=1&cursor=${encodeURIComponent(meta.nextCursor)}`)
      .set(await t.as('coordinator'));
    expect((second.body as { data: Pair[] }).data.map((pair) => pair.contributors.map((one) => one.id))).toEqual([
      [b.id, c.id],
    ]);
  });

  it('is for those with leave', async () => {
    expect((await t.api.get('/v1/contributor-duplicates')).status).toBe(401);
    expect((await t.api.get('/v1/contributor-duplicates').set(await t.as('researcher'))).status).toBe(403);
    expect(
      (await t.api.get(`/v1/contributor-duplicates?organisation=${theirs}`).set(await t.as('coordinator'))).status,
    ).toBe(404);
  });
});

describe('POST /v1/contributors/{id}/merge', () => {
  it('keeps what both had, by choice where they differ, and leads from the old id to the new', async () => {
    const kept = await made({ name: 'Mary', email: 'mary@example.org', topics: ['sleep'], languages: ['en'] });
    const gone = await made({
      name: 'Mary Jones',
      email: 'jones@example.org',
      phone: '07700 900123',
      address: '1 Lane',
      topics: ['pain', 'sleep'],
      languages: ['cy'],
      reference: 'M-2',
      outwardPostcode: 'CF10',
    });
    await t.db.query(`UPDATE people.contributor_organisation SET "from" = '2024-01-01' WHERE contributor_id = $1`, [
      gone.id,
    ]);
    await t.db.query(
      `INSERT INTO people.contributor_organisation (contributor_id, organisation_id, "from", until) VALUES ($1, $2, '2023-01-01', '2023-06-01')`,
      [gone.id, theirs],
    );
    const need = await t.api
      .post(`/v1/contributors/${gone.id}/access-needs`)
      .set(await t.as('coordinator'))
      .send({ category: 'time', detail: 'Mornings only', consent: { how: 'phone' } });
    expect(need.body).toMatchObject({ contributorId: gone.id });
    const answer = await merge(kept.id, gone.id, { name: 'other', email: 'this' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      id: kept.id,
      version: 2,
      name: 'Mary Jones',
      email: 'mary@example.org',
      phone: '07700 900123',
      address: '1 Lane',
      topics: ['sleep', 'pain'],
      languages: ['en', 'cy'],
      outwardPostcode: 'CF10',
      organisations: [
        { organisationId: ours, from: '2024-01-01', until: null, home: true, reference: 'M-2' },
        { organisationId: theirs, from: '2023-01-01', until: '2023-06-01', home: false },
      ],
    });
    expect(await count('people.access_need WHERE contributor_id = $1', [kept.id])).toBe(1);
    expect(await count('kernel.consent WHERE person_id = $1', [kept.id])).toBe(1);
    expect(await count('people.contributor WHERE id = $1', [gone.id])).toBe(0);
    const old = await t.api.get(`/v1/contributors/${gone.id}`).set(await t.as('coordinator'));
    expect([old.status, (old.body as { code: string }).code]).toEqual([410, 'merged']);
    expect(old.headers.link).toBe(`</v1/contributors/${kept.id}>; rel="canonical"`);
    expect((await t.api.get(`/v1/contributors/${gone.id}`).set(await t.as('coordinator', THEIRS))).status).toBe(404);
    expect(
      await count(`kernel.event WHERE type = 'contributor.merged' AND subject_id = $1 AND data->>'goneId' = $2`, [
        kept.id,
        gone.id,
      ]),
    ).toBe(1);
    expect(await count(`kernel.audit_entry WHERE action = 'merged' AND person_id = $1`, [kept.id])).toBe(1);
    const reads = await t.api.get(`/v1/contributors/${kept.id}/reads`).set(await t.as('auditor'));
    expect(reads.status).toBe(200);
  });

  it('opens a chain of merges at its end', async () => {
    const [a, b, c] = [await made(), await made(), await made()];
    await merge(b.id, a.id);
    await merge(c.id, b.id);
    expect((await t.api.get(`/v1/contributors/${a.id}`).set(await t.as('coordinator'))).headers.link).toContain(c.id);
  });

  it('lets one consent stand of two, and a later withdrawal count', async () => {
    const [a, b] = [await made(), await made()];
    const headers = await t.as('coordinator');
    const consents = (id: string) =>
      t.api.post(`/v1/contributors/${id}/consents`).set(headers).send({ purpose: 'access-needs', how: 'phone' });
    const object = (id: string) =>
      t.api.post(`/v1/contributors/${id}/objections`).set(headers).send({ purpose: 'reporting', how: 'phone' });
    const first = (await consents(a.id)).body as { id: string };
    await Promise.all([object(a.id), object(b.id)]);
    t.clock.advance(1000);
    await t.api
      .post(`/v1/contributors/${b.id}/access-needs`)
      .set(headers)
      .send({ category: 'time', detail: 'Mornings', consent: { how: 'phone' } });
    t.clock.advance(1000);
    await t.api.post(`/v1/contributors/${a.id}/consents/${first.id}/withdraw`).set(headers);
    expect((await merge(a.id, b.id)).status).toBe(200);
    expect(await count('kernel.consent WHERE person_id = $1 AND withdrawn_at IS NULL', [a.id])).toBe(0);
    expect(await count('people.access_need WHERE contributor_id = $1', [a.id])).toBe(0);
    expect(await count('kernel.objection WHERE person_id = $1 AND withdrawn_at IS NULL', [a.id])).toBe(1);
  });

  it('refuses strangers, other organisations and one record twice', async () => {
    const [a, b] = [await made(), await made()];
    const other = await made({}, THEIRS);
    expect((await t.api.post(`/v1/contributors/${a.id}/merge`).send({ otherId: b.id })).status).toBe(401);
    expect((await merge(a.id, b.id, undefined, 'researcher')).status).toBe(403);
    expect((await merge(a.id, b.id, undefined, 'coordinator', THEIRS)).status).toBe(404);
    expect((await merge(a.id, other.id)).status).toBe(404);
    expect((await merge(a.id, a.id)).status).toBe(422);
    expect((await merge(a.id, b.id, { name: 'mine' })).status).toBe(400);
    expect((await merge(a.id, other.id, undefined, 'data-steward')).status).toBe(200);
  });

  it('lets one of two merges of the same two win', async () => {
    const [a, b] = [await made(), await made()];
    const both = await Promise.all([merge(a.id, b.id), merge(b.id, a.id)]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 404]);
    expect(await count('people.contributor WHERE id = ANY($1::uuid[])', [[a.id, b.id]])).toBe(1);
    expect(await count('people.merged_contributor WHERE kept_id = ANY($1::uuid[])', [[a.id, b.id]])).toBe(1);
  });

  it('moves rows of every table with a foreign key to a contributor, and refuses as a whole where one person would have two', async () => {
    await t.db.query(`
      CREATE TABLE people.merge_probe (id uuid PRIMARY KEY DEFAULT uuidv7(), member uuid REFERENCES people.contributor (id));
      CREATE TABLE people.merge_probe_once (member uuid UNIQUE REFERENCES people.contributor (id));`);
    const [a, b] = [await made(), await made()];
    await t.db.query('INSERT INTO people.merge_probe (member) VALUES ($1), ($2)', [a.id, b.id]);
    await t.db.query('INSERT INTO people.merge_probe_once (member) VALUES ($1), ($2)', [a.id, b.id]);
    expect((await merge(a.id, b.id)).status).toBe(409);
    expect(await count('people.merge_probe WHERE member = $1', [b.id])).toBe(1);
    await t.db.query('DELETE FROM people.merge_probe_once WHERE member = $1', [a.id]);
    expect((await merge(a.id, b.id)).status).toBe(200);
    expect(await count('people.merge_probe WHERE member = $1', [a.id])).toBe(2);
    expect(await count('people.merge_probe_once WHERE member = $1', [a.id])).toBe(1);
  });
});
