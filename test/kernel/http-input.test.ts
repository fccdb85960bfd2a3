import { cloneDatabase, ClonedDatabase } from '../support/database';
import { Answer, AS_ANNE, CallOptions, HttpApp, rawConnection, startHttpApp } from './http-app';

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

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (path: string, options: CallOptions): Promise<Answer> =>
  http.call('POST', path, { ...options, headers: { ...AS_ANNE, ...options.headers } });
const free = (body: string | Buffer): Promise<Answer> => post('/v1/notes/free', { body, headers: JSON_TYPE });

/** Each refusal is the same shape: all five members, our own, and nothing of the framework. */
function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answer.body).toMatchObject({
    ...{ type: `urn:partnerships:problem:${code}`, title: expect.any(String), status, detail: expect.any(String) },
    ...{ instance: expect.stringMatching(/^\//), traceId: answer.headers['x-trace-id'] },
  });
  expect(answer.text).not.toMatch(/FST_|Fastify|SyntaxError|at .*\.js/);
}

function expectFault(answer: Answer, where: { in: string; at: string; code: string }): void {
  expectProblem(answer, 400, 'invalid_input');
  expect(answer.body.errors).toEqual([{ ...where, message: expect.any(String) }]);
}

describe('JSON bodies', () => {
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

  it.each([
    ['an integer beyond the safe ones', '{"a":{"b":[1,9007199254740993]}}', '/a/b/1', 'number_not_exact'],
    ['a number without end', '{"a":1e400}', '/a', 'number_not_exact'],
    ['a fraction that rounds to a whole number', '{"a":9007199254740991.4}', '/a', 'number_not_exact'],
    ['a number that rounds to nothing', '{"a":1e-400}', '/a', 'number_not_exact'],
    ['__proto__', '{"a":{"__proto__":{"b":1}}}', '/a/__proto__', 'forbidden_name'],
    ['constructor', '{"constructor":{"name":1}}', '/constructor', 'forbidden_name'],
    ['a name twice', '{"a":1,"a":2}', '/a', 'duplicate_name'],
    ['a name twice, once escaped', '{"a":1,"\\u0061":2}', '/a', 'duplicate_name'],
    ['U+0000', '{"a/b":["x\\u0000"]}', '/a~1b/0', 'nul_character'],
    ['half of a surrogate pair', '{"a~":"\\ud83d"}', '/a~0', 'lone_surrogate'],
    ['21 levels', nested(21).replace('[]', '[1]'), '/0'.repeat(21), 'too_deep'],
    ['a list too long', `{"a":[${'1,'.repeat(10_000)}1]}`, '/a', 'too_many_items'],
  ])('refuses %s and says where', async (_name, body, at, code) => {
    expectFault(await free(body), { in: 'body', at, code });
  });

  it('refuses too many members of one object', async () => {
    const members = Array.from({ length: 1001 }, (_, i) => `"m${i}":1`).join(',');
    expectFault(await free(`{"a":{${members}}}`), { in: 'body', at: '/a', code: 'too_many_members' });
  });

  it('names every fault at once', async () => {
    const answer = await free('{"a":9007199254740993,"b":"\\u0000"}');
    expect(answer.body.errors?.map((fault) => fault.at)).toEqual(['/a', '/b']);
  });

  it('takes what lies inside the limits, exactly', async () => {
    const answer = await free(
      `{"a":${nested(19)},"n":[9007199254740991,-9007199254740991,0.5,1e3,1.50,-0],"s":"\\ud83d\\ude00\\n"}`,
    );
    expect(answer.status).toBe(201);
    expect(answer.body.body).toEqual({
      a: JSON.parse(nested(19)),
      n: [9007199254740991, -9007199254740991, 0.5, 1000, 1.5, 0],
      s: '😀\n',
    });
  });

  it.each([
    ['a comma at the end', '{"a":1,}', 'line 1, column 8'],
    ['an end too early', '{"a":\n', 'line 2, column 1'],
    ['a text without an end', '"abc', 'column 5'],
    ['a control character in a text', '"a\nb"', 'column 3'],
    ['something behind the value', '{} x', 'column 4'],
    ['a leading zero', '{"a":01}', 'column 7'],
    ['a comment', '{/* */}', 'column 2'],
    ['a single quote', "{'a':1}", 'column 2'],
    ['NaN', '[NaN]', 'column 2'],
    ['a bad escape', '["\\x"]', 'column 4'],
  ])('says where the JSON is broken: %s', async (_name, body, place) => {
    const answer = await free(body);
    expectProblem(answer, 400, 'malformed_json');
    expect(answer.body.detail).toContain(place);
  });

  it('refuses bytes that are not UTF-8', async () => {
    expectProblem(await free(Buffer.from([0x22, 0xc3, 0x28, 0x22])), 400, 'not_utf8');
  });

  it('brings texts to NFC before their length is checked', async () => {
    const answer = await post('/v1/notes', { json: { text: 'e\u0301'.repeat(100) } });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ text: 'é'.repeat(100), length: 100 });
  });

  it('refuses fields that are not there', async () => {
    expectFault(await post('/v1/notes', { json: { text: 'a', role: 'admin' } }), {
      in: 'body',
      at: '/role',
      code: 'unknown_field',
    });
  });

  it.each(['[]', '"text"', '3', 'null', 'true'])('refuses %s where an object is needed', async (body) => {
    expectFault(await post('/v1/notes', { body, headers: JSON_TYPE }), { in: 'body', at: '', code: 'not_an_object' });
  });

  it('refuses 72 KB of nesting as input, not as a failure', async () => {
    const answer = await free('['.repeat(36_000) + ']'.repeat(36_000));
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]?.code).toBe('too_deep');
  });
});

