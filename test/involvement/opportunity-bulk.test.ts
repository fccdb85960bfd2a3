import { parse } from 'csv-parse/sync';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';
import { act, auditOf, code, eventsOf, Headers, Known, makeDraft, makeProject, WHOLE } from './opportunity-support';

interface Result {
  index: number;
  line: number | null;
  result: string;
  id: string | null;
  version: number | null;
  code: string | null;
  errors: { at: string; code: string }[];
}
interface Answer {
  data: Result[];
  meta: { made: number; changed: number; unchanged: number; refused: number };
}

describe('Many opportunities at once', () => {
  let t: TestApp;
  let coordinator: Headers;
  let other: Headers;
  let project: Known;

  beforeAll(async () => {
    t = await startApp();
    coordinator = await t.as('coordinator');
    other = await t.as('coordinator', THEIRS);
    project = await makeProject(t, coordinator);
  });
  afterAll(() => t.stop());

  const item = (value: string, more: object = {}): object => ({
    projectId: project.id,
    ...WHOLE,
    identifiers: [{ scheme: 'voice', value }],
    ...more,
  });
  const send = (items: unknown[], atomic = false, who = coordinator) =>
    t.api
      .post(`/v1/opportunities/bulk${atomic ? '?atomic=true' : ''}`)
      .set(who)
      .send({ items });
  const stored = async (value: string): Promise<number> =>
    Number(
      (
        await t.db.query<{ n: string }>(
          'SELECT count(*) AS n FROM involvement.opportunity_identifier WHERE value = $1',
          [value],
        )
      ).rows[0]?.n,
    );

  describe('POST /v1/opportunities/bulk', () => {
    it('makes, changes and leaves alone, by outside identifier', async () => {
      const first = (await send([item('one'), item('two')])).body as Answer;
      expect(first.meta).toEqual({ made: 2, changed: 0, unchanged: 0, refused: 0 });
      const second = (await send([item('one'), item('two', { summary: 'Another summary.' }), item('three')]))
        .body as Answer;
      expect(second.data.map((r) => [r.result, r.version])).toEqual([
        ['unchanged', 1],
        ['changed', 2],
        ['made', 1],
      ]);
      expect(second.data.slice(0, 2).map((r) => r.id)).toEqual(first.data.map((r) => r.id));
      expect(await eventsOf(t, first.data[1]?.id)).toEqual(['opportunity.drafted', 'opportunity.edited']);
      expect(await auditOf(t, first.data[1]?.id)).toEqual(['created', 'changed']);
      const third = (await send([{ identifiers: [{ scheme: 'voice', value: 'two' }], title: 'Only the title' }]))
        .body as Answer;
      expect(third.data).toMatchObject([{ result: 'changed', version: 3 }]);
    });

    it('says of each bad item what is wrong with it, and stores the good ones', async () => {
      const draft = await makeDraft(t, coordinator, project.id, { identifiers: [{ scheme: 'voice', value: 'done' }] });
      await act(t, coordinator, draft.id, 'withdraw');
      const answer = await send([
        item('good-1'),
        item('bad-1', { mode: 'telepathy', sessions: '4' }),
        item('bad-2', { payment: { kind: 'amount' } }),
        item('bad-3', { regionCode: 'E99999999' }),
        'not an object',
        { ...WHOLE, projectId: project.id },
        { identifiers: [{ scheme: 'voice', value: 'bad-4' }], title: 'No project' },
        item('done', { title: 'Too late' }),
        item('bad-5', { projectId: draft.id }),
        item('good-2'),
      ]);
      expect(answer.status).toBe(200);
      const { data, meta } = answer.body as Answer;
      expect(meta).toEqual({ made: 2, changed: 0, unchanged: 0, refused: 8 });
      expect(data.map((r) => r.code)).toEqual([
        null,
        'invalid_input',
        'content_not_right',
        'unknown_region',
        'invalid_input',
        'identifier_needed',
        'invalid_input',
        'wrong_state',
        'not_found',
        null,
      ]);
      expect(data[1]?.errors.map((e) => e.at).sort()).toEqual(['/mode', '/sessions']);
      expect(data[2]?.errors.map((e) => e.at)).toEqual(['/payment']);
      expect(data[6]?.errors.map((e) => e.at).sort()).toEqual(['/kind', '/projectId']);
      for (const value of ['good-1', 'good-2']) expect(await stored(value)).toBe(1);
      for (const value of ['bad-1', 'bad-2', 'bad-3', 'bad-4', 'bad-5']) expect(await stored(value)).toBe(0);
    });

    it('leaves no trace of a refused item', async () => {
      const before = await t.db.query('SELECT count(*) FROM kernel.event');
      const audits = await t.db.query('SELECT count(*) FROM kernel.audit_entry');
      expect(((await send([item('traceless', { regionCode: 'E99999999' })])).body as Answer).meta.refused).toBe(1);
      expect((await t.db.query('SELECT count(*) FROM kernel.event')).rows).toEqual(before.rows);
      expect((await t.db.query('SELECT count(*) FROM kernel.audit_entry')).rows).toEqual(audits.rows);
    });

    it('stores nothing with atomic=true where one is refused', async () => {
      const answer = await send([item('all-1'), item('all-2', { mode: 'telepathy' })], true);
      expect([answer.status, code(answer)]).toEqual([422, 'bulk_refused']);
      expect((answer.body as { errors: { at: string }[] }).errors.map((e) => e.at)).toEqual(['/items/1/mode']);
      expect(await stored('all-1')).toBe(0);
      expect(((await send([item('all-1'), item('all-2')], true)).body as Answer).meta.made).toBe(2);
    });

    it('touches nothing of another organisation, nor of a project that is not the researcher’s', async () => {
      await send([item('theirs')]);
      const answer = (await send([item('theirs', { title: 'Taken over' })], false, other)).body as Answer;
      expect(answer.data).toMatchObject([{ result: 'refused', code: 'not_found' }]);
      const researcher = (await send([item('theirs', { title: 'Taken over' })], false, await t.as('researcher')))
        .body as Answer;
      expect(researcher.data).toMatchObject([{ result: 'refused', code: 'not_found' }]);
      expect((await t.api.post('/v1/opportunities/bulk').send({ items: [item('x')] })).status).toBe(401);
      expect((await send([item('x')], false, await t.as('contributor'))).status).toBe(403);
    });

    it('refuses identifiers of two opportunities, another project, none and too many', async () => {
      await send([item('left'), item('right')]);
      const both = { identifiers: [{ scheme: 'voice', value: 'left' }, { scheme: 'voice', value: 'right' }] }; // prettier-ignore
      expect(((await send([item('x', both)])).body as Answer).data).toMatchObject([{ code: 'identifiers_differ' }]);
      const elsewhere = await makeProject(t, coordinator);
      expect(((await send([item('left', { projectId: elsewhere.id })])).body as Answer).data).toMatchObject([
        { code: 'another_project' },
      ]);
      expect((await send([])).status).toBe(400);
      expect((await send(Array.from({ length: 1001 }, () => ({})))).status).toBe(400);
      expect((await t.api.post('/v1/opportunities/bulk').set(coordinator).send({ items: 'all' })).status).toBe(400);
      expect((await t.api.post('/v1/opportunities/bulk').set(coordinator).send({ items: [], colour: 1 })).status).toBe(
        400,
      );
      expect((await t.api.post('/v1/opportunities/bulk').set(coordinator).type('text/plain').send('a')).status).toBe(
        415,
      );
    });

    it('takes a thousand, and gives the same answer to the same Idempotency-Key', async () => {
      const items = Array.from({ length: 1000 }, (_, i) => item(`many-${i}`));
      const call = () =>
        t.api.post('/v1/opportunities/bulk').set(coordinator).set('idempotency-key', 'thousand').send({ items });
      const first = await call();
      expect((first.body as Answer).meta).toEqual({ made: 1000, changed: 0, unchanged: 0, refused: 0 });
      expect((await call()).body).toEqual(first.body);
      expect(
        (await t.db.query(`SELECT 1 FROM involvement.opportunity_identifier WHERE value LIKE 'many-%'`)).rowCount,
      ).toBe(1000);
    }, 60_000);

    it('changes a published one as a change by hand would', async () => {
      const { id } = await makeDraft(t, coordinator, project.id, { identifiers: [{ scheme: 'voice', value: 'live' }] });
      await act(t, coordinator, id, 'publish');
      const answer = (await send([item('live', { dates: 'Mondays' })])).body as Answer;
      expect(answer.data).toMatchObject([{ result: 'changed', id }]);
      expect((await t.api.get(`/v1/opportunities/${id}/draft`).set(coordinator)).body).toMatchObject({
        publishedVersion: 2,
        materialVersion: 2,
      });
    });
  });

  describe('CSV', () => {
    const csv = (text: string, query = '') =>
      t.api.post(`/v1/opportunities/bulk${query}`).set(coordinator).type('text/csv').send(text);
    const file = async (
      who = coordinator,
      organisation = OURS,
    ): Promise<{ status: number; text: string; headers: Record<string, string> }> =>
      t.api.get(`/v1/organisations/${await t.organisation(organisation)}/opportunities.csv`).set(who);

    it('gives back what it took: the same file changes nothing', async () => {
      const made = await makeDraft(t, coordinator, project.id, {
        title: '=HYPERLINK("x")',
        summary: 'Line one\nline "two", with a comma',
        identifiers: [{ scheme: 'voice', value: 'round|trip' }],
        howToApply: [{ way: 'post', detail: 'Write to: 1 High Street | Leeds' }, { way: 'phone', detail: 'Ring' }], // prettier-ignore
        payment: { kind: 'amount', pence: 5500, per: 'hour' },
        place: { town: 'Leeds', outwardPostcode: 'LS1' },
        accessProvision: ['captions', 'breaks'],
        conditions: ['a | b', 'c'],
        hoursPerSession: 1.5,
        noExperienceNeeded: true,
        expensesPaid: false,
        questions: [{ key: 'why', question: 'Why?', maxWords: 50, required: true, ways: ['text'] }],
        welsh: { title: 'Siarad' },
        contact: { name: 'Tobi', phone: '+44 1632 960121' },
      });
      const answer = await file();
      expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
      const rows = parse<Record<string, string>>(answer.text, { columns: true });
      const row = rows.find((one) => one.id === made.id);
      expect(row).toMatchObject({
        title: `'=HYPERLINK("x")`,
        'payment.pence': '5500',
        accessProvision: 'captions|breaks',
        'contact.phone': "'+44 1632 960121",
      });
      const header = answer.text.slice(0, answer.text.indexOf('\n') + 1);
      const own = Object.keys(row ?? {}).map((name) => `"${(row?.[name] ?? '').replaceAll('"', '""')}"`).join(','); // prettier-ignore
      const again = (await csv(header + own)).body as Answer;
      expect(again.data).toEqual([
        { index: 0, line: 2, result: 'unchanged', id: made.id, version: 1, code: null, detail: null, errors: [] },
      ]);
    });

    it('names the line and the column of each fault', async () => {
      const text = [
        'projectId,kind,title,identifiers,sessions,payment.kind,payment.pence,payment.per',
        `${project.id},survey,A survey,voice: csv-1,4,amount,500,hour`,
        `${project.id},"quiz",A quiz,voice: csv-2,many,amount,5.5,hour`,
        `${project.id},survey,"Over`,
        `two lines",voice: csv-3,,,,`,
        `${project.id},survey,No identifier,,,,,`,
      ].join('\r\n');
      const { data } = (await csv(text)).body as Answer;
      expect(data.map((r) => [r.line, r.result])).toEqual([
        [2, 'made'],
        [3, 'refused'],
        [4, 'made'],
        [6, 'refused'],
      ]);
      expect(data[1]?.errors.map((e) => e.at).sort()).toEqual(['/kind', '/payment/pence', '/sessions']);
      expect(data[3]?.code).toBe('identifier_needed');
    });

    it.each([
      ['no header', '\n', 'no_header'],
      ['a column that is not one', 'title,colour\na,b', 'unknown_column'],
      ['a column twice', 'title,title\na,b', 'column_twice'],
      ['a row that is too long', 'title,kind\na,b,c', 'not_csv'],
      ['an open quote', 'title,kind\n"a,b', 'not_csv'],
      ['no rows', 'title,kind\n', 'too_few'],
    ])('refuses a file with %s', async (_, text, fault) => {
      const answer = await csv(text);
      expect(answer.status).toBe(400);
      expect((answer.body as { errors: { code: string }[] }).errors).toMatchObject([{ code: fault }]);
    });

    it('stores nothing of a file with atomic=true where a row is bad', async () => {
      const answer = await csv(
        `projectId,kind,title,identifiers\n${project.id},survey,A,voice: atom-1\n${project.id},quiz,B,voice: atom-2`,
        '?atomic=true',
      );
      expect([answer.status, code(answer)]).toEqual([422, 'bulk_refused']);
      expect(await stored('atom-1')).toBe(0);
    });

    it('is for the organisation alone', async () => {
      expect((await file(other)).status).toBe(404);
      expect((await file(await t.as('researcher'))).status).toBe(404);
      expect((await file(await t.as('contributor'))).status).toBe(403);
      expect((await file(other, THEIRS)).text.split('\n')).toHaveLength(2);
    });
  });

  describe('GET /v1/organisations/{id}/opportunities', () => {
    it('lists those of the organisation by state, for its staff', async () => {
      const at = `/v1/organisations/${await t.organisation(OURS)}/opportunities`;
      const answer = await t.api.get(`${at}?state=withdrawn&limit=5`).set(coordinator);
      const { data } = answer.body as { data: Known[] };
      expect(data.length).toBeGreaterThan(0);
      expect(data.every((one) => one.state === 'withdrawn')).toBe(true);
      expect((await t.api.get(`${at}?hidden=true`).set(coordinator)).body).toMatchObject({ data: [] });
      expect((await t.api.get(at).set(other)).status).toBe(404);
      expect((await t.api.get(`${at}?state=lost`).set(coordinator)).status).toBe(400);
    });
  });
});
