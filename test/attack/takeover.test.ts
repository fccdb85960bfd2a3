import { randomUUID } from 'node:crypto';
import { Interests, somebody } from '../involvement/interest-support';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';

/** Ways in which somebody could come to act as, or read the record of, somebody else. */

type Headers = { authorization: string };
let t: TestApp;
let ours: string;
let coordinator: Headers;
beforeAll(async () => {
  t = await startApp();
  ours = await t.organisation(OURS);
  coordinator = await t.as('coordinator');
});
afterAll(() => t.stop());

const PERSON = { name: 'Rosalind Achterberg', preferredChannel: 'in-person', ageGroup: 'adult' };
const newcomer = async (sub = randomUUID()): Promise<Headers> => ({
  authorization: `Bearer ${await t.token({ sub })}`,
});
const add = async (more: object = {}): Promise<string> => {
  const made = await t.api
    .post('/v1/contributors')
    .set(coordinator)
    .send({ ...PERSON, organisationId: ours, ...more });
  expect(made.status).toBe(201);
  return (made.body as { id: string }).id;
};
const codeFor = async (id: string, who = coordinator): Promise<string> =>
  ((await t.api.post(`/v1/contributors/${id}/link-code`).set(who).expect(201)).body as { code: string }).code;
const use = (who: Headers, code: string) => t.api.post('/v1/me/contributor').set(who).send({ code });
const codeOf = (answer: { body: unknown }): string => (answer.body as { code: string }).code;

