import { connect } from 'node:net';
import { startApp, TestApp } from '../support/app';
import { Heard, Wire } from '../support/wire';

/** Requests as no client library would send them: whatever comes, the answer is a plain one, in the service's own words. */

let t: TestApp;
let wire: Wire;
let coordinator: { authorization: string };
beforeAll(async () => {
  t = await startApp();
  wire = new Wire(t.address);
  coordinator = await t.as('coordinator');
});
afterAll(async () => {
  wire.close();
  await t.stop();
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Heard> =>
  wire.send({ method: 'GET', path, headers });
const WORDS = /\bat .*\.[jt]s:|node_modules|postgres|SELECT |syntax error|fastify|nest|typeorm|pg_|ECONN|undefined/i;

function isPlain({ status, text, headers }: Heard): void {
  expect(status).toBeLessThan(500);
  if (status < 400) return;
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(text).not.toMatch(WORDS);
  expect(headers['cache-control']).toBe('no-store');
}

/** Bytes as they stand, over one connection; answers all that came back. */
function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(t.address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    let heard = '';
    socket.setTimeout(5000, () => socket.destroy(new Error('no end of the answer')));
    socket.on('data', (part) => (heard += part.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
  });
}

describe('addresses', () => {
  const id = '0194244a-3800-7000-8000-000000000000';
  it.each([
    '/v1/contributors/%2e%2e/api-keys',
    '/v1/contributors/..%2fapi-keys',
    '/v1/contributors/%2e%2e%2fapi-keys',
    '//v1/contributors',
    '/v1//contributors',
    '/v1/contributors/',
    '/v1/contributors.',
    '/v1/contributors%00',
    '/v1/contributors;a=b',
    '/v1/CONTRIBUTORS',
    '/v1/contributors%2f',
    `/v1/contributors/${id}%20`,
    `/v1/contributors/${id}.json`,
    `/v1/contributors/${id}/../${id}`,
    `/V1/contributors/${id}`,
    '/v1/organisations/by-identifier/charity/%2e%2e',
    '/v1/organisations?identifier=charity:../../x',
    '/v1/organisations?q=%5C%25_%27%22;--',
    '/v1/organisations?q[]=a',
    '/v1/organisations?q[$ne]=a',
    '/v1/organisations?constructor=1',
    '/v1/organisations?constructor[prototype][x]=1',
    '/v1/organisations?__proto__[x]=1',
    '/v1/organisations?toString=1',
    '/v1/organisations?hasOwnProperty=1',
    '/v1/organisations?limit=1&limit=2',
    '/v1/organisations?cursor=a&cursor=b',
    '/v1/organisations?at=9999-12-31',
    '/v1/organisations?at=2023-02-29',
    '/v1/organisations?at=-0001-01-01',
    '/v1/organisations?format=csv',
    '/v1/organisations#fragment',
    '*',
    '/?',
    '/%',
    '/%E0%A4%A',
  ])('%s', async (path) => {
    isPlain(await get(path));
    isPlain(await get(path, coordinator));
  });

  it.each([
    "'",
    '"',
    '\\',
    '((',
    '))',
    '&|!',
    ':*',
    'a:b & !',
    '<->',
    '"unclosed',
    '-',
    '- -',
    'or or',
    'a'.repeat(100),
    '\u202Eevil',
    '\u200B',
    '\u0301',
    '😀',
    '%',
    '_',
    '$1',
    '${x}',
    '{{x}}',
    '\\u0000',
    'NaN',
    '1e309',
    ' ',
  ])('the words %j in every search', async (words) => {
    const q = encodeURIComponent(words);
    for (const path of [
      `/v1/opportunities?q=${q}`,
      `/v1/opportunities?q=${q}&sort=best-match&facets=kind,region`,
      `/v1/opportunities?condition=${q}`,
      `/v1/opportunities?near=${q}`,
      `/v1/opportunities?language=${q}`,
      `/v1/opportunities?region=${q}`,
      `/v1/opportunities?sort=${q}`,
      `/v1/opportunities?facets=${q}`,
      `/v1/opportunities?cursor=${q}`,
      `/v1/organisations?q=${q}`,
      `/v1/contributors?q=${q}`,
      `/v1/contributors?topic=${q}`,
      `/v1/interests?reference=${q}`,
      `/v1/changes?after=${q}`,
      `/v1/reports/reach?from=2026-07-01&to=2026-09-30&by=${q}`,
    ])
      isPlain(await get(path, path.includes('contributors') || path.includes('interests') ? coordinator : {}));
  });

  it('a cursor of one list opens no other', async () => {
    const { body } = await get('/v1/organisations?limit=1');
    const cursor = encodeURIComponent((body as { meta: { nextCursor: string } }).meta.nextCursor);
    for (const path of ['/v1/opportunities', '/v1/contributors', '/v1/projects', '/v1/interests', '/v1/memberships'])
      expect([
        path,
        (await get(`${path}?cursor=${cursor}`, path === '/v1/opportunities' ? {} : coordinator)).status,
      ]).toEqual([path, 400]);
    const [text = '', signature = ''] = decodeURIComponent(cursor).split('.');
    for (const forged of [
      `${text}.`,
      `.${signature}`,
      `${text}=.${signature}`,
      `${text}.${signature}.x`,
      `${text}.${signature.toLowerCase()}A`,
    ])
      isPlain(await get(`/v1/organisations?cursor=${encodeURIComponent(forged)}`));
  });
});

describe('bytes that are no tidy request', () => {
  const host = 'Host: localhost\r\n';
  it.each([
    ['two lengths', `POST /v1/me HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`],
    [
      'a length and chunks',
      `POST /v1/me HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/version HTTP/1.1\r\n${host}\r\n`,
    ],
    ['a hidden encoding', `POST /v1/me HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['a blank before the colon', `GET /v1/version HTTP/1.1\r\n${host}X-Api-Key : a\r\n\r\n`],
    ['a header that goes on', `GET /v1/version HTTP/1.1\r\n${host}X-A: b\r\n c\r\n\r\n`],
    ['two hosts', `GET /v1/version HTTP/1.1\r\n${host}Host: evil.example\r\n\r\n`],
    ['no host', 'GET /v1/version HTTP/1.1\r\n\r\n'],
    ['line feeds alone', 'GET /v1/version HTTP/1.1\nHost: localhost\n\n'],
    ['a method of its own', `PWN /v1/version HTTP/1.1\r\n${host}\r\n`],
    ['a tunnel', `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n`],
    ['an upgrade', `GET /v1/version HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`],
    [
      'a body that ends early',
      `POST /v1/me HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{"name"`,
    ],
    ['an old protocol', 'GET /v1/version HTTP/0.9\r\n\r\n'],
    ['long headers', `GET /v1/version HTTP/1.1\r\n${host}X-A: ${'a'.repeat(70_000)}\r\n\r\n`],
  ])('%s', async (_, bytes) => {
    const heard = await raw(bytes);
    const statuses = [...heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
    expect(statuses.length).toBeLessThanOrEqual(1);
    expect(statuses.every((status) => status < 500)).toBe(true);
    expect(heard).not.toMatch(WORDS);
  });
});

describe('what is kept for the public', () => {
  it('is not poisoned by who asks, nor given to who is signed in', async () => {
    const path = '/v1/organisations?limit=3';
    const evil = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      'x-original-url': '/v1/contributors',
      'x-http-method-override': 'DELETE',
      forwarded: 'host=evil.example',
    };
    const first = await get(path, evil);
    expect(first.status).toBe(200);
    expect(JSON.stringify([first.headers, first.text])).not.toContain('evil.example');
    const second = await get(path);
    expect([second.text, second.headers.etag, second.headers.link]).toEqual([
      first.text,
      first.headers.etag,
      first.headers.link,
    ]);
    const head = await wire.send({ method: 'HEAD', path });
    expect([head.status, head.text, head.headers.etag]).toEqual([200, '', first.headers.etag]);
    expect((await get(path)).text).toBe(first.text);
    expect((await get(path, { 'if-none-match': String(first.headers.etag) })).status).toBe(304);
    expect((await get(path)).text).toBe(first.text);
    const applied = await t.as('researcher');
    const { id } = await t.account('researcher');
    await t.db.query(
      `INSERT INTO people.organisation (slug, name, kind, state, applied_by, application_reason) VALUES ('only-mine', 'Only mine', 'charity', 'applied', $1, 'Because.')`,
      [id],
    );
    const mine = await get('/v1/organisations?state=applied', applied);
    expect(mine.text).toContain('only-mine');
    expect(mine.headers['cache-control']).toBe('no-store');
    for (const headers of [{}, { authorization: '' }, coordinator])
      expect((await get('/v1/organisations?state=applied', headers)).text).not.toContain('only-mine');
  });

  it('opens no page of another origin to what needs a token', async () => {
    const answer = await get('/v1/contributors', { ...coordinator, origin: 'https://evil.example' });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    const asked = await wire.send({
      method: 'OPTIONS',
      path: '/v1/contributors',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(asked.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('headers', () => {
  it.each([
    ['idempotency-key', 'a'.repeat(256)],
    ['idempotency-key', 'ü'],
    ['if-match', '*'],
    ['if-match', '"9999999999-json"'],
    ['if-match', '"1-json", "2-json"'],
    ['if-none-match', '"'.repeat(3000)],
    ['accept', 'text/html'],
    ['accept', ';;;q=,,,'],
    ['accept', '*/*;q=NaN'],
    ['traceparent', '00-x'],
    ['content-type', 'application/json; charset=utf-7'],
    ['content-encoding', 'gzip'],
    ['x-api-key', 'ppk_'],
    ['authorization', 'Bearer a.b.c'],
    ['authorization', `Bearer ${'a'.repeat(4000)}.b.c`],
    ['authorization', 'Basic YTpi'],
    ['authorization', 'Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL3NpZ24taW4udGVzdCJ9.'],
  ])('%s: %j', async (name, value) => {
    const id = await t.organisation('rrdn-north-west');
    const headers = { ...coordinator, 'if-match': '"1-json"', 'content-type': 'application/json', [name]: value };
    const sent = Buffer.from(value, 'latin1').toString('latin1');
    for (const [method, path] of [
      ['PATCH', `/v1/organisations/${id}/settings`],
      ['POST', '/v1/projects'],
    ] as const)
      isPlain(await wire.send({ method, path, headers: { ...headers, [name]: sent }, body: '{}' }));
    isPlain(await get('/v1/organisations', { [name]: sent }));
  });
});
