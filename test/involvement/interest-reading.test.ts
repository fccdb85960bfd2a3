import { randomUUID } from 'node:crypto';
import { NOON, startApp, TestApp, THEIRS } from '../support/app';
import { faults, Interests, somebody } from './interest-support';
import { code, eventsOf, Headers, Known } from './opportunity-support';

interface Interest extends Known {
  reference: string;
  state: string;
  answers: { key: string; text?: string | null }[];
}

describe('Reading and changing interests', () => {
  let t: TestApp;
  let on: Interests;
  let coordinator: Headers;
  let theirs: Headers;
  let site: Headers;

  beforeAll(async () => {
    t = await startApp();
    [coordinator, theirs, site] = [await t.as('coordinator'), await t.as('coordinator', THEIRS), await t.as('site')];
    on = new Interests(t, coordinator, site);
  });
  afterAll(() => t.stop());
  beforeEach(() => t.clock.set(NOON));

  const read = (id: unknown, who = coordinator) => t.api.get(`/v1/interests/${String(id)}`).set(who);
  const patch = (id: unknown, who: Headers, body: object, version: unknown = 1) =>
    t.api
      .patch(`/v1/interests/${String(id)}`)
      .set(who)
      .set('if-match', `"${String(version)}-json"`)
      .send(body);

  describe('GET /v1/opportunities/{id}/interests', () => {
    it('lists them with filters and pages, and records who read', async () => {
      const id = await on.opportunity();
      const first = await on.sent(id);
      const second = await on.sent(id, { help: { name: 'Sam', by: 'phone' } });
      const third = await on.recorded(id);
      const list = async (query = '', who = coordinator) =>
        (await t.api.get(`/v1/opportunities/${id}/interests${query}`).set(who).expect(200)).body as {
          data: Interest[];
          meta: { nextCursor: string };
        };
      expect((await list()).data.map((i) => i.id)).toEqual([third.id, second.id, first.id]);
      expect((await list('?assisted=true')).data.map((i) => i.id)).toEqual([second.id]);
      expect((await list('?channel=phone&state=received')).data.map((i) => i.id)).toEqual([third.id]);
      const page = await list('?limit=2');
      expect((await list(`?limit=2&cursor=${page.meta.nextCursor}`)).data.map((i) => i.id)).toEqual([first.id]);
      expect((await list()).data[0]).toMatchObject({ reference: third.reference });
      expect((await list()).data[2]).toMatchObject({
        reference: null,
        name: expect.stringContaining('Contributor'),
        email: expect.stringContaining('@example.org'),
      });
      const { rows } = await t.db.query(
        `SELECT DISTINCT subject_id FROM kernel.audit_entry WHERE action = 'read' AND subject_id = ANY($1)`,
        [[first.id, second.id, third.id]],
      );
      expect(rows).toHaveLength(3);
      await t.api.get(`/v1/opportunities/${id}/interests?state=lost`).set(coordinator).expect(400);
      await t.api.get(`/v1/opportunities/${id}/interests?cursor=forged.x`).set(coordinator).expect(400);
    });

    it('is for the organiser and the project’s researchers', async () => {
      const id = await on.opportunity();
      const { contributor } = await on.sent(id);
      const path = `/v1/opportunities/${id}/interests`;
      await t.api.get(path).expect(401);
      await t.api.get(path).set(theirs).expect(404);
      await t.api.get(path).set(contributor.auth).expect(404);
      await t.api
        .get(path)
        .set(await t.as('auditor'))
        .expect(403);
      const researcher = await t.as('researcher');
      await t.api.get(path).set(researcher).expect(404);
      const { id: accountId } = await t.account('researcher');
      await t.db.query(
        `INSERT INTO involvement.team_member (project_id, account_id, role) VALUES ($1, $2, 'researcher')`,
        [await on.projectId(), accountId],
      );
      expect((await t.api.get(path).set(researcher).expect(200)).body).toMatchObject({ data: [{ opportunityId: id }] });
      // A co-applicant who is a contributor does not read what others wrote.
      const { rows } = await t.db.query<{ id: string }>('SELECT id FROM people.account WHERE contributor_id = $1', [
        contributor.id,
      ]);
      await t.db.query(
        `INSERT INTO involvement.team_member (project_id, account_id, role) VALUES ($1, $2, 'public-co-applicant')`,
        [await on.projectId(), rows[0]?.id],
      );
      await t.api.get(path).set(contributor.auth).expect(404);
    });
  });

  describe('GET /v1/interests', () => {
    it('finds one by the reference that somebody tells on the phone', async () => {
      const made = await on.sent(await on.opportunity());
      const spoken = String(made.reference).toLowerCase().replaceAll('-', ' ');
      const find = (reference: string, who = coordinator) => t.api.get('/v1/interests').query({ reference }).set(who);
      expect((await find(spoken).expect(200)).body).toMatchObject({ data: [{ id: made.id, reference: null }] });
      expect((await find(spoken, theirs).expect(200)).body).toMatchObject({ data: [] });
      expect(faults(await find('PPI-0000-0000-00001').expect(400))).toEqual(['reference bad_reference']);
    });
  });

  describe('GET /v1/interests/{id}', () => {
    it('is the person’s, the sender’s and the organiser’s; 404 to everybody else', async () => {
      const { id, contributor } = await on.sent(await on.opportunity());
      await read(id, contributor.auth).expect(200);
      await read(id).expect(200);
      await read(id, theirs).expect(404);
      await read(id, site).expect(404);
      await read(id, (await on.contributor()).auth).expect(404);
      await read(randomUUID()).expect(404);
      await read('none').expect(400);
      await t.api.get(`/v1/interests/${id}`).expect(401);
    });

    it('shows a site what it sent, and nothing of a record that came later', async () => {
      const sent = {
        person: somebody(920),
        answers: [{ key: 'why', way: 'text', text: 'I fell.' }],
      };
      const { body } = await on.send(site, await on.opportunity(), sent).expect(201);
      const { id, reference } = body as Interest;
      const own = async (): Promise<unknown> =>
        ((await t.api.get('/v1/me/interests').set(site).expect(200)).body as { data: Known[] }).data.find(
          (one) => one.id === id,
        );
      expect(await own()).toMatchObject({ name: 'Person 920', email: 'person920@example.org', contributorId: null });
      const { id: contributorId, name, auth } = await on.contributor();
      await on.move(coordinator, id, 'contributor', { contributorId }).expect(200);
      const nothing = { name: null, email: null, phone: null, address: null, supporter: null, contributorId: null };
      const still = { reference, answers: [{ text: 'I fell.' }], state: 'received' };
      expect((await read(id, site).expect(200)).body).toMatchObject({ ...nothing, ...still });
      expect(await own()).toMatchObject({ ...nothing, ...still });
      expect((await read(id).expect(200)).body).toMatchObject({
        ...{ name, contributorId, email: expect.stringContaining('contributor') },
      });
      expect((await read(id, auth).expect(200)).body).toMatchObject({ name, contributorId, email: null });
    });
  });

  describe('PATCH /v1/interests/{id}', () => {
    it('changes answers and availability while it is received and open', async () => {
      const id = await on.opportunity();
      const made = await on.sent(id, { availability: 'Mondays', answers: [{ key: 'why', way: 'text', text: 'One' }] });
      const { body } = await patch(made.id, made.contributor.auth, { availability: null }).expect(200);
      expect(body).toMatchObject({ availability: null, answers: [{ text: 'One' }], version: 2 });
      const again = await patch(
        made.id,
        made.contributor.auth,
        { answers: [{ key: 'when', way: 'text', text: 'Two' }] },
        2,
      ).expect(200);
      expect(again.body).toMatchObject({ answers: [{ key: 'when', text: 'Two' }] });
      expect(await eventsOf(t, made.id)).toEqual(['interest.received', 'interest.changed', 'interest.changed']);
      expect((await patch(made.id, made.contributor.auth, {}, 1).expect(412)).status).toBe(412);
      await t.api.patch(`/v1/interests/${made.id}`).set(made.contributor.auth).send({}).expect(428);
      await patch(made.id, theirs, {}, 3).expect(404);
      expect(faults(await patch(made.id, made.contributor.auth, { keepOnFile: true }, 3).expect(400))).toEqual([
        '/keepOnFile unknown_field',
      ]);
      expect(
        code(
          await patch(made.id, made.contributor.auth, { answers: [{ key: 'no', way: 'text', text: 'x' }] }, 3).expect(
            422,
          ),
        ),
      ).toBe('answers_not_right');
      await on.move(coordinator, made.id, 'shortlist').expect(200);
      expect(code(await patch(made.id, made.contributor.auth, { availability: 'x' }, 4).expect(409))).toBe(
        'wrong_state',
      );
    });

    it('not after the last day', async () => {
      const made = await on.sent(await on.opportunity({ closesOn: '2026-11-24' }));
      t.clock.set('2026-11-25T00:00:00Z');
      expect(code(await patch(made.id, made.contributor.auth, { availability: 'x' }).expect(409))).toBe('wrong_state');
    });
  });
});
