import { Client } from 'pg';
import { NoticeFactsFinder } from '../../src/involvement/notice/notice-facts';
import { NoticeOwing } from '../../src/involvement/notice/notice-owing';
import { Interests, somebody } from '../involvement/interest-support';
import { startApp, TestApp } from '../support/app';

/** Requests that were let in before an erasure and are carried out after it: they must not bring the person back. */

type Headers = { authorization: string };
let t: TestApp;
let on: Interests;
let coordinator: Headers;
let blocker: Client;
beforeAll(async () => {
  t = await startApp({ DATABASE_POOL: '40' });
  coordinator = await t.as('coordinator');
  on = new Interests(t, coordinator, await t.as('site'));
  blocker = new Client(t.db.options);
  await blocker.connect();
});
afterAll(async () => {
  await blocker.end();
  await t.stop();
});

/** Until so many statements of the service wait for a lock. */
async function waiting(count: number): Promise<void> {
  for (let look = 0; look < 2000; look++) {
    const { rows } = await t.db.query<{ n: number }>(
      `SELECT count(DISTINCT l.pid)::integer AS n FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid AND a.datname = current_database() WHERE NOT l.granted`,
    );
    if ((rows[0]?.n ?? 0) >= count) return;
  }
  throw new Error(`Not ${count} statements came to wait`);
}

/** Holds a lock; starts the requests one after the other, each once those before it wait; lets go; answers what came of each. */
async function inOrder(
  lock: string,
  params: unknown[],
  ...starts: (() => PromiseLike<{ status: number }>)[]
): Promise<number[]> {
  await blocker.query('BEGIN');
  await blocker.query(lock, params);
  const running: Promise<{ status: number }>[] = [];
  for (const start of starts) {
    running.push(Promise.resolve(start()));
    await waiting(running.length);
  }
  await blocker.query('COMMIT');
  return (await Promise.all(running)).map(({ status }) => status);
}

const erase = (id: string, who: Headers) =>
  t.api.post(`/v1/contributors/${id}/erase`).set(who).send({ because: 'asked_by_person' });
const count = async (sql: string, params: unknown[]): Promise<number> =>
  (await t.db.query<{ n: number }>(`SELECT count(*)::integer AS n FROM ${sql}`, params)).rows[0]?.n ?? -1;
const PERSON_LOCK = 'SELECT pg_advisory_xact_lock(1120, hashtext($1))';
const ROW_LOCK = 'SELECT 1 FROM people.contributor WHERE id = $1 FOR UPDATE';

const ACCOUNT_LOCK = 'SELECT 1 FROM people.account WHERE id = $1 FOR UPDATE';

