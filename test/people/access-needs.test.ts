import { randomUUID } from 'node:crypto';
import { TakingPart } from '../involvement/taking-part';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';

let t: TestApp;
let ours: string;
beforeAll(async () => {
  t = await startApp();
  ours = await t.organisation(OURS);
});
afterAll(() => t.stop());

type Headers = { authorization: string };
interface Own {
  id: string;
  headers: Headers;
}
interface Record {
  id: string;
  version: number;
  detail?: string;
}
/** A contributor of ours with an account of their own. */
async function contributor(): Promise<Own> {
  const answer = await t.api
    .post('/v1/contributors')
    .set(await t.as('coordinator'))
    .send({ name: 'Somebody', preferredChannel: 'in-person', ageGroup: 'adult', organisationId: ours });
  const { id } = answer.body as Record;
  const headers = await t.as('contributor', OURS, id);
  const { id: account } = await t.account('contributor', OURS, id);
  await t.db.query('UPDATE people.account SET contributor_id = $1 WHERE id = $2', [id, account]);
  return { id, headers };
}
const NEED = {
  category: 'communication-professional',
  detail: 'A BSL interpreter, booked ahead',
  reviewOn: '2027-11-23',
};
const CONSENT = { how: 'online' };
async function tell(own: Own, more: object = {}): Promise<Record> {
  const answer = await t.api
    .post(`/v1/contributors/${own.id}/access-needs`)
    .set(own.headers)
    .send({ ...NEED, consent: CONSENT, ...more });
  expect(answer.status).toBe(201);
  return answer.body as Record;
}
async function share(own: Own, more: object = {}): Promise<Record> {
  const answer = await t.api
    .post(`/v1/contributors/${own.id}/access-grants`)
    .set(own.headers)
    .send({
      involvementId: await new TakingPart(t).anything(own.id, OURS),
      organisationId: ours,
      expiresAt: '2026-12-24T12:00:00Z',
      ...more,
    });
  expect(answer.body).toMatchObject({ contributorId: own.id });
  return answer.body as Record;
}
const read = async (grant: string, role = 'coordinator', slug = OURS) =>
  t.api.get(`/v1/access-grants/${grant}/needs`).set(await t.as(role, slug));
const count = async (sql: string, params: unknown[] = []): Promise<number> =>
  (await t.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, params)).rows[0]?.n ?? -1;

