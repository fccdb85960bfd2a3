import { LocalCounts, Share } from '../../src/kernel/http/rate-limit.local';
import { RateLimitStore } from '../../src/kernel/http/rate-limit.store';
import { cloneDatabase, ClonedDatabase } from '../support/database';
import { withOwner } from '../support/server';
import { Answer, HttpApp, startHttpApp } from './http-app';

const LIMITS = { public: 5, key: 8, signedIn: 10 };
let database: ClonedDatabase;
/** Two replicas on one database. */
let one: HttpApp;
let two: HttpApp;

beforeAll(async () => {
  database = await cloneDatabase();
  [one, two] = await Promise.all([
    startHttpApp(database.serviceUrl, LIMITS),
    startHttpApp(database.serviceUrl, LIMITS),
  ]);
});
afterAll(async () => {
  await Promise.all([one.close(), two.close()]);
  await database.drop();
});

const as = (account: string): { headers: Record<string, string> } => ({
  headers: { authorization: `Bearer ${account}` },
});
const act = (replica: HttpApp, account: string): Promise<Answer> =>
  replica.call('POST', '/v1/notes/action', as(account));
/** A read without an account, from an address that the trusted proxy tells. */
const read = (replica: HttpApp, address: string): Promise<Answer> =>
  replica.call('GET', '/v1/notes', { headers: { 'x-forwarded-for': address } });
const admitted = (answers: Answer[]): number => answers.filter((answer) => answer.status < 300).length;
const endWindows = (): Promise<unknown> =>
  withOwner(database.ownerUrl, (client) => client.query('UPDATE kernel.rate_limit SET ends_at = now()'));

describe('calls that are counted in the database', () => {
  it('admits exactly the limit when all come at once, over two replicas', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => act(i % 2 ? one : two, 'race')));
    expect(admitted(answers)).toBe(LIMITS.signedIn);
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201, 429]));
  });

  it('says on every answer where the caller stands, and on a refusal when to come again', async () => {
    const answers: Answer[] = [];
    for (let call = 0; call < LIMITS.signedIn + 1; call++) answers.push(await act(call % 2 ? one : two, 'told'));
    expect(answers.map((answer) => answer.headers['x-ratelimit-remaining'])).toEqual([
      '9',
      '8',
      '7',
      '6',
      '5',
      '4',
      '3',
      '2',
      '1',
      '0',
      '0',
    ]);
    const refused = answers.at(-1);
    expect([refused?.status, refused?.body.code, refused?.headers['content-type']]).toEqual([
      429,
      'too_many_requests',
      'application/problem+json; charset=utf-8',
    ]);
    for (const name of ['retry-after', 'x-ratelimit-reset']) {
      expect(Number(refused?.headers[name])).toBeGreaterThanOrEqual(1);
      expect(Number(refused?.headers[name])).toBeLessThanOrEqual(60);
    }
    expect(refused?.headers['x-ratelimit-limit']).toBe('10');
  });

  it('counts each account for itself, over all its routes', async () => {
    for (let call = 0; call < LIMITS.signedIn; call++) await one.call('GET', `/v1/notes/n${call}`, as('several'));
    expect((await act(one, 'several')).status).toBe(429);
    expect((await act(one, 'another')).status).toBe(201);
  });

  it('begins a new window when the old one has ended', async () => {
    for (let call = 0; call <= LIMITS.signedIn; call++) await act(one, 'patient');
    expect((await act(one, 'patient')).status).toBe(429);
    await endWindows();
    const answer = await act(one, 'patient');
    expect([answer.status, answer.headers['x-ratelimit-remaining']]).toEqual([201, '9']);
  });

  it('limits writes without an account by address', async () => {
    const write = (address: string): Promise<Answer> =>
      one.call('POST', '/v1/notes/open', { json: { text: 'a' }, headers: { 'x-forwarded-for': address } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => write('192.0.2.7')));
    expect(admitted(answers)).toBe(LIMITS.public);
    expect((await write('192.0.2.8')).status).toBe(201);
  });
});

