import type { Response } from 'supertest';
import { EventHead } from '../../src/kernel/events/head';
import { Sequencer } from '../../src/kernel/events/sequencer';
import { act, code, type Headers, type Known, makeDraft, makeProject } from '../involvement/opportunity-support';
import { OURS, startApp, type TestApp } from '../support/app';

/** Manners that every resource has, shown on one: retries, versions, pages, and public answers from memory. */
let t: TestApp;
let coordinator: Headers;
let project: Known;
let keys = 0;
const newKey = (): string => `manners-${++keys}`;
const count = async (sql: string, params: unknown[] = []): Promise<number> =>
  (await t.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, params)).rows[0]?.n ?? NaN;

beforeAll(async () => {
  t = await startApp();
  coordinator = await t.as('coordinator');
  project = await makeProject(t, coordinator);
});
afterAll(() => t.stop());

const post = (key: string, title: string, who = coordinator) =>
  t.api
    .post('/v1/opportunities')
    .set(who)
    .set('idempotency-key', key)
    .send({ projectId: project.id, kind: 'survey', title });

describe('a retry with Idempotency-Key', () => {
  it('gets the stored answer, with no second effect', async () => {
    const key = newKey();
    const first = await post(key, 'Once').expect(201);
    const again = await post(key, 'Once').expect(201);
    expect(again.body).toEqual(first.body);
    expect([again.headers.location, again.headers.etag]).toEqual([first.headers.location, first.headers.etag]);
    expect([first.headers['idempotent-replay'], again.headers['idempotent-replay']]).toEqual([undefined, 'true']);
    expect(await count(`involvement.opportunity WHERE title = 'Once'`)).toBe(1);
  });

  it('is refused with another body, and is another request for another account', async () => {
    const key = newKey();
    await post(key, 'Mine').expect(201);
    const other = await post(key, 'Changed').expect(422);
    expect(code(other)).toBe('idempotency_key_reused');
    await post(key, 'Mine', await t.as('coordinator', OURS, 'second')).expect(201);
    expect(await count(`involvement.opportunity WHERE title = 'Mine'`)).toBe(2);
  });

  it('is told to wait while the first is in flight', async () => {
    const key = newKey();
    const blocker = await t.db.connect();
    try {
      await blocker.query('BEGIN');
      await blocker.query('LOCK TABLE involvement.opportunity IN ACCESS EXCLUSIVE MODE');
      const first = post(key, 'Slow').then((answer) => answer);
      await waiting('involvement.opportunity');
      const second = await post(key, 'Slow').expect(409);
      expect(code(second)).toBe('request_in_flight');
      await blocker.query('ROLLBACK');
      expect((await first).status).toBe(201);
    } finally {
      blocker.release();
    }
    expect(await count(`involvement.opportunity WHERE title = 'Slow'`)).toBe(1);
  });

  it('stores the answer with the effect or not at all', async () => {
    const key = newKey();
    await t.db.query(
      `CREATE FUNCTION public.no_answer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'cut' USING ERRCODE = '57P01'; END $$;
       CREATE TRIGGER no_answer BEFORE INSERT ON kernel.idempotency FOR EACH ROW EXECUTE FUNCTION public.no_answer()`,
    );
    try {
      const cut = await fetch(`${t.address}/v1/opportunities`, {
        method: 'POST',
        headers: { ...coordinator, 'idempotency-key': key, 'content-type': 'application/json' },
        body: JSON.stringify({ projectId: project.id, kind: 'survey', title: 'Cut' }),
      });
      expect(cut.status).toBeGreaterThanOrEqual(500);
    } finally {
      await t.db.query('DROP TRIGGER no_answer ON kernel.idempotency; DROP FUNCTION public.no_answer()');
    }
    expect(await count(`involvement.opportunity WHERE title = 'Cut'`)).toBe(0);
    expect(await count('kernel.idempotency WHERE key = $1', [key])).toBe(0);
    await post(key, 'Cut').expect(201);
    expect(await count(`involvement.opportunity WHERE title = 'Cut'`)).toBe(1);
  });

  it('does not remember a refusal, so that what was put right can be sent again', async () => {
    const key = newKey();
    await t.api
      .post('/v1/opportunities')
      .set(coordinator)
      .set('idempotency-key', key)
      .send({ projectId: project.id, kind: 'survey' })
      .expect(400);
    await post(key, 'Put right').expect(201);
  });

  it('reads personal answers anew, and keeps only their address', async () => {
    const key = newKey();
    const body = {
      name: 'Una Planted-Name',
      email: 'una@example.org',
      preferredChannel: 'email',
      ageGroup: 'adult',
      organisationId: await t.organisation(OURS),
    };
    const add = () => t.api.post('/v1/contributors').set(coordinator).set('idempotency-key', key).send(body);
    const first = await add().expect(201);
    const { id, version } = first.body as Known;
    const { rows } = await t.db.query<{ answer: string | null; location: string }>(
      'SELECT answer, location FROM kernel.idempotency WHERE key = $1',
      [key],
    );
    expect(rows).toEqual([{ answer: null, location: `/v1/contributors/${id}` }]);
    await t.api
      .patch(`/v1/contributors/${id}`)
      .set(coordinator)
      .set('if-match', `"${version}-json"`)
      .send({ knownAs: 'Una' })
      .expect(200);
    const again = await add().expect(201);
    expect(again.body).toMatchObject({ id, knownAs: 'Una', version: version + 1 });
  });
});

