import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { Interests } from '../involvement/interest-support';
import { whereFound } from '../kernel/privacy-checks';
import { OURS, startApp, TestApp } from '../support/app';

/** Erasing people without a contributor's record: of an interest that a site sent, and of an account of staff. */

type Headers = { authorization: string };
type Known = { id: string; version: number };
interface Receipt {
  id: string;
  subject: string;
  subjectId: string;
  because: string;
  went: { table: string; rows: number }[];
  stayed: { table: string; what: string; rule: string }[];
}
let t: TestApp;
let owner: Client;
let coordinator: Headers;
let steward: Headers;
let on: Interests;
let texts: string[] = [];

beforeAll(async () => {
  t = await startApp();
  owner = new Client(t.db.options);
  await owner.connect();
  [coordinator, steward] = [await t.as('coordinator'), await t.as('data-steward')];
  on = new Interests(t, coordinator, await t.as('site'));
});
afterAll(async () => {
  await owner.end();
  await t.stop();
});
beforeEach(() => {
  texts = [];
});

const plant = (): string => {
  const text = `Quillon${randomUUID().replaceAll('-', '')}`;
  texts.push(text);
  return text;
};
const code = (answer: { body: unknown }): string => (answer.body as { code: string }).code;
const BECAUSE = { because: 'asked_by_person' };
const erase = (path: string, who = steward) => t.api.post(`${path}/erase`).set(who).send(BECAUSE);

