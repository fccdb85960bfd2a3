import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Db } from '../../src/kernel/db/db';
import { endingOf } from '../../src/kernel/http/deprecation';
import { docsPage } from '../../src/kernel/http/docs-page';
import { DOCS_STYLE } from '../../src/kernel/http/docs-style';
import { Readiness } from '../../src/kernel/http/health.controller';
import { Metrics } from '../../src/kernel/http/metrics';
import { Traffic } from '../../src/kernel/http/stop';
import { cloneDatabase, ClonedDatabase } from '../support/database';
import { AS_ANNE, HttpApp, startHttpApp } from './http-app';

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

describe('health', () => {
  it('is live and ready, and names its checks', async () => {
    expect(await http.call('GET', '/health/live')).toMatchObject({
      status: 200,
      body: { status: 'ok', checks: { process: 'ok' } },
    });
    const ready = await http.call('GET', '/health/ready');
    expect([ready.status, ready.body]).toEqual([200, { status: 'ok', checks: { database: 'ok', accepting: 'ok' } }]);
    expect(ready.headers['cache-control']).toBe('no-store');
  });

  it('is not ready, and says why, when a check fails or breaks', async () => {
    const readiness = http.app.get(Readiness, { strict: false });
    let holds = false;
    readiness.add('migrations', () => (holds ? Promise.resolve(true) : Promise.reject(new Error('two are missing'))));
    const failed = await http.call('GET', '/health/ready');
    expect([failed.status, failed.headers['retry-after'], failed.body]).toEqual([
      503,
      '2',
      { status: 'failed', checks: { database: 'ok', migrations: 'failed', accepting: 'ok' } },
    ]);
    holds = true;
    expect((await http.call('GET', '/health/ready')).status).toBe(200);
    holds = false;
    readiness.add('migrations', () => Promise.resolve(false));
    expect((await http.call('GET', '/health/live')).status).toBe(200);
    expect((await http.call('GET', '/health/ready')).status).toBe(503);
    readiness.add('migrations', () => Promise.resolve(true));
  });
});

describe('what the service says of itself', () => {
  it('links everything from its root, feeds only where they exist', async () => {
    const { status, body } = await http.call('GET', '/');
    expect(status).toBe(200);
    expect(body).toEqual({
      name: 'Notes <& more>',
      version: expect.stringMatching(/^\d+\.\d+/),
      links: { openapi: '/openapi.json', docs: '/docs', live: '/health/live', ready: '/health/ready', feeds: {} },
    });
  });

  it('serves the OpenAPI document with a tag that saves sending it again', async () => {
    const first = await http.call('GET', '/openapi.json');
    expect(first.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
    });
    expect(Object.keys(first.body.paths as object)).toContain('/v1/notes/{name}');
    const again = await http.call('GET', '/openapi.json', { headers: { 'if-none-match': String(first.headers.etag) } });
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', first.headers.etag]);
  });

  it('lists the formats of a route in the document', async () => {
    const { body } = await http.call('GET', '/openapi.json');
    const paths = body.paths as Record<
      string,
      { get: { parameters: object[]; responses: Record<string, { content: object }> } }
    >;
    expect(paths['/v1/notes/table']?.get.parameters).toMatchObject([
      { name: 'format', in: 'query', required: false, schema: { enum: ['json', 'csv'] } },
    ]);
  });
});

describe('a route that will go', () => {
  it('says so on every answer and in the document', async () => {
    for (const path of ['/v1/notes/old', '/v1/notes/old?x=1']) {
      const { headers } = await http.call('GET', path);
      expect([headers.deprecation, headers.sunset]).toEqual(['@1768435200', 'Wed, 15 Jul 2026 00:00:00 GMT']);
    }
    const { body } = await http.call('GET', '/openapi.json');
    const paths = body.paths as Record<string, { get: object }>;
    expect(paths['/v1/notes/old']?.get).toMatchObject({ deprecated: true, summary: 'An old way' });
    expect((await http.call('GET', '/v1/notes')).headers).not.toHaveProperty('deprecation');
  });

  it('gives six months of notice', () => {
    expect(() => endingOf('2026-01-15', '2026-07-14')).toThrow('2026-07-15 at the earliest');
    expect(() => endingOf('2026-01-15', 'soon')).toThrow();
  });
});

