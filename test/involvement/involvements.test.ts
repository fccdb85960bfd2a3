import { randomUUID } from 'node:crypto';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';
import { TakingPart } from './taking-part';

describe('involvements', () => {
  let t: TestApp;
  let on: TakingPart;
  let ours: Awaited<ReturnType<TestApp['as']>>;
  let theirs: typeof ours;
  let projectId: string;
  let contributorId: string;

  beforeAll(async () => {
    t = await startApp();
    on = new TakingPart(t);
    ours = await t.as('coordinator');
    theirs = await t.as('coordinator', THEIRS);
    projectId = await on.project(OURS);
    contributorId = await on.contributor(OURS);
  });
  afterAll(() => t.stop());

  const good = () => ({ projectId, contributorId, role: 'member', from: '2026-12-01' });

  describe('POST /v1/involvements', () => {
    it('begins one without an interest, tells it and keeps it in the audit', async () => {
      const answer = await t.api.post('/v1/involvements').set(ours).send(good()).expect(201);
      const body = answer.body as Record<string, unknown>;
      expect(body).toMatchObject({
        ...good(),
        state: 'planned',
        until: null,
        opportunityId: null,
        interestId: null,
        endReason: null,
        version: 1,
      });
      expect(answer.headers.location).toBe(`/v1/involvements/${String(body.id)}`);
      expect(answer.headers.etag).toBe('"1-json"');
      expect(await on.events(String(body.id))).toEqual(['involvement.planned']);
      const { rows } = await t.db.query('SELECT person_id FROM kernel.audit_entry WHERE subject_id = $1', [body.id]);
      expect(rows).toEqual([{ person_id: contributorId }]);
    });

    it('takes an opportunity of the same project', async () => {
      const opportunityId = await on.opportunity(projectId);
      const answer = await t.api
        .post('/v1/involvements')
        .set(ours)
        .send({ ...good(), opportunityId })
        .expect(201);
      expect(answer.body).toMatchObject({ opportunityId });
    });

    it('refuses one of another project', async () => {
      const opportunityId = await on.opportunity(await on.project(OURS, 'Another'));
      const answer = await t.api
        .post('/v1/involvements')
        .set(ours)
        .send({ ...good(), opportunityId })
        .expect(422);
      expect(answer.body).toMatchObject({ code: 'does_not_belong' });
    });

    it('refuses an end that is not after the first day', async () => {
      const answer = await t.api
        .post('/v1/involvements')
        .set(ours)
        .send({ ...good(), until: '2026-12-01' })
        .expect(422);
      expect(answer.body).toMatchObject({ code: 'ends_before_it_begins' });
    });

    it('answers the same to the same key, once', async () => {
      const send = () =>
        t.api.post('/v1/involvements').set(ours).set('idempotency-key', 'begin-once').send(good()).expect(201);
      const [first, again] = [await send(), await send()];
      expect((again.body as { id: string }).id).toBe((first.body as { id: string }).id);
    });

    it.each([
      ['an unknown field', { state: 'active' }, '/state'],
      ['an interest of the caller’s choice', { interestId: randomUUID() }, '/interestId'],
      ['a day that does not exist', { from: '2026-02-30' }, '/from'],
      ['a role that is empty', { role: '' }, '/role'],
      ['a number as role', { role: 7 }, '/role'],
      ['an id that is none', { contributorId: 'me' }, '/contributorId'],
    ])('refuses %s', async (_, wrong, at) => {
      const answer = await t.api
        .post('/v1/involvements')
        .set(ours)
        .send({ ...good(), ...wrong })
        .expect(400);
      expect((answer.body as { errors: { at: string }[] }).errors.map((error) => error.at)).toContain(at);
    });

    it('knows neither another organisation’s project nor somebody else’s contributor', async () => {
      await t.api.post('/v1/involvements').set(theirs).send(good()).expect(404);
      const stranger = await on.contributor(THEIRS);
      await t.api
        .post('/v1/involvements')
        .set(ours)
        .send({ ...good(), contributorId: stranger })
        .expect(404);
      await t.api
        .post('/v1/involvements')
        .set(ours)
        .send({ ...good(), projectId: randomUUID() })
        .expect(404);
    });

    it('knows nobody who has left the organisation', async () => {
      const gone = await on.contributor(OURS);
      await t.db.query(
        `UPDATE people.contributor_organisation SET home = false, until = '2026-11-23' WHERE contributor_id = $1`,
        [gone],
      );
      await t.api
        .post('/v1/involvements')
        .set(ours)
        .send({ ...good(), contributorId: gone })
        .expect(404);
    });

    it('is not for strangers, nor for roles that only read', async () => {
      await t.api.post('/v1/involvements').send(good()).expect(401);
      for (const role of ['finance-officer', 'payment-approver', 'contributor', 'site', 'auditor']) {
        await t.api
          .post('/v1/involvements')
          .set(await t.as(role))
          .send(good())
          .expect(403);
      }
    });
  });

  describe('reading', () => {
    it('does not show a co-applicant who is a contributor what others do in the project', async () => {
      const project = await on.project(OURS);
      const me = await on.contributor(OURS, 'Co Applicant');
      const auth = await on.signedIn(me, OURS, 'co-applicant');
      await on.joins(project, (await t.account('contributor', OURS, 'co-applicant')).id);
      const theirs = await on.involvement(ours, project, await on.contributor(OURS));
      await t.api.get(`/v1/involvements/${theirs.id}`).set(auth).expect(404);
    });

    it('gives a contributor their own only', async () => {
      const mine = await on.contributor(OURS, 'Asha Verma');
      const auth = await on.signedIn(mine, OURS, 'asha');
      const own = await on.involvement(ours, projectId, mine);
      const other = await on.involvement(ours, projectId, contributorId);
      await t.api.get(`/v1/involvements/${own.id}`).set(auth).expect(200);
      await t.api.get(`/v1/involvements/${other.id}`).set(auth).expect(404);
      const list = await t.api.get('/v1/involvements').set(auth).expect(200);
      expect((list.body as { data: { id: string }[] }).data.map((row) => row.id)).toEqual([own.id]);
    });

    it('gives a researcher those of their projects, while they are in the team', async () => {
      const researcher = await t.account('researcher', OURS, 'ravi');
      const auth = await t.as('researcher', OURS, 'ravi');
      const mine = await on.project(OURS, 'Ravi’s study');
      const inMine = await on.involvement(ours, mine, contributorId);
      await t.api.get(`/v1/involvements/${inMine.id}`).set(auth).expect(404);
      await on.joins(mine, researcher.id);
      await t.api.get(`/v1/involvements/${inMine.id}`).set(auth).expect(200);
      const own = await on.involvement(auth, mine, contributorId, '2026-11-02');
      const list = await t.api.get('/v1/involvements').set(auth).expect(200);
      expect((list.body as { data: { id: string }[] }).data.map((row) => row.id)).toEqual([own.id, inMine.id]);
      await t.api.post('/v1/involvements').set(auth).send(good()).expect(404);
      await t.db.query(`UPDATE involvement.team_member SET until = '2026-11-23' WHERE account_id = $1`, [
        researcher.id,
      ]);
      await t.api.get(`/v1/involvements/${inMine.id}`).set(auth).expect(404);
    });

    it('filters, and goes on by cursor', async () => {
      const other = await on.project(OURS, 'A project to list');
      const made = [];
      for (const day of ['2026-11-01', '2026-11-02', '2026-11-03'])
        made.unshift((await on.involvement(ours, other, contributorId, day)).id);
      const first = await t.api
        .get(`/v1/involvements?project=${other}&contributor=${contributorId}&state=planned&limit=2`)
        .set(ours)
        .expect(200);
      const { data, meta } = first.body as { data: { id: string }[]; meta: { nextCursor: string } };
      const second = await t.api
        .get(`/v1/involvements?project=${other}&limit=2&cursor=${meta.nextCursor}`)
        .set(ours)
        .expect(200);
      expect([...data, ...(second.body as { data: { id: string }[] }).data].map((row) => row.id)).toEqual(made);
      const none = await t.api.get(`/v1/involvements?project=${other}&state=ended`).set(ours).expect(200);
      expect((none.body as { data: unknown[] }).data).toEqual([]);
      await t.api.get('/v1/involvements?state=done').set(ours).expect(400);
      await t.api.get('/v1/involvements?cursor=abc.def').set(ours).expect(400);
    });

    it('shows nothing to others', async () => {
      const { id } = await on.involvement(ours, projectId, contributorId);
      await t.api.get(`/v1/involvements/${id}`).expect(401);
      await t.api.get(`/v1/involvements/${id}`).set(theirs).expect(404);
      await t.api
        .get(`/v1/involvements/${id}`)
        .set(await t.as('site'))
        .expect(403);
      await t.api.get('/v1/involvements/none').set(ours).expect(400);
      await t.api.get(`/v1/involvements/${randomUUID()}`).set(ours).expect(404);
      const answer = await t.api.get(`/v1/involvements/${id}`).set(ours).expect(200);
      expect(answer.headers['cache-control']).toContain('no-store');
    });
  });

  describe('PATCH /v1/involvements/{id}', () => {
    it('changes role and days', async () => {
      const { id } = await on.involvement(ours, projectId, contributorId);
      const answer = await t.api
        .patch(`/v1/involvements/${id}`)
        .set(ours)
        .set('if-match', '"1-json"')
        .send({ role: 'co-chair', until: '2027-01-01' })
        .expect(200);
      expect(answer.body).toMatchObject({ role: 'co-chair', until: '2027-01-01', version: 2 });
      const cleared = await t.api
        .patch(`/v1/involvements/${id}`)
        .set(ours)
        .set({ 'if-match': '"2-json"', 'content-type': 'application/merge-patch+json' })
        .send(JSON.stringify({ until: null }))
        .expect(200);
      expect(cleared.body).toMatchObject({ role: 'co-chair', until: null });
      expect(await on.events(id)).toEqual(['involvement.planned', 'involvement.changed', 'involvement.changed']);
      expect(await on.audited(id)).toEqual(['created', 'changed', 'changed']);
    });

    it('wants the version that was read', async () => {
      const { id } = await on.involvement(ours, projectId, contributorId);
      const change = (version: string | null) => {
        const call = t.api.patch(`/v1/involvements/${id}`).set(ours);
        return (version === null ? call : call.set('if-match', version)).send({ role: 'reviewer' });
      };
      await change(null).expect(428);
      await change('"9-json"').expect(412);
      await change('*').expect(400);
      await change('"1-json"').expect(200);
    });

    it('lets exactly one of two who read the same version change it', async () => {
      const { id } = await on.involvement(ours, projectId, contributorId);
      const change = (role: string) =>
        t.api.patch(`/v1/involvements/${id}`).set(ours).set('if-match', '"1-json"').send({ role });
      const answers = await Promise.all([change('reviewer'), change('co-chair')]);
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
    });

    it('refuses others, null where a value is needed, and days that leave out what was attended', async () => {
      const { id } = await on.involvement(ours, projectId, contributorId);
      const patch = (auth: typeof ours, body: object, version = 1) =>
        t.api.patch(`/v1/involvements/${id}`).set(auth).set('if-match', `"${version}-json"`).send(body);
      await patch(theirs, { role: 'x' }).expect(404);
      await patch(await t.as('auditor'), { role: 'x' }).expect(403);
      await patch(ours, { from: null }).expect(400);
      await patch(ours, { projectId: randomUUID() }).expect(400);
      await t.api
        .post(`/v1/involvements/${id}/activities`)
        .set(ours)
        .send({ on: '2026-11-10', kind: 'meeting', mode: 'phone', minutes: 60, attendance: 'attended' })
        .expect(201);
      const answer = await patch(ours, { from: '2026-11-11' }, 2).expect(422);
      expect(answer.body).toMatchObject({ code: 'activity_outside' });
    });
  });

  describe('POST /v1/involvements/{id}/end', () => {
    const end = (id: string, auth = ours, until = '2026-11-20') =>
      t.api.post(`/v1/involvements/${id}/end`).set(auth).send({ until, reason: 'finished' });
    const attend = (id: string, day = '2026-11-10') =>
      t.api
        .post(`/v1/involvements/${id}/activities`)
        .set(ours)
        .send({ on: day, kind: 'meeting', mode: 'phone', minutes: 60, attendance: 'attended' });

    it('cancels one in which nothing was attended', async () => {
      const { id } = await on.involvement(ours, projectId, contributorId);
      const answer = await end(id).expect(200);
      expect(answer.body).toMatchObject({ state: 'cancelled', endReason: 'finished', until: null, version: 2 });
      expect(await on.events(id)).toEqual(['involvement.planned', 'involvement.ended']);
    });

    it('ends one in which somebody took part', async () => {
      const { id } = await on.involvement(ours, projectId, contributorId);
      await attend(id).expect(201);
      const answer = await end(id).expect(200);
      expect(answer.body).toMatchObject({ state: 'ended', until: '2026-11-20', version: 3 });
      expect(await on.events(id)).toEqual(['involvement.planned', 'involvement.started', 'involvement.ended']);
    });

    it('cannot end before what was attended, nor twice', async () => {
      const { id } = await on.involvement(ours, projectId, contributorId);
      await attend(id).expect(201);
      expect((await end(id, ours, '2026-11-10').expect(422)).body).toMatchObject({ code: 'activity_outside' });
      await end(id).expect(200);
      expect((await end(id).expect(409)).body).toMatchObject({ code: 'involvement_over' });
      await t.api.patch(`/v1/involvements/${id}`).set(ours).set('if-match', '"3-json"').send({ role: 'x' }).expect(409);
    });

    it('is not for others', async () => {
      const { id } = await on.involvement(ours, projectId, contributorId);
      await end(id, theirs).expect(404);
      await end(id, await t.as('payment-approver')).expect(403);
      await t.api
        .post(`/v1/involvements/${id}/end`)
        .set(ours)
        .send({ until: '2026-11-20', reason: 'bored' })
        .expect(400);
    });

    it('either ends first, and then nothing is recorded, or records first, and then ends what ran', async () => {
      for (let round = 0; round < 5; round++) {
        const { id } = await on.involvement(ours, projectId, contributorId);
        const [ended, recorded] = await Promise.all([end(id), attend(id)]);
        expect(ended.status).toBe(200);
        const { state } = ended.body as { state: string };
        expect([state, recorded.status]).toEqual(recorded.status === 201 ? ['ended', 201] : ['cancelled', 409]);
      }
    });

    it('ends once, whoever comes at the same moment', async () => {
      const { id } = await on.involvement(ours, projectId, contributorId);
      const answers = await Promise.all([end(id), end(id), end(id)]);
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409]);
    });
  });
});
