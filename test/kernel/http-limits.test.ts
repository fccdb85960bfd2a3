import { sizeOf } from '../../src/kernel/http/body-limits';
import { cloneDatabase, ClonedDatabase } from '../support/database';
import { Answer, CallOptions, HttpApp, startHttpApp } from './http-app';

const LIMITS = { public: 5, key: 8, signedIn: 7 };
let database: ClonedDatabase;
let http: HttpApp;

beforeAll(async () => {
  database = await cloneDatabase();
  http = await startHttpApp(database.serviceUrl, LIMITS);
});
afterAll(async () => {
  await http.close();
  await database.drop();
});

let addresses = 0;
/** Calls from an address that nobody called from before, one after the other. */
function caller(): (method: string, path: string, options?: CallOptions) => Promise<Answer> {
  const from = `198.18.0.${++addresses}`;
  return (method, path, options = {}) =>
    http.call(method, path, { ...options, headers: { 'x-forwarded-for': from, ...options.headers } });
}

const JSON_TYPE = { 'content-type': 'application/json' };
const tooLong = { body: '', headers: { ...JSON_TYPE, 'content-length': '9000000' } };
const REFUSALS: [what: string, status: number, method: string, path: string, options: CallOptions][] = [
  ['an unknown address', 404, 'GET', '/v1/nothing', {}],
  ['a method that is not taken', 405, 'DELETE', '/v1/notes', {}],
  ['a format that cannot be given', 406, 'GET', '/v1/notes', { headers: { accept: 'image/png' } }],
  ['a body that is no JSON', 400, 'POST', '/v1/notes/open', { body: '{"', headers: JSON_TYPE }],
  ['a body that is too long', 413, 'POST', '/v1/notes/open', tooLong],
  ['a body of another type', 415, 'POST', '/v1/notes/open', { body: 'a', headers: { 'content-type': 'text/plain' } }],
  ['a query that nothing takes', 400, 'GET', '/v1/notes?other=1', {}],
];

describe('calls that are refused before it is known who calls', () => {
  it.each(REFUSALS)('are limited by address: %s', async (_what, status, method, path, options) => {
    const call = caller();
    const answers: Answer[] = [];
    for (let time = 0; time < LIMITS.public + 2; time++) answers.push(await call(method, path, options));
    expect(answers.map((answer) => answer.status)).toEqual([...Array<number>(LIMITS.public).fill(status), 429, 429]);
    expect(answers.map((answer) => answer.headers['x-ratelimit-remaining'])).toEqual('4,3,2,1,0,0,0'.split(','));
    for (const { headers } of answers) {
      expect(headers['x-ratelimit-limit']).toBe('5');
      expect(Number(headers['x-ratelimit-reset'])).toBeGreaterThanOrEqual(1);
      expect(Number(headers['x-ratelimit-reset'])).toBeLessThanOrEqual(60);
    }
    expect(answers.at(-1)?.body.code).toBe('too_many_requests');
    expect((await caller()(method, path, options)).status).toBe(status);
  });

  it.each(REFUSALS)(
    'are limited with credentials that nobody has looked at: %s',
    async (_w, status, method, path, o) => {
      const call = caller();
      const options = { ...o, headers: { ...o.headers, authorization: 'Bearer bad' } };
      const statuses: number[] = [];
      for (let time = 0; time < LIMITS.signedIn + 1; time++) statuses.push((await call(method, path, options)).status);
      // What gets as far as the credentials is refused for these.
      const isRead = path.includes('?');
      const first = Array<number>(isRead ? LIMITS.public : LIMITS.signedIn).fill(isRead ? 401 : status);
      expect(statuses).toEqual([...first, ...Array<number>(statuses.length - first.length).fill(429)]);
    },
  );

  it('count once each, together with the reads of the address', async () => {
    const call = caller();
    const seen = [
      await call('GET', '/v1/notes'),
      await call('GET', '/v1/nothing'),
      await call('GET', '/v1/notes', { headers: { accept: 'image/png' } }),
      await call('GET', '/v1/notes'),
    ];
    expect(seen.map((answer) => [answer.status, answer.headers['x-ratelimit-remaining']])).toEqual([
      [200, '4'],
      [404, '3'],
      [406, '2'],
      [200, '1'],
    ]);
  });

  it('do not count what the guard counts, nor the other way round', async () => {
    const call = caller();
    for (let time = 0; time < LIMITS.public; time++) {
      const { status, headers } = await call('POST', '/v1/notes/open', { json: { other: 1 } });
      expect([status, headers['x-ratelimit-remaining']]).toEqual([400, String(LIMITS.public - 1 - time)]);
    }
    expect((await call('GET', '/v1/nothing')).headers['x-ratelimit-remaining']).toBe('4');
  });

  it('leave those alone who call with credentials from the same address', async () => {
    const call = caller();
    for (let time = 0; time < LIMITS.public + 1; time++) await call('GET', '/v1/nothing');
    expect((await call('GET', '/v1/nothing')).status).toBe(429);
    expect((await call('GET', '/v1/notes/a', { headers: { authorization: 'Bearer good' } })).status).toBe(200);
  });

  it('never stand in the way of a health check', async () => {
    const call = caller();
    for (let time = 0; time < LIMITS.public + 1; time++) await call('GET', '/v1/nothing');
    const { status, headers } = await call('GET', '/health/live');
    expect([status, headers['x-ratelimit-limit']]).toEqual([200, undefined]);
  });
});

describe('Vary', () => {
  it.each([
    ['GET', '/v1/notes/private', { authorization: 'Bearer vary' }, 200],
    ['GET', '/v1/notes/private', { authorization: 'Bearer bad' }, 401],
    ['POST', '/v1/notes', { authorization: 'Bearer vary' }, 400],
  ])('names Authorization where the answer depends on who asks: %s %s', async (method, path, headers, status) => {
    const answer = await caller()(method, path, { headers });
    expect([answer.status, answer.headers.vary]).toEqual([status, 'Authorization']);
  });

  it('keeps what else was named', async () => {
    const signedIn = { authorization: 'Bearer varied' };
    const { status, headers } = await caller()('GET', '/v1/notes/own-table', { headers: signedIn });
    expect([status, headers.vary]).toEqual([200, 'Accept, Authorization']);
  });

  it('does not name it on what everybody may read', async () => {
    expect((await caller()('GET', '/v1/notes')).headers).not.toHaveProperty('vary');
    expect((await caller()('GET', '/v1/notes/table')).headers.vary).toBe('Accept');
  });
});

describe('sizes', () => {
  it.each([
    [1024 * 1024, '1 MiB'],
    [2.5 * 1024 * 1024, '2.5 MiB'],
    [64 * 1024, '64 KiB'],
    [100_000, '97.6 KiB'],
  ])('%d bytes are %s', (bytes, said) => expect(sizeOf(bytes)).toBe(said));

  it('are said in a unit that people know when a body is too long', async () => {
    expect((await caller()('POST', '/v1/notes/open', tooLong)).body.detail).toBe(
      'The body may have at most 1 MiB. Send less at once.',
    );
  });
});
