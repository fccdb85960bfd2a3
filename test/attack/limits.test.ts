import { randomUUID } from 'node:crypto';
import { startApp, TestApp } from '../support/app';
import { referenceOf } from '../../src/involvement/interest/reference';
import { Wire } from '../support/wire';

/** Ways around what limits guessing. */

let t: TestApp;
let wire: Wire;
beforeAll(async () => {
  t = await startApp({ TRUST_PROXY: '1' });
  wire = new Wire(t.address);
});
afterAll(async () => {
  wire.close();
  await t.stop();
});

/** A reference that is well formed, another for each number. */
const reference = (n: number): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(n, 4);
  return referenceOf(bytes);
};
let made = 0;
/** A call with a reference of its own, unless one is given. */
const follow = (from: string, headers: Record<string, string> = {}, path = 'follow', body: object = {}) =>
  wire.send({
    method: 'POST',
    path: `/v1/interests/${path}`,
    headers: { 'content-type': 'application/json', 'x-forwarded-for': from, ...headers },
    body: JSON.stringify({
      reference: reference(made++),
      ...(path === 'confirm' ? { code: '000000' } : { contact: 'rosalind@example.org' }),
      ...body,
    }),
  });
const statuses = async (calls: Promise<{ status: number }>[]): Promise<number[]> =>
  (await Promise.all(calls)).map(({ status }) => status);
const refused = (all: number[]): number => all.filter((status) => status === 429).length;

describe('guessing references', () => {
  it('is not made free by the many addresses of one IPv6 line', async () => {
    const calls = Array.from({ length: 40 }, (_, n) => follow(`2001:db8:7:7::${n + 1}`));
    expect(refused(await statuses(calls))).toBe(10);
    expect((await follow('2001:db8:7:8::1')).status).not.toBe(429);
  });

  it('is not made free by a header that a caller can write', async () => {
    const calls = Array.from({ length: 40 }, (_, n) => follow(`203.0.113.${n}, 198.51.100.77`));
    expect(refused(await statuses(calls))).toBe(10);
  });

  it('is counted together over all its addresses, and whatever its key for retries', async () => {
    const ways = ['follow', 'withdraw-by-reference', 'send-code', 'confirm'];
    const calls = Array.from({ length: 40 }, (_, n) =>
      follow('198.51.100.78', { 'idempotency-key': randomUUID() }, ways[n % 4]),
    );
    expect(refused(await statuses(calls))).toBe(10);
  });

  it('is counted by the caller’s account, wherever they call from', async () => {
    const who = await t.as('contributor');
    const calls = Array.from({ length: 40 }, (_, n) => follow(`198.51.100.${n}`, who));
    expect(refused(await statuses(calls))).toBe(10);
  });

  it('is not made free by making keys', async () => {
    const coordinator = await t.as('coordinator');
    const organisationId = await t.organisation('rrdn-north-west');
    const keys: string[] = [];
    for (let n = 0; n < 4; n++) {
      const made = await t.api
        .post('/v1/api-keys')
        .set(coordinator)
        .send({ organisationId, name: `Key ${n}` });
      keys.push((made.body as { key: string }).key);
    }
    const calls = Array.from({ length: 40 }, (_, n) => follow('198.51.100.79', { 'x-api-key': keys[n % 4] ?? '' }));
    expect(refused(await statuses(calls))).toBe(10);
  });

  const site = () => t.as('site');
  const THE_ONE = { reference: reference(2 ** 31) };

  it('of the contact that goes with one reference is stopped, from however many addresses and by whatever call', async () => {
    const ways = ['follow', 'withdraw-by-reference', 'send-code', 'confirm'];
    const calls = Array.from({ length: 40 }, (_, n) =>
      follow(`192.0.2.${n}`, {}, ways[n % 4], {
        ...THE_ONE,
        ...(n % 4 === 3 ? {} : { contact: `guess${n}@example.org` }),
      }),
    );
    expect(refused(await statuses(calls))).toBe(20);
    const written = { reference: THE_ONE.reference.toLowerCase().replaceAll('-', ' ') };
    const last = await follow('192.0.2.99', {}, 'follow', written);
    expect([last.status, last.text.includes('too_many_requests')]).toEqual([429, true]);
  });

  it('of one reference is stopped for a site as for anybody', async () => {
    const one = { reference: reference(2 ** 31 + 1) };
    const calls = [];
    for (let n = 0; n < 25; n++) calls.push(follow('192.0.2.120', await site(), 'follow', one));
    expect(refused(await statuses(calls))).toBe(5);
  });

  it('does not stop a site that asks for the many people who sent an interest there, until it asks for thousands', async () => {
    const headers = await site();
    const calls = Array.from({ length: 60 }, () => follow('192.0.2.121', headers));
    expect(new Set(await statuses(calls))).toEqual(new Set([404]));
    await t.db.query(`UPDATE kernel.rate_limit SET hits = 3000 WHERE key LIKE 'follow:%' AND hits > 40`);
    expect((await follow('192.0.2.121', headers)).status).toBe(429);
  });

  it('is not made free by an account that calls itself a system', async () => {
    const token = await t.token({ sub: 'a-program-of-somebody' });
    const headers = { authorization: `Bearer ${token}` };
    await t.api.post('/v1/me').set(headers).send({ name: 'A program', kind: 'system' }).expect(201);
    const calls = Array.from({ length: 40 }, () => follow('192.0.2.122', headers));
    expect(refused(await statuses(calls))).toBe(10);
  });
});
