import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { makeDraft } from '../involvement/opportunity-support';
import { Interests } from '../involvement/interest-support';
import { whereFound } from '../kernel/privacy-checks';
import { OURS, startApp, TestApp } from '../support/app';

/** What staff write in words of their own may name people: the audit trail does not keep it, and an erasure finds it. */

type Headers = { authorization: string };
type Known = { id: string; version: number };
let t: TestApp;
let owner: Client;
let coordinator: Headers;
let administrator: Headers;
let steward: Headers;
let on: Interests;

beforeAll(async () => {
  t = await startApp();
  owner = new Client(t.db.options);
  await owner.connect();
  [coordinator, administrator] = [await t.as('coordinator'), await t.as('national-administrator')];
  steward = await t.as('data-steward');
  on = new Interests(t, coordinator, await t.as('site'));
});
afterAll(async () => {
  await owner.end();
  await t.stop();
});

const plant = (): string => `Quillon${randomUUID().replaceAll('-', '')}`;
async function post(path: string, who: Headers, body: object, version?: number): Promise<Known> {
  const answer = await t.api
    .post(path)
    .set({ ...who, ...(version ? { 'if-match': `"${version}-json"` } : {}) })
    .send(body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.body as Known;
}
const erase = (path: string) => post(`${path}/erase`, steward, { because: 'asked_by_person' });

it('the part somebody has, and what a meeting was called', async () => {
  const { id: contributorId } = await on.contributor();
  const [role, title] = [plant(), plant()];
  const part = await post('/v1/involvements', coordinator, {
    ...{ projectId: await on.projectId(), contributorId, role, from: '2026-11-01' },
  });
  await post(`/v1/involvements/${part.id}/activities`, coordinator, {
    ...{ on: '2026-11-10', kind: 'meeting', title, mode: 'online', minutes: 60 },
  });
  expect(await whereFound(owner, role)).toEqual(['involvement.involvement']);
  expect(await whereFound(owner, title)).toEqual(['involvement.activity']);
  await erase(`/v1/contributors/${contributorId}`);
  expect([...(await whereFound(owner, role)), ...(await whereFound(owner, title))]).toEqual([]);
});

it('what a reviewer wrote to whoever submitted', async () => {
  const { id: author } = await t.account('coordinator', OURS, 'author');
  const writes = await t.as('coordinator', OURS, 'author');
  const note = plant();
  const draft = await makeDraft(t, writes, await on.projectId());
  await post(`/v1/opportunities/${draft.id}/submit`, writes, {});
  await post(`/v1/opportunities/${draft.id}/return`, coordinator, { reviewNote: note });
  expect(await whereFound(owner, note)).toEqual(['involvement.opportunity']);
  await erase(`/v1/accounts/${author}`);
  expect(await whereFound(owner, note)).toEqual([]);
  const { rows } = await t.db.query(
    'SELECT 1 FROM involvement.opportunity WHERE $1 IN (submitted_by, edited_by, approved_by)',
    [author],
  );
  expect(rows).toEqual([]);
});

it('why an opportunity is hidden, in the audit trail', async () => {
  const because = plant();
  await post(`/v1/opportunities/${await on.opportunity()}/hide`, administrator, { hiddenBecause: because });
  expect(await whereFound(owner, because)).toEqual(['involvement.opportunity']);
});

it('why somebody’s application was refused', async () => {
  const applicant = { authorization: `Bearer ${await t.token({ sub: randomUUID() })}` };
  const me = (await post('/v1/me', applicant, { name: 'Applicant' })) as unknown as { account: Known };
  const applied = await post('/v1/organisation-applications', applicant, {
    ...{ name: 'Walkers of Wyre', kind: 'charity', reason: 'We walk.' },
  });
  const reason = plant();
  await post(`/v1/organisations/${applied.id}/refuse`, administrator, { reason }, applied.version);
  expect(await whereFound(owner, reason)).toEqual(['people.organisation']);
  await erase(`/v1/accounts/${me.account.id}`);
  expect(await whereFound(owner, reason)).toEqual([]);
});
