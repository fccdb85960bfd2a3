import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { act, makeDraft, makeProject, type Headers, type Known } from '../involvement/opportunity-support';
import { Sequencer } from '../../src/kernel/events/sequencer';
import { OURS, startApp, type TestApp } from '../support/app';
import { freePort } from '../support/built';
import { startProvider } from '../support/sign-in';

const EXAMPLE = join(__dirname, '..', '..', 'docs', 'guides', 'integrator-example.mjs');
const AUDIENCE = 'public-partnerships-api';

const PERSON = {
  person: { name: 'Rosalind Achterberg', email: 'rosalind@example.org', replyBy: 'email' },
  availability: 'Tuesdays',
};

describe('the example of the guide for integrators', () => {
  let t: TestApp;
  let provider: Awaited<ReturnType<typeof startProvider>>;
  let folder: string;
  let coordinator: Headers;
  let project: Known;
  let site: Record<string, string>;

  /** Runs the example as a site would, in a process of its own. */
  const run = async (
    args: string[],
    env: Record<string, string> = {},
  ): Promise<{ code: number; out: string; err: string }> => {
    const child = spawn(process.execPath, [EXAMPLE, ...args], {
      env: { PATH: process.env.PATH ?? '', API: t.address, ...env },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    return { code, out, err };
  };

  /** A published opportunity, told to the log. */
  const publish = async (title: string): Promise<Known> => {
    const draft = await makeDraft(t, coordinator, project.id, { title, closesOn: inAYear() });
    const published = await act(t, coordinator, draft.id, 'publish').expect(200);
    await told();
    return published.body as Known;
  };
  const told = (): Promise<unknown> => t.app.get(Sequencer, { strict: false }).run();
  const copy = (): { after: string; opportunities: Record<string, { title: string }> } =>
    JSON.parse(readFileSync(join(folder, 'copy.json'), 'utf8')) as never;
  const titles = (): string[] => Object.values(copy().opportunities).map((one) => one.title);

  beforeAll(async () => {
    provider = await startProvider(AUDIENCE);
    const issuer = { issuer: provider.issuer, audience: AUDIENCE, algorithms: ['RS256'], keys: { url: provider.keys } };
    t = await startApp({}, { issuers: [issuer] });
    folder = mkdtempSync(join(tmpdir(), 'partnerships-example-'));
    coordinator = await t.as('coordinator');
    project = await makeProject(t, coordinator);
    site = {
      OIDC_ISSUER: provider.issuer,
      CLIENT_ID: 'a-website',
      CLIENT_SECRET: 'a-secret-of-the-website',
      OIDC_RESOURCE: 'urn:partnerships',
    };
  }, 60_000);
  afterAll(async () => {
    provider.stop();
    rmSync(folder, { recursive: true, force: true });
    await t.stop();
  });

  it('lists what is open, with an API key', async () => {
    await publish('Rest after long Covid');
    await publish('Talk about falls');
    const made = await t.api
      .post('/v1/api-keys')
      .set(coordinator)
      .send({ organisationId: await t.organisation(OURS), name: 'site' })
      .expect(201);
    const { key } = made.body as { key: string };
    const { code, out } = await run(['search', 'falls'], { API_KEY: key });
    expect(out).toMatch(/^[0-9a-f-]{36} {2}to \d{4}-\d\d-\d\d {2}Talk about falls\n$/);
    expect(code).toBe(0);
    const { rows } = await t.db.query('SELECT 1 FROM people.api_key WHERE last_used_at IS NOT NULL');
    expect(rows).toHaveLength(1);
  });

  it.each<[string[], Record<string, string>, string]>([
    [[], {}, 'Give one of: search, sync, send, follow.'],
    [['toString'], {}, 'Give one of: search, sync, send, follow.'],
    [['sync'], {}, 'Write: node integrator-example.mjs sync <copy.json>'],
    [
      ['follow', 'PPI-7K3F-9QXM-2RTW0'],
      {},
      'Write: node integrator-example.mjs follow <reference> <e-mail or telephone>',
    ],
    [['sync', 'a.json', 'b.json'], {}, 'Write: node integrator-example.mjs sync <copy.json>'],
    [
      ['search'],
      { API: 'localhost:3000' },
      'API is "localhost:3000": give the address of the service, such as http://localhost:3000.',
    ],
    [['send', 'falls', 'interest.json'], {}, '"falls" is no id of an opportunity: search shows them.'],
    [
      ['send', '01941f29-7c00-7839-af22-8ac23d6623a4', 'interest.json'],
      { OIDC_ISSUER: 'https://sign-in.example' },
      'Set TOKEN, or OIDC_ISSUER, CLIENT_ID and CLIENT_SECRET; not set: CLIENT_ID, CLIENT_SECRET.',
    ],
  ])('says in one line what is wrong with %j and %j', async (args, env, line) => {
    expect(await run(args, env)).toEqual({ code: 2, out: '', err: `${line}\n` });
  });

  it('says so where nothing answers', async () => {
    const API = `http://127.0.0.1:${await freePort()}`;
    const { code, err } = await run(['search'], { API });
    expect([code, err]).toEqual([1, `Nothing answers at ${API}. Is the service running?\n`]);
  });

  it('says what is wrong in plain English', async () => {
    const { code, err } = await run(['search'], { API_KEY: 'ppk_of-somebody-else' });
    expect(code).toBe(1);
    expect(err).toContain('401 invalid_key: This API key is not live.');
  });

  it('keeps its copy right: what is new comes, what is taken back goes', async () => {
    const first = await run(['sync', 'copy.json'].map(inFolder));
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^2 open, 2 kept, read up to \d+\n$/);
    expect(titles().sort()).toEqual(['Rest after long Covid', 'Talk about falls']);

    const later = await publish('Read our leaflet');
    const withdrawn = Object.entries(copy().opportunities).find(([, one]) => one.title === 'Talk about falls');
    await act(t, coordinator, withdrawn?.[0], 'withdraw').expect(200);
    await told();
    const second = await run(['sync', 'copy.json'].map(inFolder));
    expect(second.out).toMatch(/^2 open, 2 kept/);
    expect(titles().sort()).toEqual(['Read our leaflet', 'Rest after long Covid']);

    const before = copy().after;
    await run(['sync', 'copy.json'].map(inFolder));
    expect(copy().after).toBe(before);
    expect(copy().opportunities[later.id]?.title).toBe('Read our leaflet');
  });

  it('sends an interest once, however often it is sent, and follows it by its reference', async () => {
    const { id } = await publish('Two evenings about sleep');
    const file = join(folder, 'interest.json');
    writeFileSync(file, JSON.stringify(PERSON));
    expect((await run(['send', id, file], site)).err).toContain('403');
    await becomeSite();

    const { code, out, err } = await run(['send', id, file], site);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [, reference] =
      /^received\. Show this reference to the person: (PPI(?:-[0-9A-Z]{4,5}){3})\n$/.exec(out) ?? [];
    expect(reference).toBeDefined();
    expect((await run(['send', id, file], site)).out).toBe(out);
    const { rows } = await t.db.query('SELECT 1 FROM involvement.interest WHERE opportunity_id = $1', [id]);
    expect(rows).toHaveLength(1);

    const followed = await run(['follow', String(reference).toLowerCase(), 'rosalind@example.org']);
    expect(followed.out).toBe('Two evenings about sleep: received, contact not confirmed yet\n');
    const guessed = await run(['follow', String(reference), 'somebody@example.org']);
    expect(guessed).toMatchObject({ code: 1, out: '' });
    expect(guessed.err).toContain('404 not_found: No interest fits what you sent.');
  });

  /** What the guide tells: the site opens its account, and an administrator gives it the role. */
  async function becomeSite(): Promise<void> {
    const own = { authorization: `Bearer ${await provider.clientToken()}` };
    const opened = await t.api.post('/v1/me').set(own).send({ name: 'A website', kind: 'system' }).expect(201);
    const { account } = opened.body as { account: { id: string } };
    const role = { accountId: account.id, organisationId: await t.organisation(OURS), role: 'site' };
    await t.api
      .post('/v1/memberships')
      .set(await t.as('national-administrator'))
      .send(role)
      .expect(201);
  }

  /** File names as the guide writes them, in a folder of the test. */
  function inFolder(word: string): string {
    return word.endsWith('.json') ? join(folder, word) : word;
  }
});

/** The example compares closing times with the real clock, so these lie beyond any day on which this runs. */
const inAYear = (): string => `${Math.max(2027, new Date().getFullYear() + 1)}-11-22`;