describe('after an erasure', () => {
  it.each([
    ['lived-experience', { statement: 'Late words.', consent: { how: 'online' } }, 'people.lived_experience'],
    ['access-needs', { category: 'time', detail: 'Late need.', consent: { how: 'online' } }, 'people.access_need'],
  ])('nothing is kept of %s that was on its way', async (path, body, table) => {
    const { id, auth } = await on.contributor();
    const late = () => t.api.post(`/v1/contributors/${id}/${path}`).set(auth).send(body);
    const [erased, added] = await inOrder(PERSON_LOCK, [id], () => erase(id, auth), late);
    expect([erased, added]).toEqual([200, 404]);
    expect(await count(`${table} WHERE contributor_id = $1`, [id])).toBe(0);
    expect(await count('kernel.consent WHERE person_id = $1', [id])).toBe(0);
  });

  it('an interest that was on its way is not the person’s', async () => {
    const { id, auth } = await on.contributor();
    const opportunity = await on.opportunity();
    const sending = () => on.send(auth, opportunity, { availability: 'Late words.' });
    const [erased, sent] = await inOrder(ROW_LOCK, [id], () => erase(id, auth), sending);
    expect([erased, sent]).toEqual([200, 404]);
    expect(await count('involvement.interest WHERE contributor_id = $1', [id])).toBe(0);
  });

  it('an interest is tied to nobody', async () => {
    const { id, auth } = await on.contributor();
    const opportunity = await on.opportunity();
    const sent = (await on.record(opportunity, { person: somebody(77), confirmedByCall: true })).body as { id: string };
    const tying = () => t.api.post(`/v1/interests/${sent.id}/contributor`).set(coordinator).send({ contributorId: id });
    const [erased, tied] = await inOrder(ROW_LOCK, [id], () => erase(id, auth), tying);
    expect([erased, tied]).toEqual([200, 422]);
    expect(await count('involvement.interest WHERE contributor_id = $1', [id])).toBe(0);
  });

  it('nobody joins a team, an organisation or a project by it', async () => {
    const { id, auth } = await on.contributor();
    const projectId = await on.projectId();
    const theirs = await t.organisation('rrdn-south-west-central');
    const [erased, ...late] = await inOrder(
      ROW_LOCK,
      [id],
      () => erase(id, auth),
      () => t.api.post(`/v1/contributors/${id}/organisations`).set(auth).send({ organisationId: theirs }),
      () =>
        t.api
          .post(`/v1/projects/${projectId}/team`)
          .set(coordinator)
          .send({ contributorId: id, name: 'Late Name', role: 'other' }),
      () =>
        t.api
          .post('/v1/involvements')
          .set(coordinator)
          .send({ projectId, contributorId: id, role: 'member', from: '2026-11-01' }),
    );
    expect([erased, ...late]).toEqual([200, 404, 422, 404]);
    for (const table of ['people.contributor_organisation', 'involvement.team_member', 'involvement.involvement'])
      expect([table, await count(`${table} WHERE contributor_id = $1`, [id])]).toEqual([table, 0]);
  });

  it('a file and a change bring nobody back', async () => {
    const { id, auth } = await on.contributor();
    const organisation = await t.organisation('rrdn-north-west');
    await t.db.query(`UPDATE people.contributor_organisation SET reference = 'LATE-1' WHERE contributor_id = $1`, [id]);
    const file = 'reference,name,email,preferred_channel,age_group\nLATE-1,Late Name,late@example.org,email,adult\n';
    const { etag } = (await t.api.get(`/v1/contributors/${id}`).set(auth)).headers as { etag: string };
    const answers = await inOrder(
      ROW_LOCK,
      [id],
      () => erase(id, auth),
      () =>
        t.api
          .post(`/v1/contributors/imports?organisation=${organisation}`)
          .set(coordinator)
          .set('content-type', 'text/csv')
          .send(file),
      () => t.api.patch(`/v1/contributors/${id}`).set(coordinator).set('if-match', etag).send({ name: 'Late Name' }),
    );
    expect(answers[0]).toBe(200);
    expect(answers[2]).toBe(404);
    expect(answers[1]).toBeLessThan(500);
    const { rows } = await t.db.query('SELECT name, state FROM people.contributor WHERE id = $1', [id]);
    expect(rows).toEqual([{ name: null, state: 'erased' }]);
  });

  it('an account’s application and report that were on their way are not written', async () => {
    const opportunity = await on.opportunity();
    const steward = await t.as('data-steward');
    const late = {
      'people.organisation WHERE applied_by = $1': (who: Headers) =>
        t.api
          .post('/v1/organisation-applications')
          .set(who)
          .send({ name: 'Late Carers', kind: 'charity', reason: 'Late words.' }),
      'involvement.opportunity_report WHERE account_id = $1': (who: Headers) =>
        t.api.post(`/v1/opportunities/${opportunity}/reports`).set(who).send({ reason: 'other', text: 'Late words.' }),
    };
    for (const [table, write] of Object.entries(late)) {
      const { id } = await t.account('researcher', undefined, table);
      const who = await t.as('researcher', undefined, table);
      const erasing = () => t.api.post(`/v1/accounts/${id}/erase`).set(steward).send({ because: 'asked_by_person' });
      expect(await inOrder(ACCOUNT_LOCK, [id], erasing, () => write(who))).toEqual([200, 401]);
      expect(await count(table, [id])).toBe(0);
    }
  });

  it('an account is given no role and no place in a team', async () => {
    const steward = await t.as('data-steward');
    const administrator = await t.as('national-administrator');
    const projectId = await on.projectId();
    const organisationId = await t.organisation('rrdn-north-west');
    const late = {
      'people.membership WHERE account_id = $1 AND until IS NULL': (accountId: string) =>
        t.api.post('/v1/memberships').set(administrator).send({ accountId, organisationId, role: 'data-steward' }),
      'involvement.team_member WHERE account_id = $1': (accountId: string) =>
        t.api.post(`/v1/projects/${projectId}/team`).set(coordinator).send({ accountId, role: 'researcher' }),
    };
    for (const [table, give] of Object.entries(late)) {
      const { id } = await t.account('researcher', undefined, table);
      const erasing = () => t.api.post(`/v1/accounts/${id}/erase`).set(steward).send({ because: 'asked_by_person' });
      expect(await inOrder(ACCOUNT_LOCK, [id], erasing, () => give(id))).toEqual([200, 422]);
      expect([table, await count(table, [id])]).toEqual([table, 0]);
    }
  });

  it('who applied for an organisation is not made its coordinator', async () => {
    const { id } = await t.account('researcher', undefined, 'applicant');
    const applied = await t.api
      .post('/v1/organisation-applications')
      .set(await t.as('researcher', undefined, 'applicant'))
      .send({ name: 'Carers of the Late Hour', kind: 'charity', reason: 'We involve carers.' })
      .expect(201);
    const { id: application } = applied.body as { id: string };
    const [steward, administrator] = [await t.as('data-steward'), await t.as('national-administrator')];
    const answers = await inOrder(
      ACCOUNT_LOCK,
      [id],
      () => t.api.post(`/v1/accounts/${id}/erase`).set(steward).send({ because: 'asked_by_person' }),
      () => t.api.post(`/v1/organisations/${application}/verify`).set(administrator),
    );
    expect(answers).toEqual([200, 404]);
    expect(await count('people.membership WHERE account_id = $1 AND until IS NULL', [id])).toBe(0);
  });

  it('a message that was made ready before is not sent', async () => {
    const { id: interest, contributor } = await on.sent(await on.opportunity(), {}, { email: 'late@example.org' });
    await on.move(coordinator, interest, 'shortlist').expect(200);
    const finder = t.app.get(NoticeFactsFinder, { strict: false });
    const find = finder.of.bind(finder);
    const ready = jest.spyOn(finder, 'of').mockImplementation(async (...asked) => {
      const found = await find(...asked);
      await erase(contributor.id, contributor.auth).expect(200);
      ready.mockRestore();
      return found;
    });
    await on.drain();
    expect(await on.stateOf(interest)).toBe('withdrawn');
    expect(await on.messagesTo('late@example.org')).toEqual([]);
  });

  it('a code that was made ready before is not sent', async () => {
    const sent = await on.send(on.site, await on.opportunity(), { person: somebody(78) }).expect(201);
    const { id } = sent.body as { id: string };
    const steward = await t.as('data-steward');
    const owing = t.app.get(NoticeOwing, { strict: false });
    const title = owing.titleOf.bind(owing);
    const ready = jest.spyOn(owing, 'titleOf').mockImplementation(async (...asked) => {
      await t.api.post(`/v1/interests/${id}/erase`).set(steward).send({ because: 'asked_by_person' }).expect(200);
      ready.mockRestore();
      return title(...asked);
    });
    await on.drain();
    expect(await on.stateOf(id)).toBe('withdrawn');
    expect(await on.messagesTo(somebody(78).email)).toEqual([]);
  });
});
