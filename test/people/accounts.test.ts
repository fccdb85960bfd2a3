import { fixedId } from '../../src/people/reference/fixed-id';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';

const TODAY = '2026-11-23';

describe('Accounts and memberships', () => {
  let t: TestApp;
  beforeAll(async () => (t = await startApp()));
  afterAll(() => t.stop());

  const bearer = async (sub: string) => ({ authorization: `Bearer ${await t.token({ sub })}` });
  const events = async (subjectId: string): Promise<string[]> =>
    (
      await t.db.query<{ type: string }>('SELECT type FROM kernel.event WHERE subject_id = $1 ORDER BY entry', [
        subjectId,
      ])
    ).rows.map((r) => r.type);
  let made = 0;
  /** Somebody who has opened an account and has no role. */
  const newcomer = async () => {
    const as = await bearer(`newcomer-${++made}`);
    const { body } = await t.api
      .post('/v1/me')
      .set(as)
      .send({ name: `Newcomer ${made}` })
      .expect(201);
    return { as, id: (body as { account: { id: string } }).account.id };
  };

  describe('/v1/me', () => {
    it('tells a stranger that there is no account, and registers nothing', async () => {
      await t.api.get('/v1/me').expect(401);
      const { body } = await t.api
        .get('/v1/me')
        .set(await bearer('stranger'))
        .expect(200);
      expect(body).toEqual({ account: null, memberships: [], permissions: [] });
      const { rows } = await t.db.query(`SELECT 1 FROM people.account WHERE subject = 'stranger'`);
      expect(rows).toEqual([]);
    });

    it('opens an account once', async () => {
      await t.api.post('/v1/me').send({ name: 'Ada' }).expect(401);
      const as = await bearer('ada');
      await t.api.post('/v1/me').set(as).send({}).expect(400);
      await t.api.post('/v1/me').set(as).send({ name: 'Ada', kind: 'robot' }).expect(400);
      await t.api.post('/v1/me').set(as).send({ name: 'Ada', suspendedAt: null }).expect(400);
      const answers = await Promise.all([1, 2, 3].map(() => t.api.post('/v1/me').set(as).send({ name: 'Ada' })));
      expect(answers.map((a) => a.status).sort()).toEqual([201, 409, 409]);
      expect(answers.find((a) => a.status === 409)?.body.code).toBe('account_exists');
      const { body } = await t.api.get('/v1/me').set(as).expect(200);
      expect(body).toMatchObject({
        account: { name: 'Ada', kind: 'person', subject: 'ada' },
        memberships: [],
        permissions: [],
      });
      expect(await events(body.account.id)).toEqual(['account.opened']);
    });

    it('keeps names, issuers and subjects out of the trail', async () => {
      const { id } = await newcomer();
      const { rows } = await t.db.query('SELECT action, after FROM kernel.audit_entry WHERE subject_id = $1', [id]);
      expect(rows).toEqual([
        { action: 'created', after: { issuer: '(private)', subject: '(private)', name: '(private)', kind: 'person' } },
      ]);
    });

    it('does not keep the answer of a request that is sent again', async () => {
      const as = { ...(await bearer('again')), 'Idempotency-Key': 'open-1' };
      await t.api.post('/v1/me').set(as).send({ name: 'Planted Name' }).expect(201);
      const { rows } = await t.db.query(`SELECT 1 FROM kernel.idempotency WHERE answer LIKE '%Planted%'`);
      expect(rows).toEqual([]);
    });

    it('lists roles and what they allow', async () => {
      const { body } = await t.api
        .get('/v1/me')
        .set(await t.as('coordinator'))
        .expect(200);
      const ours = await t.organisation(OURS);
      expect(body.memberships).toMatchObject([
        { organisationId: ours, organisationSlug: OURS, role: 'coordinator', from: '2025-01-01', until: null },
      ]);
      expect(body.permissions).toContainEqual({
        ...{ name: 'people.membership.invite', means: 'Give and end the roles researcher and contributor' },
        ...{ everywhere: false, organisations: [ours], own: false },
      });
      expect(body.permissions.map((p: { name: string }) => p.name)).not.toContain('people.membership.write');
    });
  });

  describe('/v1/accounts', () => {
    it("shows an organisation's own, and others to administrators only", async () => {
      const ours = await t.account('researcher', OURS);
      const theirs = await t.account('researcher', THEIRS);
      const as = await t.as('coordinator');
      await t.api.get('/v1/accounts').expect(401);
      await t.api
        .get('/v1/accounts')
        .set(await t.as('researcher'))
        .expect(403);
      const { body } = await t.api.get('/v1/accounts?limit=100').set(as).expect(200);
      const ids = body.data.map((a: { id: string }) => a.id);
      expect(ids).toContain(ours.id);
      expect(ids).not.toContain(theirs.id);
      expect(body.data[0]).not.toHaveProperty('subject');
      const other = await t.api.get(`/v1/accounts?organisation=${theirs.organisationId}`).set(as).expect(200);
      expect(other.body.data).toEqual([]);
      await t.api.get(`/v1/accounts/${ours.id}`).set(as).expect(200);
      await t.api.get(`/v1/accounts/${theirs.id}`).set(as).expect(404);
      const admin = await t.as('national-administrator');
      await t.api.get(`/v1/accounts/${theirs.id}`).set(admin).expect(200);
      const all = await t.api.get(`/v1/accounts?organisation=${theirs.organisationId}`).set(admin).expect(200);
      expect(all.body.data.map((a: { id: string }) => a.id)).toEqual([theirs.id]);
      await t.api.get('/v1/accounts?organisation=ours').set(as).expect(400);
    });

    it('are suspended from their next request on, and let in again', async () => {
      const as = await t.as('researcher', OURS, 'sue');
      const { id } = await t.account('researcher', OURS, 'sue');
      const admin = await t.as('national-administrator');
      await t.api.get('/v1/me').set(as).expect(200);
      await t.api.post(`/v1/accounts/${id}/suspend`).expect(401);
      await t.api
        .post(`/v1/accounts/${id}/suspend`)
        .set(await t.as('coordinator'))
        .expect(403);
      await t.api.post(`/v1/accounts/${id}/suspend`).set(admin).expect(200);
      const refused = await t.api.get('/v1/me').set(as).expect(401);
      expect(refused.body.code).toBe('account_suspended');
      await t.api.get('/v1/organisations').set(as).expect(401);
      await t.api.post(`/v1/accounts/${id}/suspend`).set(admin).expect(409);
      await t.api.post(`/v1/accounts/${id}/restore`).set(admin).expect(200);
      await t.api.post(`/v1/accounts/${id}/restore`).set(admin).expect(409);
      await t.api.get('/v1/me').set(as).expect(200);
      const { rows } = await t.db.query(
        `SELECT count(*)::int AS n FROM kernel.audit_entry WHERE subject_id = $1 AND action = 'changed'`,
        [id],
      );
      expect(rows).toEqual([{ n: 2 }]);
    });
  });

  describe('POST /v1/memberships', () => {
    it('needs a token and a permission', async () => {
      const { id } = await newcomer();
      const body = { accountId: id, organisationId: await t.organisation(OURS), role: 'researcher' };
      await t.api.post('/v1/memberships').send(body).expect(401);
      await t.api
        .post('/v1/memberships')
        .set(await t.as('researcher'))
        .send(body)
        .expect(403);
    });

    it('gives a role that counts at the next request, tells it and leaves a trail', async () => {
      const { id, as } = await newcomer();
      await t.api
        .get('/v1/projects')
        .set(as)
        .expect((answer) => expect([403, 404]).toContain(answer.status));
      const organisationId = await t.organisation(OURS);
      const made = await t.api
        .post('/v1/memberships')
        .set(await t.as('coordinator'))
        .send({ accountId: id, organisationId, role: 'researcher' })
        .expect(201);
      expect(made.body).toMatchObject({
        accountId: id,
        organisationId,
        role: 'researcher',
        from: TODAY,
        until: null,
        version: 1,
      });
      expect(made.headers.location).toBe(`/v1/memberships/${made.body.id}`);
      const me = await t.api.get('/v1/me').set(as).expect(200);
      expect(me.body.permissions.map((p: { name: string }) => p.name)).toContain('involvement.project.read');
      expect(await events(made.body.id)).toEqual(['membership.given']);
      const { rows } = await t.db.query('SELECT action FROM kernel.audit_entry WHERE subject_id = $1', [made.body.id]);
      expect(rows).toEqual([{ action: 'created' }]);
    });

    it('lets a coordinator give two roles in their own organisation, and an administrator any', async () => {
      const { id } = await newcomer();
      const ours = await t.organisation(OURS);
      const coordinator = await t.as('coordinator');
      const admin = await t.as('national-administrator');
      const give = (as: Record<string, string>, extra: object) =>
        t.api
          .post('/v1/memberships')
          .set(as)
          .send({ accountId: id, organisationId: ours, ...extra });
      await give(coordinator, { role: 'contributor' }).expect(201);
      const refused = await give(coordinator, { role: 'coordinator' }).expect(403);
      expect(refused.body.code).toBe('role_not_yours_to_give');
      await give(coordinator, { role: 'researcher', organisationId: await t.organisation(THEIRS) }).expect(404);
      await give(coordinator, { role: 'researcher', organisationId: fixedId('organisation', 'nobody') }).expect(404);
      await give(admin, { role: 'coordinator', organisationId: await t.organisation(THEIRS) }).expect(201);
      await give(admin, { role: 'researcher', organisationId: fixedId('organisation', 'nobody') }).expect(404);
    });

    it.each([
      ['a role that is not known', { role: 'king' }, 400, 'invalid_input'],
      ['an account that is not there', { accountId: fixedId('account', 'nobody') }, 422, 'unknown_account'],
      ['an end before the beginning', { from: '2026-12-01', until: '2026-11-30' }, 422, 'ends_before_it_began'],
      ['a day that does not exist', { from: '2026-02-29' }, 400, 'invalid_input'],
    ])('refuses %s', async (_, extra, status, code) => {
      const { id } = await newcomer();
      const sent = { accountId: id, organisationId: await t.organisation(OURS), role: 'researcher', ...extra };
      const { body } = await t.api
        .post('/v1/memberships')
        .set(await t.as('coordinator'))
        .send(sent)
        .expect(status);
      expect(body.code).toBe(code);
    });

    it('gives a role once for the same days, whatever comes at the same time', async () => {
      const { id } = await newcomer();
      const as = await t.as('coordinator');
      const sent = { accountId: id, organisationId: await t.organisation(OURS), role: 'researcher' };
      const answers = await Promise.all([1, 2, 3].map(() => t.api.post('/v1/memberships').set(as).send(sent)));
      expect(answers.map((a) => a.status).sort()).toEqual([201, 409, 409]);
      expect(answers.find((a) => a.status === 409)?.body.code).toBe('membership_overlaps');
      await t.api
        .post('/v1/memberships')
        .set(as)
        .send({ ...sent, from: '2026-01-01', until: TODAY })
        .expect(201);
    });

    it('gives nothing in an organisation that still waits', async () => {
      const { id, as } = await newcomer();
      const applied = await t.api
        .post('/v1/organisation-applications')
        .set(as)
        .send({ name: 'Waits', kind: 'other', reason: 'x' })
        .expect(201);
      const sent = { accountId: id, organisationId: applied.body.id, role: 'coordinator' };
      const { body } = await t.api
        .post('/v1/memberships')
        .set(await t.as('national-administrator'))
        .send(sent)
        .expect(422);
      expect(body.code).toBe('organisation_not_verified');
    });
  });

  describe('GET /v1/memberships', () => {
    it('shows those of the own organisation, by account, role and day', async () => {
      const { id } = await newcomer();
      const as = await t.as('coordinator');
      const sent = {
        accountId: id,
        organisationId: await t.organisation(OURS),
        role: 'contributor',
        from: '2026-12-01',
        until: '2026-12-31',
      };
      const { body: given } = await t.api.post('/v1/memberships').set(as).send(sent).expect(201);
      const find = async (query: string) =>
        (await t.api.get(`/v1/memberships?account=${id}${query}`).set(as).expect(200)).body.data.map(
          (m: { id: string }) => m.id,
        );
      expect(await find('')).toEqual([given.id]);
      expect(await find('&at=2026-11-30')).toEqual([]);
      expect(await find('&at=2026-12-01')).toEqual([given.id]);
      expect(await find('&at=2026-12-31')).toEqual([]);
      expect(await find('&role=researcher')).toEqual([]);
      await t.api.get(`/v1/memberships/${given.id}`).set(as).expect(200);
      await t.api
        .get(`/v1/memberships/${given.id}`)
        .set(await t.as('coordinator', THEIRS))
        .expect(404);
      await t.api.get('/v1/memberships').expect(401);
      await t.api
        .get('/v1/memberships')
        .set(await t.as('site'))
        .expect(403);
    });

    it('names the account; whoever is a contributor sees that the name was read', async () => {
      const { id } = await newcomer();
      const as = await t.as('coordinator');
      const organisationId = await t.organisation(OURS);
      const person = {
        ...{ organisationId, name: 'Nadia Okoro', email: 'nadia@example.org' },
        ...{ preferredChannel: 'email', ageGroup: 'adult' },
      };
      const { body: record } = await t.api.post('/v1/contributors').set(as).send(person).expect(201);
      await t.db.query('UPDATE people.account SET contributor_id = $1 WHERE id = $2', [record.id, id]);
      const sent = { accountId: id, organisationId, role: 'researcher' };
      const answers = [await t.api.post('/v1/memberships').set(as).send(sent).expect(201)];
      const path = `/v1/memberships/${answers[0]?.body.id}`;
      answers.push(
        await t.api.get(path).set(as).expect(200),
        await t.api.post(`${path}/end`).set(as).send({}).expect(200),
      );
      const list = await t.api.get(`/v1/memberships?account=${id}`).set(as).expect(200);
      const names = [...answers.map(({ body }) => body.accountName), list.body.data[0].accountName];
      expect(names).toEqual(names.map(() => `Newcomer ${made}`));
      const { rows } = await t.db.query(
        `SELECT after->>'what' AS what FROM kernel.audit_entry WHERE person_id = $1 AND action = 'read' AND subject = 'membership'`,
        [record.id],
      );
      expect(rows).toEqual(names.map(() => ({ what: 'the name of your account' })));
    });
  });

  describe('POST /v1/memberships/{id}/end', () => {
    const given = async (extra: object = {}) => {
      const { id, as } = await newcomer();
      const sent = { accountId: id, organisationId: await t.organisation(OURS), role: 'researcher', ...extra };
      const { body } = await t.api
        .post('/v1/memberships')
        .set(await t.as('coordinator'))
        .send(sent)
        .expect(201);
      return { as, path: `/v1/memberships/${body.id}/end`, id: body.id as string };
    };
    const may = async (as: Record<string, string>): Promise<string[]> =>
      (await t.api.get('/v1/me').set(as).expect(200)).body.permissions.map((p: { name: string }) => p.name);

    it('takes the role away from the next request on', async () => {
      const { as, path, id } = await given();
      expect(await may(as)).toContain('involvement.project.read');
      await t.api.post(path).send({}).expect(401);
      await t.api.post(path).set(as).send({}).expect(403);
      await t.api
        .post(path)
        .set(await t.as('coordinator', THEIRS))
        .send({})
        .expect(404);
      const { body } = await t.api
        .post(path)
        .set(await t.as('coordinator'))
        .send({})
        .expect(200);
      expect(body).toMatchObject({ until: TODAY, version: 2 });
      expect(await may(as)).toEqual([]);
      const again = await t.api
        .post(path)
        .set(await t.as('coordinator'))
        .send({})
        .expect(409);
      expect(again.body.code).toBe('already_ended');
      expect(await events(id)).toEqual(['membership.given', 'membership.ended']);
    });

    it('takes it away on a later day, by UK time', async () => {
      const { as, path } = await given();
      await t.api
        .post(path)
        .set(await t.as('coordinator'))
        .send({ until: '2026-11-22' })
        .expect(422);
      await t.api
        .post(path)
        .set(await t.as('coordinator'))
        .send({ until: '2027-07-01' })
        .expect(200);
      const now = t.clock.now();
      t.clock.set('2027-06-30T22:59:59Z');
      expect(await may(as)).toContain('involvement.project.read');
      t.clock.set('2027-06-30T23:00:00Z');
      expect(await may(as)).toEqual([]);
      t.clock.set(now);
    });

    it('keeps one that has not begun from ever holding', async () => {
      const { path } = await given({ from: '2027-01-01' });
      const { body } = await t.api
        .post(path)
        .set(await t.as('coordinator'))
        .send({})
        .expect(200);
      expect(body).toMatchObject({ from: '2027-01-01', until: '2027-01-01' });
    });

    it("leaves an administrator's appointments to administrators", async () => {
      const { id } = await t.account('finance-officer', OURS, 'f');
      const { body } = await t.api
        .get(`/v1/memberships?account=${id}`)
        .set(await t.as('coordinator'))
        .expect(200);
      const path = `/v1/memberships/${body.data[0].id}/end`;
      await t.api
        .post(path)
        .set(await t.as('coordinator'))
        .send({})
        .expect(403);
      await t.api
        .post(path)
        .set(await t.as('national-administrator'))
        .send({})
        .expect(200);
    });
  });
});