describe('content types and sizes', () => {
  it.each([
    ['none', {}],
    ['text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a merge patch on POST', { 'content-type': 'application/merge-patch+json' }],
    ['another JSON type', { 'content-type': 'application/vnd.api+json' }],
    ['another character set', { 'content-type': 'application/json; charset=utf-16' }],
  ])('refuses a body with the content type: %s', async (_name, headers) => {
    const answer = await post('/v1/notes', { body: '{"text":"a"}', headers });
    expectProblem(answer, 415, 'type_not_supported');
    expect(answer.headers.accept).toBe('application/json');
  });

  it('refuses a compressed body', async () => {
    const answer = await post('/v1/notes', { body: 'x', headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } });
    expectProblem(answer, 415, 'encoding_not_supported');
  });

  it.each(['application/json', 'application/merge-patch+json; charset=UTF-8'])('takes %s on PATCH', async (type) => {
    const answer = await http.call('PATCH', '/v1/notes/x', {
      body: '{"text":"a"}',
      headers: { ...AS_ANNE, 'content-type': type },
    });
    expect([answer.status, answer.body.text]).toEqual([200, 'a']);
  });

  it('says on PATCH which types it takes', async () => {
    const answer = await http.call('PATCH', '/v1/notes/x', {
      body: 'a',
      headers: { ...AS_ANNE, 'content-type': 'text/csv' },
    });
    expect([answer.status, answer.headers['accept-patch']]).toEqual([
      415,
      'application/merge-patch+json, application/json',
    ]);
  });

  it.each([JSON_TYPE, {}])('refuses no body where one is needed', async (headers) => {
    expectProblem(await post('/v1/notes', { headers: headers }), 400, 'body_missing');
  });

  it('takes no body, or an empty one, where none is read, and refuses fields there', async () => {
    expect((await post('/v1/notes/action', {})).status).toBe(201);
    expect((await post('/v1/notes/action', { headers: JSON_TYPE })).status).toBe(201);
    expect((await post('/v1/notes/action', { json: {} })).status).toBe(201);
    expectFault(await post('/v1/notes/action', { json: { force: true } }), {
      in: 'body',
      at: '',
      code: 'body_not_expected',
    });
  });

  const megabytes = (bytes: number): string => JSON.stringify({ text: 'a'.repeat(bytes - 11) });

  it('takes exactly 1 MiB and refuses a byte more', async () => {
    expect((await free(megabytes(1024 * 1024))).status).toBe(201);
    expectProblem(await free(megabytes(1024 * 1024 + 1)), 413, 'body_too_large');
  });

  it('refuses a body that turns out too long without having said so', async () => {
    const chunked = { ...JSON_TYPE, 'transfer-encoding': 'chunked' };
    const answer = await post('/v1/notes/free', { body: megabytes(1024 * 1024 + 1), headers: chunked });
    expectProblem(answer, 413, 'body_too_large');
  });

  it('lets a route raise its limit', async () => {
    const answer = await post('/v1/notes/large', { body: megabytes(1024 * 1024 * 2), headers: JSON_TYPE });
    expect([answer.status, answer.body.characters]).toEqual([201, 1024 * 1024 * 2]);
    expectProblem(
      await post('/v1/notes/large', { body: megabytes(1024 * 1024 * 2 + 1), headers: JSON_TYPE }),
      413,
      'body_too_large',
    );
  });

  it('takes CSV where a route declares it, in NFC, and JSON no more', async () => {
    const csv = { 'content-type': 'text/csv; charset=utf-8' };
    const answer = await post('/v1/notes/import', { body: 'name\r\nZoe\u0308\r\n', headers: csv });
    expect([answer.status, answer.body.csv]).toEqual([201, 'name\r\nZoë\r\n']);
    expectProblem(await post('/v1/notes/import', { json: {} }), 415, 'type_not_supported');
    expectFault(await post('/v1/notes/import', { body: 'a\nb\u0000', headers: csv }), {
      in: 'body',
      at: '',
      code: 'nul_character',
    });
  });
});

