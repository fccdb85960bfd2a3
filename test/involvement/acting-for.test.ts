import { NOON, OURS, startApp, TestApp } from '../support/app';
import { Interests } from './interest-support';
import { Headers, Known } from './opportunity-support';

interface Entry {
  accountId: string | null;
  actingFor: string | null;
  action: string;
  subject: string;
}

describe('The audit says for whom an account acted', () => {
  let t: TestApp;
  let on: Interests;
  let coordinator: Headers;
  let site: Headers;
  let coordinatorId: string;
  let siteId: string;

  beforeAll(async () => {
    t = await startApp();
    [coordinator, site] = [await t.as('coordinator'), await t.as('site')];
    [coordinatorId, siteId] = [(await t.account('coordinator')).id, (await t.account('site')).id];
    on = new Interests(t, coordinator, site);
  });
  afterAll(() => t.stop());
  beforeEach(() => t.clock.set(NOON));

  /** The newest entry about a record. */
  const last = async (subjectId: unknown, action = 'changed'): Promise<Entry | undefined> => {
    const { body } = await t.api
      .get('/v1/audit-entries')
      .query({ subjectId: String(subjectId), action, limit: 1 })
      .set(await t.as('auditor'))
      .expect(200);
    return (body as { data: Entry[] }).data[0];
  };
  const recorded = async (opportunity: string): Promise<{ id: string; contributorId: string }> => {
    const { id: contributorId } = await on.contributor({ preferredChannel: 'phone', phone: '01632 960020' });
    const { body } = await on.record(opportunity, { contributorId }).expect(201);
    return { id: (body as Known).id, contributorId };
  };

  it('an organiser who records, answers and withdraws', async () => {
    const opportunity = await on.opportunity();
    const a = await recorded(opportunity);
    const forThem = { accountId: coordinatorId, actingFor: a.contributorId };
    expect(await last(a.id, 'created')).toMatchObject(forThem);
    await on.move(coordinator, a.id, 'offer', {}).expect(200);
    expect(await last(a.id)).toMatchObject({ accountId: coordinatorId, actingFor: null });
    await on.move(coordinator, a.id, 'accept').expect(200);
    expect(await last(a.id)).toMatchObject(forThem);
    await on.move(coordinator, a.id, 'withdraw').expect(200);
    expect(await last(a.id)).toMatchObject(forThem);
    const b = await recorded(opportunity);
    await on.move(coordinator, b.id, 'offer', {}).expect(200);
    await on.move(coordinator, b.id, 'decline').expect(200);
    expect(await last(b.id)).toMatchObject({ accountId: coordinatorId, actingFor: b.contributorId });
  });

  it('a site that answers for somebody', async () => {
    const person = { name: 'Sent Bysite', email: 'acting@example.org', replyBy: 'email' };
    const { body } = await on.send(site, await on.opportunity(), { person }).expect(201);
    const { id } = body as Known;
    const { id: contributorId } = await on.contributor();
    await t.api.post(`/v1/interests/${id}/contributor`).set(coordinator).send({ contributorId }).expect(200);
    expect(await last(id)).toMatchObject({ accountId: coordinatorId, actingFor: contributorId });
    await on.move(coordinator, id, 'offer', {}).expect(200);
    await on.move(site, id, 'decline').expect(200);
    expect(await last(id)).toMatchObject({ accountId: siteId, actingFor: contributorId });
  });

  it('nobody, where people act for themselves', async () => {
    const { id, contributor } = await on.sent(await on.opportunity());
    expect(await last(id, 'created')).toMatchObject({ actingFor: null });
    await on.move(coordinator, id, 'offer', {}).expect(200);
    await on.move(contributor.auth, id, 'accept').expect(200);
    expect(await last(id)).toMatchObject({ actingFor: null });
  });

  it('whoever gives notice', async () => {
    const { id, contributorId } = await recorded(await on.opportunity());
    await on.move(coordinator, id, 'shortlist').expect(200);
    const { rows } = await t.db.query<{ id: string }>('SELECT id FROM involvement.notice WHERE interest_id = $1', [id]);
    await t.api.post(`/v1/notices/${rows[0]?.id}/told`).set(coordinator).send({ how: 'phone' }).expect(200);
    expect(await last(rows[0]?.id)).toMatchObject({ accountId: coordinatorId, actingFor: contributorId });
  });

  it('a coordinator who writes down consent and access needs; and not the contributor who does so themself', async () => {
    const { id, auth } = await on.contributor();
    const consent = await t.api
      .post(`/v1/contributors/${id}/consents`)
      .set(coordinator)
      .send({ purpose: 'keep-on-file', how: 'phone' })
      .expect(201);
    const forThem = { accountId: coordinatorId, actingFor: id };
    expect(await last((consent.body as Known).id, 'consented')).toMatchObject(forThem);
    const need = {
      category: 'communication-professional',
      detail: 'An interpreter',
      reviewOn: '2027-11-23',
      consent: { how: 'phone' },
    };
    const told = await t.api.post(`/v1/contributors/${id}/access-needs`).set(coordinator).send(need).expect(201);
    expect(await last((told.body as Known).id, 'created')).toMatchObject(forThem);
    const own = await t.api
      .post(`/v1/contributors/${id}/access-needs`)
      .set(auth)
      .send({ ...need, consent: undefined })
      .expect(201);
    expect(await last((own.body as Known).id, 'created')).toMatchObject({ actingFor: null });
    expect((await t.account('coordinator', OURS)).id).toBe(coordinatorId);
  });
});
