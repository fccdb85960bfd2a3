import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Test } from 'supertest';
import { Retention } from '../../src/kernel/privacy/retention';
import { KEEP_MAILBOXES, SEND_RETURNS } from '../../src/edi/permissions';
import { roles } from '../../src/roles';
import { startApp, TestApp } from '../support/app';
import { whereFound } from '../kernel/privacy-checks';
import { Collecting, Headers, OURS, THEIRS } from './collection-support';

let t: TestApp;
let owner: Client;
let on: Collecting;
let ours: string;
let theirs: string;
let coordinator: Headers;
beforeAll(async () => {
  t = await startApp();
  owner = new Client(t.db.options);
  await owner.connect();
  on = await Collecting.at(t);
  [ours, theirs] = [await t.organisation(OURS), await t.organisation(THEIRS)];
  coordinator = await t.as('coordinator');
});
afterEach(() => t.db.query('DELETE FROM edi.reminder_mailbox'));
afterAll(async () => {
  await owner.end();
  await t.stop();
});

const at = (organisation: string): string => `/v1/diversity/reminder-mailboxes/${organisation}`;
const put = (who: Headers | object, organisation: string, email: unknown, version?: number): Test =>
  t.api
    .put(at(organisation))
    .set({ ...who, ...(version === undefined ? {} : { 'if-match': `"${version}-json"` }) })
    .send({ email });
const get = (who: Headers | object, organisation: string): Test => t.api.get(at(organisation)).set({ ...who });
const remove = (who: Headers | object, organisation: string, version?: number): Test =>
  t.api.delete(at(organisation)).set({ ...who, ...(version === undefined ? {} : { 'if-match': `"${version}-json"` }) });
const emailOf = async (organisation: string): Promise<string | undefined> =>
  ((await get(on.steward, organisation)).body as { email?: string }).email;
const code = ({ body }: { body: unknown }): string => (body as { code: string }).code;
const faults = ({ body }: { body: unknown }): string[] =>
  ((body as { errors?: { at: string; code: string }[] }).errors ?? []).map((one) => `${one.at} ${one.code}`);
const collectionOf = (organisations: object[]): Test =>
  t.api
    .post('/v1/diversity/collections')
    .set(on.steward)
    .send({ ...on.body(), organisations });

