import { randomUUID } from 'node:crypto';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';
import { ReachRecord } from './reach-record';
import { TakingPart } from './taking-part';

interface Row {
  value: string | null;
  label: string;
  reached: number | null;
  interested: number | null;
  selected: number | null;
  tookPart: number | null;
  gaps: { figure: string; why: string }[];
}
interface Report {
  exact: boolean;
  organisationId: string | null;
  definitions: Record<string, string>;
  total: Row;
  rows: Row[];
}

const QUARTER = 'from=2026-07-01&to=2026-09-30';

describe('reach', () => {
  let t: TestApp;
  let on: TakingPart;
  let past: ReachRecord;
  let site: Awaited<ReturnType<TestApp['as']>>;
  const opportunity: Record<'P' | 'Q' | 'R', string> = { P: '', Q: '', R: '' };
  const project: Record<'ours' | 'theirs', string> = { ours: '', theirs: '' };

  const figures = ({ value, reached, interested, selected, tookPart }: Row) => [
    value,
    reached,
    interested,
    selected,
    tookPart,
  ];
  const said = (rows: Row[]) =>
    rows
      .filter((row) => [row.reached, row.interested, row.selected, row.tookPart].some((n) => n !== 0 && n !== null))
      .map(figures);

  beforeAll(async () => {
    t = await startApp();
    on = new TakingPart(t);
    past = new ReachRecord(t);
    site = await t.as('site', THEIRS);
    project.ours = await on.project(OURS);
    project.theirs = await on.project(THEIRS);
    opportunity.P = await past.publish(project.ours, 'survey', 'design', 'online');
    opportunity.Q = await past.publish(project.ours, 'advisory-group', 'undertaking', 'in-person');
    opportunity.R = await past.publish(project.theirs, 'survey', 'design', 'phone');
    const { P, Q, R } = opportunity;
    const [x, y] = [(await t.account('site', THEIRS)).id, (await t.account('site', OURS)).id];
    // Views: 100 + 20 + 30 of P, 50 of Q, 8 of R in the quarter; 999 the day after it.
    await past.view(P, x, '2026-07-01', 100);
    await past.view(P, y, '2026-07-01', 20);
    await past.view(P, x, '2026-08-31', 30);
    await past.view(Q, x, '2026-09-30', 50);
    await past.view(Q, x, '2026-10-01', 999);
    await past.view(R, x, '2026-07-15', 8);
    const [ana, bo, cy, di, ed, flo] = (await Promise.all(
      ['Ana', 'Bo', 'Cy', 'Di', 'Ed', 'Flo'].map((name) => on.contributor(OURS, name)),
    )) as [string, string, string, string, string, string];
    // 1: came half an hour after midnight on 1 July in the UK; offered in August, accepted; helped.
    const one = await past.interest(P, {
      received: '2026-06-30T23:30:00Z',
      assisted: true,
      offered: '2026-08-05T10:00:00Z',
      state: 'accepted',
      contributorId: ana,
    });
    // 2: came in July, not selected. 3: came on 1 October in the UK.
    await past.interest(P, { received: '2026-07-10T10:00:00Z', state: 'not-selected', contributorId: bo });
    await past.interest(P, { received: '2026-09-30T23:30:00Z', state: 'received', contributorId: cy });
    // 4: came in August, offered one minute before the quarter's end, lapsed. 5: came before the quarter, offered in July, accepted.
    await past.interest(Q, {
      received: '2026-08-15T10:00:00Z',
      offered: '2026-09-30T22:59:00Z',
      state: 'lapsed',
      contributorId: bo,
    });
    const five = await past.interest(Q, {
      received: '2026-06-01T10:00:00Z',
      offered: '2026-07-02T10:00:00Z',
      state: 'accepted',
      contributorId: di,
    });
    // 6: theirs.
    await past.interest(R, { received: '2026-07-07T10:00:00Z', state: 'received', contributorId: ed });
    // Taking part: 1 in August and September; 5 in July; one without an opportunity in September; one who missed; one after the quarter.
    await past.involvement(project.ours, ana, { opportunityId: P, interestId: one }, [
      ['2026-08-20', 'attended'],
      ['2026-09-10', 'attended'],
      ['2026-09-20', 'missed'],
    ]);
    await past.involvement(project.ours, di, { opportunityId: Q, interestId: five }, [['2026-07-20', 'attended']]);
    await past.involvement(project.ours, flo, {}, [['2026-09-01', 'attended']]);
    await past.involvement(project.ours, cy, {}, [
      ['2026-08-01', 'missed'],
      ['2026-08-02', 'cancelled'],
    ]);
    await past.involvement(project.theirs, ed, { opportunityId: R }, [['2026-10-02', 'attended']]);
  });
  afterAll(() => t.stop());

  const report = async (query: string, auth: Record<string, string> = {}): Promise<Report> =>
    (await t.api.get(`/v1/reports/reach?${query}`).set(auth).expect(200)).body as Report;
  const refused = async (query: string, auth: Record<string, string> = {}): Promise<string[]> => {
    const answer = await t.api.get(`/v1/reports/reach?${query}`).set(auth).expect(400);
    return (answer.body as { errors: { at: string; code: string }[] }).errors.map(
      (error) => `${error.at} ${error.code}`,
    );
  };

  describe('GET /v1/reports/reach, of an organisation', () => {
    let ours: Awaited<ReturnType<TestApp['as']>>;
    let exact: string;
    beforeAll(async () => {
      ours = await t.as('coordinator');
      exact = `${QUARTER}&organisation=${await t.organisation(OURS)}`;
    });

    it('counts all together, exactly, and says what each figure means', async () => {
      const answer = await report(exact, ours);
      expect(figures(answer.total)).toEqual([null, 200, 3, 3, 3]);
      expect(answer).toMatchObject({ exact: true, rows: [] });
      expect(Object.keys(answer.definitions)).toEqual(['reached', 'interested', 'selected', 'tookPart']);
    });

    it.each([
      [
        'kind',
        [
          ['advisory-group', 50, 1, 2, 1],
          ['survey', 150, 2, 1, 1],
          ['without-opportunity', 0, 0, 0, 1],
        ],
      ],
      [
        'stage',
        [
          ['design', 150, 2, 1, 1],
          ['undertaking', 50, 1, 2, 1],
          ['without-opportunity', 0, 0, 0, 1],
        ],
      ],
      [
        'mode',
        [
          ['online', 150, 2, 1, 1],
          ['in-person', 50, 1, 2, 1],
          ['without-opportunity', 0, 0, 0, 1],
        ],
      ],
      [
        'channel',
        [
          ['assisted', null, 1, 1, 1],
          ['unassisted', null, 2, 2, 1],
          ['without-interest', null, 0, 0, 1],
        ],
      ],
      [
        'month',
        [
          ['2026-07', 120, 2, 1, 1],
          ['2026-08', 30, 1, 1, 1],
          ['2026-09', 50, 0, 1, 2],
        ],
      ],
    ])('breaks down by %s', async (by, expected) => {
      const { rows, total } = await report(`${exact}&by=${by}`, ours);
      expect(said(rows)).toEqual(expected);
      expect(figures(total)).toEqual([null, 200, 3, 3, 3]);
    });

    it('counts any days, to the day in UK time', async () => {
      const own = exact.slice(exact.indexOf('&organisation'));
      expect(figures((await report(`from=2026-06-30&to=2026-06-30${own}`, ours)).total)).toEqual([null, 0, 0, 0, 0]);
      expect(figures((await report(`from=2026-07-01&to=2026-07-01${own}`, ours)).total)).toEqual([null, 120, 1, 0, 0]);
      expect(figures((await report(`from=2026-09-30&to=2026-10-01${own}`, ours)).total)).toEqual([null, 1049, 1, 1, 0]);
    });

    it('breaks down by organisation over those that the caller may see', async () => {
      const { rows, exact: isExact } = await report(`${QUARTER}&by=organisation`, ours);
      const { rows: named } = await t.db.query<{ id: string; name: string }>(
        'SELECT id, name FROM people.organisation WHERE slug = $1',
        [OURS],
      );
      expect(rows.map((row) => [...figures(row), row.label])).toEqual([[named[0]?.id, 200, 3, 3, 3, named[0]?.name]]);
      expect(isExact).toBe(true);
    });

    it('is for those who may see it, and nobody else learns that the organisation exists', async () => {
      for (const role of ['diversity-analyst', 'data-steward']) await report(exact, await t.as(role));
      for (const auth of [
        await t.as('coordinator', THEIRS),
        await t.as('researcher'),
        await t.as('national-administrator'),
      ]) {
        await t.api.get(`/v1/reports/reach?${exact}`).set(auth).expect(404);
      }
      await t.api.get(`/v1/reports/reach?${QUARTER}&organisation=${randomUUID()}`).set(ours).expect(404);
      await t.api.get(`/v1/reports/reach?${exact}`).expect(401);
      await t.api.get(`/v1/reports/reach?${exact}`).set({ authorization: 'Bearer forged' }).expect(401);
    });

    it('can be had as CSV', async () => {
      const answer = await t.api
        .get(`/v1/reports/reach?${exact}&by=month&format=csv`)
        .set(ours)
        .expect(200)
        .expect('content-type', 'text/csv; charset=utf-8');
      const lines = answer.text.trimEnd().split('\r\n');
      expect(lines[0]).toBe('part,from,to,by,value,label,reached,interested,selected,tookPart,note');
      expect(lines[1]).toBe('total,2026-07-01,2026-09-30,month,,All together,200,3,3,3,');
      expect(lines[2]).toBe('row,2026-07-01,2026-09-30,month,2026-07,July 2026,120,2,1,1,');
      expect(lines).toHaveLength(10);
      const figures = ['reached', 'interested', 'selected', 'tookPart'];
      const parts = [
        ...figures.map((figure) => `definition,2026-07-01,2026-09-30,month,${figure}`),
        'disclosure,2026-07-01,2026-09-30,month,',
      ];
      parts.forEach((part, at) => expect(lines[5 + at]).toMatch(new RegExp(`^${part},,,,,,"?[A-Z]`)));
      const asked = await t.api.get(`/v1/reports/reach?${exact}`).set(ours).set('accept', 'text/csv').expect(200);
      expect(asked.headers['content-type']).toBe('text/csv; charset=utf-8');
      expect(asked.headers['cache-control']).toBe('no-store');
    });
  });

  describe('GET /v1/reports/reach, for everybody', () => {
    it('rounds to 5 and withholds 1 to 7, saying why', async () => {
      const { total, exact } = await report(QUARTER);
      expect(exact).toBe(false);
      expect(figures(total)).toEqual([null, 210, null, null, null]);
      expect(total.gaps).toMatchObject(
        ['interested', 'selected', 'tookPart'].map((figure) => ({ figure, why: 'small' })),
      );
    });

    it('tells a column of a breakdown only where none of its numbers is small', async () => {
      const { rows } = await report(`${QUARTER}&by=mode`);
      expect(said(rows).map(([value, reached]) => [value, reached])).toEqual([
        ['online', 150],
        ['in-person', 50],
        ['phone', 10],
      ]);
      expect(
        rows.every(
          (row) =>
            row.interested === null &&
            row.gaps.some((gap) => gap.figure === 'interested' && gap.why === 'small-beside'),
        ),
      ).toBe(true);
      const before = await report(`${QUARTER}&by=kind`);
      expect(before.rows.find((row) => row.value === 'survey')?.reached).toBe(160);
      await past.view(
        await past.publish(project.theirs, 'event', 'design', 'phone'),
        (await t.account('site', THEIRS)).id,
        '2026-07-16',
        2,
      );
      const after = await report(`${QUARTER}&by=kind`);
      expect(after.rows.every((row) => row.reached === null)).toBe(true);
      expect(after.rows.map((row) => row.value)).toEqual(before.rows.map((row) => row.value));
      expect(after.total.reached).toBe(210);
    });

    it('gives the same to staff of an organisation who do not ask for theirs', async () => {
      expect((await report(QUARTER, await t.as('coordinator'))).exact).toBe(false);
    });

    it('has one whole quarter that is over, and so no two periods that overlap', async () => {
      for (const period of [
        'from=2026-07-01&to=2026-07-31',
        'from=2026-01-01&to=2026-06-30',
        'from=2026-07-02&to=2026-09-30',
        'from=2026-08-01&to=2026-10-31',
      ]) {
        expect(await refused(period)).toEqual(['from whole_quarter_needed']);
      }
      expect(await refused('from=2026-10-01&to=2026-12-31')).toEqual(['to not_over']);
      expect(await refused('from=2026-09-30&to=2026-07-01')).toEqual(['to ends_before_it_begins']);
    });

    it('never breaks down by organisation, nor by two things', async () => {
      expect(await refused(`${QUARTER}&by=organisation`)).toEqual(['by not_public']);
      expect(await refused(`${QUARTER}&by=organisation`, await t.as('researcher'))).toEqual(['by not_public']);
      expect(await refused(`${QUARTER}&by=kind&by=mode`)).not.toEqual([]);
      expect(await refused(`${QUARTER}&by=kind,mode`)).toEqual(['by not_a_choice']);
      expect(await refused('to=2026-09-30')).not.toEqual([]);
      expect(await refused(`${QUARTER}&region=E12000003`)).not.toEqual([]);
      await t.api.get(`/v1/reports/reach?${QUARTER}`).set('accept', 'image/png').expect(406);
    });
  });

  describe('POST /v1/opportunities/{id}/views', () => {
    const tell = (body: object, auth: Record<string, string> = site, id = opportunity.P) =>
      t.api.post(`/v1/opportunities/${id}/views`).set(auth).send(body);

    it('keeps one count for a site, an opportunity and a day; the last word counts', async () => {
      const first = await tell({ day: '2026-11-20', count: 40 }).expect(200);
      expect(first.body).toMatchObject({
        opportunityId: opportunity.P,
        day: '2026-11-20',
        site: 'main',
        count: 40,
        version: 1,
      });
      const again = await tell({ day: '2026-11-20', count: 45 }).expect(200);
      expect(again.body).toMatchObject({ id: (first.body as { id: string }).id, count: 45, version: 2 });
      await tell({ day: '2026-11-20', count: 5, site: 'local-pages' }).expect(200);
      await tell({ day: '2026-11-20', count: 7 }, await t.as('site', OURS)).expect(200);
      const { rows } = await t.db.query(
        'SELECT site, count FROM involvement.opportunity_view WHERE day = $1 ORDER BY count',
        ['2026-11-20'],
      );
      expect(rows).toEqual([
        { site: 'local-pages', count: 5 },
        { site: 'main', count: 7 },
        { site: 'main', count: 45 },
      ]);
      expect(await on.audited((first.body as { id: string }).id)).toEqual(['created', 'changed']);
    });

    it('leaves one row when two tell at once', async () => {
      const answers = await Promise.all([
        tell({ day: '2026-11-19', count: 1 }),
        tell({ day: '2026-11-19', count: 2 }),
        tell({ day: '2026-11-19', count: 3 }),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
      expect(answers.map((answer) => (answer.body as { version: number }).version).sort()).toEqual([1, 2, 3]);
    });

    it.each([
      ['a day that has not come', '2026-11-24', 'not_yet'],
      ['a day long ago', '2026-10-22', 'too_late'],
    ])('refuses %s', async (_, day, code) => {
      expect((await tell({ day, count: 1 }).expect(422)).body).toMatchObject({ code });
    });

    it('refuses days before it was published, and what is not public', async () => {
      const id = await past.publish(project.ours, 'event', 'design', 'phone');
      await t.db.query(`UPDATE involvement.opportunity SET publish_at = '2026-11-20T09:00:00Z' WHERE id = $1`, [id]);
      await tell({ day: '2026-11-20', count: 1 }, site, id).expect(200);
      expect((await tell({ day: '2026-11-19', count: 1 }, site, id).expect(422)).body).toMatchObject({
        code: 'not_published_then',
      });
      await tell({ day: '2026-11-20', count: 1 }, site, await on.opportunity(project.ours)).expect(404);
      await tell({ day: '2026-11-20', count: 1 }, site, randomUUID()).expect(404);
      await tell({ day: '2026-10-23', count: 1 }).expect(200);
    });

    it('is for sites', async () => {
      await t.api.post(`/v1/opportunities/${opportunity.P}/views`).send({ day: '2026-11-20', count: 1 }).expect(401);
      for (const role of ['coordinator', 'researcher', 'contributor'])
        await tell({ day: '2026-11-20', count: 1 }, await t.as(role)).expect(403);
      for (const body of [
        { day: '2026-11-20' },
        { day: 'today', count: 1 },
        { day: '2026-11-20', count: -1 },
        { day: '2026-11-20', count: 1.5 },
        { day: '2026-11-20', count: 1, who: 'x' },
      ])
        await tell(body).expect(400);
    });
  });
});
