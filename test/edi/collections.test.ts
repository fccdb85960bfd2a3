import { randomUUID } from 'node:crypto';
import ExcelJS from 'exceljs';
import { startApp, TestApp } from '../support/app';
import { Collecting, Headers, OURS, THEIRS, XLSX } from './collection-support';

let t: TestApp;
let on: Collecting;
let coordinator: Headers;
beforeAll(async () => {
  t = await startApp();
  on = await Collecting.at(t);
  coordinator = await t.as('coordinator');
});
afterAll(() => t.stop());

const bytesOf = (body: unknown): ArrayBuffer => Uint8Array.from(body as Buffer).buffer;
const at = (id: string): string => `/v1/diversity/collections/${id}`;
const eventsOf = async (id: string): Promise<string[]> =>
  (
    await t.db.query<{ type: string }>('SELECT type FROM kernel.event WHERE subject_id = $1 ORDER BY id', [id])
  ).rows.map(({ type }) => type);
const errorsOf = (body: object): string[] =>
  ((body as { errors?: { at: string; code: string }[] }).errors ?? []).map((error) => `${error.at} ${error.code}`);

describe('a collection', () => {
  it('is prepared, changed, opened and closed by a steward, each step told and audited', async () => {
    const { id, version } = await on.draft();
    expect(version).toBe(1);
    const changed = await t.api
      .patch(at(id))
      .set({ ...on.steward, 'if-match': '"1-json"' })
      .send({ title: 'Another title', note: 'Counts are welcome.', until: '2026-09-30' })
      .expect(200);
    expect(changed.body).toMatchObject({ version: 2, title: 'Another title', state: 'draft' });
    await t.api
      .post(`${at(id)}/open`)
      .set(on.steward)
      .expect(200);
    expect(
      (
        await t.api
          .post(`${at(id)}/open`)
          .set(on.steward)
          .expect(409)
      ).body,
    ).toMatchObject({ code: 'wrong_state' });
    expect((await on.close(id, 2).expect(200)).body).toMatchObject({
      state: 'closed',
      closedAt: t.clock.now().toISOString(),
    });
    expect((await on.close(id).expect(409)).body).toMatchObject({ code: 'wrong_state' });
    expect(await eventsOf(id)).toEqual([
      'diversity-collection.prepared',
      'diversity-collection.changed',
      'diversity-collection.opened',
      'diversity-collection.closed',
    ]);
    const { rows } = await t.db.query<{ action: string }>(
      'SELECT action FROM kernel.audit_entry WHERE subject_id = $1 AND subject = $2 ORDER BY id',
      [id, 'collection'],
    );
    expect(rows.map(({ action }) => action)).toEqual(['created', 'changed', 'changed', 'changed']);
  });

  it('keeps its period and forms once it is open, and its organisations that have returned', async () => {
    const id = await on.open();
    const change = (body: object, etag = '"2-json"') =>
      t.api
        .patch(at(id))
        .set({ ...on.steward, 'if-match': etag })
        .send(body);
    expect((await change({ forms: ['counts'], from: '2026-06-01' }).expect(409)).body).toMatchObject({
      code: 'collection_is_open',
      detail: expect.stringContaining('forms, from') as string,
    });
    await on.accepted(id, 'counts', 'Sex,Count\nFemale,3\n');
    const others = [{ organisationId: await t.organisation(THEIRS), dueOn: '2026-12-18' }];
    expect((await change({ organisations: others }).expect(409)).body).toMatchObject({
      code: 'organisation_has_returned',
    });
    const both = [...others, { organisationId: await t.organisation(OURS) }];
    const answer = await change({ organisations: both, dueOn: '2026-12-14' }).expect(200);
    expect((answer.body as { organisations: { dueOn: string }[] }).organisations.map(({ dueOn }) => dueOn)).toEqual([
      '2026-12-14',
      '2026-12-18',
    ]);
    await change({ title: 'Stale' }).expect(412);
    await t.api.patch(at(id)).set(on.steward).send({ title: 'No tag' }).expect(428);
  });

  it.each([
    ['an end before its beginning', { until: '2026-07-01' }, 422, 'ends_before_it_begins'],
    ['a last day within its period', { dueOn: '2026-09-30' }, 422, 'due_before_period_ends'],
    ['a release before the last day', { releaseOn: '2026-12-11' }, 422, 'released_before_due'],
    ['no form', { forms: [] }, 422, 'no_form'],
    ['questions that there are not', { questionSetVersion: 99 }, 422, 'unknown_question_set'],
    ['an organisation that is not', { organisations: [{ organisationId: randomUUID() }] }, 422, 'unknown_organisation'],
    ['nobody who must return', { organisations: [] }, 400, 'invalid_input'],
    ['a form that is not', { forms: ['by-post'] }, 400, 'invalid_input'],
    ['a field that is not', { state: 'open' }, 400, 'invalid_input'],
  ])('is refused with %s', async (_, more, status, code) => {
    const answer = await t.api
      .post('/v1/diversity/collections')
      .set(on.steward)
      .send({ ...on.body(), ...more });
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([status, code]);
  });

  it('names each organisation once, and opens only while its last day is to come', async () => {
    const organisationId = await t.organisation(OURS);
    const twice = { ...on.body(), organisations: [{ organisationId }, { organisationId }] };
    expect((await t.api.post('/v1/diversity/collections').set(on.steward).send(twice).expect(409)).body).toMatchObject({
      code: 'organisation_twice',
    });
    const late = {
      code: 'due_in_the_past',
      detail: expect.stringContaining('The last day for returns is over') as string,
    };
    const past = { ...on.body(), dueOn: '2026-11-22' };
    expect((await t.api.post('/v1/diversity/collections').set(on.steward).send(past).expect(422)).body).toMatchObject({
      ...late,
      errors: [{ at: '/dueOn', code: 'due_in_the_past' }],
    });
    const { id } = await on.draft({ dueOn: '2026-11-23' });
    const changed = t.api.patch(at(id)).set({ ...on.steward, 'if-match': '"1-json"' });
    expect((await changed.send({ dueOn: '2026-11-22' }).expect(422)).body).toMatchObject(late);
    t.clock.set('2026-11-24T12:00:00Z');
    expect(
      (
        await t.api
          .post(`${at(id)}/open`)
          .set(on.steward)
          .expect(422)
      ).body,
    ).toMatchObject(late);
    t.clock.set('2026-11-23T12:00:00Z');
  });

  it('is seen by those who must return once it is open, and run by stewards alone', async () => {
    const { id: draft } = await on.draft();
    const open = await on.open();
    const theirs = await on.open({ organisations: [{ organisationId: await t.organisation(THEIRS) }] });
    const seen = async (who: Headers): Promise<string[]> => {
      const answer = await t.api.get('/v1/diversity/collections?limit=100').set(who).expect(200);
      const ids = (answer.body as { data: { id: string }[] }).data.map(({ id }) => id);
      return [draft, open, theirs].filter((id) => ids.includes(id));
    };
    expect(await seen(on.steward)).toEqual([draft, open, theirs]);
    expect(await seen(coordinator)).toEqual([open]);
    expect(await seen(await t.as('diversity-analyst', THEIRS))).toEqual([open, theirs]);
    for (const id of [draft, theirs]) await t.api.get(at(id)).set(on.analyst).expect(404);
    await t.api
      .get(`${at(theirs)}/progress`)
      .set(on.analyst)
      .expect(404);
    await t.api
      .get(`${at(theirs)}/template?form=counts`)
      .set(on.analyst)
      .expect(404);
    await t.api.get('/v1/diversity/collections').expect(401);
    for (const who of [await t.as('researcher'), await t.as('contributor'), await t.as('national-administrator')])
      await t.api.get(at(open)).set(who).expect(403);
    const { body } = await t.api.post('/v1/diversity/collections').set(on.analyst).send(on.body()).expect(403);
    expect((body as { detail: string }).detail).toContain('it needs the role data-steward.');
    for (const move of ['open', 'close', 'reopen'])
      await t.api
        .post(`${at(open)}/${move}`)
        .set(coordinator)
        .expect(403);
    await t.api.get(at(open).replace(open, 'x')).set(on.steward).expect(400);
  });

  it('carries predecessors through, and says where a series breaks', async () => {
    const south = await t.organisation('rrdn-south-central');
    const id = await on.open({
      organisations: [{ organisationId: south }, { organisationId: await t.organisation(OURS) }],
    });
    const { body } = await t.api.get(at(id)).set(on.analyst).expect(200);
    const { organisations } = body as {
      organisations: { name: string; seriesBreaks: boolean; predecessors: { slug: string; part: boolean }[] }[];
    };
    const breaks = organisations.map(({ seriesBreaks, predecessors }) => [
      seriesBreaks,
      predecessors.map(({ slug, part }) => `${slug}${part ? ' in part' : ''}`),
    ]);
    expect(breaks).toEqual([
      [false, ['crn-greater-manchester', 'crn-north-west-coast']],
      [true, ['crn-thames-valley-and-south-midlands in part', 'crn-wessex']],
    ]);
  });
});