describe('the docs page', () => {
  it('is one page with language, title, landmarks and headings, and needs neither script nor anything from outside', async () => {
    const { status, headers, text } = await http.call('GET', '/docs');
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('<html lang="en-GB">');
    expect(text).toContain('<title>Notes &lt;&amp; more&gt;: documentation</title>');
    for (const landmark of ['<header>', '<nav aria-label=', '<main id="content"', '<footer>'])
      expect(text).toContain(landmark);
    expect(text.match(/<h1>/g)).toHaveLength(1);
    expect(text).not.toMatch(/<script|style="|\son\w+="|(?:href|src)="(?:https?:)?\/\//);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  it('shows every operation, and every link inside it leads somewhere', async () => {
    const { text } = await http.call('GET', '/docs');
    expect(text).toContain('<code>/v1/notes/{name}</code>');
    const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map((found) => found[1]));
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map((found) => found[1]);
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !ids.has(link))).toEqual([]);
    expect(ids.size).toBe([...text.matchAll(/ id="/g)].length);
  });

  it('shows code as code, paragraphs as such, and the rows of a table under their own headings', () => {
    const page = docsPage({
      openapi: '3.1.0',
      info: { title: 'Notes', version: '1', description: 'First `a<b`.\n\nSecond.' },
      tags: [
        { name: 'Zebras', description: 'Send `X-Stripes`.' },
        { name: 'Apes', description: 'Theirs.' },
      ],
      paths: {
        '/a': {
          get: { tags: ['Apes'], description: 'Takes `q`.', responses: { 200: { description: 'With `Link`.' } } },
        },
        '/b': { get: { tags: ['Unnamed'], responses: {} } },
        '/z': { get: { tags: ['Zebras'], summary: 'All `z`', responses: {} } },
      },
      components: { schemas: { Ape: { type: 'object', description: 'An `ape`.' } } },
    });
    expect(page).not.toContain('`');
    for (const part of [
      '<p class="prose">First <code>a&lt;b</code>.</p>\n<p class="prose">Second.</p>',
      '<p class="prose">Send <code>X-Stripes</code>.</p>',
      '<p class="prose">Takes <code>q</code>.</p>',
      '<th scope="row">200</th><td>With <code>Link</code>.</td>',
      'All <code>z</code></h3>',
      '<p class="prose">An <code>ape</code>.</p>',
    ])
      expect(page).toContain(part);
    const headings = [...page.matchAll(/<h2 [^>]*>([^<]*)</g)].map((found) => found[1]);
    expect(headings).toEqual(['Signing in', 'Zebras', 'Apes', 'Unnamed', 'Failures', 'Bodies and answers']);
    expect(page).not.toMatch(/<p[^>]*><\/p>/);
  });

  it('opens what a link leads to: the place of each is inside what is folded', async () => {
    const { text } = await http.call('GET', '/docs');
    expect(text).not.toMatch(/<details [^>]*id=/);
    const folded = text.match(/<details>/g)?.length ?? 0;
    expect(folded).toBeGreaterThan(3);
    expect(text.match(/<\/summary>\n<div class="inside" id="[^"]+">/g)).toHaveLength(folded);
  });

  it('shows how to sign in, a call and its answer, limits in words, and shared failures once', () => {
    const failure = { description: 'Not found.', content: { 'application/problem+json': {} } };
    const page = docsPage({
      openapi: '3.1.0',
      info: { title: 'Notes', version: '1' },
      paths: {
        '/notes/{id}': {
          put: {
            security: [{ token: [] }],
            parameters: [
              { name: 'id', in: 'path', required: true, schema: { type: 'string', example: 'n 1' } },
              { name: 'If-Match', in: 'header', required: true, schema: { type: 'string' } },
            ],
            requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Note' } } } },
            responses: {
              200: {
                description: 'Done.',
                content: { 'application/json': { schema: { $ref: '#/components/schemas/Note' } } },
              },
              404: { $ref: '#/components/responses/NotFound' },
            },
          },
          delete: { responses: { 204: { description: 'Gone.' }, 404: { $ref: '#/components/responses/NotFound' } } },
        },
      },
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Ask for one.' } },
        responses: { NotFound: failure },
        schemas: {
          Note: {
            type: 'object',
            properties: {
              text: { type: 'string', minLength: 1, maxLength: 40, example: 'Buy <milk>' },
              stars: { type: 'integer', minimum: 0 },
              on: { type: ['string', 'null'], format: 'date' },
              tags: { type: 'array', items: { type: 'string', maxLength: 9 } },
              inner: { $ref: '#/components/schemas/Note' },
            },
          },
        },
      },
    });
    expect(page).toContain(
      'PUT /notes/n%201\nAuthorization: Bearer &lt;token&gt;\nIf-Match: &quot;1-json&quot;\nContent-Type: application/json\n\n{',
    );
    expect(page).toContain('&quot;text&quot;: &quot;Buy &lt;milk&gt;&quot;');
    expect(page).toContain(
      '>DELETE /notes/{id}</pre>\n<p>Answer:</p>\n<pre tabindex="0" role="group" aria-label="Answer">204</pre>',
    );
    for (const words of ['string, 1 to 40 characters', 'integer, at least 0', 'list of string, at most 9 characters'])
      expect(page).toContain(`<td>${words}</td>`);
    expect(page).toContain('<span id="failure-notfound">404</span>');
    expect(page.match(/Not found\./g)).toHaveLength(1);
    expect(page.match(/<a href="#failure-notfound">404<\/a>/g)).toHaveLength(2);
    expect(page).toContain('<p class="prose">Ask for one.</p>');
  });

  it('goes down one level of heading at a time, and has one name for each landmark', async () => {
    const { text } = await http.call('GET', '/docs');
    const levels = [...text.matchAll(/<h([1-6])/g)].map((found) => Number(found[1]));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)).toEqual([]);
    const named = [...text.matchAll(/<(?:nav aria-label|section aria-labelledby)="([^"]+)"/g)].map((found) => found[1]);
    expect(new Set(named).size).toBe(named.length);
    expect(text).not.toContain('role="region"');
  });

  it('has its styles here', async () => {
    const { status, headers, text } = await http.call('GET', '/docs/style.css', {
      headers: { accept: 'text/css,*/*;q=0.1' },
    });
    expect([status, headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
    expect(text).not.toMatch(/@import|url\(/);
    expect(text).toMatch(/:focus-visible \{ outline: 3px solid/);
  });

  it('has colours of which text stands out by 7 to 1, and lines and focus by 3 to 1, in the light and in the dark', () => {
    const palettes = [...DOCS_STYLE.matchAll(/:root \{([^}]*)\}/g)].map(([, body = '']) =>
      Object.fromEntries([...body.matchAll(/--(\w+): (#[0-9a-f]{6})/g)].map(([, name, colour]) => [name, colour])),
    );
    expect(palettes).toHaveLength(2);
    for (const { ink = '', paper = '', soft = '', link = '', line = '' } of palettes) {
      for (const [text, ground] of [
        [ink, paper],
        [ink, soft],
        [link, paper],
        [link, soft],
      ] as const)
        expect(contrast(text, ground)).toBeGreaterThanOrEqual(7);
      expect(contrast(line, paper)).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('figures for Prometheus', () => {
  it('are on a port of their own, by route pattern and status, with the pool and whatever else was registered', async () => {
    const metrics = http.app.get(Metrics, { strict: false });
    metrics.gauge('event_lag', 'Events not delivered yet.', () => Promise.resolve(7));
    await http.call('GET', '/v1/notes/Zebedee', { headers: AS_ANNE });
    const server = await metrics.serve(0, '127.0.0.1');
    try {
      const { port } = server.address() as AddressInfo;
      const response = await fetch(`http://127.0.0.1:${port}/metrics`);
      const text = await response.text();
      expect(response.status).toBe(200);
      expect(text).toMatch(
        /http_request_duration_seconds_count\{method="GET",route="\/v1\/notes\/:name",status="200"\} [1-9]/,
      );
      expect(text).toMatch(/^database_connections \d+$/m);
      expect(text).toMatch(/^event_lag 7$/m);
      expect(text).not.toContain('Zebedee');
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    } finally {
      server.close();
      await once(server, 'close');
    }
    expect((await http.call('GET', '/metrics')).status).toBe(404);
  });
});

describe('when the database does not answer', () => {
  it('says 503 with Retry-After while every connection is taken, and recovers', async () => {
    const { pool } = http.app.get(Db, { strict: false });
    const taken = await Promise.all(Array.from({ length: 5 }, () => pool.connect()));
    const answer = await http.call('GET', '/v1/notes/database', { headers: AS_ANNE });
    taken.forEach((client) => client.release());
    expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([503, 'unavailable', '2']);
    expect(answer.text).not.toMatch(/timeout|connect|pool/);
    expect((await http.call('GET', '/v1/notes/database', { headers: AS_ANNE })).status).toBe(200);
  });

  it('is no longer ready once it was told to stop', async () => {
    http.app.get(Traffic, { strict: false }).stop();
    const answer = await http.call('GET', '/health/ready');
    expect([answer.status, answer.headers.connection]).toEqual([503, 'close']);
    expect(answer.body.checks).toMatchObject({ accepting: 'failed' });
  });
});

/** How far two colours stand apart, as WCAG 2.2 counts it. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5]
      .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