describe('public reads', () => {
  it('admits exactly the limit on one replica, without asking the database', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => read(one, '198.51.100.1')));
    expect(admitted(answers)).toBe(LIMITS.public);
    const refused = answers.find((answer) => answer.status === 429);
    expect(refused?.headers).toMatchObject({
      'retry-after': expect.any(String),
      'x-ratelimit-remaining': '0',
      'access-control-allow-origin': '*',
    });
  });

  it('admits nothing more anywhere once the replicas have reconciled', async () => {
    for (let call = 0; call < LIMITS.public; call++) expect((await read(one, '198.51.100.2')).status).toBe(200);
    await one.app.get(RateLimitStore, { strict: false }).reconcile();
    // The other replica does not know yet: its first call is the excess that the documentation allows, and it learns by it.
    expect((await read(two, '198.51.100.2')).status).toBe(200);
    await two.app.get(RateLimitStore, { strict: false }).reconcile();
    expect((await read(two, '198.51.100.2')).status).toBe(429);
  });

  it('counts the first half of an IPv6 address', async () => {
    for (let call = 0; call < LIMITS.public; call++) await read(one, `2001:db8:1:1::${call + 1}`);
    expect((await read(one, '2001:db8:1:1:ffff::1')).status).toBe(429);
    expect((await read(one, '2001:db8:1:2::1')).status).toBe(200);
  });

  it('believes no more proxies than are trusted', async () => {
    for (let call = 0; call < LIMITS.public; call++) await read(one, `203.0.113.${call}, 198.51.100.3`);
    expect((await read(one, '203.0.113.99, 198.51.100.3')).status).toBe(429);
  });

  it('never counts health checks', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => one.call('GET', '/health/live')));
    expect(admitted(answers)).toBe(12);
    expect(answers[0]?.headers).not.toHaveProperty('x-ratelimit-limit');
  });
});

describe('credentials that keep failing', () => {
  it('are refused by address before they are looked at, and so is nobody else', async () => {
    const tries = (address: string, token: string): Promise<Answer> =>
      one.call('GET', '/v1/notes/x', { headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': address } });
    const seen: number[] = [];
    for (let call = 0; call < LIMITS.public + 1; call++) seen.push((await tries('192.0.2.50', 'bad')).status);
    expect(seen).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await tries('192.0.2.50', 'guessed')).status).toBe(429);
    expect((await tries('192.0.2.51', 'good')).status).toBe(200);
  });
});

describe('without the database', () => {
  it('lets calls through and says so once in the log', async () => {
    const store = one.app.get(RateLimitStore, { strict: false });
    await withOwner(database.ownerUrl, (client) =>
      client.query('ALTER TABLE kernel.rate_limit RENAME TO rate_limit_away'),
    );
    try {
      const warnings = (): number => [...one.log, ...two.log].filter((line) => line.context === 'RateLimit').length;
      const before = warnings();
      const standings = [await store.increment('exact:away', 1000, 1), await store.increment('exact:away', 1000, 1)];
      expect(standings.map((standing) => standing.isBlocked)).toEqual([false, false]);
      expect(warnings() - before).toBe(1);
    } finally {
      await withOwner(database.ownerUrl, (client) =>
        client.query('ALTER TABLE kernel.rate_limit_away RENAME TO rate_limit'),
      );
    }
  });
});

describe('counts in memory', () => {
  /** Replicas that share a count, on a clock that is set by hand. */
  function replicas(count: number): { each: LocalCounts[]; tick: (ms: number) => void } {
    let now = 0;
    const shared = new Map<string, number>();
    const exchange = (shares: Share[]): Promise<Share[]> => {
      for (const { key, hits } of shares) shared.set(key, (shared.get(key) ?? 0) + hits);
      return Promise.resolve(shares.map((share) => ({ ...share, hits: shared.get(share.key) ?? 0 })));
    };
    return {
      each: Array.from({ length: count }, () => new LocalCounts(exchange, () => now)),
      tick: (ms) => (now += ms),
    };
  }

  it('never admits more on N replicas than N times what was left, and no more after reconciling', async () => {
    const { each } = replicas(3);
    const limit = 100;
    let passed = 0;
    const all = (calls: number): void => {
      for (const counts of each)
        for (let call = 0; call < calls; call++) if (!counts.take('k', 60_000, limit).blocked) passed++;
    };
    all(20);
    for (const counts of each) await counts.reconcile();
    for (const counts of each) await counts.reconcile();
    expect(passed).toBe(60);
    all(200);
    expect(passed).toBeLessThanOrEqual(60 + 80 + 60 + 40);
    for (const counts of each) await counts.reconcile();
    const after = passed;
    all(200);
    expect(passed).toBe(after);
  });

  it('keeps what could not be told, and tells it later', async () => {
    let away = true;
    const told: Share[][] = [];
    const counts = new LocalCounts((shares) => {
      if (away) return Promise.reject(new Error('away'));
      told.push(shares);
      return Promise.resolve(shares);
    });
    counts.take('k', 60_000, 10);
    await expect(counts.reconcile()).rejects.toThrow('away');
    counts.take('k', 60_000, 10);
    away = false;
    await counts.reconcile();
    await counts.reconcile();
    expect(told.map((shares) => shares.map((share) => share.hits))).toEqual([[2]]);
    expect(counts.look('k', 60_000, 10).hits).toBe(3);
  });

  it('begins anew when the window has ended', () => {
    const { each, tick } = replicas(1);
    const [counts] = each;
    expect([1, 2, 3].map(() => counts?.take('k', 1000, 2).blocked)).toEqual([false, false, true]);
    tick(1000);
    expect(counts?.take('k', 1000, 2).blocked).toBe(false);
  });
});
