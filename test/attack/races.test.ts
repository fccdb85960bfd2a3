import { TakingPart } from '../involvement/taking-part';
import { randomUUID } from 'node:crypto';
import { Interests, somebody } from '../involvement/interest-support';
import { act, makeDraft } from '../involvement/opportunity-support';
import { OURS, startApp, TestApp } from '../support/app';

/** Twenty and more at one moment: whatever wins, what must hold holds, and nobody is answered with a fault of the service. */

type Headers = { authorization: string };
type Answer = { status: number; body: unknown };
let t: TestApp;
let on: Interests;
let coordinator: Headers;
let ours: string;
beforeAll(async () => {
  t = await startApp();
  coordinator = await t.as('coordinator');
  ours = await t.organisation(OURS);
  on = new Interests(t, coordinator, await t.as('site'));
});
afterAll(() => t.stop());

const MANY = 24;
const all = <T>(start: (n: number) => PromiseLike<T>, count = MANY): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => start(n)));
const won = (answers: readonly Answer[]): number => answers.filter(({ status }) => status < 300).length;
const isPlain = (answers: readonly Answer[]): void =>
  expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
const count = async (sql: string, params: unknown[] = []): Promise<number> =>
  (await t.db.query<{ n: number }>(`SELECT count(*)::integer AS n FROM ${sql}`, params)).rows[0]?.n ?? -1;

