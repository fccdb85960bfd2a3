import { TakingPart } from '../involvement/taking-part';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { Retention } from '../../src/kernel/privacy/retention';
import { Sealer } from '../../src/kernel/privacy/sealer';
import { personKeysWithoutEntry, undeclaredSealedColumns, whereFound } from '../kernel/privacy-checks';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';

let t: TestApp;
let ours: string;
let owner: Client;
beforeAll(async () => {
  t = await startApp();
  ours = await t.organisation(OURS);
  owner = new Client(t.db.options);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await t.stop();
});

type Headers = { authorization: string };
let serial = 0;
/** A text that stands nowhere else. */
const planted = (): string => `Zanthor${(++serial).toString(36)}${randomUUID().replaceAll('-', '')}`;

async function add(more: object = {}): Promise<string> {
  const answer = await t.api
    .post('/v1/contributors')
    .set({ ...(await t.as('coordinator')), 'idempotency-key': randomUUID() })
    .send({ name: 'Somebody', preferredChannel: 'in-person', ageGroup: 'adult', organisationId: ours, ...more });
  expect(answer.status).toBe(201);
  return (answer.body as { id: string }).id;
}
async function asContributor(id: string): Promise<Headers> {
  const headers = await t.as('contributor', OURS, id);
  const { id: account } = await t.account('contributor', OURS, id);
  await t.db.query('UPDATE people.account SET contributor_id = $1 WHERE id = $2', [id, account]);
  return headers;
}
const count = async (sql: string, params: unknown[] = []): Promise<number> =>
  (await t.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, params)).rows[0]?.n ?? -1;
const erase = async (id: string, headers?: Headers, body: object = { because: 'asked_by_person' }) =>
  t.api
    .post(`/v1/contributors/${id}/erase`)
    .set(headers ?? (await t.as('data-steward')))
    .send(body);
const post = async (path: string, headers: object, body: object) => {
  const answer = await t.api
    .post(path)
    .set({ 'idempotency-key': randomUUID(), ...headers })
    .send(body);
  expect(answer.status).toBeLessThan(300);
  return answer.body as { id: string };
};

/** A person with a planted text in every personal field there is. */
async function full(): Promise<{ id: string; headers: Headers; texts: string[] }> {
  const texts: string[] = [];
  const p = (): string => {
    const text = planted();
    texts.push(text);
    return text;
  };
  const id = await add({
    ...{
      name: p(),
      knownAs: p(),
      email: `${p()}@example.org`,
      address: p(),
      topics: [p()],
      preferredChannel: 'supporter',
      reference: p(),
      phone: '07700 900461',
    },
    supporter: { name: p(), contact: p(), relation: p() },
    guardian: { name: p(), contact: p(), agreedAt: '2026-11-20T10:00:00Z', agreedHow: 'phone', agreedBy: p() },
    safeguardingContact: { name: p(), contact: p() },
    ageGroup: '16-to-17',
  });
  const headers = await asContributor(id);
  const path = `/v1/contributors/${id}`;
  await t.db.query('UPDATE people.account SET name = $1 WHERE contributor_id = $2', [p(), id]);
  await post(`${path}/access-needs`, headers, { category: 'time', detail: p(), consent: { how: 'online' } });
  await post(`${path}/lived-experience`, headers, { statement: p(), consent: { how: 'online' } });
  await post(`${path}/objections`, headers, { purpose: 'reporting', how: 'online', reason: p() });
  await post(`${path}/access-grants`, headers, {
    involvementId: await new TakingPart(t).anything(id, OURS),
    organisationId: ours,
    expiresAt: '2026-12-24T12:00:00Z',
  });
  await post(`${path}/link-code`, await t.as('coordinator'), {});
  await t.api
    .patch(path)
    .set({ ...headers, 'if-match': await tagOf(id, headers) })
    .send({ knownAs: p() });
  return { id, headers, texts };
}
const tagOf = async (id: string, headers: Headers): Promise<string> =>
  (await t.api.get(`/v1/contributors/${id}`).set(headers)).headers.etag ?? '';