describe('access needs', () => {
  it('are kept with consent only, sealed, and read by the contributor', async () => {
    const own = await contributor();
    const path = `/v1/contributors/${own.id}/access-needs`;
    const without = await t.api.post(path).set(own.headers).send(NEED);
    expect([without.status, (without.body as { code: string }).code]).toEqual([422, 'purpose_not_allowed']);
    const told = await tell(own);
    expect(told).toEqual({
      id: told.id,
      createdAt: expect.any(String) as string,
      updatedAt: expect.any(String) as string,
      version: 1,
      contributorId: own.id,
    });
    const { rows } = await t.db.query<{ text: string; consent: boolean }>(
      'SELECT n::text AS text, consent_id IS NOT NULL AS consent FROM people.access_need n WHERE id = $1',
      [told.id],
    );
    expect(rows[0]).toMatchObject({ consent: true });
    expect(rows[0]?.text).not.toContain(Buffer.from('BSL').toString('hex'));
    expect((await t.api.get(path).set(own.headers)).body).toMatchObject({
      data: [{ ...NEED, toldBy: 'contributor', id: told.id }],
    });
    expect((await t.api.get(`${path}/${told.id}`).set(own.headers)).body).toMatchObject(NEED);
    const change = (tag: string, body: object) =>
      t.api
        .patch(`${path}/${told.id}`)
        .set({ ...own.headers, 'if-match': tag })
        .send(body);
    expect((await change('"1-json"', { detail: 'Captions', category: 'communication-support' })).body).toMatchObject({
      detail: 'Captions',
      version: 2,
    });
    expect((await change('"1-json"', { detail: 'x' })).status).toBe(412);
    expect((await t.api.patch(`${path}/${told.id}`).set(own.headers).send({})).status).toBe(428);
    expect((await t.api.delete(`${path}/${told.id}`).set({ ...own.headers, 'if-match': '"1-json"' })).status).toBe(412);
    expect((await t.api.delete(`${path}/${told.id}`).set({ ...own.headers, 'if-match': '"2-json"' })).status).toBe(204);
    expect((await t.api.get(`${path}/${told.id}`).set(own.headers)).status).toBe(404);
    expect(
      await count(`kernel.audit_entry WHERE subject = 'access_need' AND subject_id = $1 AND person_id = $2`, [
        told.id,
        own.id,
      ]),
    ).toBe(3);
    expect(
      await count(
        `kernel.audit_entry WHERE subject_id = $1 AND (after::text LIKE '%BSL%' OR after::text LIKE '%communication%')`,
        [told.id],
      ),
    ).toBe(0);
  });

  it('may be written down by a coordinator, who does not get to read them back', async () => {
    const own = await contributor();
    const path = `/v1/contributors/${own.id}/access-needs`;
    const headers = await t.as('coordinator');
    const told = await t.api
      .post(path)
      .set(headers)
      .send({ ...NEED, toldBy: 'supporter', consent: { how: 'phone', givenAt: '2026-11-20T10:00:00Z' } });
    expect(told.status).toBe(201);
    expect(JSON.stringify(told.body)).not.toContain('BSL');
    expect((await t.api.get(path).set(headers)).status).toBe(403);
    expect(
      (
        await t.api
          .post(path)
          .set(await t.as('coordinator', THEIRS))
          .send({ ...NEED, consent: CONSENT })
      ).status,
    ).toBe(404);
    expect((await t.api.get(path).set((await contributor()).headers)).status).toBe(404);
    expect((await t.api.get(path)).status).toBe(401);
    expect((await t.api.get(path).set(own.headers)).body).toMatchObject({
      data: [{ toldBy: 'supporter', detail: NEED.detail }],
    });
  });

  it.each([
    ['a category that is none', { category: 'diet' }, '/category'],
    ['no detail', { detail: '' }, '/detail'],
    ['a review day that does not exist', { reviewOn: '2027-02-30' }, '/reviewOn'],
    ['consent in an unknown way', { consent: { how: 'telepathy' } }, '/consent/how'],
  ])('refuse %s', async (_, more, at) => {
    const own = await contributor();
    const answer = await t.api
      .post(`/v1/contributors/${own.id}/access-needs`)
      .set(own.headers)
      .send({ ...NEED, ...more });
    expect(answer.status).toBe(400);
    expect((answer.body as { errors: { at: string }[] }).errors[0]?.at).toBe(at);
  });

  it('go at once when consent is withdrawn, and every grant with them', async () => {
    const own = await contributor();
    await tell(own);
    const grant = await share(own);
    const { data } = (await t.api.get(`/v1/contributors/${own.id}/consents`).set(own.headers)).body as {
      data: Record[];
    };
    expect(
      (await t.api.post(`/v1/contributors/${own.id}/consents/${data[0]?.id}/withdraw`).set(own.headers)).status,
    ).toBe(200);
    expect(await count('people.access_need WHERE contributor_id = $1', [own.id])).toBe(0);
    expect((await read(grant.id)).status).toBe(404);
  });
});

