import { cloneDatabase, ClonedDatabase } from '../support/database';
import { Answer, AS_ANNE, HttpApp, startHttpApp } from './http-app';

let database: ClonedDatabase;
let http: HttpApp;

beforeAll(async () => {
  database = await cloneDatabase();
  http = await startHttpApp(database.serviceUrl);
});
afterAll(async () => {
  await http.close();
  await database.drop();
});

function expectProblem(answer: Answer, status: number, code: string): void {
  expect([answer.status, answer.body.code, answer.headers['content-type']]).toEqual([
    status,
    code,
    'application/problem+json; charset=utf-8',
  ]);
}

describe('addresses and methods', () => {
  it('answers an unknown address with 404 and says nothing of the framework', async () => {
    const answer = await http.call('GET', '/v1/nothing?secret=1');
    expectProblem(answer, 404, 'not_found');
    expect(answer.body.instance).toBe('/v1/nothing');
    expect(answer.text).not.toContain('secret');
  });

  it.each([
    ['DELETE', '/v1/notes', 'GET, HEAD, OPTIONS, POST'],
    ['POST', '/v1/notes/table', 'GET, HEAD, OPTIONS, PATCH, PUT'],
    ['PROPFIND', '/v1/notes', 'GET, HEAD, OPTIONS, POST'],
    ['PATCH', '/health/live', 'GET, HEAD, OPTIONS'],
  ])('answers %s %s with 405 and the methods that it takes', async (method, path, allow) => {
    const answer = await http.call(method, path);
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.allow).toBe(allow);
  });

  it.each([
    ['GET', '/v1/notes/?q=a/b', '/v1/notes?q=a/b'],
    ['POST', '/v1/notes/', '/v1/notes'],
    ['HEAD', '/health/live/', '/health/live'],
  ])('shows %s %s the way to the address without the slash', async (method, path, location) => {
    const { status, headers } = await http.call(method, path);
    expect([status, headers.location]).toEqual([308, location]);
  });

  it.each(['//evil.example/', '//evil.example/v1/notes/', '/v1/notes//', '/'])(
    'shows no other way from %s',
    async (path) => {
      expect((await http.call('GET', path)).headers).not.toHaveProperty('location');
    },
  );

  it('answers HEAD as GET, without a body', async () => {
    const [get, head] = [await http.call('GET', '/v1/notes'), await http.call('HEAD', '/v1/notes')];
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers['content-type']).toBe(get.headers['content-type']);
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
    expect(head.headers.etag).toBe(get.headers.etag);
    const unchanged = { headers: { 'if-none-match': String(get.headers.etag) } };
    expect((await http.call('HEAD', '/v1/notes', unchanged)).status).toBe(304);
    expect((await http.call('GET', '/v1/notes', unchanged)).status).toBe(304);
  });

  it('answers OPTIONS with the methods', async () => {
    const answer = await http.call('OPTIONS', '/v1/notes/action');
    expect([answer.status, answer.headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS, PATCH, POST, PUT']);
  });
});

describe('formats', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/csv', 'text/csv'],
    ['text/*', 'text/csv'],
    ['application/json;q=0.4, text/csv;q=0.9', 'text/csv'],
    ['text/csv;q=0, */*;q=0.1', 'application/json'],
    ['image/png, application/*', 'application/json'],
  ])('Accept %s gives %s', async (accept, type) => {
    const answer = await http.call('GET', '/v1/notes/table', { headers: accept ? { accept } : {} });
    expect([answer.status, answer.headers['content-type']?.split(';')[0]]).toEqual([200, type]);
    expect(answer.headers.vary).toBe('Accept');
  });

  it.each([
    ['/v1/notes/table', 'image/png'],
    ['/v1/notes/table', 'text/csv;q=0'],
    ['/v1/notes', 'text/csv'],
  ])('%s refuses Accept %s with 406', async (path, accept) => {
    expectProblem(await http.call('GET', path, { headers: { accept } }), 406, 'not_acceptable');
  });

  it('takes ?format= before Accept, and only where it is declared', async () => {
    const csv = await http.call('GET', '/v1/notes/table?format=csv', { headers: { accept: 'application/json' } });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    const wrong = await http.call('GET', '/v1/notes/table?format=pdf');
    expectProblem(wrong, 400, 'invalid_input');
    expect(wrong.body.errors).toMatchObject([{ in: 'query', at: 'format', code: 'not_a_choice' }]);
    expectProblem(await http.call('GET', '/v1/notes?format=json'), 400, 'invalid_input');
  });
});

