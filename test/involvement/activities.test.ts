import { randomUUID } from 'node:crypto';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';
import { Begun, TakingPart } from './taking-part';

interface Recorded {
  id: string;
  version: number;
  attendance: string;
}

describe('activities', () => {
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

  const meeting = { on: '2026-11-10', kind: 'meeting', mode: 'in-person', minutes: 120 };
  const begin = (who = contributorId): Promise<Begun> => on.involvement(ours, projectId, who);
  const record = (involvementId: string, body: object = {}, auth = ours) =>
    t.api
      .post(`/v1/involvements/${involvementId}/activities`)
      .set(auth)
      .send({ ...meeting, ...body });
  const recorded = async (involvementId: string, body: object = {}): Promise<Recorded> =>
    (await record(involvementId, body).expect(201)).body as Recorded;
  const change = (id: string, body: object, version = 1, auth = ours) =>
    t.api.patch(`/v1/activities/${id}`).set(auth).set('if-match', `"${version}-json"`).send(body);
  const stateOf = async (id: string): Promise<string> =>
    ((await t.api.get(`/v1/involvements/${id}`).set(ours).expect(200)).body as Begun).state;

  describe('POST /v1/involvements/{id}/activities', () => {
    it('puts one on record, tells it and keeps it in the audit', async () => {
      const { id: involvementId } = await begin();
      const answer = await record(involvementId, { title: 'First meeting', preparationMinutes: 60 }).expect(201);
      const body = answer.body as Recorded;
      expect(body).toMatchObject({
        ...meeting,
        involvementId,
        title: 'First meeting',
        preparationMinutes: 60,
        attendance: 'expected',
        version: 1,
      });
      expect(answer.headers.location).toBe(`/v1/activities/${body.id}`);
      expect(await on.events(body.id)).toEqual(['activity.recorded']);
      const { rows } = await t.db.query('SELECT action, person_id FROM kernel.audit_entry WHERE subject_id = $1', [
        body.id,
      ]);
      expect(rows).toEqual([{ action: 'created', person_id: contributorId }]);
      expect(await stateOf(involvementId)).toBe('planned');
    });

    it('makes the involvement active with the first that was attended', async () => {
      const { id } = await begin();
      await record(id, { attendance: 'missed' }).expect(201);
      expect(await stateOf(id)).toBe('planned');
      await record(id, { attendance: 'attended' }).expect(201);
      await record(id, { on: '2026-11-17', attendance: 'attended' }).expect(201);
      expect(await stateOf(id)).toBe('active');
      expect(await on.events(id)).toEqual(['involvement.planned', 'involvement.started']);
    });

    it('does not know yet who will be there', async () => {
      const { id } = await begin();
      for (const attendance of ['attended', 'missed']) {
        expect((await record(id, { on: '2026-11-24', attendance }).expect(422)).body).toMatchObject({
          code: 'not_yet',
        });
      }
      await record(id, { on: '2026-11-24' }).expect(201);
      await record(id, { on: '2026-11-23', attendance: 'attended' }).expect(201);
    });

    it('stays inside the days of the involvement, and takes time', async () => {
      const { id, version } = await begin();
      await t.api
        .patch(`/v1/involvements/${id}`)
        .set(ours)
        .set('if-match', `"${version}-json"`)
        .send({ until: '2026-11-15' })
        .expect(200);
      for (const day of ['2026-10-31', '2026-11-15'])
        expect((await record(id, { on: day }).expect(422)).body).toMatchObject({ code: 'outside_involvement' });
      expect((await record(id, { minutes: 0 }).expect(422)).body).toMatchObject({ code: 'no_time' });
      await record(id, { on: '2026-11-14', minutes: 0, preparationMinutes: 30 }).expect(201);
    });

    it('is not possible once the involvement is over', async () => {
      const { id } = await begin();
      await t.api
        .post(`/v1/involvements/${id}/end`)
        .set(ours)
        .send({ until: '2026-11-20', reason: 'other' })
        .expect(200);
      expect((await record(id).expect(409)).body).toMatchObject({ code: 'involvement_over' });
    });

    it.each([
      ['an unknown field', { paid: true }, '/paid'],
      ['another organisation named', { organisationId: randomUUID() }, '/organisationId'],
      ['an unknown kind', { kind: 'party' }, '/kind'],
      ['minutes as a text', { minutes: '120' }, '/minutes'],
      ['more minutes than a day has', { minutes: 1441 }, '/minutes'],
      ['no day', { on: null }, '/on'],
    ])('refuses %s', async (_, wrong, at) => {
      const { id } = await begin();
      const answer = await record(id, wrong).expect(400);
      expect((answer.body as { errors: { at: string }[] }).errors.map((error) => error.at)).toContain(at);
    });

    it('is not for others', async () => {
      const { id } = await begin();
      await t.api.post(`/v1/involvements/${id}/activities`).send(meeting).expect(401);
      await record(id, {}, theirs).expect(404);
      await record(id, {}, await t.as('researcher', OURS, 'not-in-the-team')).expect(404);
      await record(id, {}, await t.as('finance-officer')).expect(403);
      await record(randomUUID()).expect(404);
    });

    it('holds when two sessions are recorded at once: both stay, and the involvement starts once', async () => {
      for (let round = 0; round < 5; round++) {
        const { id } = await begin();
        const answers = await Promise.all([
          record(id, { attendance: 'attended' }),
          record(id, { on: '2026-11-11', attendance: 'attended' }),
        ]);
        expect(answers.map((answer) => answer.status)).toEqual([201, 201]);
        expect(await on.events(id)).toEqual(['involvement.planned', 'involvement.started']);
      }
    });
  });

  describe('POST /v1/activities/bulk', () => {
    it('records one session for several people, in the order sent', async () => {
      const people = await Promise.all(['Ana', 'Bo', 'Cy'].map((name) => on.contributor(OURS, name)));
      const involvements = [];
      for (const person of people) involvements.push((await begin(person)).id);
      const order = [involvements[2], involvements[0], involvements[1]];
      const answer = await t.api
        .post('/v1/activities/bulk')
        .set(ours)
        .send({ items: order.map((involvementId) => ({ ...meeting, involvementId })) })
        .expect(200);
      expect((answer.body as { data: { involvementId: string }[] }).data.map((row) => row.involvementId)).toEqual(
        order,
      );
    });

    it('records all or none', async () => {
      const { id } = await begin();
      const bad = { ...meeting, involvementId: randomUUID() };
      await t.api
        .post('/v1/activities/bulk')
        .set(ours)
        .send({ items: [{ ...meeting, involvementId: id }, bad] })
        .expect(404);
      const list = await t.api.get(`/v1/involvements/${id}/activities`).set(ours).expect(200);
      expect((list.body as { data: unknown[] }).data).toEqual([]);
    });

    it('refuses an empty list, and says where in the list a fault is', async () => {
      await t.api.post('/v1/activities/bulk').set(ours).send({ items: [] }).expect(400);
      const { id } = await begin();
      const items = [
        { ...meeting, involvementId: id },
        { ...meeting, involvementId: id, minutes: -1 },
      ];
      const answer = await t.api.post('/v1/activities/bulk').set(ours).send({ items }).expect(400);
      expect((answer.body as { errors: { at: string }[] }).errors.map((error) => error.at)).toEqual([
        '/items/1/minutes',
      ]);
      await t.api
        .post('/v1/activities/bulk')
        .set(theirs)
        .send({ items: [{ ...meeting, involvementId: id }] })
        .expect(404);
      await t.api.post('/v1/activities/bulk').send({ items: [] }).expect(401);
      await t.api
        .post('/v1/activities/bulk')
        .set(await t.as('auditor'))
        .send({ items: [] })
        .expect(403);
    });

    it('does not block itself when two sessions of the same people come in opposite order', async () => {
      const [a, b] = [await begin(), await begin()];
      const send = (day: string, ids: string[]) =>
        t.api
          .post('/v1/activities/bulk')
          .set(ours)
          .send({
            items: ids.map((involvementId) => ({ ...meeting, on: day, involvementId, attendance: 'attended' })),
          });
      const answers = await Promise.all([send('2026-11-10', [a.id, b.id]), send('2026-11-11', [b.id, a.id])]);
      expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
      const { rows } = await t.db.query(
        'SELECT count(*)::int AS n FROM involvement.activity WHERE involvement_id = ANY($1)',
        [[a.id, b.id]],
      );
      expect(rows).toEqual([{ n: 4 }]);
    });
  });

  describe('PATCH /v1/activities/{id}', () => {
    it('says who was there, from the day on', async () => {
      const { id } = await begin();
      const activity = await recorded(id, { on: '2026-11-24' });
      expect((await change(activity.id, { attendance: 'attended' }).expect(422)).body).toMatchObject({
        code: 'not_yet',
      });
      t.clock.set('2026-11-24T09:00:00.000Z');
      try {
        expect((await change(activity.id, { attendance: 'attended' }).expect(200)).body).toMatchObject({
          attendance: 'attended',
          version: 2,
        });
      } finally {
        t.clock.set('2026-11-23T12:00:00.000Z');
      }
      expect(await stateOf(id)).toBe('active');
      expect(await on.events(activity.id)).toEqual(['activity.recorded', 'activity.changed']);
    });

    it('cannot be put outside the involvement, nor without its version', async () => {
      const { id } = await begin();
      const activity = await recorded(id);
      expect((await change(activity.id, { on: '2026-10-01' }).expect(422)).body).toMatchObject({
        code: 'outside_involvement',
      });
      await change(activity.id, { title: 'x' }, 4).expect(412);
      await t.api.patch(`/v1/activities/${activity.id}`).set(ours).send({ title: 'x' }).expect(428);
      await change(activity.id, { involvementId: randomUUID() }).expect(400);
      await change(activity.id, { minutes: null }).expect(400);
      await change(activity.id, { title: 'x' }, 1, theirs).expect(404);
      await change(randomUUID(), { title: 'x' }).expect(404);
      await change(activity.id, { title: 'x' }, 1, await t.as('payment-approver')).expect(403);
    });

    it('finds nobody there in what was cancelled', async () => {
      const { id } = await begin();
      const activity = await recorded(id);
      await t.api
        .post(`/v1/involvements/${id}/end`)
        .set(ours)
        .send({ until: '2026-11-20', reason: 'contributor-chose' })
        .expect(200);
      expect((await change(activity.id, { attendance: 'attended' }).expect(409)).body).toMatchObject({
        code: 'involvement_over',
      });
      await change(activity.id, { attendance: 'cancelled' }).expect(200);
    });

    it('changes two activities of one involvement at once without waiting in a circle', async () => {
      const { id } = await begin();
      const [a, b] = [await recorded(id), await recorded(id, { on: '2026-11-12' })];
      const answers = await Promise.all([
        change(a.id, { on: '2026-11-11', attendance: 'attended' }),
        change(b.id, { on: '2026-11-13', attendance: 'attended' }),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    });
  });

  describe('DELETE /v1/activities/{id}', () => {
    it('takes out what was recorded in error; the audit keeps that it was there', async () => {
      const { id } = await begin();
      const activity = await recorded(id);
      await t.api.delete(`/v1/activities/${activity.id}`).set(ours).expect(428);
      await t.api.delete(`/v1/activities/${activity.id}`).set(ours).set('if-match', '"2-json"').expect(412);
      await t.api.delete(`/v1/activities/${activity.id}`).set(theirs).set('if-match', '"1-json"').expect(404);
      await t.api
        .delete(`/v1/activities/${activity.id}`)
        .set(await t.as('auditor'))
        .set('if-match', '"1-json"')
        .expect(403);
      await t.api.delete(`/v1/activities/${activity.id}`).set(ours).set('if-match', '"1-json"').expect(204);
      await t.api.get(`/v1/activities/${activity.id}`).set(ours).expect(404);
      expect(await on.events(activity.id)).toEqual(['activity.recorded', 'activity.removed']);
      const { rows } = await t.db.query(
        `SELECT before, person_id FROM kernel.audit_entry WHERE subject_id = $1 AND action = 'removed'`,
        [activity.id],
      );
      expect(rows).toEqual([
        {
          before: { involvementId: id, on: '2026-11-10', kind: 'meeting', attendance: 'expected' },
          person_id: contributorId,
        },
      ]);
    });
  });

  describe('reading', () => {
    it('lists the latest first, page by page, for those who may see the involvement', async () => {
      const mine = await on.contributor(OURS, 'Dilys Hughes');
      const auth = await on.signedIn(mine, OURS, 'dilys');
      const { id } = await begin(mine);
      const made = [];
      for (const day of ['2026-11-03', '2026-11-12', '2026-11-05']) made.push((await recorded(id, { on: day })).id);
      const first = await t.api.get(`/v1/involvements/${id}/activities?limit=2`).set(auth).expect(200);
      const { data, meta } = first.body as { data: Recorded[]; meta: { nextCursor: string } };
      const second = await t.api
        .get(`/v1/involvements/${id}/activities?limit=2&cursor=${meta.nextCursor}`)
        .set(auth)
        .expect(200);
      const ids = [...data, ...(second.body as { data: Recorded[] }).data].map((row) => row.id);
      expect(ids).toEqual([made[1], made[2], made[0]]);
      await t.api.get(`/v1/activities/${made[0]}`).set(auth).expect(200);
      await record(id, {}, auth).expect(403);
      const other = await begin();
      await t.api.get(`/v1/involvements/${other.id}/activities`).set(auth).expect(404);
      await t.api.get(`/v1/involvements/${other.id}/activities?cursor=${meta.nextCursor}`).set(ours).expect(400);
    });

    it('shows nothing to others', async () => {
      const { id } = await begin();
      const activity = await recorded(id);
      await t.api.get(`/v1/activities/${activity.id}`).expect(401);
      await t.api.get(`/v1/activities/${activity.id}`).set(theirs).expect(404);
      await t.api
        .get(`/v1/activities/${activity.id}`)
        .set(await t.as('site'))
        .expect(403);
      await t.api.get(`/v1/involvements/${id}/activities`).set(theirs).expect(404);
      await t.api.get('/v1/activities/7').set(ours).expect(400);
      await t.api
        .get(`/v1/activities/${activity.id}`)
        .set(await t.as('finance-officer'))
        .expect(200);
    });

    it('gives a researcher those of their projects', async () => {
      const researcher = await t.account('researcher', OURS, 'nia');
      const auth = await t.as('researcher', OURS, 'nia');
      const project = await on.project(OURS, 'Nia’s study');
      await on.joins(project, researcher.id);
      const { id } = await on.involvement(auth, project, contributorId);
      const activity = (await record(id, {}, auth).expect(201)).body as Recorded;
      await t.api.get(`/v1/activities/${activity.id}`).set(auth).expect(200);
      const elsewhere = await recorded((await begin()).id);
      await t.api.get(`/v1/activities/${elsewhere.id}`).set(auth).expect(404);
    });
  });
});
