import { OURS, startApp, TestApp, THEIRS } from '../support/app';

let t: TestApp;
let ours: string;
beforeAll(async () => {
  t = await startApp();
  ours = await t.organisation(OURS);
});
afterAll(() => t.stop());

async function contributor(): Promise<string> {
  const answer = await t.api
    .post('/v1/contributors')
    .set(await t.as('coordinator'))
    .send({ name: 'Somebody', preferredChannel: 'in-person', ageGroup: 'adult', organisationId: ours });
  return (answer.body as { id: string }).id;
}
const count = async (sql: string, params: unknown[] = []): Promise<number> =>
  (await t.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, params)).rows[0]?.n ?? -1;
const post = async (path: string, body?: object, slug = OURS) =>
  t.api
    .post(`/v1/contributors/${path}`)
    .set(await t.as('coordinator', slug))
    .send(body);
const code = (answer: { body: unknown }): string => (answer.body as { code: string }).code;

describe('GET /v1/purposes', () => {
  it('tells anybody why personal data are used', async () => {
    const answer = await t.api.get('/v1/purposes');
    expect(answer.status).toBe(200);
    const { data } = answer.body as { data: { slug: string; consentBased: boolean; lawfulBasis: string }[] };
    expect(data.find((purpose) => purpose.slug === 'access-needs')).toMatchObject({
      consentBased: true,
      lawfulBasis: 'UK GDPR article 6(1)(a), consent',
    });
  });
});

describe('consents', () => {
  it('are recorded once, withdrawn once, and told', async () => {
    const id = await contributor();
    const given = await post(`${id}/consents`, {
      purpose: 'keep-on-file',
      how: 'paper',
      givenAt: '2026-11-01T09:00:00Z',
    });
    expect(given.status).toBe(201);
    expect(given.body).toMatchObject({
      contributorId: id,
      purpose: 'keep-on-file',
      how: 'paper',
      givenAt: '2026-11-01T09:00:00.000Z',
      wordingVersion: '1.0',
      withdrawnAt: null,
      endedBecause: null,
    });
    const again = await post(`${id}/consents`, { purpose: 'keep-on-file', how: 'phone' });
    expect((again.body as { id: string }).id).toBe((given.body as { id: string }).id);
    const path = `${id}/consents/${(given.body as { id: string }).id}/withdraw`;
    const both = await Promise.all([post(path), post(path)]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const { data } = (await t.api.get(`/v1/contributors/${id}/consents`).set(await t.as('coordinator'))).body as {
      data: object[];
    };
    expect(data).toMatchObject([{ endedBecause: 'withdrawn', withdrawnAt: '2026-11-23T12:00:00.000Z' }]);
    expect(
      await count(
        `kernel.event WHERE subject_id = $1 AND type = 'consent.withdrawn' AND data->>'purpose' = 'keep-on-file'`,
        [id],
      ),
    ).toBe(1);
    expect(
      await count(`kernel.audit_entry WHERE person_id = $1 AND action IN ('consented', 'withdrew_consent')`, [id]),
    ).toBe(2);
  });

  it('are refused where consent is not the basis, the purpose is unknown or the time is to come', async () => {
    const id = await contributor();
    expect(code(await post(`${id}/consents`, { purpose: 'taking-part', how: 'phone' }))).toBe('consent_not_the_basis');
    expect(code(await post(`${id}/consents`, { purpose: 'no-such-purpose', how: 'phone' }))).toBe('unknown_purpose');
    expect(
      code(await post(`${id}/consents`, { purpose: 'keep-on-file', how: 'phone', givenAt: '2026-11-23T12:00:01Z' })),
    ).toBe('consent_in_the_future');
    expect((await post(`${id}/consents`, { purpose: 'keep-on-file', how: 'shouting' })).status).toBe(400);
    expect((await post(`${id}/consents`, { purpose: 'Keep on file', how: 'phone' })).status).toBe(400);
  });

  it('belong to the contributor and those who keep the record', async () => {
    const id = await contributor();
    expect((await t.api.get(`/v1/contributors/${id}/consents`)).status).toBe(401);
    expect((await t.api.get(`/v1/contributors/${id}/consents`).set(await t.as('researcher'))).status).toBe(403);
    expect((await post(`${id}/consents`, { purpose: 'keep-on-file', how: 'phone' }, THEIRS)).status).toBe(404);
    const other = await contributor();
    const given = (await post(`${other}/consents`, { purpose: 'keep-on-file', how: 'phone' })).body as { id: string };
    expect((await post(`${id}/consents/${given.id}/withdraw`)).status).toBe(404);
  });
});

describe('objections', () => {
  it('are recorded, listed and taken back', async () => {
    const id = await contributor();
    const made = await post(`${id}/objections`, { purpose: 'reporting', how: 'email', reason: 'Do not count me' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      contributorId: id,
      purpose: 'reporting',
      reason: 'Do not count me',
      withdrawnAt: null,
    });
    const path = `${id}/objections/${(made.body as { id: string }).id}/withdraw`;
    expect((await post(path)).body).toMatchObject({ withdrawnAt: '2026-11-23T12:00:00.000Z' });
    expect((await post(path)).status).toBe(409);
    const { data } = (await t.api.get(`/v1/contributors/${id}/objections`).set(await t.as('coordinator'))).body as {
      data: object[];
    };
    expect(data).toHaveLength(1);
    const { rows } = await t.db.query<{ type: string; version: number }>(
      `SELECT type, version FROM kernel.event WHERE subject_id = $1 AND type LIKE 'objection.%' ORDER BY version`,
      [id],
    );
    expect(rows).toEqual([
      { type: 'objection.made', version: 2 },
      { type: 'objection.withdrawn', version: 3 },
    ]);
  });

  it('are refused where the law allows none, and where consent is to be withdrawn instead', async () => {
    const id = await contributor();
    expect(code(await post(`${id}/objections`, { purpose: 'safeguarding', how: 'phone' }))).toBe(
      'objection_not_possible',
    );
    const consent = await post(`${id}/objections`, { purpose: 'access-needs', how: 'phone' });
    expect((consent.body as { detail: string }).detail).toContain('withdraw the consent');
    expect((await post(`${id}/objections`, { purpose: 'reporting', how: 'phone' }, THEIRS)).status).toBe(404);
    expect((await t.api.get(`/v1/contributors/${id}/objections`).set(await t.as('site'))).status).toBe(403);
  });
});