describe('addresses', () => {
  it.each([
    ['a query with a broken escape', '/v1/notes?q=%zz', 'query', 'q', 'bad_encoding'],
    ['a query that is not UTF-8', '/v1/notes?q=%ff', 'query', 'q', 'bad_encoding'],
    ['a path with a broken escape', '/v1/notes/%zz', 'path', '', 'bad_encoding'],
    ['U+0000 in the query', '/v1/notes?q=a%00', 'query', 'q', 'nul_character'],
    ['U+0000 in the path', '/v1/notes/a%00', 'path', 'name', 'nul_character'],
    ['a parameter that is not there', '/v1/notes?other=1', 'query', 'other', 'unknown_field'],
    ['a parameter on a route that takes none', '/v1/notes/kept?other=1', 'query', 'other', 'unknown_field'],
    ['__proto__ in the query', '/v1/notes?__proto__=1', 'query', '__proto__', 'forbidden_name'],
  ])('refuses %s', async (_name, path, where, at, code) => {
    expectFault(await http.call('GET', path, { headers: path.includes('/notes/a') ? AS_ANNE : {} }), {
      in: where,
      at,
      code,
    });
  });

  it('refuses a parameter given twice where one is meant', async () => {
    const answer = await http.call('GET', '/v1/notes?q=a&q=b');
    expectProblem(answer, 400, 'invalid_input');
    expect(answer.body.errors).toMatchObject([{ in: 'query', at: 'q' }]);
  });

  it('brings query and path to NFC', async () => {
    expect((await http.call('GET', '/v1/notes?q=e%CC%81')).body.q).toBe('é');
    expect((await http.call('GET', '/v1/notes/e%CC%81', { headers: AS_ANNE })).body.name).toBe('é');
  });

  it('refuses an address that is too long, and a part of one', async () => {
    expectProblem(await http.call('GET', `/v1/notes?q=${'a'.repeat(8000)}`), 414, 'address_too_long');
    expectProblem(await http.call('GET', `/v1/notes/${'a'.repeat(600)}`), 414, 'address_too_long');
  });

  it('answers headers that are too large with a problem', async () => {
    const answer = await http.call('GET', '/v1/notes', { headers: { 'x-large': 'a'.repeat(20_000) } });
    expectProblem(answer, 431, 'headers_too_large');
  });

  it('answers what is no HTTP request with a problem', async () => {
    const { socket, ended } = await rawConnection(http.port);
    socket.write('GARBAGE\r\n\r\n');
    const text = await ended;
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toContain('content-type: application/problem+json');
    expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'malformed_request', status: 400 });
  });

  it('refuses an expectation that it does not know', async () => {
    expectProblem(await http.call('GET', '/v1/notes', { headers: { expect: 'tea' } }), 417, 'expectation_failed');
  });
});
