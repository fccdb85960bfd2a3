import { startApp, TestApp } from '../support/app';
import { Collecting, Headers, OURS, Sent, THEIRS } from './collection-support';

let t: TestApp;
let on: Collecting;
let coordinator: Headers;
beforeAll(async () => {
  t = await startApp();
  on = await Collecting.at(t);
  coordinator = await t.as('coordinator');
});
afterAll(() => t.stop());

const PEOPLE = 'Ethnic group,Age,Sex\nasian,25-34,female\nPrefer not to say,,male\nwhite,85 and over,female\n';
const eventsOf = async (id: string): Promise<string[]> =>
  (
    await t.db.query<{ type: string }>('SELECT type FROM kernel.event WHERE subject_id = $1 ORDER BY id', [id])
  ).rows.map(({ type }) => type);
const auditOf = async (id: string): Promise<string[]> =>
  (
    await t.db.query<{ action: string }>('SELECT action FROM kernel.audit_entry WHERE subject_id = $1 ORDER BY id', [
      id,
    ])
  ).rows.map(({ action }) => action);

describe('POST /v1/diversity/collections/{id}/returns', () => {
  it('accepts rows as a whole, says what the form cannot support, and counts them exactly for the organisation alone', async () => {
    const collection = await on.open();
    const answer = await on.send(collection, 'anonymous-rows', PEOPLE).expect(201);
    const sent = answer.body as Sent;
    expect(answer.headers.location).toBe(`/v1/diversity/returns/${sent.id}`);
    expect(sent).toMatchObject({
      state: 'accepted',
      late: false,
      basis: 'data-sharing-agreement',
      received: { rows: 3, notes: [] },
      supports: {
        deduplication: false,
        twoWayTables: true,
        cannot: [expect.stringContaining('cannot be counted once')],
      },
    });
    expect(await eventsOf(sent.id)).toEqual(['diversity-return.accepted']);
    expect(await auditOf(sent.id)).toEqual(['created']);
    const figures = await on.figures(sent.id).expect(200);
    expect(figures.headers['cache-control']).toBe('no-store');
    const { people, questions } = figures.body as {
      people: object;
      questions: { characteristic: string; completeness: number; answers: object[] }[];
    };
    expect(people).toEqual({ low: 3, high: 3 });
    expect(questions.find(({ characteristic }) => characteristic === 'age')).toMatchObject({ completeness: 2 / 3 });
    expect(questions.find(({ characteristic }) => characteristic === 'sex')?.answers).toEqual([
      { code: 'female', label: 'Female', low: 2, high: 2 },
      { code: 'male', label: 'Male', low: 1, high: 1 },
    ]);
    const csv = await on.figures(sent.id).set('accept', 'text/csv').expect(200);
    expect(csv.text).toContain('sex,Sex,female,Female,2,2,');
    expect(await auditOf(sent.id)).toContain('read');
  });

  it('stores nothing of a file with faults, and tells each by row and column', async () => {
    const collection = await on.open();
    const before = await on.stored();
    const answer = await on.send(collection, 'anonymous-rows', 'Sex,dob\nfemail,2030-01-01\nmale,\n').expect(422);
    expect(answer.body).toMatchObject({
      code: 'return_has_faults',
      errors: [
        {
          in: 'body',
          at: '/rows/2/Sex',
          row: 2,
          column: 'Sex',
          cell: 'A2',
          code: 'unknown_code',
          message: expect.stringContaining('Did you mean "Female"') as string,
        },
        { at: '/rows/2/dob', cell: 'B2', code: 'born_in_future' },
      ],
    });
    expect(await on.stored()).toEqual(before);
    const checked = await on.check(collection, 'anonymous-rows', 'Sex,dob\nfemail,2030-01-01\nmale,\n').expect(200);
    expect(checked.body).toMatchObject({ acceptable: false, rows: 2, faultyRows: 1, faultCount: 2 });
    const good = await on.check(collection, 'anonymous-rows', PEOPLE).expect(200);
    expect(good.body).toMatchObject({ acceptable: true, rows: 3, faults: [], late: false, replacesId: null });
    expect(await on.stored()).toEqual(before);
  });

  it('takes counts with what is withheld as ranges, and pivot tables', async () => {
    const collection = await on.open();
    const sent = await on.accepted(
      collection,
      'counts',
      'Sex,Count\nFemale,30\nMale,<5\nGrand total,33\n\nAge,Count\n25 to 34,20\n35 to 44,13\nTotal,33\n',
    );
    const { body } = await on.figures(sent.id).expect(200);
    const { people, questions } = body as {
      people: object;
      questions: { characteristic: string; completeness: number | null; answers: object[] }[];
    };
    expect(people).toEqual({ low: 33, high: 33 });
    expect(questions.find(({ characteristic }) => characteristic === 'sex')?.answers).toMatchObject([
      { low: 30, high: 30 },
      { low: 3, high: 3 },
    ]);
    expect(questions.find(({ characteristic }) => characteristic === 'religion')).toMatchObject({
      completeness: 0,
      answers: [{ code: 'not-known', low: 33, high: 33 }],
    });
    const { rows } = await t.db.query<{ n: number }>(
      `SELECT sum(people)::int AS n FROM edi_answers.returned_count WHERE return_id = $1 AND characteristic <> 'impairment' GROUP BY characteristic`,
      [sent.id],
    );
    expect(new Set(rows.map(({ n }) => n))).toEqual(new Set([33]));
    expect((await on.send(collection, 'counts', 'Sex,Count\nFemale,*\nMale,2\n').expect(422)).body).toMatchObject({
      errors: [{ code: 'star_without_bound' }],
    });
    await on.send(collection, 'counts', 'Sex,Count\nFemale,*\nMale,2\n', '&suppressedBelow=5').expect(201);
  });

  it('takes live returns without a file, whose figures are in releases only', async () => {
    const collection = await on.open();
    const sent = await on.accepted(collection, 'live', undefined);
    expect(sent).toMatchObject({ form: 'live', supports: { deduplication: true, twoWayTables: true, cannot: [] } });
    expect((await on.figures(sent.id).expect(422)).body).toMatchObject({ code: 'figures_only_in_releases' });
    expect((await on.send(collection, 'live', PEOPLE).expect(400)).body).toMatchObject({
      code: 'body_not_expected',
    });
    expect((await on.send(collection, 'counts', undefined).expect(400)).body).toMatchObject({
      code: 'body_missing',
    });
  });

  it('replaces with history: the corrected return stands, the answers of the former are gone', async () => {
    const collection = await on.open();
    const first = await on.accepted(collection, 'anonymous-rows', PEOPLE);
    const second = await on.accepted(collection, 'anonymous-rows', 'Sex\nfemale\n');
    expect(second.replacesId).toBe(first.id);
    expect((await t.api.get(`/v1/diversity/returns/${first.id}`).set(on.analyst).expect(200)).body).toMatchObject({
      state: 'replaced',
      received: null,
    });
    expect((await on.figures(first.id).expect(409)).body).toMatchObject({ code: 'return_replaced' });
    expect((await on.signOff(first.id).expect(409)).body).toMatchObject({ code: 'return_replaced' });
    const { rows } = await t.db.query('SELECT 1 FROM edi_answers.returned_row WHERE return_id = $1', [first.id]);
    expect(rows).toEqual([]);
    const list = await t.api.get(`/v1/diversity/returns?collection=${collection}`).set(on.analyst).expect(200);
    expect((list.body as { data: Sent[] }).data.map(({ id }) => id)).toEqual([second.id, first.id]);
  });

  it('is refused after sign-off, until the steward opens it again', async () => {
    const collection = await on.open();
    const { id } = await on.accepted(collection, 'anonymous-rows', PEOPLE);
    expect((await on.signOff(id).expect(200)).body).toMatchObject({
      state: 'signed-off',
      signedAt: t.clock.now().toISOString(),
    });
    expect((await on.signOff(id).expect(409)).body).toMatchObject({ code: 'already_signed_off' });
    const before = await on.stored();
    expect((await on.send(collection, 'anonymous-rows', PEOPLE).expect(409)).body).toMatchObject({
      code: 'return_signed_off',
    });
    expect(await on.stored()).toEqual(before);
    const reopen = (who: Headers) =>
      t.api.post(`/v1/diversity/returns/${id}/reopen`).set(who).send({ because: 'One site was left out.' });
    await reopen(on.analyst).expect(403);
    expect((await reopen(on.steward).expect(200)).body).toMatchObject({
      state: 'accepted',
      signedAt: null,
      reopenedBecause: 'One site was left out.',
    });
    expect((await reopen(on.steward).expect(409)).body).toMatchObject({ code: 'not_signed_off' });
    expect((await on.accepted(collection, 'anonymous-rows', PEOPLE)).replacesId).toBe(id);
    expect(await eventsOf(id)).toEqual([
      'diversity-return.accepted',
      'diversity-return.signed-off',
      'diversity-return.reopened',
    ]);
  });

  it('is refused in drafts and closed collections, in a form that is not allowed, and by those who do not return', async () => {
    const { id: draft } = await on.draft();
    await on.send(draft, 'anonymous-rows', PEOPLE).expect(404);
    const closed = await on.open();
    await on.close(closed, 2).expect(200);
    expect((await on.send(closed, 'anonymous-rows', PEOPLE).expect(409)).body).toMatchObject({
      code: 'collection_not_open',
    });
    const counts = await on.open({ forms: ['counts'] });
    expect((await on.send(counts, 'anonymous-rows', PEOPLE).expect(422)).body).toMatchObject({
      code: 'form_not_allowed',
    });
    const collection = await on.open({ organisations: [{ organisationId: await t.organisation(THEIRS) }] });
    await on.send(collection, 'anonymous-rows', PEOPLE).expect(404);
    await t.api.post(on.path(counts, 'counts')).set('content-type', 'text/csv').send('x').expect(401);
    await on.send(counts, 'counts', PEOPLE, '', await t.as('researcher')).expect(403);
    await on.send(counts, 'counts', PEOPLE, '', on.steward).expect(403);
    expect((await on.send(await on.open(), 'anonymous-rows', PEOPLE, '&basis=hearsay').expect(400)).body).toMatchObject(
      { code: 'invalid_input' },
    );
    const noBasis = on.path(await on.open(), 'anonymous-rows').replace(/&basis=[^&]*/, '&basis=not-personal-data');
    expect(
      (await t.api.post(noBasis).set(on.analyst).set('content-type', 'text/csv').send(PEOPLE).expect(422)).body,
    ).toMatchObject({ code: 'basis_needed' });
    await t.api
      .post(on.path(counts, 'counts'))
      .set(on.analyst)
      .set('content-type', 'application/pdf')
      .send('x')
      .expect(415);
  });

  it('comes late where the last day is over, which it says', async () => {
    const collection = await on.open({ dueOn: '2026-11-23', releaseOn: '2026-12-20' });
    t.clock.set('2026-11-25T12:00:00Z');
    expect(await on.accepted(collection, 'counts', 'Sex,Count\nFemale,3\n')).toMatchObject({ late: true });
    t.clock.set('2026-11-23T12:00:00Z');
  });

  it('keeps the answer of an idempotent call by its address only', async () => {
    const collection = await on.open();
    const path = on.path(collection, 'anonymous-rows');
    const send = (text: string) =>
      t.api.post(path).set(on.analyst).set({ 'idempotency-key': 'return-1', 'content-type': 'text/csv' }).send(text);
    const first = await send(PEOPLE).expect(201);
    const again = await send(PEOPLE).expect(201);
    expect((again.body as Sent).id).toBe((first.body as Sent).id);
    expect(again.headers['idempotent-replay']).toBe('true');
    expect((await send(`${PEOPLE}black,,\n`).expect(422)).body).toMatchObject({ code: 'idempotency_key_reused' });
    const { rows } = await t.db.query<{ answer: string | null }>(
      'SELECT answer FROM kernel.idempotency WHERE key = $1',
      ['return-1'],
    );
    expect(rows).toEqual([{ answer: null }]);
  });
});

describe('what belongs to another organisation', () => {
  it('does not exist for anybody else, and stewards see no figures', async () => {
    const collection = await on.open();
    const { id } = await on.accepted(collection, 'anonymous-rows', PEOPLE);
    const others = await t.as('diversity-analyst', THEIRS);
    for (const path of [`/v1/diversity/returns/${id}`, `/v1/diversity/returns/${id}/figures`])
      await t.api.get(path).set(others).expect(404);
    await on.signOff(id, others).expect(404);
    await on.figures(id, on.steward).expect(403);
    await on.figures(id, coordinator).expect(403);
    await on.signOff(id, coordinator).expect(403);
    await on.send(collection, 'anonymous-rows', PEOPLE, '', others).expect(404);
    const list = await t.api
      .get(`/v1/diversity/returns?collection=${collection}&organisation=${await t.organisation(OURS)}`)
      .set(others)
      .expect(200);
    expect((list.body as { data: unknown[] }).data).toEqual([]);
    expect((await t.api.get(`/v1/diversity/returns/${id}`).set(on.steward).expect(200)).text).not.toMatch(
      /"rows":|people/,
    );
    await t.api.get(`/v1/diversity/returns/${id}`).set(coordinator).expect(200);
  });
});
