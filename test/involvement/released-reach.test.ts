import { createHash, randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { made, published, ReleaseBody, ReleasePeople } from '../edi/release-people';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';
import { ReachRecord } from './reach-record';
import { aQuarterOnRecord, figures, QUARTER, type QuarterOnRecord, ReachBody, said } from './reach-support';
import { TakingPart } from './taking-part';

const REACH = '/v1/reports/reach';
const SPRING = 'from=2026-04-01&to=2026-06-30';
const BREAKDOWNS = ['kind', 'stage', 'mode', 'channel', 'month'];
type Auth = Record<string, string>;

/** One story: the figures that everybody may see, before their release, with it and after it. */
describe('GET /v1/reports/reach, for everybody', () => {
  let t: TestApp;
  let past: ReachRecord;
  let steward: { authorization: string };
  let here: QuarterOnRecord;
  let ready: ReleaseBody;
  let first: ReleaseBody;
  let told: string[];

  const report = async (query: string, auth: Auth = {}): Promise<ReachBody> =>
    (await t.api.get(`${REACH}?${query}`).set(auth).expect(200)).body as ReachBody;
  const notReleased = async (query: string, auth: Auth = {}): Promise<string> => {
    const { body } = await t.api.get(`${REACH}?${query}`).set(auth).expect(404);
    expect(body).toMatchObject({
      code: 'reach_not_released',
      detail: expect.stringContaining('published with the release that covers it') as string,
    });
    return (body as { detail: string }).detail;
  };
  const refused = async (query: string, auth: Auth = {}): Promise<string[]> => {
    const { body } = await t.api.get(`${REACH}?${query}`).set(auth).expect(400);
    return (body as { errors: { at: string; code: string }[] }).errors.map((error) => `${error.at} ${error.code}`);
  };
  /** All that is told of the quarter, byte for byte, past whatever is kept in memory. */
  const everything = async (): Promise<string[]> => {
    const texts: string[] = [];
    for (const by of ['', ...BREAKDOWNS.map((one) => `&by=${one}`)])
      for (const format of ['json', 'csv'])
        texts.push((await t.api.get(`${REACH}?${QUARTER}${by}&format=${format}`).set(steward).expect(200)).text);
    return texts;
  };
  const stored = async (): Promise<string[]> =>
    (
      await t.db.query<{ one: string }>(
        `SELECT quarter || ' ' || release_number || ' ' || string_agg(breakdown, ' ' ORDER BY breakdown) AS one
         FROM involvement.released_reach GROUP BY quarter, release_number ORDER BY 1`,
      )
    ).rows.map((row) => row.one);

  beforeAll(async () => {
    t = await startApp();
    past = new ReachRecord(t);
    here = await aQuarterOnRecord(t);
    await new ReleasePeople(t).add(OURS, 120);
    steward = await t.as('data-steward', THEIRS);
  });
  afterAll(() => t.stop());

  describe('until the release of the quarter is published', () => {
    it('is told to nobody, stewards included, not even when it only waits for a signature', async () => {
      ready = await made(t, steward);
      expect(ready.state).toBe('ready');
      const national = await t.as('national-administrator');
      for (const auth of [{}, steward, national, await t.as('coordinator')])
        for (const by of ['', '&by=kind', '&by=month&format=csv'])
          expect(await notReleased(`${QUARTER}${by}`, auth)).toContain('No quarter has been released yet.');
      expect(await stored()).toEqual([]);
      const draft = await t.api.get(`/v1/diversity/releases/${ready.id}/draft`).set(steward).expect(200);
      expect(draft.text).not.toMatch(/reach|210|208/);
    });

    it('is not kept by anybody as an answer', async () => {
      const { headers } = await t.api.get(`${REACH}?${QUARTER}`).expect(404);
      expect(headers['cache-control']).toBe('no-store');
    });

    it('leaves the exact figures to the organisation’s own people', async () => {
      const own = await report(`${QUARTER}&organisation=${await t.organisation(OURS)}`, await t.as('coordinator'));
      expect(own).toMatchObject({ exact: true, release: null, total: { reached: 200 } });
    });
  });

  describe('with the release', () => {
    beforeAll(async () => {
      const { body } = await t.api
        .post(`/v1/diversity/releases/${ready.id}/sign`)
        .set(steward)
        .send({ certificateHash: ready.certificateHash })
        .expect(200);
      first = body as ReleaseBody;
      told = await everything();
    });

    it('rounds to 5 and withholds 1 to 7, saying why, and says which release it comes from', async () => {
      const { total, exact, release, rows } = await report(QUARTER);
      expect({ exact, release, rows }).toEqual({
        exact: false,
        release: { id: first.id, number: 1, releasedOn: '2026-11-23' },
        rows: [],
      });
      expect(figures(total)).toEqual([null, 210, null, null, null]);
      expect(total.gaps).toMatchObject(
        ['interested', 'selected', 'tookPart'].map((figure) => ({ figure, why: 'small' })),
      );
    });

    it.each([
      [
        'mode',
        4,
        [
          ['online', 150],
          ['in-person', 50],
          ['phone', 10],
        ],
      ],
      [
        'kind',
        undefined,
        [
          ['advisory-group', 50],
          ['survey', 160],
        ],
      ],
      [
        'stage',
        undefined,
        [
          ['design', 160],
          ['undertaking', 50],
        ],
      ],
      [
        'month',
        3,
        [
          ['2026-07', 130],
          ['2026-08', 30],
          ['2026-09', 50],
        ],
      ],
      ['channel', 3, []],
    ])('breaks down by %s, a column as a whole or not at all', async (by, lines, expected) => {
      const { rows, total } = await report(`${QUARTER}&by=${by}`);
      expect(new Set(said(rows).map(([value, reached]) => `${value} ${reached}`))).toEqual(
        new Set(expected.map((one) => one.join(' '))),
      );
      expect(figures(total)).toEqual([null, 210, null, null, null]);
      for (const row of rows) {
        expect(row).toMatchObject({ interested: null, selected: null, tookPart: null });
        expect(row.gaps.filter((gap) => gap.figure !== 'reached').map((gap) => gap.why)).toEqual(
          Array(3).fill('small-beside'),
        );
      }
      if (lines !== undefined) expect(rows.length).toBeGreaterThanOrEqual(lines);
    });

    it('gives the same to staff of an organisation who do not ask for theirs', async () => {
      const { text } = await t.api.get(`${REACH}?${QUARTER}&by=mode`).set(await t.as('coordinator'));
      expect(text).toBe((await t.api.get(`${REACH}?${QUARTER}&by=mode`)).text);
    });

    it('may be kept for ever, and answers 304 to who has it, as JSON and as CSV', async () => {
      for (const format of ['json', 'csv']) {
        const { headers } = await t.api.get(`${REACH}?${QUARTER}&by=kind&format=${format}`).set(steward).expect(200);
        expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
        expect(headers.etag).toMatch(new RegExp(`^"[\\w-]+-${format}"$`));
        for (const auth of [{}, steward])
          await t.api
            .get(`${REACH}?${QUARTER}&by=kind&format=${format}`)
            .set(auth)
            .set('if-none-match', headers.etag ?? '')
            .expect(304);
      }
      const exact = `${REACH}?${QUARTER}&organisation=${await t.organisation(OURS)}`;
      const { headers } = await t.api.get(exact).set(await t.as('coordinator'));
      expect(headers['cache-control']).toBe('no-store');
    });

    it('names the newest quarter that is released where another is asked for', async () => {
      expect(await notReleased(SPRING)).toContain('The newest quarter that is released is 2026-07-01 to 2026-09-30.');
      expect(await notReleased('from=2025-07-01&to=2025-09-30&by=kind')).toContain('2026-07-01 to 2026-09-30');
    });

    it('is a file of the release, with its checksum in the manifest', async () => {
      const place = `/v1/diversity/releases/${first.id}`;
      const { body } = await t.api.get(`${place}/manifest`).expect(200);
      const [entry] = (body as { files: { name: string; sha256: string; href: string }[] }).files.filter(
        (file) => file.name === 'reach.csv',
      );
      const { text, headers } = await t.api.get(entry?.href ?? '').expect(200);
      expect(entry?.href).toBe(`${place}/reach.csv`);
      expect(createHash('sha256').update(text).digest('hex')).toBe(entry?.sha256);
      expect(headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', etag: `"${entry?.sha256}"` });
      const lines = text.trimEnd().split('\r\n');
      expect(lines.slice(0, 2)).toEqual([
        'part,from,to,by,value,label,reached,interested,selected,tookPart,note',
        expect.stringMatching(/^total,2026-07-01,2026-09-30,,,All together,210,,,,"?interested: /),
      ]);
      expect(lines).toContainEqual(expect.stringMatching(/^row,2026-07-01,2026-09-30,mode,online,Online,150,,,,/));
      expect(lines).toContainEqual(`release,2026-07-01,2026-09-30,,${first.id},Release 1,,,,,Released on 2026-11-23.`);
      // Each breakdown has the very lines that the report has.
      for (const by of BREAKDOWNS) {
        const csv = (await t.api.get(`${REACH}?${QUARTER}&by=${by}&format=csv`)).text.split('\r\n');
        expect(lines.filter((line) => line.startsWith(`row,2026-07-01,2026-09-30,${by},`))).toEqual(
          csv.filter((line) => line.startsWith('row,')),
        );
      }
      expect((await t.api.get(`/reports/diversity/releases/${first.id}`)).text).toContain(`href="${place}/reach.csv"`);
    });

    it('is on record: who published it, in the audit trail', async () => {
      const { rows } = await t.db.query<{ breakdown: string }>(
        `SELECT after->>'breakdown' AS breakdown FROM kernel.audit_entry
         WHERE subject = 'released_reach' AND after->>'releaseId' = $1 AND account_id = $2 ORDER BY 1`,
        [first.id, (await t.account('data-steward', THEIRS)).id],
      );
      expect(rows.map((row) => row.breakdown)).toEqual([...BREAKDOWNS, 'none'].sort());
    });
  });

  describe('afterwards', () => {
    it('is not moved by what is recorded late, which the exact figures count', async () => {
      const ours = await t.as('coordinator');
      const exact = `${QUARTER}&organisation=${await t.organisation(OURS)}`;
      const before = (await report(exact, ours)).total.interested ?? 0;
      const contributorId = await new TakingPart(t).contributor(OURS, 'Late');
      for (let i = 0; i < 10; i++)
        await past.interest(here.opportunity.P, {
          received: '2026-08-03T10:00:00Z',
          state: 'not-selected',
          contributorId,
        });
      await past.view(here.opportunity.R, (await t.account('site', OURS)).id, '2026-08-03', 500);
      expect((await report(exact, ours)).total.interested).toBe(before + 10);
      expect(await everything()).toEqual(told);
    });

    it('is not told again by a later release over the same quarter, which tells the others of its period', async () => {
      const spring = await past.publish(here.project.theirs, 'event', 'design', 'phone');
      const account = (await t.account('site', THEIRS)).id;
      await past.view(here.opportunity.P, account, '2026-05-05', 100);
      await past.view(spring, account, '2026-06-30', 2);
      const { body } = await t.api.get(`/v1/diversity/releases/${first.id}/manifest`);
      const second = await published(t, steward, { title: 'Half a year', from: '2026-02-01', until: '2026-10-01' });
      expect(await everything()).toEqual(told);
      expect((await report(SPRING)).release).toEqual({ id: second.id, number: 2, releasedOn: '2026-11-23' });
      expect(await stored()).toEqual([
        '2026-04-01 2 channel kind mode month none stage',
        '2026-07-01 1 channel kind mode month none stage',
      ]);
      const { text } = await t.api.get(`/v1/diversity/releases/${second.id}/reach.csv`).expect(200);
      const releases = text.split('\r\n').filter((line) => line.startsWith('release,'));
      expect(releases.map((line) => line.split(',').slice(1, 6).join(' '))).toEqual([
        `2026-04-01 2026-06-30  ${second.id} Release 2`,
        `2026-07-01 2026-09-30  ${first.id} Release 1`,
      ]);
      expect(text).toContain('total,2026-07-01,2026-09-30,,,All together,210,,,,');
      expect((await t.api.get(`/v1/diversity/releases/${first.id}/manifest`)).body).toEqual(body);
    });

    it('withholds a whole column where one of its numbers is small, and keeps all of its lines', async () => {
      const { rows, total } = await report(`${SPRING}&by=kind`);
      expect(total.reached).toBe(100);
      expect(rows.every((row) => row.reached === null && row.selected === 0)).toBe(true);
      expect(rows.every((row) => row.gaps.some((gap) => gap.figure === 'reached' && gap.why === 'small-beside'))).toBe(
        true,
      );
      expect(rows.map((row) => row.value)).toEqual((await report(`${QUARTER}&by=kind`)).rows.map((row) => row.value));
    });

    it('never changes: Postgres refuses, whoever asks', async () => {
      const service = new Pool({ connectionString: t.config.database.url, max: 1 });
      try {
        for (const sql of [
          `UPDATE involvement.released_reach SET release_number = 9`,
          'DELETE FROM involvement.released_reach',
          'TRUNCATE involvement.released_reach',
        ]) {
          await expect(service.query(sql)).rejects.toMatchObject({ code: '42501' });
          await expect(t.db.query(sql)).rejects.toMatchObject({ constraint: 'released_reach_never_changes' });
        }
        const again = `INSERT INTO involvement.released_reach (quarter, breakdown, report, release_id, release_number, released_on)
          VALUES ($1, 'none', '{}', $2, 9, '2026-11-23')`;
        for (const [quarter, constraint] of [
          ['2026-07-01', 'released_reach_once'],
          ['2026-07-02', 'released_reach_of_a_quarter'],
          ['2026-10-01', 'released_reach_after_its_quarter'],
        ])
          await expect(service.query(again, [quarter, randomUUID()])).rejects.toMatchObject({ constraint });
      } finally {
        await service.end();
      }
      expect(await everything()).toEqual(told);
    });

    it('comes with no release whose period holds no whole quarter', async () => {
      const third = await published(t, steward, { title: 'A month', from: '2026-10-01', until: '2026-11-01' });
      const { body } = await t.api.get(`/v1/diversity/releases/${third.id}/manifest`);
      expect((body as { files: { name: string }[] }).files.map((file) => file.name)).not.toContain('reach.csv');
      const none = await t.api.get(`/v1/diversity/releases/${third.id}/reach.csv`).expect(404);
      expect((none.body as { detail: string }).detail).toContain('its period holds no whole quarter');
      expect((await t.api.get(`/reports/diversity/releases/${third.id}`)).text).not.toContain('reach.csv');
      expect(await stored()).toHaveLength(2);
    });
  });

  describe('whatever was released', () => {
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
      await t.api.get(`${REACH}?${QUARTER}`).set('accept', 'image/png').expect(406);
    });
  });
});