describe('pages of other sites', () => {
  it('lets them read public answers, failures included, with the headers that they need', async () => {
    for (const path of ['/v1/notes', '/v1/notes?other=1']) {
      const { headers } = await http.call('GET', path, { headers: { origin: 'https://example.org' } });
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers['access-control-allow-credentials']).toBeUndefined();
      for (const name of [
        'ETag',
        'Link',
        'Location',
        'Retry-After',
        'X-RateLimit-Limit',
        'X-RateLimit-Remaining',
        'X-RateLimit-Reset',
      ])
        expect(headers['access-control-expose-headers']?.split(', ')).toContain(name);
    }
  });

  it('answers their preflight for a public read', async () => {
    const { status, headers } = await http.call('OPTIONS', '/v1/notes/table', {
      headers: { origin: 'https://example.org', 'access-control-request-method': 'GET' },
    });
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-allow-methods']).toBe('GET, HEAD');
    expect(headers['access-control-allow-headers']).toContain('X-API-Key');
    expect(headers['access-control-allow-headers']).not.toContain('Authorization');
  });

  it.each([
    ['GET', '/v1/notes/private'],
    ['POST', '/v1/notes'],
    ['OPTIONS', '/v1/notes/action/none'],
    ['GET', '/v1/nothing'],
  ])('does not open %s %s', async (method, path) => {
    const { headers } = await http.call(method, path, { headers: { ...AS_ANNE, origin: 'https://example.org' } });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('headers', () => {
  it.each([
    ['GET', '/v1/notes', 200],
    ['GET', '/v1/notes/private', 200],
    ['GET', '/v1/nothing', 404],
    ['DELETE', '/v1/notes', 405],
    ['GET', '/v1/notes/%zz', 400],
    ['GET', '/v1/notes/broken', 500],
  ])('%s %s has those that protect', async (method, path, expected) => {
    const { status, headers } = await http.call(method, path, { headers: AS_ANNE });
    expect(status).toBe(expected);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('lets a public route say how long its answer keeps', async () => {
    expect((await http.call('GET', '/v1/notes/kept')).headers['cache-control']).toBe('public, max-age=1');
    expect((await http.call('GET', '/v1/notes/kept?x=1')).headers['cache-control']).toBe('no-store');
  });

  it('keeps what broke to itself', async () => {
    const answer = await http.call('GET', '/v1/notes/broken', { headers: AS_ANNE });
    expectProblem(answer, 500, 'internal_error');
    expect(answer.text).not.toContain('driver');
  });
});

describe('traces', () => {
  const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

  it('goes on with the trace of the caller, in the answer, the problem and the log', async () => {
    const answer = await http.call('GET', '/v1/nothing', {
      headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
    });
    expect(answer.headers['x-trace-id']).toBe(TRACE);
    expect(answer.body.traceId).toBe(TRACE);
    expect(http.log.filter((line) => line.traceId === TRACE)).toMatchObject([{ msg: 'request', status: 404 }]);
  });

  it('takes a later version of the header with more parts', async () => {
    const answer = await http.call('GET', '/v1/notes', {
      headers: { traceparent: `01-${TRACE}-00f067aa0ba902b7-01-more` },
    });
    expect(answer.headers['x-trace-id']).toBe(TRACE);
  });

  it.each([
    'nonsense',
    `00-${TRACE}-00f067aa0ba902b7-01-more`,
    `ff-${TRACE}-00f067aa0ba902b7-01`,
    `00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
  ])('begins its own where the header is not valid: %s', async (traceparent) => {
    const { headers } = await http.call('GET', '/v1/notes', { headers: { traceparent } });
    expect(headers['x-trace-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(headers['x-trace-id']).not.toBe(TRACE);
  });
});

describe('the log', () => {
  const lineOf = (answer: Answer): Record<string, unknown>[] =>
    http.log.filter((line) => line.traceId === answer.headers['x-trace-id']);

  it('has one line a request: the route and not the address, who, the status and the time', async () => {
    const answer = await http.call('GET', '/v1/notes/Zebedee', { headers: AS_ANNE });
    expect(lineOf(answer)).toEqual([
      expect.objectContaining({
        level: 'info',
        msg: 'request',
        method: 'GET',
        route: '/v1/notes/:name',
        status: 200,
        accountId: 'anne',
        ms: expect.any(Number),
      }),
    ]);
  });

  it('never has an address, a query, a body, a token or a key', async () => {
    const planted = 'Planted-7f3a';
    const headers = { ...AS_ANNE, 'x-api-key': planted, cookie: planted, 'user-agent': planted };
    await http.call('GET', `/v1/notes?q=${planted}`, { headers });
    await http.call('GET', `/v1/notes/${planted}`, { headers });
    await http.call('GET', `/v1/${planted}`, { headers });
    await http.call('GET', '/v1/notes', { headers: { authorization: `Bearer ${planted}`, accept: planted } });
    await http.call('POST', '/v1/notes', { headers, json: { text: planted, other: planted } });
    await http.call('POST', '/v1/notes', {
      headers: { ...headers, 'content-type': 'application/json' },
      body: `{"${planted}`,
    });
    expect(http.log.length).toBeGreaterThan(5);
    expect(JSON.stringify(http.log)).not.toContain(planted);
  });

  it('has the cause of a failure with its trace', async () => {
    const answer = await http.call('GET', '/v1/notes/broken', { headers: AS_ANNE });
    expect(lineOf(answer).find((line) => line.err)).toMatchObject({
      level: 'error',
      err: { message: 'secret detail of the driver', stack: expect.any(Array) },
    });
  });
});