describe('the address for reminders of an organisation', () => {
  it('is given, read, changed and taken out by its staff who send returns, and by stewards', async () => {
    const { body } = await put(coordinator, ours, 'first@example.org').expect(200);
    expect(body).toMatchObject({ organisationId: ours, email: 'first@example.org', version: 1 });
    expect((await get(on.analyst, ours).expect(200)).headers.etag).toBe('"1-json"');
    await put(on.analyst, ours, 'second@example.org', 1).expect(200);
    await put(on.steward, ours, 'third@example.org', 2).expect(200);
    expect((await get(coordinator, ours).expect(200)).body).toMatchObject({ email: 'third@example.org', version: 3 });
    await remove(coordinator, ours, 3).expect(204);
    await get(coordinator, ours).expect(404);
    await remove(coordinator, ours, 3).expect(404);
  });

  it('may be changed by everybody who may send the return', () => {
    const having = (wanted: { name: string }): string[] =>
      Object.entries(roles)
        .filter(([, grants]) => grants.some(({ permission }) => permission.name === wanted.name))
        .map(([role]) => role);
    expect(having(KEEP_MAILBOXES)).toEqual([...having(SEND_RETURNS), 'data-steward']);
  });

  it('is nobody else’s to see or change', async () => {
    await put(coordinator, ours, 'ours@example.org').expect(200);
    for (const who of [await t.as('coordinator', THEIRS), await t.as('diversity-analyst', THEIRS)]) {
      await get(who, ours).expect(404);
      await put(who, ours, 'mine@example.org', 1).expect(404);
      await remove(who, ours, 1).expect(404);
    }
    for (const role of ['national-administrator', 'researcher', 'contributor', 'site', 'auditor', 'finance-officer']) {
      const who = await t.as(role);
      await get(who, ours).expect(403);
      await put(who, ours, 'mine@example.org', 1).expect(403);
      await remove(who, ours, 1).expect(403);
    }
    await get({}, ours).expect(401);
    await put({}, ours, 'mine@example.org', 1).expect(401);
    await remove({}, ours, 1).expect(401);
    await get(on.steward, randomUUID()).expect(404);
    await put(on.steward, randomUUID(), 'mine@example.org').expect(404);
    await get(coordinator, 'x').expect(400);
    expect(await emailOf(ours)).toBe('ours@example.org');
  });

  it.each([
    ['no address', 'involvement'],
    ['two addresses', 'a@example.org,b@example.org'],
    ['a name beside it', 'Team <a@example.org>'],
    ['a line that would be a header', 'a@example.org\nbcc: b@example.org'],
    ['a domain that is none', 'a@exa%mple.org'],
    ['nothing', ''],
    ['null', null],
    ['a number', 1],
    ['too long a text', `${'a'.repeat(250)}@example.org`],
  ])('is refused where it is %s', async (_, email) => {
    expect(faults(await put(coordinator, ours, email).expect(400))).toEqual([expect.stringMatching(/^\/email /)]);
    if (email !== null && email !== '')
      expect(faults(await collectionOf([{ organisationId: ours, mailbox: email }]).expect(400))).toEqual([
        expect.stringMatching(/^\/organisations\/0\/mailbox /),
      ]);
    await get(coordinator, ours).expect(404);
  });

  it('is changed only by whoever has read it as it stands', async () => {
    expect(code(await put(coordinator, ours, 'a@example.org', 1).expect(409))).toBe('no_mailbox_yet');
    await put(coordinator, ours, 'a@example.org').expect(200);
    expect(code(await put(coordinator, ours, 'b@example.org').expect(428))).toBe('if_match_needed');
    await put(coordinator, ours, 'b@example.org', 7).expect(412);
    await remove(coordinator, ours).expect(428);
    await remove(coordinator, ours, 7).expect(412);
    expect(await emailOf(ours)).toBe('a@example.org');
  });

  it('is one, though two are given at once', async () => {
    const answers = await Promise.all(['a', 'b', 'c'].map((name) => put(coordinator, ours, `${name}@example.org`)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 409, 428].includes(status))).toBe(true);
    await t.db.query('DELETE FROM edi.reminder_mailbox');
    await put(coordinator, ours, 'a@example.org').expect(200);
    const changes = await Promise.all([1, 2, 3].map((n) => put(coordinator, ours, `${n}@example.org`, 1)));
    expect(changes.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });
});

describe('the list of a collection', () => {
  it('gives addresses, carries those over that it does not mention, and takes out what it says is null', async () => {
    const { body } = await collectionOf([
      { organisationId: ours, mailbox: 'ours@example.org' },
      { organisationId: theirs },
    ]).expect(201);
    expect(JSON.stringify(body)).not.toContain('ours@example.org');
    expect(await emailOf(ours)).toBe('ours@example.org');
    await get(on.steward, theirs).expect(404);
    await collectionOf([{ organisationId: ours }]).expect(201);
    await collectionOf([{ organisationId: ours, mailbox: 'ours@example.org' }]).expect(201);
    expect((await get(coordinator, ours).expect(200)).body).toMatchObject({ email: 'ours@example.org', version: 1 });
    const change = (mailbox: string | null, version: number) =>
      t.api
        .patch(`/v1/diversity/collections/${(body as { id: string }).id}`)
        .set({ ...on.steward, 'if-match': `"${version}-json"` })
        .send({ organisations: [{ organisationId: ours, mailbox }, { organisationId: theirs }] });
    await change('newer@example.org', 1).expect(200);
    expect(await emailOf(ours)).toBe('newer@example.org');
    await change(null, 2).expect(200);
    await get(coordinator, ours).expect(404);
  });

  it('keeps no address where the collection is refused', async () => {
    await collectionOf([
      { organisationId: ours, mailbox: 'ours@example.org' },
      { organisationId: randomUUID() },
    ]).expect(422);
    await get(coordinator, ours).expect(404);
  });

  it('and the contact of a collection go no further than they must', async () => {
    const organisations = [
      { organisationId: ours, mailbox: 'planted.mailbox@example.org' },
      { organisationId: theirs },
    ];
    const id = await on.open({ organisations, contact: 'Planted Contact, 01632 960140' });
    const other = await t.as('diversity-analyst', THEIRS);
    for (const path of ['', '/progress'])
      for (const who of [other, on.analyst, on.steward]) {
        const { text } = await t.api.get(`/v1/diversity/collections/${id}${path}`).set(who).expect(200);
        expect(text).not.toContain('planted.mailbox');
      }
    const found = (planted: string) => whereFound(owner, planted);
    await put(coordinator, ours, 'planted.again@example.org', 1).expect(200);
    expect(await found('planted.mailbox')).toEqual([]);
    expect(await found('planted.again')).toEqual([]);
    expect(await found('Planted Contact')).toEqual(['edi.collection']);
    expect((await on.close(id, 2).expect(200)).body).toMatchObject({ contact: null });
    expect(await found('Planted Contact')).toEqual([]);
  });
});

