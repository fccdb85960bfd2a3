import { OURS, startApp, TestApp, THEIRS } from '../support/app';

let t: TestApp;
let ours: string;
let theirs: string;
beforeAll(async () => {
  t = await startApp();
  ours = await t.organisation(OURS);
  theirs = await t.organisation(THEIRS);
});
afterAll(() => t.stop());

type Headers = { authorization: string };
const person = (more: object = {}) => ({
  name: 'Rosalind Achterberg',
  email: 'rosalind@example.org',
  preferredChannel: 'email',
  ageGroup: 'adult',
  organisationId: ours,
  ...more,
});
const coordinator = (): Promise<Headers> => t.as('coordinator');
async function made(
  more: object = {},
  headers?: Headers,
): Promise<{ id: string; version: number; organisations: { id: string }[] }> {
  const answer = await t.api
    .post('/v1/contributors')
    .set(headers ?? (await coordinator()))
    .send(person(more));
  expect(answer.body).toMatchObject({ id: expect.any(String) as string });
  expect(answer.status).toBe(201);
  return answer.body as never;
}
/** A signed-in person whose account is tied to the contributor. */
async function asContributor(id: string, who = id): Promise<Headers> {
  const headers = await t.as('contributor', OURS, who);
  const { id: account } = await t.account('contributor', OURS, who);
  await t.db.query('UPDATE people.account SET contributor_id = $1 WHERE id = $2', [id, account]);
  return headers;
}
const count = async (sql: string, params: unknown[] = []): Promise<number> =>
  (await t.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, params)).rows[0]?.n ?? -1;

describe('organisations of a contributor', () => {
  it('are dated, with one home, and who has none has left', async () => {
    const { id, organisations } = await made();
    const own = await asContributor(id);
    const joined = await t.api
      .post(`/v1/contributors/${id}/organisations`)
      .set(own)
      .send({ organisationId: theirs, home: true });
    expect(joined.status).toBe(201);
    expect(joined.body).toMatchObject({
      version: 2,
      organisations: expect.arrayContaining([
        expect.objectContaining({ organisationId: theirs, home: true }),
        expect.objectContaining({ organisationId: ours, home: false }),
      ]) as unknown,
    });
    expect((await t.api.get(`/v1/contributors/${id}`).set(await t.as('coordinator', THEIRS))).status).toBe(200);
    expect(
      (await t.api.post(`/v1/contributors/${id}/organisations`).set(own).send({ organisationId: theirs })).status,
    ).toBe(409);
    const first = organisations[0]?.id ?? '';
    const home = await t.api.post(`/v1/contributors/${id}/organisations/${first}/make-home`).set(own);
    expect(home.body).toMatchObject({
      version: 3,
      organisations: expect.arrayContaining([expect.objectContaining({ organisationId: ours, home: true })]) as unknown,
    });
    // Another organisation's coordinator may not end what is not theirs.
    expect(
      (await t.api.post(`/v1/contributors/${id}/organisations/${first}/end`).set(await t.as('coordinator', THEIRS)))
        .status,
    ).toBe(404);
    const ended = await t.api.post(`/v1/contributors/${id}/organisations/${first}/end`).set(await coordinator());
    expect(ended.body).toMatchObject({
      state: 'active',
      organisations: expect.arrayContaining([
        expect.objectContaining({ organisationId: theirs, home: true }),
      ]) as unknown,
    });
    expect((await t.api.get(`/v1/contributors/${id}`).set(await coordinator())).status).toBe(404);
    expect((await t.api.post(`/v1/contributors/${id}/organisations/${first}/end`).set(own)).status).toBe(409);
    const last =
      (ended.body as { organisations: { id: string; organisationId: string }[] }).organisations.find(
        (o) => o.organisationId === theirs,
      )?.id ?? '';
    const left = await t.api.post(`/v1/contributors/${id}/organisations/${last}/end`).set(own);
    expect(left.body).toMatchObject({ state: 'left', leftAt: '2026-11-23T12:00:00.000Z' });
    expect(await count(`kernel.event WHERE type = 'contributor.left' AND subject_id = $1`, [id])).toBe(2);
    const back = await t.api.post(`/v1/contributors/${id}/organisations`).set(own).send({ organisationId: ours });
    expect(back.body).toMatchObject({ state: 'active', leftAt: null });
  });

  it('keep one home when two are chosen at once', async () => {
    const { id } = await made();
    const own = await asContributor(id);
    const place = await t.organisation('rrdn-west-midlands');
    await Promise.all(
      [theirs, place].map((organisationId) =>
        t.api.post(`/v1/contributors/${id}/organisations`).set(own).send({ organisationId, home: true }),
      ),
    );
    expect(await count('people.contributor_organisation WHERE contributor_id = $1', [id])).toBe(3);
    expect(await count('people.contributor_organisation WHERE contributor_id = $1 AND home', [id])).toBe(1);
  });
});

describe('link codes', () => {
  const code = async (id: string): Promise<string> => {
    const answer = await t.api.post(`/v1/contributors/${id}/link-code`).set(await coordinator());
    expect(answer.status).toBe(201);
    return (answer.body as { code: string }).code;
  };
  const newcomer = async (sub: string): Promise<Headers> => ({ authorization: `Bearer ${await t.token({ sub })}` });
  const use = async (sub: string, text: string) =>
    t.api
      .post('/v1/me/contributor')
      .set(await newcomer(sub))
      .send({ code: text });

  it('tie an account to a record, once, however they are typed', async () => {
    const { id } = await made({ name: 'Linked Person' });
    const text = await code(id);
    expect(await count("people.link_code WHERE position(convert_to($1, 'UTF8') IN code_hash) > 0", [text])).toBe(0);
    const linked = await use('linked', text.toLowerCase().replaceAll('-', ' '));
    expect(linked.status).toBe(201);
    expect(linked.body).toMatchObject({ id, name: 'Linked Person' });
    expect((await t.api.get(`/v1/contributors/${id}`).set(await newcomer('linked'))).status).toBe(200);
    expect((await use('somebody-else', text)).status).toBe(422);
    expect(((await use('linked', await code(id))).body as { code: string }).code).toBe('already_registered');
  });

  it('end with time, and when a new one is made', async () => {
    const { id } = await made();
    const [old, text] = [await code(id), await code(id)];
    expect((await use('late', old)).status).toBe(422);
    const before = t.clock.now();
    t.clock.advance(15 * 86_400_000);
    expect((await use('late', text)).status).toBe(422);
    t.clock.set(before);
  });

  it('are won by one of two at once', async () => {
    const { id } = await made();
    const text = await code(id);
    const both = await Promise.all([use('racer-1', text), use('racer-2', text)]);
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 422]);
  });

  it('are for coordinators to make', async () => {
    const { id } = await made();
    expect((await t.api.post(`/v1/contributors/${id}/link-code`)).status).toBe(401);
    expect((await t.api.post(`/v1/contributors/${id}/link-code`).set(await t.as('coordinator', THEIRS))).status).toBe(
      404,
    );
    expect((await t.api.get('/v1/me/contributor').set(await coordinator())).status).toBe(404);
  });
});
