import { randomUUID } from 'node:crypto';
import type { GapView } from '../../../src/edi/gap/gap.dto';
import { NOON, OURS, startApp, TestApp, THEIRS } from '../../support/app';
import { BEFORE, RELEASE } from './a-release';
import { publish } from './stored-release';

const AT = '/v1/diversity/gaps';
type Headers = { authorization: string };

describe('Gaps', () => {
  let t: TestApp;
  let steward: Headers;
  let owner: Headers;
  let stranger: Headers;
  let ours: string;

  beforeAll(async () => {
    t = await startApp();
    await publish(t, BEFORE);
    steward = await t.as('data-steward');
    owner = await t.as('coordinator');
    stranger = await t.as('coordinator', THEIRS);
    ours = await t.organisation(OURS);
  });
  afterAll(() => t.stop());
  beforeEach(() => t.clock.set(NOON));

  const body = (change: object = {}): Record<string, unknown> => ({
    releaseId: BEFORE.id,
    tableKey: 'all-registered-ethnic-group',
    unit: 'all',
    category: 'asian',
    measure: 'share',
    direction: 'too-few',
    what: 'Asian people are a small share of contributors.',
    action: 'Recruit with community radio.',
    organisationId: ours,
    dueOn: '2027-03-31',
    checkBy: 2,
    ...change,
  });
  const record = async (change: object = {}): Promise<GapView> => {
    const answer = await t.api.post(AT).set(steward).send(body(change));
    if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
    return answer.body as GapView;
  };
  const move = (who: Headers | undefined, id: string, what: string, sent: object, version?: number) => {
    const call = t.api.post(`${AT}/${id}/${what}`).set(who ?? {});
    return (version === undefined ? call : call.set('if-match', `"${version}-json"`)).send(sent);
  };
  const said = async (id: string) => {
    const events = await t.db.query<{ type: string; public: boolean }>(
      'SELECT type, public FROM kernel.event WHERE subject_id = $1 ORDER BY entry',
      [id],
    );
    const audits = await t.db.query<{ action: string }>(
      'SELECT action FROM kernel.audit_entry WHERE subject_id = $1 ORDER BY id',
      [id],
    );
    return { events: events.rows.map((row) => row.type), audits: audits.rows.map((row) => row.action) };
  };

  it('are recorded by a data steward, answered and closed by their owner, and read by anybody', async () => {
    const made = await t.api.post(AT).set(steward).send(body());
    expect(made.status).toBe(201);
    const gap = made.body as GapView;
    expect(made.headers.location).toBe(`${AT}/${gap.id}`);
    expect(gap).toMatchObject({
      state: 'open',
      releaseNumber: 1,
      progress: [],
      outcome: null,
      checked: false,
      version: 1,
    });

    const progressed = await move(owner, gap.id, 'progress', { text: 'Two programmes were on air.' });
    expect(progressed.body).toMatchObject({
      version: 2,
      progress: [{ on: '2026-11-23', text: 'Two programmes were on air.' }],
    });
    expect((await move(owner, gap.id, 'done', { closing: 'All four were on air.' })).status).toBe(428);
    expect((await move(owner, gap.id, 'done', { closing: 'x' }, 1)).status).toBe(412);
    const done = await move(owner, gap.id, 'done', { closing: 'All four were on air.' }, 2);
    expect(done.body).toMatchObject({ state: 'done', closing: 'All four were on air.', closedAt: NOON, version: 3 });
    expect((await move(owner, gap.id, 'progress', { text: 'More.' })).body).toMatchObject({
      status: 409,
      code: 'gap_closed',
    });
    expect((await move(steward, gap.id, 'cease', { closing: 'x' }, 3)).status).toBe(409);

    const read = await t.api.get(`${AT}/${gap.id}`);
    expect(read.headers.etag).toBe('"3-json"');
    expect(read.body).toMatchObject({ state: 'done', progress: [{ on: '2026-11-23' }] });
    expect(await said(gap.id)).toEqual({
      events: ['diversity-gap.recorded', 'diversity-gap.progressed', 'diversity-gap.done'],
      audits: ['created', 'changed', 'changed'],
    });
    const list = async (query: string): Promise<string[]> =>
      ((await t.api.get(`${AT}?${query}`)).body as { data: GapView[] }).data.map((one) => one.id);
    expect(await list(`state=done&organisation=${ours}&release=${BEFORE.id}`)).toEqual([gap.id]);
    expect(await list('state=ceased')).toEqual([]);
    expect(await list(`release=${randomUUID()}`)).toEqual([]);
  });

  it('cease by a data steward alone', async () => {
    const gap = await record();
    expect((await move(owner, gap.id, 'cease', { closing: 'Not ours.' }, 1)).status).toBe(403);
    const ceased = await move(steward, gap.id, 'cease', { closing: 'Taken up by the region.' }, 1);
    expect(ceased.body).toMatchObject({ state: 'ceased', closing: 'Taken up by the region.' });
    expect((await said(gap.id)).events).toEqual(['diversity-gap.recorded', 'diversity-gap.ceased']);
  });

  it('are nobody else’s to record or to answer', async () => {
    const gap = await record();
    const contributor = await t.as('contributor');
    expect((await t.api.post(AT).send(body())).status).toBe(401);
    expect((await t.api.post(AT).set(owner).send(body())).status).toBe(403);
    for (const [who, status] of [
      [undefined, 401],
      [contributor, 403],
      [steward, 403],
      [stranger, 404],
    ] as const) {
      expect((await move(who, gap.id, 'progress', { text: 'x' })).status).toBe(status);
      expect((await move(who, gap.id, 'done', { closing: 'x' }, 1)).status).toBe(status);
    }
    expect((await move(owner, randomUUID(), 'progress', { text: 'x' })).status).toBe(404);
    expect((await t.api.get(`${AT}/${randomUUID()}`)).status).toBe(404);
    expect((await t.api.get(`${AT}/none`)).status).toBe(400);
  });

  it.each([
    ['an unknown release', { releaseId: randomUUID() }, 'unknown_release', '/releaseId'],
    ['a table that the release has not', { tableKey: 'all-registered-shoe-size' }, 'not_in_release', '/tableKey'],
    ['a category of nobody', { category: 'martian' }, 'not_in_release', '/category'],
    ['a unit that the table has not', { unit: 'nowhere' }, 'not_in_release', '/unit'],
    ['an ethnic group in a one-way table', { ethnicGroup: 'asian' }, 'not_in_release', '/ethnicGroup'],
    [
      'a withheld number',
      { tableKey: 'groups-registered-sex', unit: 'national-centres', category: 'male' },
      'figure_not_published',
      '/category',
    ],
    ['progress where no wider table is', { measure: 'progress' }, 'not_in_release', '/measure'],
    ['a day that is over', { dueOn: '2026-11-23' }, 'due_not_ahead', '/dueOn'],
  ])('rest on what was published: %s', async (_, change, code, at) => {
    const answer = await t.api.post(AT).set(steward).send(body(change));
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code, errors: [{ in: 'body', at, code }] });
  });

  it('say what to do where a number is not there', async () => {
    const send = async (change: object) =>
      (await t.api.post(AT).set(steward).send(body(change))).body as { detail: string; errors: { message: string }[] };
    const withheld = await send({ tableKey: 'groups-registered-sex', unit: 'national-centres', category: 'female' });
    // Ten women are published. What is missing is the base.
    expect(withheld.detail).toContain('because “Male” and “Prefers not to say” are withheld');
    expect(withheld.errors[0]?.message).toContain('Name a category or a unit');
    expect((await send({ category: 'martian' })).errors[0]?.message).toContain('asian, black, mixed');
    expect((await send({ unit: 'nowhere' })).errors[0]?.message).toBe('Send one of its units: all.');
  });

  it('refuse what the database knows to be wrong, and what is not well formed', async () => {
    expect(
      (
        await t.api
          .post(AT)
          .set(steward)
          .send(body({ organisationId: randomUUID() }))
      ).body,
    ).toMatchObject({ status: 422, code: 'unknown_organisation' });
    expect(
      (
        await t.api
          .post(AT)
          .set(steward)
          .send(body({ releaseId: BEFORE.id, checkBy: 2, dueOn: '2027-02-30' }))
      ).status,
    ).toBe(400);
    const bad = await t.api
      .post(AT)
      .set(steward)
      .send(body({ measure: 'feeling', checkBy: 0, what: '', colour: 'red' }));
    expect((bad.body as { errors: { at: string }[] }).errors.map((error) => error.at).sort()).toEqual([
      '/checkBy',
      '/colour',
      '/measure',
      '/what',
    ]);
  });

  it('are closed once, whoever comes first', async () => {
    const gap = await record();
    const both = await Promise.all([
      move(owner, gap.id, 'done', { closing: 'Done.' }, 1),
      move(steward, gap.id, 'cease', { closing: 'Ceased.' }, 1),
    ]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect((await said(gap.id)).events).toHaveLength(2);
  });

  it('hear from the next release what became of them, and not from one later than they are checked by', async () => {
    const gap = await record({ checkBy: 3 });
    const clear = await record({ category: 'mixed', direction: 'too-many', checkBy: 2 });
    await publish(t, RELEASE);
    const read = async (id: string): Promise<GapView> => (await t.api.get(`${AT}/${id}`)).body as GapView;
    expect(await read(gap.id)).toMatchObject({
      checked: false,
      outcome: { release: { number: 2 }, change: 'no-clear-change' },
    });
    expect((await read(gap.id)).outcome?.sentence).toContain('5.5% in release 1, 7.7% in release 2');
    expect(await read(clear.id)).toMatchObject({ checked: true });
    const early = await t.api
      .post(AT)
      .set(steward)
      .send(body({ releaseId: RELEASE.id, checkBy: 2 }));
    expect([early.status, (early.body as { code: string }).code]).toEqual([422, 'check_by_not_later']);
    expect((early.body as { detail: string }).detail).toContain('for the next release send the number of the newest');
    const third = {
      ...RELEASE,
      id: '01984d6a-6f00-7000-8000-000000000003',
      number: 3,
      tables: RELEASE.tables.map((table) =>
        table.key === 'all-registered-ethnic-group'
          ? { ...table, figures: table.figures.map((one) => (one.category === 'asian' ? { ...one, value: 190 } : one)) }
          : table,
      ),
    };
    await publish(t, third);
    expect(await read(gap.id)).toMatchObject({ checked: true, outcome: { release: { number: 3 }, change: 'closing' } });
    expect(await read(clear.id)).toMatchObject({ checked: true, outcome: { release: { number: 2 } } });
  });
});