describe('access grants', () => {
  it('let an organiser read for one involvement, each reading on record', async () => {
    const own = await contributor();
    const [a, b] = [await tell(own), await tell(own, { category: 'time', detail: 'Mornings' })];
    const all = await share(own);
    const one = await share(own, { needs: [b.id] });
    expect((await read(all.id)).body).toMatchObject({
      needs: [
        { id: a.id, detail: NEED.detail },
        { id: b.id, detail: 'Mornings' },
      ],
    });
    expect((await read(one.id)).body).toMatchObject({ needs: [{ id: b.id, category: 'time' }] });
    const reads = await t.api.get(`/v1/contributors/${own.id}/reads`).set(own.headers);
    const seen = (reads.body as { data: { subject: string; purpose: string; accountId: string }[] }).data;
    expect(seen).toHaveLength(3);
    const { id: account } = await t.account('coordinator');
    expect(seen[0]).toMatchObject({
      subject: 'access_need',
      purpose: 'access-needs',
      accountId: account,
      what: 'an access need that you shared',
    });
    expect((await t.api.get(`/v1/contributors/${own.id}/access-grants`).set(own.headers)).body).toMatchObject({
      data: [
        { id: one.id, needs: [b.id] },
        { id: all.id, needs: null, revokedAt: null },
      ],
    });
  });

  it('end at their time and when they are taken back', async () => {
    const own = await contributor();
    await tell(own);
    const [expires, revoked] = [await share(own, { expiresAt: '2026-11-23T12:10:00Z' }), await share(own)];
    const path = `/v1/contributors/${own.id}/access-grants/${revoked.id}`;
    expect((await t.api.post(`${path}/revoke`).set(own.headers)).body).toMatchObject({
      revokedAt: '2026-11-23T12:00:00.000Z',
      version: 2,
    });
    expect((await t.api.post(`${path}/revoke`).set(own.headers)).status).toBe(409);
    expect((await t.api.get(path).set(own.headers)).status).toBe(200);
    expect((await read(revoked.id)).status).toBe(404);
    expect((await read(expires.id)).status).toBe(200);
    t.clock.advance(600_000);
    expect((await read(expires.id)).status).toBe(404);
    t.clock.advance(-600_000);
  });

  it('are read by nobody whom they do not name', async () => {
    const own = await contributor();
    await tell(own);
    const grant = await share(own);
    expect((await t.api.get(`/v1/access-grants/${grant.id}/needs`)).status).toBe(401);
    expect((await read(grant.id, 'site')).status).toBe(403);
    expect((await read(grant.id, 'coordinator', THEIRS)).status).toBe(404);
    expect((await read(grant.id, 'researcher')).status).toBe(404);
    expect((await read(randomUUID())).status).toBe(404);
    expect(await count(`kernel.audit_entry WHERE action = 'read' AND person_id = $1`, [own.id])).toBe(0);
  });

  it('are read by the researchers in the team of the involvement’s project', async () => {
    const own = await contributor();
    await tell(own);
    const { rows } = await t.db.query<{ id: string; project: string }>(
      `WITH p AS (INSERT INTO involvement.project (organisation_id, kind, title) VALUES ($1, 'study', 'Falling less') RETURNING id, organisation_id)
       INSERT INTO involvement.involvement (project_id, organisation_id, contributor_id, role, "from")
       SELECT id, organisation_id, $2, 'member', '2026-11-01' FROM p RETURNING id, project_id AS project`,
      [ours, own.id],
    );
    const grant = await share(own, { involvementId: rows[0]?.id });
    expect((await read(grant.id, 'researcher')).status).toBe(404);
    const { id: account } = await t.account('researcher');
    await t.db.query(
      `INSERT INTO involvement.team_member (project_id, account_id, role) VALUES ($1, $2, 'researcher')`,
      [rows[0]?.project, account],
    );
    expect((await read(grant.id, 'researcher')).body).toMatchObject({ needs: [{ detail: NEED.detail }] });
  });

  it('are given by the contributor, for needs of their own, for two years at most', async () => {
    const [own, other] = [await contributor(), await contributor()];
    const involvementId = await new TakingPart(t).anything(own.id, OURS);
    const give = (more: object, headers = own.headers) =>
      t.api
        .post(`/v1/contributors/${own.id}/access-grants`)
        .set(headers)
        .send({ involvementId, organisationId: ours, expiresAt: '2026-12-24T12:00:00Z', ...more });
    expect((await give({})).status).toBe(422);
    await tell(own);
    const foreign = await tell(other);
    const codes = async (more: object): Promise<string> => ((await give(more)).body as { code: string }).code;
    expect(await codes({ needs: [foreign.id] })).toBe('unknown_need');
    const foreignInvolvement = await new TakingPart(t).anything(other.id, OURS);
    for (const wrong of [randomUUID(), foreignInvolvement])
      expect(await codes({ involvementId: wrong })).toBe('unknown_involvement');
    expect(await codes({ needs: [] })).toBe('no_needs');
    expect(await codes({ expiresAt: '2026-11-23T11:59:59Z' })).toBe('grant_too_long');
    expect(await codes({ expiresAt: '2029-01-01T00:00:00Z' })).toBe('grant_too_long');
    expect(await codes({ organisationId: randomUUID() })).toBe('unknown_organisation');
    expect((await give({}, other.headers)).status).toBe(404);
    expect((await give({}, await t.as('coordinator'))).status).toBe(403);
  });

  it('let a reading come before a revocation or not at all', async () => {
    const own = await contributor();
    await tell(own);
    for (let round = 0; round < 5; round++) {
      const grant = await share(own);
      const before = await count(`kernel.audit_entry WHERE action = 'read' AND person_id = $1`, [own.id]);
      const [revoked, ...readings] = await Promise.all([
        t.api.post(`/v1/contributors/${own.id}/access-grants/${grant.id}/revoke`).set(own.headers),
        read(grant.id),
        read(grant.id),
      ]);
      expect(revoked.status).toBe(200);
      const good = readings.filter((answer) => answer.status === 200).length;
      expect(readings.every((answer) => answer.status === 200 || answer.status === 404)).toBe(true);
      expect(await count(`kernel.audit_entry WHERE action = 'read' AND person_id = $1`, [own.id])).toBe(before + good);
      expect((await read(grant.id)).status).toBe(404);
    }
  });
});

