import { randomUUID } from 'node:crypto';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';
import { ReachRecord } from './reach-record';
import { aQuarterOnRecord, figures, QUARTER, type QuarterOnRecord, ReachBody, said } from './reach-support';
import { TakingPart } from './taking-part';

describe('reach', () => {
  let t: TestApp;
  let on: TakingPart;
  let past: ReachRecord;
  let site: Awaited<ReturnType<TestApp['as']>>;
  let opportunity: QuarterOnRecord['opportunity'];
  let project: QuarterOnRecord['project'];

  beforeAll(async () => {
    t = await startApp();
    on = new TakingPart(t);
    past = new ReachRecord(t);
    site = await t.as('site', THEIRS);
    ({ opportunity, project } = await aQuarterOnRecord(t));
  });
  afterAll(() => t.stop());

  const report = async (query: string, auth: Record<string, string> = {}): Promise<ReachBody> =>
    (await t.api.get(`/v1/reports/reach?${query}`).set(auth).expect(200)).body as ReachBody;
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
      expect(answer).toMatchObject({ exact: true, rows: [], release: null });
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