describe('a link code', () => {
  it('does not make a coordinator one of the people that they coordinate', async () => {
    const id = await add();
    const answer = await use(coordinator, await codeFor(id));
    expect([answer.status, codeOf(answer)]).toEqual([422, 'code_for_another']);
    expect((await t.api.get(`/v1/contributors/${id}/access-needs`).set(coordinator)).status).toBe(403);
  });

  it('serves neither the account that made it, nor one with another role there, nor one whose role is yet to begin', async () => {
    const id = await add();
    for (const role of ['researcher', 'data-steward', 'payment-approver'])
      expect(codeOf(await use(await t.as(role), await codeFor(id)))).toBe('code_for_another');
    const { id: later } = await t.account('researcher', OURS, 'later');
    await t.db.query(`UPDATE people.membership SET "from" = '2027-01-01' WHERE account_id = $1`, [later]);
    expect(codeOf(await use(await t.as('researcher', OURS, 'later'), await codeFor(id)))).toBe('code_for_another');
    const { id: maker } = await t.account('coordinator', OURS, 'former maker');
    const code = await codeFor(id, await t.as('coordinator', OURS, 'former maker'));
    await t.db.query(`UPDATE people.membership SET until = '2026-11-20' WHERE account_id = $1`, [maker]);
    expect(codeOf(await use(await t.as('coordinator', OURS, 'former maker'), code))).toBe('code_for_another');
    expect((await use(await newcomer(), await codeFor(id))).status).toBe(201);
  });

  it('leads to one account a record, also where two records become one', async () => {
    const [one, other] = [await add({ email: 'same@example.org' }), await add({ email: 'same@example.org' })];
    const [first, second] = [await newcomer(), await newcomer()];
    expect((await use(first, await codeFor(one))).status).toBe(201);
    expect((await use(second, await codeFor(other))).status).toBe(201);
    const merge = () => t.api.post(`/v1/contributors/${one}/merge`).set(coordinator).send({ otherId: other });
    const refused = await merge();
    expect([refused.status, codeOf(refused)]).toEqual([409, 'both_have_accounts']);
    await t.db.query('UPDATE people.account SET suspended_at = now() WHERE contributor_id = $1', [other]);
    expect((await merge()).status).toBe(200);
    const { rows } = await t.db.query<{ id: string }>(
      'SELECT id FROM people.account WHERE contributor_id = $1 AND suspended_at IS NOT NULL',
      [one],
    );
    const restored = await t.api
      .post(`/v1/accounts/${rows[0]?.id}/restore`)
      .set(await t.as('national-administrator'))
      .send();
    expect([restored.status, codeOf(restored)]).toEqual([409, 'has_account']);
  });

  it('ties no second account to a record beside the person’s own', async () => {
    const id = await add();
    const person = await newcomer();
    expect((await use(person, await codeFor(id))).status).toBe(201);
    await t.api
      .post(`/v1/contributors/${id}/lived-experience`)
      .set(person)
      .send({ statement: 'Mine alone.', consent: { how: 'online' } })
      .expect(201);
    const stranger = await newcomer();
    const code = await codeFor(id);
    const answer = await use(stranger, code);
    expect([answer.status, codeOf(answer)]).toEqual([409, 'has_account']);
    expect((await t.api.get('/v1/me/contributor').set(stranger)).status).toBe(404);
    await t.db.query('UPDATE people.account SET suspended_at = now() WHERE contributor_id = $1', [id]);
    expect((await use(stranger, code)).status).toBe(201);
  });

  it('is won by one of twenty accounts', async () => {
    const id = await add();
    const code = await codeFor(id);
    const callers = await Promise.all(Array.from({ length: 20 }, () => newcomer()));
    const answers = await Promise.all(callers.map((who) => use(who, code)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const { rows } = await t.db.query('SELECT id FROM people.account WHERE contributor_id = $1', [id]);
    expect(rows).toHaveLength(1);
  });
});

describe('the organisation’s own number for a person', () => {
  const register = (who: Headers, more: object) =>
    t.api
      .post('/v1/contributors')
      .set(who)
      .send({ ...PERSON, organisationId: ours, myself: true, ...more });

  it('cannot be chosen by whoever registers themselves: a file would then write somebody else’s data over their record', async () => {
    const stranger = await newcomer();
    const answer = await register(stranger, { name: 'Somebody quick', reference: 'P-0500' });
    expect([answer.status, codeOf(answer)]).toEqual([422, 'reference_not_yours']);
    expect((await register(stranger, { name: 'Somebody quick' })).status).toBe(201);
    await t.api
      .post(`/v1/contributors/imports?organisation=${ours}`)
      .set(coordinator)
      .set('content-type', 'text/csv')
      .send('reference,name,email,preferred_channel,age_group\nP-0500,Joan Real,joan.real@example.org,email,adult\n')
      .expect(200);
    expect((await t.api.get('/v1/me/contributor').set(stranger)).text).not.toContain('joan.real');
  });

  it('cannot be tried out by joining', async () => {
    await add({ reference: 'P-0501' });
    const stranger = await newcomer();
    const { id } = (await register(stranger, {}).then(({ body }) => body)) as { id: string };
    const theirs = await t.organisation(THEIRS);
    for (const reference of ['P-0501', 'P-9999']) {
      const answer = await t.api
        .post(`/v1/contributors/${id}/organisations`)
        .set(stranger)
        .send({ organisationId: theirs, reference });
      expect([answer.status, codeOf(answer)]).toEqual([422, 'reference_not_yours']);
    }
    await t.api.post(`/v1/contributors/${id}/organisations`).set(stranger).send({ organisationId: theirs }).expect(201);
  });
});

describe('a role that has ended', () => {
  it('leaves no reading of the interests that the account once recorded for the organisation', async () => {
    const former = await t.as('coordinator', OURS, 'former');
    const on = new Interests(t, coordinator, await t.as('site'));
    const opportunity = await on.opportunity();
    const recorded = await on.record(
      opportunity,
      { person: somebody(901, { name: 'Private Person' }), confirmedByCall: true },
      former,
    );
    const { id } = recorded.body as { id: string };
    const account = await t.account('coordinator', OURS, 'former');
    await t.db.query(`UPDATE people.membership SET until = '2026-11-20' WHERE account_id = $1`, [account.id]);
    for (const role of ['contributor', 'site', 'researcher']) {
      await t.db.query(
        `INSERT INTO people.membership (account_id, organisation_id, role, "from") VALUES ($1, $2, $3, '2026-11-20')`,
        [account.id, await t.organisation(THEIRS), role],
      );
      expect((await t.api.get(`/v1/interests/${id}`).set(former)).status).toBe(404);
      for (const list of ['/v1/interests', '/v1/me/interests'])
        expect((await t.api.get(list).set(former)).text).not.toContain('Private Person');
    }
    expect((await on.move(former, id, 'withdraw')).status).toBe(404);
    expect(await on.stateOf(id)).toBe('received');
  });

  it('counts from the next request, and a key of an ended one replays nothing', async () => {
    const leaving = await t.as('coordinator', OURS, 'leaving');
    const key = { 'idempotency-key': randomUUID() };
    const body = { ...PERSON, name: 'Replayed Person', organisationId: ours };
    const send = () => t.api.post('/v1/contributors').set(leaving).set(key).send(body);
    expect((await send()).status).toBe(201);
    const { id } = await t.account('coordinator', OURS, 'leaving');
    await t.db.query(`UPDATE people.membership SET until = '2026-11-20' WHERE account_id = $1`, [id]);
    await t.db.query(
      `INSERT INTO people.membership (account_id, organisation_id, role, "from") VALUES ($1, $2, 'coordinator', '2026-11-20')`,
      [id, await t.organisation(THEIRS)],
    );
    const again = await send();
    expect(again.text).not.toContain('Replayed Person');
    expect([again.status, codeOf(again)]).toEqual([409, 'answer_gone']);
    const other = await t.api.post('/v1/contributors').set(coordinator).set(key).send(body);
    expect(other.headers['idempotent-replay']).toBeUndefined();
    await t.db.query('UPDATE people.account SET suspended_at = now() WHERE id = $1', [id]);
    expect((await send()).status).toBe(401);
  });
});