describe('all at once', () => {
  it('one key for retries makes one record', async () => {
    const key = randomUUID();
    const body = { organisationId: ours, kind: 'study', title: `Once ${key}` };
    const answers = await all(() =>
      t.api
        .post('/v1/projects')
        .set({ ...coordinator, 'idempotency-key': key })
        .send(body),
    );
    isPlain(answers);
    expect(won(answers)).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(await count('involvement.project WHERE title = $1', [body.title])).toBe(1);
    const other = await t.api
      .post('/v1/projects')
      .set({ ...coordinator, 'idempotency-key': key })
      .send({ ...body, title: 'Another' });
    expect(other.status).toBe(422);
  });

  it('offers by one and by many, declines and accepts never overfill the places', async () => {
    const opportunity = await on.opportunity({ placesAvailable: 3 });
    const sent: Awaited<ReturnType<typeof on.sent>>[] = [];
    for (let n = 0; n < 8; n++) sent.push(await on.sent(opportunity));
    const offers = await all<Answer>((n) =>
      n % 3 === 0
        ? on.decide(opportunity, [{ interestId: sent[n % 8]?.id, decision: 'offer' }])
        : on.move(coordinator, sent[n % 8]?.id, 'offer', {}),
    );
    isPlain(offers);
    expect(await on.count(opportunity, 'offered', 'accepted')).toBe(3);
    const answers = await all<Answer>((n) => {
      const one = sent[n % 8];
      const move = ['accept', 'decline', 'withdraw'][n % 3] ?? '';
      return on.move(one?.contributor.auth ?? coordinator, one?.id, move);
    });
    isPlain(answers);
    expect(await on.count(opportunity, 'offered', 'accepted')).toBeLessThanOrEqual(3);
    const accepted = await on.count(opportunity, 'accepted');
    expect(
      await count(`involvement.involvement WHERE opportunity_id = $1 AND state <> 'cancelled'`, [opportunity]),
    ).toBe(accepted);
  });

  it('an opportunity is withdrawn or taken part in, and interests come before its end or not at all', async () => {
    const opportunity = await on.opportunity({ placesAvailable: 10 });
    const { id, contributor } = await on.sent(opportunity);
    await on.move(coordinator, id, 'offer', {}).expect(200);
    const people: Awaited<ReturnType<typeof on.contributor>>[] = [];
    for (let n = 0; n < 6; n++) people.push(await on.contributor());
    const answers = await all<Answer>((n) => {
      if (n === 3) return act(t, coordinator, opportunity, 'withdraw');
      if (n === 4) return on.move(contributor.auth, id, 'accept');
      return on.send(people[n % 6]?.auth ?? coordinator, opportunity);
    });
    isPlain(answers);
    expect(answers[3]?.status).toBe(200);
    expect(await on.count(opportunity, 'accepted')).toBe(answers[4]?.status === 200 ? 1 : 0);
    expect((await on.send(people[0]?.auth ?? coordinator, opportunity)).status).toBe(404);
    const { rows } = await t.db.query(
      `SELECT contributor_id FROM involvement.interest WHERE opportunity_id = $1 GROUP BY 1 HAVING count(*) > 1`,
      [opportunity],
    );
    expect(rows).toEqual([]);
  });

  it('one is published, withdrawn, submitted and changed: its states follow one another', async () => {
    const { id } = await makeDraft(t, coordinator, await on.projectId());
    const moves = ['publish', 'withdraw', 'submit', 'pause', 'close', 'resume'];
    const answers = await all<Answer>((n) => act(t, coordinator, id, moves[n % 6] ?? ''));
    isPlain(answers);
    const { rows } = await t.db.query<{ version: number }>(
      'SELECT version FROM involvement.opportunity WHERE id = $1',
      [id],
    );
    expect(rows[0]?.version).toBe(1 + won(answers));
  });

  it('a contact is interested once, and what a site sends beside that are a few repeats of it', async () => {
    const opportunity = await on.opportunity();
    const answers = await all((n) =>
      on.send(on.site, opportunity, {
        person: somebody(400, { name: `Spelling ${n}`, email: ' Once@Example.org'.trim() }),
      }),
    );
    isPlain(answers);
    expect(won(answers)).toBe(5);
    const { rows } = await t.db.query<{ repeats: number; firsts: number }>(
      `SELECT count(duplicate_of)::integer AS repeats, count(*) FILTER (WHERE duplicate_of IS NULL)::integer AS firsts
       FROM involvement.interest WHERE opportunity_id = $1`,
      [opportunity],
    );
    expect(rows).toEqual([{ repeats: 4, firsts: 1 }]);
    const another = await on.opportunity();
    const recorded = await all(() => on.record(another, { person: somebody(401) }));
    isPlain(recorded);
    expect(won(recorded)).toBe(1);
  });

  it('two keys of a name live, and no third', async () => {
    const answers = await all(() =>
      t.api.post('/v1/api-keys').set(coordinator).send({ organisationId: ours, name: 'Raced key' }),
    );
    isPlain(answers);
    expect(won(answers)).toBe(2);
  });

  it('a role is held once at a time', async () => {
    const { id: accountId } = await t.account('auditor', OURS, 'raced');
    const answers = await all((n) =>
      t.api
        .post('/v1/memberships')
        .set(coordinator)
        .send({
          accountId,
          organisationId: ours,
          role: 'researcher',
          from: `2026-12-${String((n % 20) + 1).padStart(2, '0')}`,
        }),
    );
    isPlain(answers);
    expect(won(answers)).toBe(1);
  });

  it('an identity opens one account, and one contributor', async () => {
    const who = { authorization: `Bearer ${await t.token({ sub: 'raced-identity' })}` };
    const answers = await all<Answer>((n) =>
      n % 2
        ? t.api.post('/v1/me').set(who).send({ name: 'Raced' })
        : t.api.post('/v1/contributors').set(who).send({
            organisationId: ours,
            myself: true,
            name: 'Raced',
            preferredChannel: 'in-person',
            ageGroup: 'adult',
          }),
    );
    isPlain(answers);
    expect(await count(`people.account WHERE subject = 'raced-identity'`)).toBe(1);
    expect(await count(`people.contributor WHERE name = 'Raced'`)).toBeLessThanOrEqual(1);
  });

  it('files with the same references add each person once', async () => {
    const rows = Array.from({ length: 30 }, (_, n) => `RACE-${n},Raced Row,in-person,adult`).join('\n');
    const answers = await all(
      () =>
        t.api
          .post(`/v1/contributors/imports?organisation=${ours}`)
          .set(coordinator)
          .set('content-type', 'text/csv')
          .send(`reference,name,preferred_channel,age_group\n${rows}\n`),
      8,
    );
    isPlain(answers);
    expect(won(answers)).toBe(8);
    expect(await count(`people.contributor_organisation WHERE reference LIKE 'RACE-%'`)).toBe(30);
    expect(await count(`people.contributor WHERE name = 'Raced Row'`)).toBe(30);
  });

  it('merges, changes, erasures and readings of two records end in one order', async () => {
    const [a, b] = [await on.contributor(), await on.contributor()];
    const steward = await t.as('data-steward');
    const answers = await all<Answer>((n) => {
      const [kept, gone] = n % 2 ? [a.id, b.id] : [b.id, a.id];
      switch (n % 4) {
        case 0:
          return t.api.post(`/v1/contributors/${kept}/merge`).set(coordinator).send({ otherId: gone });
        case 1:
          return t.api
            .patch(`/v1/contributors/${kept}`)
            .set({ ...coordinator, 'if-match': '"1-json"' })
            .send({ name: 'Changed' });
        case 2:
          return t.api.get(`/v1/contributors/${kept}`).set(coordinator);
        default:
          return n === 23
            ? t.api.post(`/v1/contributors/${kept}/erase`).set(steward).send({ because: 'asked_by_person' })
            : t.api.get(`/v1/contributors/${gone}/everything`).set(steward);
      }
    });
    isPlain(answers);
    const { rows } = await t.db.query<{ state: string; name: string | null }>(
      'SELECT state, name FROM people.contributor WHERE id = ANY($1::uuid[])',
      [[a.id, b.id]],
    );
    expect(rows.every(({ state, name }) => (state === 'erased') === (name === null))).toBe(true);
  });

  it('needs are read under a grant before it is taken back, and never after', async () => {
    const { id, auth } = await on.contributor();
    const path = `/v1/contributors/${id}`;
    await t.api
      .post(`${path}/access-needs`)
      .set(auth)
      .send({ category: 'time', detail: 'Mornings only.', consent: { how: 'online' } })
      .expect(201);
    const grant = await t.api
      .post(`${path}/access-grants`)
      .set(auth)

      .send({
        involvementId: await new TakingPart(t).anything(id, OURS),
        organisationId: ours,
        expiresAt: '2026-12-24T12:00:00Z',
      });
    const { id: grantId } = grant.body as { id: string };
    const read = () => t.api.get(`/v1/access-grants/${grantId}/needs`).set(coordinator);
    const answers = await all<Answer>((n) =>
      n % 8 === 4 ? t.api.post(`${path}/access-grants/${grantId}/revoke`).set(auth).send() : read(),
    );
    isPlain(answers);
    expect((await read()).status).toBe(404);
    const { rows } = await t.db.query<{ n: number }>(
      `SELECT count(*)::integer AS n FROM kernel.audit_entry WHERE person_id = $1 AND subject = 'access_need' AND action = 'read'`,
      [id],
    );
    expect(rows[0]?.n).toBe(
      answers.filter(
        ({ status, body }) => status === 200 && 'needs' in (body as object) && !('revokedAt' in (body as object)),
      ).length,
    );
  });
});