async function post(path: string, who: Headers, body: object = {}): Promise<Known> {
  const answer = await t.api
    .post(path)
    .set({ 'idempotency-key': randomUUID(), ...who })
    .send(body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.body as Known;
}

async function nothingIsLeft(): Promise<void> {
  const left: string[] = [];
  for (const text of texts) left.push(...(await whereFound(owner, text)));
  expect(left).toEqual([]);
}

describe('an interest of somebody without a record', () => {
  it('is erased for good, with what was written to them, and leaves a receipt', async () => {
    const opportunity = await on.opportunity();
    const email = `${plant()}@example.org`;
    const sent = (await post(`/v1/opportunities/${opportunity}/interests`, on.site, {
      person: { name: plant(), email, phone: '07700 900987', address: plant(), replyBy: 'email' },
      availability: plant(),
      help: { name: plant(), relation: plant(), by: 'phone' },
      answers: [{ key: 'why', way: 'text', text: plant() }],
    })) as Known & { reference: string };
    await on.drain();
    await post(`/v1/interests/${sent.id}/confirm-by-call`, coordinator);
    await post(`/v1/interests/${sent.id}/shortlist`, coordinator);
    await on.drain();
    expect(await whereFound(owner, email)).toContain('kernel.outbox_message');

    const answer = await erase(`/v1/interests/${sent.id}`).expect(200);
    const receipt = answer.body as Receipt;
    expect(receipt).toMatchObject({ subject: 'interest', subjectId: sent.id, because: 'asked_by_person' });
    expect(receipt.went.map(({ table, rows }) => `${table} ${rows}`)).toEqual(['involvement.interest 1']);
    expect(receipt.stayed[0]).toMatchObject({
      table: 'involvement.interest',
      rule: expect.stringContaining('UK GDPR'),
    });
    expect((await t.api.get(`/v1/erasure-receipts/${receipt.id}`).set(steward).expect(200)).body).toEqual(receipt);
    await nothingIsLeft();

    expect(await on.stateOf(sent.id)).toBe('withdrawn');
    await t.api.post('/v1/interests/follow').send({ reference: sent.reference, contact: email }).expect(404);
    expect((await on.move(coordinator, sent.id, 'offer', {})).status).toBe(409);
    await erase(`/v1/interests/${sent.id}`).expect(404);
    const { rows } = await t.db.query<{ told: string }>(
      `SELECT 'audit ' || action AS told FROM kernel.audit_entry WHERE subject_id = $1 AND action = 'erased'
       UNION ALL SELECT type FROM kernel.event WHERE subject_id = $1 AND type = 'interest.withdrawn' ORDER BY 1`,
      [sent.id],
    );
    expect(rows.map(({ told }) => told)).toEqual(['audit erased', 'interest.withdrawn']);
  });

  it('is erased by a data steward only, who erases a contributor as a whole instead', async () => {
    const { id, contributor } = await on.sent(await on.opportunity());
    const path = `/v1/interests/${id}`;
    await t.api.post(`${path}/erase`).send(BECAUSE).expect(401);
    await erase(path, coordinator).expect(403);
    await erase(path, contributor.auth).expect(404);
    const refused = await erase(path);
    expect([refused.status, code(refused)]).toEqual([409, 'has_record']);
    expect(refused.text).toContain(`/v1/contributors/${contributor.id}/erase`);
    await t.api.post(`${path}/erase`).set(steward).send({}).expect(400);
    expect(await on.stateOf(id)).toBe('received');
  });
});

describe('an account without a contributor’s record', () => {
  it('is erased with its name, its sign-in and what its owner wrote of themself; roles end and the audit stays', async () => {
    const who = { authorization: `Bearer ${await t.token({ sub: plant() })}` };
    const me = (await post('/v1/me', who, { name: plant() })) as unknown as { account: Known };
    const { id } = me.account;
    const membership = await post('/v1/memberships', await t.as('national-administrator'), {
      accountId: id,
      organisationId: await t.organisation(OURS),
      role: 'coordinator',
    });
    await post('/v1/organisation-applications', who, { name: 'Walkers of Wyre', kind: 'charity', reason: plant() });
    await post(`/v1/projects/${await on.projectId()}/team`, coordinator, {
      accountId: id,
      name: plant(),
      role: 'researcher',
    });
    await post(`/v1/opportunities/${await on.opportunity()}/reports`, who, {
      reason: 'other',
      text: plant(),
      contact: plant(),
    });

    const receipt = (await erase(`/v1/accounts/${id}`).expect(200)).body as Receipt;
    expect(receipt).toMatchObject({ subject: 'account', subjectId: id });
    expect(receipt.went.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['people.account', 'people.organisation', 'involvement.team_member']),
    );
    expect(receipt.stayed.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['people.membership', 'kernel.audit_entry']),
    );
    await nothingIsLeft();

    expect((await t.api.get('/v1/me').set(who).expect(200)).body).toMatchObject({ account: null, memberships: [] });
    await t.api.get('/v1/contributors').set(who).expect(403);
    const { rows } = await t.db.query<{ until: string; acts: number; told: number }>(
      `SELECT until::text, (SELECT count(*)::integer FROM kernel.audit_entry WHERE account_id = $1) AS acts,
         (SELECT count(*)::integer FROM kernel.event WHERE subject_id = m.id AND type = 'membership.ended') AS told
       FROM people.membership m WHERE m.id = $2`,
      [id, membership.id],
    );
    expect(rows[0]).toMatchObject({ until: '2026-11-23', told: 1 });
    expect(rows[0]?.acts).toBeGreaterThan(0);
    await erase(`/v1/accounts/${id}`).expect(404);
  });

  it('is erased by a data steward only, and a contributor’s account with the person', async () => {
    const { id: staff } = await t.account('researcher', OURS, 'stays');
    await erase(`/v1/accounts/${staff}`, await t.as('national-administrator')).expect(403);
    await erase(`/v1/accounts/${staff}`, (await on.contributor()).auth).expect(404);
    const { id } = await on.contributor();
    const { rows } = await t.db.query<{ id: string }>('SELECT id FROM people.account WHERE contributor_id = $1', [id]);
    const refused = await erase(`/v1/accounts/${rows[0]?.id}`);
    expect([refused.status, code(refused)]).toEqual([409, 'has_record']);
  });
});