describe('GET /v1/diversity/collections/{id}/progress', () => {
  it('shows who returned, who is late and what forms cannot support, and no count of people', async () => {
    const id = await on.open({ dueOn: '2026-11-23', releaseOn: '2027-01-19' });
    const read = async () => {
      const { body, text } = await t.api
        .get(`${at(id)}/progress`)
        .set(coordinator)
        .expect(200);
      expect(text).not.toMatch(/"rows"|"people"|completeness/);
      const progress = body as {
        organisations: { state: string; form: string | null; corrections: number; cannot: string[] }[];
      };
      return { ...progress, states: progress.organisations.map(({ state }) => state) };
    };
    expect(await read()).toMatchObject({
      expected: 2,
      returned: 0,
      signedOff: 0,
      late: 0,
      states: ['missing', 'missing'],
    });
    const first = await on.accepted(id, 'counts', 'Sex,Count\nFemale,3\n');
    const second = await on.accepted(id, 'counts', 'Sex,Count\nFemale,4\n');
    expect(second.replacesId).toBe(first.id);
    expect(await read()).toMatchObject({
      returned: 1,
      states: ['returned', 'missing'],
      organisations: [
        { form: 'counts', corrections: 1, cannot: [expect.any(String), expect.any(String)] },
        { form: null },
      ],
    });
    await on.signOff(second.id).expect(200);
    t.clock.set('2026-11-24T12:00:00Z');
    expect(await read()).toMatchObject({ returned: 1, signedOff: 1, late: 1, states: ['signed-off', 'late'] });
    t.clock.set('2026-11-23T12:00:00Z');
  });
});

