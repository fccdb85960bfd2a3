import { createHash } from 'node:crypto';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';

describe('API keys', () => {
  let t: TestApp;
  beforeAll(async () => (t = await startApp()));
  afterAll(() => t.stop());

  let named = 0;
  const make = async (extra: object = {}, as?: Record<string, string>) => {
    const sent = { organisationId: await t.organisation(OURS), name: `Site ${++named}`, ...extra };
    return t.api
      .post('/v1/api-keys')
      .set(as ?? (await t.as('coordinator')))
      .send(sent);
  };
  const use = (key: string) => t.api.get('/v1/regions').set('X-API-Key', key);

  it('are made by coordinators and sites for their own organisation, and by administrators', async () => {
    await t.api
      .post('/v1/api-keys')
      .send({ organisationId: await t.organisation(OURS), name: 'x' })
      .expect(401);
    expect((await make({}, await t.as('researcher'))).status).toBe(403);
    expect((await make({}, await t.as('site'))).status).toBe(201);
    expect((await make({ organisationId: await t.organisation(THEIRS) })).status).toBe(404);
    expect(
      (await make({ organisationId: await t.organisation(THEIRS) }, await t.as('national-administrator'))).status,
    ).toBe(201);
  });

  it.each([
    ['no name', { name: undefined }, 400, 'invalid_input'],
    ['a hash of its own', { hash: 'x' }, 400, 'invalid_input'],
    ['an end that is past', { expiresAt: '2026-11-23T11:59:59Z' }, 422, 'already_expired'],
    ['an end that is no moment', { expiresAt: 'tomorrow' }, 400, 'invalid_input'],
  ])('are not made with %s', async (_, extra, status, code) => {
    const answer = await make(extra);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('are shown once and kept as a hash only; making one is told and leaves a trail without it', async () => {
    const { body, headers } = await make();
    expect(body.key).toMatch(/^ppk_[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(body.key.slice(4), 'base64url')).toHaveLength(32);
    expect(body).toMatchObject({ state: 'live', lastUsedAt: null, prefix: body.key.slice(0, 10) });
    const read = await t.api
      .get(String(headers.location))
      .set(await t.as('coordinator'))
      .expect(200);
    expect(read.body).not.toHaveProperty('key');
    const { rows } = await t.db.query('SELECT hash FROM people.api_key WHERE id = $1', [body.id]);
    expect(rows).toEqual([{ hash: createHash('sha256').update(body.key).digest() }]);
    const kept = await t.db.query(
      `SELECT (SELECT string_agg(a::text, '') FROM kernel.audit_entry a WHERE subject_id = $1) || (SELECT string_agg(e::text, '') FROM kernel.event e WHERE subject_id = $1) AS text`,
      [body.id],
    );
    expect(kept.rows[0].text).toContain('api-key.made');
    expect(kept.rows[0].text).not.toContain(body.key);
    expect(kept.rows[0].text).not.toContain(createHash('sha256').update(body.key).digest('hex'));
  });

  it('are not in the stored answer of a request that is sent again', async () => {
    const as = { ...(await t.as('coordinator')), 'Idempotency-Key': 'key-1' };
    const sent = { organisationId: await t.organisation(OURS), name: 'Again' };
    const first = await t.api.post('/v1/api-keys').set(as).send(sent).expect(201);
    const again = await t.api.post('/v1/api-keys').set(as).send(sent).expect(201);
    expect(again.body.id).toBe(first.body.id);
    expect(again.body).not.toHaveProperty('key');
    const { rows } = await t.db.query(`SELECT count(*)::int AS n FROM people.api_key WHERE name = 'Again'`);
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('raise the rate limit and give no permission', async () => {
    const { body } = await make();
    await use(body.key).expect(200);
    await t.api.get('/v1/api-keys').set('X-API-Key', body.key).expect(401);
    await t.api.get('/v1/me').set('X-API-Key', body.key).expect(401);
  });

  it('note their last use, to the minute', async () => {
    const now = t.clock.now();
    const { body } = await make();
    const last = async () =>
      (
        await t.api
          .get(`/v1/api-keys/${body.id}`)
          .set(await t.as('coordinator'))
          .expect(200)
      ).body.lastUsedAt;
    await use(body.key).expect(200);
    expect(await last()).toBe(now.toISOString());
    t.clock.advance(60_000);
    await use(body.key).expect(200);
    expect(await last()).toBe(now.toISOString());
    t.clock.advance(1);
    await use(body.key).expect(200);
    expect(await last()).toBe(new Date(now.getTime() + 60_001).toISOString());
    t.clock.set(now);
  });

  it('fail from their next use on once they are revoked', async () => {
    const { body } = await make();
    await use(body.key).expect(200);
    const path = `/v1/api-keys/${body.id}/revoke`;
    await t.api.post(path).expect(401);
    await t.api
      .post(path)
      .set(await t.as('researcher'))
      .expect(403);
    await t.api
      .post(path)
      .set(await t.as('coordinator', THEIRS))
      .expect(404);
    const done = await t.api
      .post(path)
      .set(await t.as('coordinator'))
      .expect(200);
    expect(done.body).toMatchObject({ id: body.id, state: 'revoked' });
    const refused = await use(body.key).expect(401);
    expect(refused.body.code).toBe('invalid_key');
    await t.api
      .post(path)
      .set(await t.as('coordinator'))
      .expect(409);
    const { rows } = await t.db.query('SELECT type FROM kernel.event WHERE subject_id = $1 ORDER BY entry', [body.id]);
    expect(rows).toEqual([{ type: 'api-key.made' }, { type: 'api-key.revoked' }]);
  });

  it('stop by themselves when their time is over', async () => {
    const now = t.clock.now();
    const { body } = await make({ expiresAt: '2026-12-01T00:00:00Z' });
    await use(body.key).expect(200);
    t.clock.set('2026-12-01T00:00:00Z');
    await use(body.key).expect(401);
    const read = await t.api
      .get(`/v1/api-keys/${body.id}`)
      .set(await t.as('coordinator'))
      .expect(200);
    expect(read.body.state).toBe('expired');
    t.clock.set(now);
  });

  it('that are unknown, cut short or garbled fail alike', async () => {
    const { body } = await make();
    for (const key of [`ppk_${'A'.repeat(43)}`, body.key.slice(0, -1), body.key.toUpperCase(), 'x', '']) {
      const { body: refused } = await use(key).expect(401);
      expect(refused.code).toBe('invalid_key');
    }
  });

  it('live two at most under one name, so that a site can change over', async () => {
    const name = 'Change over';
    const first = await make({ name });
    const second = await make({ name });
    await use(first.body.key).expect(200);
    await use(second.body.key).expect(200);
    const third = await make({ name });
    expect([third.status, third.body.code]).toEqual([409, 'two_keys_live']);
    await t.api
      .post(`/v1/api-keys/${first.body.id}/revoke`)
      .set(await t.as('coordinator'))
      .expect(200);
    expect((await make({ name })).status).toBe(201);
    expect(
      (await make({ name, organisationId: await t.organisation(THEIRS) }, await t.as('coordinator', THEIRS))).status,
    ).toBe(201);
  });

  it('live two at most, whatever comes at the same time', async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => make({ name: 'At once' })));
    expect(answers.map((a) => a.status).sort()).toEqual([201, 201, 409, 409, 409]);
  });

  it('that have expired make room', async () => {
    const now = t.clock.now();
    const name = 'Expiring';
    const short = await make({ name, expiresAt: '2026-11-24T00:00:00Z' });
    await make({ name });
    t.clock.set('2026-11-25T12:00:00Z');
    expect((await make({ name })).status).toBe(201);
    const read = await t.api
      .get(`/v1/api-keys/${short.body.id}`)
      .set(await t.as('coordinator'))
      .expect(200);
    expect(read.body).toMatchObject({ state: 'expired', revokedAt: '2026-11-24T00:00:00.000Z' });
    t.clock.set(now);
  });

  it('are listed to their own organisation, by state', async () => {
    const as = await t.as('coordinator');
    const all = await t.api.get('/v1/api-keys?limit=100').set(as).expect(200);
    const ours = await t.organisation(OURS);
    expect(new Set(all.body.data.map((k: { organisationId: string }) => k.organisationId))).toEqual(new Set([ours]));
    for (const state of ['live', 'revoked', 'expired']) {
      const some = await t.api.get(`/v1/api-keys?limit=100&state=${state}`).set(as).expect(200);
      expect(some.body.data).toEqual(all.body.data.filter((k: { state: string }) => k.state === state));
      expect(some.body.data.length).toBeGreaterThan(0);
    }
    const other = await t.api
      .get(`/v1/api-keys?organisation=${await t.organisation(THEIRS)}`)
      .set(as)
      .expect(200);
    expect(other.body.data).toEqual([]);
    await t.api.get('/v1/api-keys').expect(401);
    await t.api
      .get('/v1/api-keys')
      .set(await t.as('auditor'))
      .expect(403);
  });
});
