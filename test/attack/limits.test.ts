import { randomUUID } from 'node:crypto';
import { startApp, TestApp } from '../support/app';
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

const follow = (from: string, headers: Record<string, string> = {}, path = 'follow') =>
  wire.send({
    method: 'POST',
    path: `/v1/interests/${path}`,
    headers: { 'content-type': 'application/json', 'x-forwarded-for': from, ...headers },
    body: JSON.stringify({ reference: 'PPI-7K3F-9QXM-2RTWC', contact: 'rosalind@example.org', code: '000000' }),
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
});