describe('a version', () => {
  it('is needed to change, compared, and one of two wins', async () => {
    const draft = await makeDraft(t, coordinator, project.id);
    const change = (tag?: string, title = 'Changed') => {
      const call = t.api.patch(`/v1/opportunities/${draft.id}`).set(coordinator);
      return (tag === undefined ? call : call.set('if-match', tag)).send({ title });
    };
    expect(code(await change().expect(428))).toBe('if_match_needed');
    await change('"1"', 'One').expect(200);
    await change('"1-json"').expect(412);
    for (const bad of ['*', 'W/"2-json"', '2']) expect(code(await change(bad).expect(400))).toBe('invalid_input');
    const statuses = (await Promise.all([change('"2-json"', 'A'), change('"2-json"', 'B')])).map(
      (answer) => answer.status,
    );
    expect(statuses.sort()).toEqual([200, 412]);
  });

  it('saves sending again what the caller has, for as long as it is right', async () => {
    const address = `/v1/projects/${project.id}`;
    const { etag } = (await t.api.get(address).set(coordinator).expect(200)).headers;
    const same = await t.api.get(address).set(coordinator).set('if-none-match', String(etag)).expect(304);
    expect([same.text, same.headers.etag]).toEqual(['', etag]);
    await t.api.get(address).set(coordinator).set('if-none-match', '"0-json"').expect(200);
    await t.api.get(address).set('if-none-match', String(etag)).expect(401);
  });

  it('leaves alone what is absent and clears what is null', async () => {
    const draft = await makeDraft(t, coordinator, project.id);
    const changed = await t.api
      .patch(`/v1/opportunities/${draft.id}`)
      .set(coordinator)
      .set('if-match', `"${draft.version}-json"`)
      .set('content-type', 'application/merge-patch+json')
      .send(JSON.stringify({ summary: null }))
      .expect(200);
    expect(changed.body).toMatchObject({ summary: null, whatIsInvolved: draft.whatIsInvolved, title: draft.title });
  });
});

