import { createHash, randomBytes } from 'node:crypto';
import { OURS, startApp, TestApp } from '../support/app';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ RATE_LIMIT_PUBLIC: '50', RATE_LIMIT_KEY: '60', RATE_LIMIT_SIGNED_IN: '70' });
});
afterAll(() => t.stop());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${t.address}${path}`, { headers });

describe('the whole application', () => {
  it('is ready only while its database has every migration', async () => {
    const ready = await get('/health/ready');
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ok', checks: { database: 'ok', migrations: 'ok', accepting: 'ok', diversity: 'ok' } },
    ]);
    const { rows } = await t.db.query<{ id: number }>(
      'UPDATE public.migrations SET name = name || $1 WHERE id = (SELECT max(id) FROM public.migrations) RETURNING id',
      ['x'],
    );
    const failed = await get('/health/ready');
    expect([failed.status, await failed.json()]).toMatchObject([
      503,
      { checks: { migrations: 'failed', database: 'ok' } },
    ]);
    await t.db.query(`UPDATE public.migrations SET name = left(name, -1) WHERE id = $1`, [rows[0]?.id]);
    expect((await get('/health/ready')).status).toBe(200);
  });

  /** A live API key of an organisation. */
  async function apiKey(): Promise<string> {
    const key = `ppk_${randomBytes(32).toString('base64url')}`;
    const hash = createHash('sha256').update(key).digest();
    await t.db.query(
      `INSERT INTO people.api_key (organisation_id, name, slot, prefix, hash) VALUES ($1, 'limits', 1, $2, $3)`,
      [await t.organisation(OURS), key.slice(0, 10), hash],
    );
    return key;
  }

  it('limits a caller by who the access guard found: nobody, an API key, an account', async () => {
    const limit = async (headers: Record<string, string> = {}): Promise<string | null> =>
      (await get('/', headers)).headers.get('x-ratelimit-limit');
    expect(await limit()).toBe('50');
    expect(await limit({ 'x-api-key': await apiKey() })).toBe('60');
    expect(await limit(await t.as('coordinator'))).toBe('70');
  });

  it('refuses credentials that are not good, and says how to sign in', async () => {
    const bad: Record<string, string>[] = [
      { authorization: 'Bearer a.b.c' },
      { 'x-api-key': `ppk_${randomBytes(32).toString('base64url')}` },
    ];
    for (const headers of bad) {
      const answer = await get('/', headers);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      expect(await answer.json()).toMatchObject({ status: 401, traceId: answer.headers.get('x-trace-id') });
    }
  });

  it('takes no word for an id: an address that is only sent to says so to whoever reads it, before asking who they are', async () => {
    for (const [path, allow] of [
      ['/v1/interests/follow', 'OPTIONS, POST'],
      ['/v1/interests/withdraw-by-reference', 'OPTIONS, POST'],
    ] as const) {
      const answer = await get(path);
      expect([path, answer.status, answer.headers.get('allow')]).toEqual([path, 405, allow]);
    }
    expect((await get('/v1/interests/01941f29-7c00-7839-af22-8ac23d6623a4')).status).toBe(401);
  });

  it('leads from /docs/ to /docs', async () => {
    const answer = await get('/docs/');
    expect([answer.status, new URL(answer.url).pathname]).toEqual([200, '/docs']);
  });

  it('has a docs page on which every link inside the page leads somewhere', async () => {
    const text = await (await get('/docs')).text();
    const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map((found) => found[1]));
    const dead = [...text.matchAll(/href="#([^"]+)"/g)].map((found) => found[1]).filter((link) => !ids.has(link));
    expect(dead).toEqual([]);
    expect(ids.size).toBe([...text.matchAll(/ id="/g)].length);
  });

  it('puts every operation under one of the tags that the document describes, none of which is empty', async () => {
    const document = (await (await get('/openapi.json')).json()) as {
      tags: { name: string; description: string }[];
      paths: Record<string, Record<string, { tags?: string[] }>>;
    };
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { tags }]) => ({ name: `${method} ${path}`, tags: tags ?? [] })),
    );
    const known = document.tags.map((tag) => tag.name);
    const lost = operations.filter(({ tags }) => tags.length !== 1 || !known.includes(tags[0] ?? ''));
    expect(lost).toEqual([]);
    const used = new Set(operations.flatMap(({ tags }) => tags));
    expect(known.filter((name) => !used.has(name))).toEqual([]);
    expect(new Set(known).size).toBe(known.length);
    expect(document.tags.filter((tag) => !/^[A-Z].*\.$/.test(tag.description))).toEqual([]);
    const page = await (await get('/docs')).text();
    const headings = [...page.matchAll(/<h2 [^>]*>([^<]*)</g)].map((found) => found[1]);
    expect(headings).toEqual(['Signing in', ...known, 'Failures', 'Bodies and answers']);
    expect(page).not.toMatch(/<p[^>]*>\s*<\/p>|characters (?:from|to) \d/);
    expect(page.match(/<h4>Example<\/h4>/g)).toHaveLength(operations.length);
    expect(page.replace(/<pre[\s\S]*?<\/pre>/g, '')).not.toContain('`');
  });

  it('links from its root only what is there', async () => {
    const version = (await (await get('/')).json()) as { links: Record<string, string | Record<string, string>> };
    const links = Object.values(version.links).flatMap((one) => (typeof one === 'string' ? [one] : Object.values(one)));
    const statuses = await Promise.all(links.map(async (link) => `${link} ${(await get(link)).status}`));
    expect(links.length).toBeGreaterThanOrEqual(4);
    expect(statuses.filter((one) => one.endsWith(' 404'))).toEqual([]);
  });
});