describe('GET /v1/contributors/{id}/everything', () => {
  it('gives the person all that is held, sealed values opened, and puts it on record', async () => {
    const { id, headers, texts } = await full();
    const answer = await t.api.get(`/v1/contributors/${id}/everything`).set(headers);
    expect(answer.status).toBe(200);
    const said = JSON.stringify(answer.body);
    const changedName = texts[1] ?? '';
    expect(texts.filter((text) => !said.includes(text))).toEqual([changedName]);
    expect(answer.body).toMatchObject({ contributorId: id });
    for (const inner of ['personId', 'version', 'nameKey', 'consentBased']) expect(said).not.toContain(`"${inner}`);
    expect(said).not.toContain('+00:00');
    const { sections } = answer.body as { sections: { heading: string; rows: Record<string, unknown>[] }[] };
    const [tie] = sections.find((one) => one.heading === 'Organisations that you work with')?.rows ?? [];
    expect(tie).toMatchObject({ home: true, createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string });
    expect(Object.keys(tie ?? {})).toEqual(expect.arrayContaining(['organisation', 'from', 'until', 'reference']));
    expect(typeof tie?.organisation).toBe('string');
    expect(said).not.toContain('Sealed');
    expect(said).not.toContain('\\\\x');
    expect(
      await count(`kernel.audit_entry WHERE action = 'exported' AND person_id = $1 AND subject = 'person'`, [id]),
    ).toBe(1);
  });

  it('is for the person and for a data steward', async () => {
    const id = await add();
    const path = `/v1/contributors/${id}/everything`;
    expect((await t.api.get(path)).status).toBe(401);
    expect((await t.api.get(path).set(await t.as('coordinator'))).status).toBe(403);
    expect((await t.api.get(path).set(await asContributor(await add()))).status).toBe(404);
    expect((await t.api.get(path).set(await t.as('data-steward', THEIRS))).status).toBe(200);
  });
});

describe('POST /v1/contributors/{id}/erase', () => {
  it('leaves no planted text in any column of any table, and answers a receipt', async () => {
    const { id, headers, texts } = await full();
    const before = await Promise.all(['people.contributor', 'people.account'].map((table) => count(table)));
    expect(await whereFound(owner, texts[0] ?? '')).toContain('people.contributor');
    const answer = await erase(id, headers);
    expect(answer.status).toBe(200);
    const receipt = answer.body as {
      id: string;
      subjectId: string;
      because: string;
      went: { table: string; rows: number }[];
      stayed: { table: string; rule: string }[];
    };
    expect(receipt).toMatchObject({ subjectId: id, because: 'asked_by_person' });
    expect(receipt.went.map((part) => part.table)).toEqual(
      expect.arrayContaining([
        'people.contributor',
        'people.access_need',
        'people.lived_experience',
        'people.access_grant',
        'people.contributor_organisation',
        'kernel.consent',
        'kernel.objection',
        'people.account',
      ]),
    );
    expect(receipt.stayed.find((part) => part.table === 'kernel.audit_entry')?.rule).toContain('UK GDPR Article 17(3)');
    for (const text of texts) expect([text, await whereFound(owner, text)]).toEqual([text, []]);
    expect(await whereFound(owner, '900461')).toEqual([]);
    expect(await Promise.all(['people.contributor', 'people.account'].map((table) => count(table)))).toEqual(before);
    expect(await count(`kernel.event WHERE type = 'contributor.erased' AND subject_id = $1`, [id])).toBe(1);
    expect((await t.api.get(`/v1/contributors/${id}`).set(await t.as('coordinator'))).status).toBe(404);
    const steward = await t.as('data-steward');
    expect((await t.api.get(`/v1/erasure-receipts/${receipt.id}`).set(steward)).body).toEqual(receipt);
    expect((await erase(id)).status).toBe(404);
  });

  it('gives a retry the same receipt', async () => {
    const id = await add();
    const headers = { ...(await t.as('data-steward')), 'idempotency-key': 'erase-once' };
    const [first, second] = [await erase(id, headers), await erase(id, headers)];
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    expect(await count('kernel.erasure_receipt WHERE person_id = $1', [id])).toBe(1);
  });

  it('is done once when asked for twice at the same moment', async () => {
    const id = await add();
    const both = await Promise.all([erase(id), erase(id)]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 404]);
    expect(await count('kernel.erasure_receipt WHERE person_id = $1', [id])).toBe(1);
  });

  it('is for the person and for a data steward', async () => {
    const id = await add();
    expect((await t.api.post(`/v1/contributors/${id}/erase`)).status).toBe(401);
    expect((await erase(id, await t.as('coordinator'))).status).toBe(403);
    expect((await erase(id, await asContributor(await add()))).status).toBe(404);
    expect((await erase(id, undefined, { because: 'tidying' })).status).toBe(400);
    const receipt = (await erase(id, undefined, { because: 'recorded_in_error' })).body as {
      id: string;
      because: string;
    };
    expect(receipt.because).toBe('recorded_in_error');
    expect((await t.api.get(`/v1/erasure-receipts/${receipt.id}`).set(await t.as('coordinator'))).status).toBe(403);
    expect((await t.api.get(`/v1/erasure-receipts/${receipt.id}`).set(await asContributor(await add()))).status).toBe(
      404,
    );
    expect((await t.api.get(`/v1/erasure-receipts/${randomUUID()}`).set(await t.as('data-steward'))).status).toBe(404);
  });
});