describe('pages', () => {
  it('hold every record once, to the last, and refuse a cursor that is not theirs', async () => {
    await t.db.query(
      `INSERT INTO involvement.project (organisation_id, kind, title) SELECT $1, 'study', 'Many ' || n FROM generate_series(1, 1050) n`,
      [project.organisationId],
    );
    const seen = new Set<string>();
    let address = '/v1/projects?limit=50';
    let first = '';
    while (address !== '') {
      const answer: Response = await t.api.get(address).set(coordinator).expect(200);
      const page = answer.body as { data: Known[]; meta: { nextCursor: string | null } };
      for (const { id } of page.data) {
        expect(seen.has(id)).toBe(false);
        seen.add(id);
      }
      first ||= page.meta.nextCursor ?? '';
      address = /^<(.+)>; rel="next"$/.exec(answer.headers.link ?? '')?.[1] ?? '';
      expect(address === '').toBe(page.meta.nextCursor === null);
    }
    expect(seen.size).toBe(await count('involvement.project WHERE organisation_id = $1', [project.organisationId]));
    const tampered = first.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'));
    const ofAnother = (await t.api.get('/v1/organisations?limit=1').expect(200)).body as {
      meta: { nextCursor: string };
    };
    for (const cursor of [tampered, `${first}x`, 'x', ofAnother.meta.nextCursor]) {
      const refused = await t.api.get('/v1/projects').query({ cursor }).set(coordinator).expect(400);
      expect((refused.body as { errors: object[] }).errors).toMatchObject([
        { in: 'query', at: 'cursor', code: 'bad_cursor' },
      ]);
    }
  });

  it('cost at the thousandth what they cost at the first: both are read from the index', async () => {
    const plan = async (after: string): Promise<string> => {
      const client = await t.db.connect();
      try {
        await client.query('BEGIN; SET LOCAL enable_seqscan = off');
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN SELECT r.id FROM involvement.project r WHERE ${after} ORDER BY r.id DESC LIMIT 21`,
        );
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    };
    for (const after of ['TRUE', `(r.id) < ('${project.id}'::uuid)`]) {
      expect(await plan(after)).toMatch(/Index (Only )?Scan Backward/);
      expect(await plan(after)).not.toMatch(/Sort/);
    }
  });
});

/** The figure of answers that came from memory is not told, so a change that no event tells shows where an answer came from. */
describe('public answers from memory', () => {
  let shown: Known;
  const title = async (headers: Record<string, string> = {}): Promise<string> => {
    const answer = await t.api.get(`/v1/opportunities/${shown.id}`).set(headers).expect(200);
    return (answer.body as Known).title as string;
  };
  const hear = (): Promise<bigint> => t.app.get(Sequencer, { strict: false }).run();
  /** Changes what is stored behind the service's back: only an answer that was read from the database shows it. */
  const behind = (words: string): Promise<unknown> =>
    t.db.query(
      `UPDATE involvement.catalogue_entry SET body = (body::jsonb || jsonb_build_object('title', $2::text))::json WHERE opportunity_id = $1`,
      [shown.id, words],
    );

  beforeAll(async () => {
    shown = await makeDraft(t, coordinator, project.id, { title: 'As published' });
    await act(t, coordinator, shown.id, 'publish').expect(200);
  });

  it('are given while no public event has come, and never beyond one', async () => {
    await hear();
    expect(await title()).toBe('As published');
    await behind('Behind the back');
    await hear();
    expect(await title()).toBe('As published');
    const before = t.app.get(EventHead, { strict: false }).head().publicPosition;
    await act(t, coordinator, shown.id, 'pause').expect(200);
    await hear();
    expect(t.app.get(EventHead, { strict: false }).head().publicPosition).toBeGreaterThan(before);
    const paused = await t.api.get(`/v1/opportunities/${shown.id}`).expect(200);
    expect((paused.body as Known).status).toBe('paused');
    await act(t, coordinator, shown.id, 'resume').expect(200);
  });

  it('answer 304 from memory to who has them, with a strong tag', async () => {
    await hear();
    const first = await t.api.get('/v1/opportunities?limit=1').expect(200);
    expect(first.headers.etag).toMatch(/^"[^"]+"$/);
    await hear();
    await t.api.get('/v1/opportunities?limit=1').set('if-none-match', String(first.headers.etag)).expect(304);
  });

  it('are neither made nor given for a caller with credentials', async () => {
    await hear();
    const before = await title();
    await behind('For those who sign in');
    expect(await title(coordinator)).toBe('For those who sign in');
    await hear();
    expect(await title()).toBe(before);
  });

  it('end with a closing that nobody tells', async () => {
    const list = async (): Promise<string[]> =>
      ((await t.api.get('/v1/opportunities?limit=100').expect(200)).body as { data: Known[] }).data.map(
        (one) => one.id,
      );
    t.clock.set('2026-12-18T23:59:59.999Z');
    await hear();
    expect(await list()).toContain(shown.id);
    t.clock.set('2026-12-19T00:00:00.000Z');
    await hear();
    expect(await list()).not.toContain(shown.id);
  });
});

/** Waits until somebody waits for a lock on the table. */
async function waiting(table: string): Promise<void> {
  for (;;) {
    const { rows } = await t.db.query(`SELECT 1 FROM pg_locks WHERE NOT granted AND relation = $1::regclass`, [table]);
    if (rows.length > 0) return;
  }
}