describe('an address for reminders, as personal data', () => {
  it('leaves who read and changed it, and not itself, in the trail', async () => {
    const { body } = await put(coordinator, ours, 'trail@example.org').expect(200);
    await get(on.steward, ours).expect(200);
    await put(coordinator, ours, 'trail2@example.org', 1).expect(200);
    await remove(coordinator, ours, 2).expect(204);
    const { rows } = await t.db.query<{ action: string; said: string; organisation_id: string }>(
      `SELECT action, organisation_id, coalesce(before::text, '') || coalesce(after::text, '') AS said FROM kernel.audit_entry
       WHERE subject = 'reminder_mailbox' AND subject_id = $1 ORDER BY id`,
      [(body as { id: string }).id],
    );
    expect(rows.map(({ action }) => action)).toEqual(['created', 'read', 'changed', 'removed']);
    expect(rows.every(({ organisation_id, said }) => organisation_id === ours && !said.includes('trail'))).toBe(true);
    expect(rows[0]?.said).toContain('"emailSealed": "(private)"');
  });

  it('goes with the account of the organisation that gave it, and stays where a steward did', async () => {
    const erase = async (who: string, slug: string) => {
      const { id } = await t.account('coordinator', slug, who);
      return t.api.post(`/v1/accounts/${id}/erase`).set(on.steward).send({ because: 'asked_by_person' }).expect(200);
    };
    await put(await t.as('coordinator', OURS, 'leaving'), ours, 'leaving@example.org').expect(200);
    const receipt = await erase('leaving', OURS);
    expect((receipt.body as { went: { table: string; rows: number }[] }).went).toContainEqual(
      expect.objectContaining({ table: 'edi.reminder_mailbox', rows: 1 }),
    );
    await get(coordinator, ours).expect(404);
    await put(await t.as('coordinator', OURS, 'before'), ours, 'before@example.org').expect(200);
    await put(on.steward, ours, 'team@example.org', 1).expect(200);
    await erase('before', OURS);
    expect(await emailOf(ours)).toBe('team@example.org');
  });

  it('goes two years after the last collection of the organisation was closed, with what a trial run kept of its messages', async () => {
    await t.db.query('DELETE FROM edi.collection');
    const retention = t.app.get(Retention, { strict: false });
    const id = await on.open({ organisations: [{ organisationId: ours, mailbox: 'old@example.org' }] });
    const { body } = await get(coordinator, ours).expect(200);
    await t.db.query(
      `INSERT INTO kernel.outbox_message (id, channel, recipient, subject, body, language, ref, made_at)
       VALUES (uuidv7(), 'email', 'old@example.org', 's', 'b', 'en', $1, '2029-01-01')`,
      [(body as { id: string }).id],
    );
    t.clock.set('2027-01-20T12:00:00Z');
    await on.close(id, 1).expect(200);
    t.clock.set('2029-01-19T12:00:00Z');
    await retention.run();
    expect(await emailOf(ours)).toBe('old@example.org');
    t.clock.set('2029-01-20T12:00:01Z');
    await retention.run();
    await get(coordinator, ours).expect(404);
    const { rowCount } = await t.db.query(`SELECT 1 FROM kernel.outbox_message WHERE recipient = 'old@example.org'`);
    expect(rowCount).toBe(0);
    t.clock.set('2026-11-23T12:00:00Z');
  });
});
