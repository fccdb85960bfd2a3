import { Interests, somebody } from '../involvement/interest-support';
import { startApp, TestApp, THEIRS } from '../support/app';

/** What a site, and a researcher, could reach beyond what is theirs. */

type Headers = { authorization: string };
let t: TestApp;
let on: Interests;
let coordinator: Headers;
let site: Headers;
beforeAll(async () => {
  t = await startApp();
  [coordinator, site] = [await t.as('coordinator'), await t.as('site')];
  on = new Interests(t, coordinator, site);
});
afterAll(() => t.stop());

const textOf = async (path: string, who: Headers): Promise<string> => (await t.api.get(path).set(who)).text;

describe('a site', () => {
  it('reaches what it sent and nothing else: not another site’s, not what staff recorded, not a contributor’s', async () => {
    const other = await t.as('site', THEIRS);
    const opportunity = await on.opportunity();
    const ids = [
      (
        (await on.send(other, opportunity, { person: somebody(801, { name: 'Of another site' }) })).body as {
          id: string;
        }
      ).id,
      (await on.recorded(opportunity, { name: 'Recorded by staff' })).id,
      (await on.sent(opportunity)).id,
    ];
    const { id: own } = (await on.send(site, opportunity, { person: somebody(802, { name: 'Of this site' }) }))
      .body as {
      id: string;
    };
    for (const id of ids) {
      expect((await t.api.get(`/v1/interests/${id}`).set(site)).status).toBe(404);
      for (const move of ['accept', 'decline', 'withdraw']) expect((await on.move(site, id, move)).status).toBe(404);
    }
    for (const path of ['/v1/interests', '/v1/me/interests', `/v1/interests?opportunity=${opportunity}`]) {
      const { data } = JSON.parse(await textOf(path, site)) as { data: { id: string }[] };
      expect(data.map(({ id }) => id)).toEqual([own]);
    }
    expect((await t.api.get(`/v1/opportunities/${opportunity}/interests`).set(site)).status).toBe(404);
    expect((await t.api.get('/v1/contributors').set(site)).status).toBe(403);
  });

  it('no longer reads what it sent once it is a site no more', async () => {
    const former = await t.as('site', THEIRS, 'former');
    const opportunity = await on.opportunity();
    const { id } = (await on.send(former, opportunity, { person: somebody(803) })).body as { id: string };
    expect((await t.api.get(`/v1/interests/${id}`).set(former)).status).toBe(200);
    const { id: account } = await t.account('site', THEIRS, 'former');
    await t.db.query(`UPDATE people.membership SET until = '2026-11-20' WHERE account_id = $1`, [account]);
    expect((await t.api.get(`/v1/interests/${id}`).set(former)).status).toBe(403);
  });
});

describe('a researcher', () => {
  it('reaches their projects while they are in the team, and no day longer', async () => {
    const researcher = await t.as('researcher', THEIRS);
    const { id: accountId } = await t.account('researcher', THEIRS);
    const project = `/v1/projects/${await on.projectId()}`;
    const opportunity = await on.opportunity();
    const { id } = await on.sent(opportunity);
    const paths = [
      project,
      `${project}/team`,
      `/v1/interests/${id}`,
      `/v1/opportunities/${opportunity}/interests`,
      `/v1/opportunities/${opportunity}/places`,
    ];
    const statuses = () => Promise.all(paths.map(async (path) => (await t.api.get(path).set(researcher)).status));
    expect(new Set(await statuses())).toEqual(new Set([404]));
    const member = await t.api
      .post(`${project}/team`)
      .set(coordinator)
      .send({ accountId, role: 'researcher', from: '2026-11-23' });
    expect(new Set(await statuses())).toEqual(new Set([200]));
    const { id: place } = member.body as { id: string };
    await t.api
      .patch(`${project}/team/${place}`)
      .set({ ...coordinator, 'if-match': String(member.headers.etag) })
      .send({ from: '2026-11-01', until: '2026-11-23' })
      .expect(200);
    expect(new Set(await statuses())).toEqual(new Set([404]));
    expect((await on.move(researcher, id, 'shortlist')).status).toBe(404);
    expect((await on.decide(opportunity, [{ interestId: id, decision: 'shortlist' }], researcher)).status).toBe(404);
    expect(await on.stateOf(id)).toBe('received');
  });

  it('does not publish what they draft, nor change what the public reads', async () => {
    const researcher = await t.as('researcher');
    const { id: accountId } = await t.account('researcher');
    const project = await on.projectId();
    await t.api
      .post(`/v1/projects/${project}/team`)
      .set(coordinator)
      .send({ accountId, role: 'researcher' })
      .expect(201);
    const opportunity = await on.opportunity();
    const draft = await t.api.get(`/v1/opportunities/${opportunity}/draft`).set(researcher).expect(200);
    const change = await t.api
      .patch(`/v1/opportunities/${opportunity}`)
      .set({ ...researcher, 'if-match': String(draft.headers.etag) })
      .send({ title: 'Quietly another' });
    expect(change.status).toBe(403);
    for (const move of ['publish', 'withdraw', 'pause', 'close', 'hide'])
      expect((await t.api.post(`/v1/opportunities/${opportunity}/${move}`).set(researcher).send()).status).toBe(403);
    expect(await textOf(`/v1/opportunities/${opportunity}`, researcher)).not.toContain('Quietly another');
  });
});