describe('GET /v1/contributors/{id}/reads', () => {
  it('says who read what, when, why and in which role, page by page', async () => {
    const id = await add();
    const headers = await asContributor(id);
    const coordinator = await t.as('coordinator');
    for (let i = 0; i < 3; i++) await t.api.get(`/v1/contributors/${id}`).set(coordinator);
    await t.api.get(`/v1/contributors/${id}`).set(headers);
    const first = await t.api.get(`/v1/contributors/${id}/reads?limit=2`).set(headers);
    const { data, meta } = first.body as { data: object[]; meta: { nextCursor: string } };
    const { id: accountId } = await t.account('coordinator');
    expect(data).toMatchObject([
      {
        accountId,
        reader: 'person',
        action: 'read',
        subject: 'contributor',
        purpose: 'taking-part',
        what: 'name, contact points and interests',
        roles: [{ role: 'coordinator', organisation: 'NIHR Regional Research Delivery Network: North West' }],
      },
      { accountId },
    ]);
    const second = await t.api
      .get(`/v1/contributors/${id}/reads?limit=2&cursor=${encodeURIComponent(meta.nextCursor)}`)
      .set(headers);
    expect((second.body as { data: object[] }).data).toHaveLength(1);
    expect((second.body as { meta: { nextCursor: string | null } }).meta.nextCursor).toBeNull();
    const other = await add();
    expect(
      (
        await t.api
          .get(`/v1/contributors/${other}/reads?cursor=${encodeURIComponent(meta.nextCursor)}`)
          .set(await t.as('auditor'))
      ).status,
    ).toBe(400);
    expect((await t.api.get(`/v1/contributors/${id}/reads`).set(coordinator)).status).toBe(403);
    expect((await t.api.get(`/v1/contributors/${other}/reads`).set(headers)).status).toBe(404);
    expect((await t.api.get(`/v1/contributors/${id}/reads`)).status).toBe(401);
  });
});

describe('retention', () => {
  it('erases whoever left three years ago, whole, and nobody else', async () => {
    const [old, recent, active] = [
      await add({ name: 'Old' }),
      await add({ name: 'Recent' }),
      await add({ name: 'Active' }),
    ];
    await t.db.query(`UPDATE people.contributor SET state = 'left', left_at = '2023-11-23T11:59:59Z' WHERE id = $1`, [
      old,
    ]);
    await t.db.query(`UPDATE people.contributor SET state = 'left', left_at = '2023-11-23T12:00:01Z' WHERE id = $1`, [
      recent,
    ]);
    await t.app.get(Retention, { strict: false }).run();
    const { rows } = await t.db.query<{ id: string; state: string }>(
      'SELECT id, state FROM people.contributor WHERE id = ANY($1::uuid[])',
      [[old, recent, active]],
    );
    expect(Object.fromEntries(rows.map((row) => [row.id, row.state]))).toEqual({
      [old]: 'erased',
      [recent]: 'left',
      [active]: 'active',
    });
    expect(await count('people.contributor_organisation WHERE contributor_id = $1', [old])).toBe(0);
    expect(await count(`kernel.erasure_receipt WHERE person_id = $1 AND because = 'kept_long_enough'`, [old])).toBe(1);
  });
});

describe('the registry of personal data', () => {
  it('has every column that names a person and every sealed column of this area', async () => {
    expect((await personKeysWithoutEntry(owner)).filter((name) => name.startsWith('people.'))).toEqual([]);
    expect((await undeclaredSealedColumns(owner)).filter((name) => name.startsWith('people.'))).toEqual([]);
  });

  it('holds each sealed value to its own row', async () => {
    const [a, b] = [await add({ email: 'one@example.org' }), await add({ email: 'two@example.org' })];
    const { rows } = await t.db.query<{ email_sealed: Buffer }>(
      'SELECT email_sealed FROM people.contributor WHERE id = $1',
      [a],
    );
    const sealer = t.app.get(Sealer, { strict: false });
    const stored = rows[0]?.email_sealed ?? Buffer.alloc(0);
    expect(sealer.open({ table: 'people.contributor', row: a, column: 'email_sealed' }, stored)).toBe(
      'one@example.org',
    );
    expect(() => sealer.open({ table: 'people.contributor', row: b, column: 'email_sealed' }, stored)).toThrow(
      'does not open',
    );
  });
});