describe('lived experience', () => {
  it('is the contributor’s own, kept with consent, and goes when it is withdrawn', async () => {
    const own = await contributor();
    const path = `/v1/contributors/${own.id}/lived-experience`;
    expect((await t.api.post(path).set(own.headers).send({ statement: 'Pain' })).status).toBe(422);
    const told = await t.api.post(path).set(own.headers).send({ statement: 'Eleven years of pain', consent: CONSENT });
    expect(told.status).toBe(201);
    const { id } = told.body as Record;
    expect(
      await count('people.lived_experience WHERE id = $1 AND position($2 IN statement_sealed) = 0', [
        id,
        Buffer.from('Eleven years'),
      ]),
    ).toBe(1);
    const changed = await t.api
      .patch(`${path}/${id}`)
      .set({ ...own.headers, 'if-match': '"1-json"' })
      .send({ statement: 'Twelve years' });
    expect(changed.body).toMatchObject({ statement: 'Twelve years', version: 2 });
    expect((await t.api.get(path).set(await t.as('coordinator'))).status).toBe(403);
    expect((await t.api.get(`${path}/${id}`).set((await contributor()).headers)).status).toBe(404);
    expect((await t.api.get(path).set(own.headers)).body).toMatchObject({ data: [{ statement: 'Twelve years' }] });
    const second = (await t.api.post(path).set(own.headers).send({ statement: 'More' })).body as Record;
    expect((await t.api.delete(`${path}/${second.id}`).set({ ...own.headers, 'if-match': '"1-json"' })).status).toBe(
      204,
    );
    const { data } = (await t.api.get(`/v1/contributors/${own.id}/consents`).set(own.headers)).body as {
      data: Record[];
    };
    await t.api.post(`/v1/contributors/${own.id}/consents/${data[0]?.id}/withdraw`).set(own.headers);
    expect(await count('people.lived_experience WHERE contributor_id = $1', [own.id])).toBe(0);
  });
});
