import { Interests, somebody } from '../involvement/interest-support';
import { startApp, TestApp } from '../support/app';

/** Whoever is shown a person's data is in that person's ledger, by whatever route they came. */

type Headers = { authorization: string };
let t: TestApp;
let on: Interests;
let coordinator: Headers;
let ours: string;
let id: string;
let auth: Headers;
let interest: string;
let opportunity: string;
const NAME = 'Wilhelmina Unmistakable';
const CONTACT = 'wilhelmina.unmistakable@example.org';

beforeAll(async () => {
  t = await startApp();
  coordinator = await t.as('coordinator');
  ours = await t.organisation('rrdn-north-west');
  on = new Interests(t, coordinator, await t.as('site'));
  ({ id, auth } = await on.contributor({
    name: NAME,
    email: CONTACT,
    outwardPostcode: 'LS6',
    regionCode: 'E12000003',
  }));
  await t.db.query(`UPDATE people.contributor_organisation SET "from" = '2026-01-01' WHERE contributor_id = $1`, [id]);
  opportunity = await on.opportunity();
  interest = ((await on.send(auth, opportunity)).body as { id: string }).id;
  await on.move(coordinator, interest, 'shortlist').expect(200);
  await t.api
    .post(`/v1/projects/${await on.projectId()}/team`)
    .set(coordinator)
    .send({ contributorId: id, name: NAME, role: 'other' })
    .expect(201);
});
afterAll(() => t.stop());

const reads = async (): Promise<number> => {
  const { body } = await t.api.get(`/v1/contributors/${id}/reads?limit=100`).set(auth).expect(200);
  return (body as { data: object[] }).data.length;
};
const tag = async (path: string): Promise<string> => String((await t.api.get(path).set(auth)).headers.etag);

describe('the ledger has whoever was shown the person', () => {
  it.each([
    ['in the list of contributors', () => t.api.get('/v1/contributors?q=wilhel').set(coordinator)],
    ['on their record', () => t.api.get(`/v1/contributors/${id}`).set(coordinator)],
    ['in a file', () => t.api.get('/v1/contributors.csv').set(coordinator)],
    ['in the list of interests', () => t.api.get('/v1/interests').set(coordinator)],
    ['in an interest', () => t.api.get(`/v1/interests/${interest}`).set(coordinator)],
    [
      'in the interests of an opportunity',
      () => t.api.get(`/v1/opportunities/${opportunity}/interests`).set(coordinator),
    ],
    ['in the list of notices', () => t.api.get('/v1/notices').set(coordinator)],
    ['in a team', async () => t.api.get(`/v1/projects/${await on.projectId()}/team`).set(coordinator)],
    ['by a decision', () => on.move(coordinator, interest, 'reserve')],
    [
      'by tying them to an organisation they have',
      async () => {
        const answer = await t.api.get(`/v1/contributors/${id}`).set(auth);
        const [tie] = (answer.body as { organisations: { id: string }[] }).organisations;
        return t.api.post(`/v1/contributors/${id}/organisations/${tie?.id}/make-home`).set(coordinator).send();
      },
    ],
  ])('%s', async (_, show) => {
    const before = await reads();
    const answer = await show();
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(NAME);
    expect(await reads()).toBe(before + 1);
  });

  it('in a file taken out in the first hour of their first day, which in summer is the day before in UTC', async () => {
    await t.api.get('/v1/contributors.csv').set(coordinator).expect(200);
    const late = await on.contributor();
    await t.db.query(`UPDATE people.contributor_organisation SET "from" = '2026-07-01' WHERE contributor_id = $1`, [
      late.id,
    ]);
    await t.db.query(
      `UPDATE kernel.audit_entry SET at = '2026-06-30T23:30:00Z' WHERE id = (SELECT max(id) FROM kernel.audit_entry WHERE action = 'exported')`,
    );
    const { body } = await t.api.get(`/v1/contributors/${late.id}/reads`).set(late.auth).expect(200);
    expect((body as { data: { action: string }[] }).data.map(({ action }) => action)).toContain('exported');
  });

  it('by a change of nothing, which shows all', async () => {
    const before = await reads();
    const answer = await t.api
      .patch(`/v1/contributors/${id}`)
      .set({ ...coordinator, 'if-match': await tag(`/v1/contributors/${id}`) })
      .send({});
    expect(answer.text).toContain(CONTACT);
    expect(await reads()).toBe(before + 1);
  });

  it('by a merge, which shows both', async () => {
    const other = await t.api
      .post('/v1/contributors')
      .set(coordinator)
      .send({ organisationId: ours, name: NAME, preferredChannel: 'email', email: CONTACT, ageGroup: 'adult' });
    const before = await reads();
    const { id: otherId } = other.body as { id: string };
    expect((await t.api.post(`/v1/contributors/${id}/merge`).set(coordinator).send({ otherId })).text).toContain(
      CONTACT,
    );
    expect(await reads()).toBe(before + 1);
  });

  it('but not the person, and not whoever was refused', async () => {
    const before = await reads();
    await t.api.get(`/v1/contributors/${id}`).set(auth).expect(200);
    await t.api
      .patch(`/v1/contributors/${id}`)
      .set({ ...auth, 'if-match': await tag(`/v1/contributors/${id}`) })
      .send({})
      .expect(200);
    await t.api
      .get(`/v1/contributors/${id}`)
      .set(await t.as('coordinator', 'rrdn-south-west-central'))
      .expect(404);
    await t.api
      .patch(`/v1/contributors/${id}`)
      .set({ ...coordinator, 'if-match': '"9999-json"' })
      .send({})
      .expect(412);
    expect(await reads()).toBe(before);
  });

  it('and words to somebody without a record are read on record too', async () => {
    const recorded = await on.record(opportunity, {
      person: somebody(5, { name: 'Nobody Recorded' }),
      confirmedByCall: true,
    });
    await on.move(coordinator, (recorded.body as { id: string }).id, 'shortlist').expect(200);
    const count = async (): Promise<number> =>
      (
        await t.db.query<{ n: number }>(
          `SELECT count(*)::integer AS n FROM kernel.audit_entry WHERE action = 'read' AND subject = 'notice'`,
        )
      ).rows[0]?.n ?? -1;
    const before = await count();
    const answer = await t.api.get('/v1/notices?state=owed&limit=1').set(coordinator);
    expect(answer.text).toContain('Nobody Recorded');
    expect(await count()).toBe(before + 1);
  });
});