describe('GET /v1/diversity/collections/{id}/template', () => {
  const binary = (path: string) =>
    t.api
      .get(path)
      .set(on.analyst)
      .buffer(true)
      .parse((answer, done) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () => done(null, Buffer.concat(pieces)));
      });

  it('is a workbook with a cover, the sheet to fill in and the lists of codes, the same bytes each time', async () => {
    const id = await on.open();
    const path = `${at(id)}/template?form=identified-rows`;
    const first = await binary(path).expect(200).expect('content-type', XLSX);
    const again = await binary(path).expect(200);
    expect((first.body as Buffer).equals(again.body as Buffer)).toBe(true);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(bytesOf(first.body));
    expect(book.worksheets.map(({ name }) => name)).toEqual(['Cover', 'Return', 'Codes']);
    const headings = (book.getWorksheet('Return')?.getRow(1).values ?? []) as string[];
    expect(headings.slice(1, 5)).toEqual(['E-mail', 'Stage', 'Ethnic group', 'Ethnic background']);
    expect(book.getWorksheet('Codes')?.getRow(2).values).toEqual([
      undefined,
      'Ethnic group',
      'asian',
      'Asian or Asian British',
    ]);
  });

  it('filled in, is a return: rows and counts', async () => {
    const id = await on.open();
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(bytesOf((await binary(`${at(id)}/template?form=anonymous-rows`).expect(200)).body));
    book.getWorksheet('Return')?.addRow(['registered', 'Asian or Asian British']);
    const filled = Buffer.from(await book.xlsx.writeBuffer());
    expect((await on.check(id, 'anonymous-rows', filled).expect(200)).body).toMatchObject({ faults: [], rows: 1 });
    const counts = new ExcelJS.Workbook();
    await counts.xlsx.load(bytesOf((await binary(`${at(id)}/template?form=counts`).expect(200)).body));
    counts.getWorksheet('Return')?.eachRow((row, at) => {
      if (at > 1 && row.getCell(1).value === 'Sex') row.getCell(4).value = 5;
    });
    const answer = await on.check(id, 'counts', Buffer.from(await counts.xlsx.writeBuffer())).expect(200);
    expect(answer.body).toMatchObject({ acceptable: true, faults: [] });
    const csv = await t.api
      .get(`${at(id)}/template?form=counts&format=csv`)
      .set(on.analyst)
      .expect(200);
    expect(csv.text.split('\r\n').filter((line) => /^\uFEFF?["']?[=+@-]/.test(line))).toEqual([]);
    const one = csv.text.replaceAll('Sex,Female,registered,', 'Sex,Female,registered,4');
    expect((await on.check(id, 'counts', one).expect(200)).body).toMatchObject({
      faults: [{ code: 'count_missing' }, {}, {}],
    });
  });

  it('is refused in forms that have no file', async () => {
    const id = await on.open();
    await t.api
      .get(`${at(id)}/template?form=live`)
      .set(on.analyst)
      .expect(400);
    await t.api
      .get(`${at(id)}/template`)
      .set(on.analyst)
      .expect(400);
    await t.api
      .get(`${at(id)}/template?form=counts`)
      .set(on.analyst)
      .set('accept', 'application/pdf')
      .expect(406);
  });
});

describe('/v1/diversity/heading-mappings/{organisation}', () => {
  it('keeps an organisation’s own headings and codes, and reads its files with them', async () => {
    const organisation = await t.organisation(OURS);
    const path = `/v1/diversity/heading-mappings/${organisation}`;
    const put = (body: object, who = on.analyst, more = {}) =>
      t.api
        .put(path)
        .set({ ...who, ...more })
        .send(body);
    const collection = await on.open();
    const file = 'Name,Gender (form 3)\nSomebody,W\n';
    expect((await on.check(collection, 'anonymous-rows', file).expect(200)).body).toMatchObject({ acceptable: false });
    await t.api.get(path).set(on.analyst).expect(404);
    const body = {
      headings: [
        { written: 'Gender (form 3)', means: 'sex' },
        { written: 'Name', means: 'leave-out' },
      ],
      codes: [{ characteristic: 'sex', written: 'W', means: 'female' }],
    };
    expect((await put(body).expect(200)).body).toMatchObject({ version: 1, ...body });
    expect((await on.check(collection, 'anonymous-rows', file).expect(200)).body).toMatchObject({ acceptable: true });
    await put(body).expect(428);
    await put(body, on.analyst, { 'if-match': '"9-json"' }).expect(412);
    expect(
      (await put({ headings: [], codes: [] }, coordinator, { 'if-match': '"1-json"' }).expect(200)).body,
    ).toMatchObject({ version: 2 });
    expect((await t.api.get(path).set(coordinator).expect(200)).headers.etag).toBe('"2-json"');
    const wrong = {
      headings: [
        { written: 'A', means: 'sexx' },
        { written: ' a ', means: 'sex' },
      ],
      codes: [
        { characteristic: 'shoes', written: 'x', means: '9' },
        { characteristic: 'sex', written: 'x', means: 'woman' },
      ],
    };
    expect(errorsOf((await put(wrong).expect(400)).body as object)).toEqual([
      '/headings/0/means unknown_target',
      '/headings/1/written repeated',
      '/codes/0/characteristic unknown_characteristic',
      '/codes/1/means unknown_code',
    ]);
    const others = await t.as('diversity-analyst', THEIRS);
    await put(body, others).expect(404);
    await t.api.get(path).set(others).expect(404);
    await put(body, on.steward).expect(403);
    await t.api.get(path).expect(401);
  });
});
