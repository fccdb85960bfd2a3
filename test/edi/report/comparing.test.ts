import { randomUUID } from 'node:crypto';
import type { Funnel } from '../../../src/edi/report/funnel';
import type { Representation } from '../../../src/edi/report/comparison/representation';
import type { Trend } from '../../../src/edi/report/trend';
import { OURS, startApp, TestApp } from '../../support/app';
import { BEFORE, RELEASE } from './a-release';
import { publish } from './stored-release';

const RELEASES = '/v1/diversity/releases';

describe('published counts, compared', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
    await publish(t, BEFORE);
    await publish(t, RELEASE);
  });
  afterAll(() => t.stop());
  const compared = (query: string, which = 'latest') => t.api.get(`${RELEASES}/${which}/representation?${query}`);

  it('stand beside the population without a verdict where the Census counted all ages', async () => {
    const { status, body } = await compared('characteristic=ethnic-group');
    expect(status).toBe(200);
    const found = body as Representation;
    expect(found.benchmark).toMatchObject({
      source: 'census-2021-ts021',
      area: { name: 'England' },
      sureness: 'summed',
    });
    expect(found.noVerdictBecause).toEqual([
      'The population figures are of people of all ages, while contributors are people aged 16 and over.',
    ]);
    expect(found.rows[0]).toMatchObject({ count: 90, verdict: null, share: { status: '' } });
    expect(found.rows[0]?.ratio.value).toBeCloseTo(90 / 1165 / 0.09606, 3);
  });

  it('refuse a number that would rest on what is withheld', async () => {
    const found = (await compared('characteristic=sexual-orientation')).body as Representation;
    expect(found.noVerdictBecause).toEqual([]);
    // Everybody less those who did not answer: “other” is withheld. Ten people, where 17 were to be expected, bear no verdict.
    expect(found.known).toBe(1040);
    expect(found.rows.map((row) => [row.category, row.share.status, row.verdict])).toEqual([
      ['heterosexual', '', 'under-represented'],
      ['gay-or-lesbian', 'u', null],
      ['bisexual', '', 'over-represented'],
      ['other', 'c', null],
    ]);
  });

  it('give their own reason where the unit stands for no area, and say which areas, units and tables there are not', async () => {
    const group = (await compared('characteristic=sex&unit=regional-networks')).body as Representation;
    expect(group.noVerdictBecause.join(' ')).toContain('Regional networks: there is no one area');
    expect((await compared('characteristic=sex&area=S92000003')).body.detail).toContain('no population figures');
    expect((await compared('characteristic=sex&unit=nowhere')).body.detail).toContain('regional-networks');
    expect((await compared('characteristic=religion')).body.detail).toContain('none is ever computed on request');
    expect((await compared('characteristic=religionn')).body.detail).toMatch(
      /no characteristic “religionn”.*dictionary/,
    );
    // A unit without any table is not offered.
    expect((await compared('characteristic=sex&unit=nowhere')).body.detail).not.toContain('rrdn');
    expect((await compared('characteristic=ethnic-group&unit=regional-networks')).body.detail).toContain(
      'It has one of these units: all.',
    );
    expect((await compared('characteristic=sex&source=census-1801')).status).toBe(404);
    expect((await compared('characteristic=sex', randomUUID())).status).toBe(404);
    expect((await compared('')).status).toBe(400);
    expect((await compared('characteristic=sex&population=everybody')).status).toBe(400);
  });

  it('are drawn with their intervals, if a share can be shown', async () => {
    const chart = await compared('characteristic=sexual-orientation&format=svg');
    expect(chart.headers['content-type']).toBe('image/svg+xml; charset=utf-8');
    const svg = chart.body instanceof Buffer ? chart.body.toString() : chart.text;
    // One path a whisker, and a diamond for each category.
    expect(svg.match(/<path/g)).toHaveLength(3 + 4);
    expect((await compared('characteristic=sex&unit=national-centres&format=svg')).status).toBe(404);
  });

  it('show where a group is lost', async () => {
    const { body } = await t.api.get(`${RELEASES}/latest/funnel`);
    const found = body as Funnel;
    expect(found.groups.find((group) => group.lostAt !== null)).toMatchObject({
      category: 'mixed',
      lostAt: 'selected',
    });
    expect((await t.api.get(`${RELEASES}/latest/funnel?characteristic=religion`)).status).toBe(404);
    expect((await t.api.get(`${RELEASES}/latest/funnel?unit=nowhere`)).status).toBe(404);
  });

  it('are followed over releases, with breaks by another threshold and by a unit that took over from others', async () => {
    const ask = 'characteristic=sex&category=female&unit=all';
    const found = (await t.api.get(`/v1/diversity/trends?${ask}`)).body as Trend;
    expect(found.points.map((point) => [point.release.number, point.count.value])).toEqual([
      [1, 620],
      [2, 660],
    ]);
    expect(found.points[1]?.breaks.map((one) => one.kind)).toEqual(['threshold']);
    await t.db.query(`UPDATE people.organisation SET "from" = '2026-08-01' WHERE slug = $1`, [OURS]);
    await t.db.query(
      `INSERT INTO people.organisation_predecessor (successor_id, predecessor_id)
       SELECT $1, id FROM people.organisation WHERE slug = 'rrdn-north-london' ON CONFLICT DO NOTHING`,
      [await t.organisation(OURS)],
    );
    const third = (release: typeof RELEASE, n: number) => ({
      ...release,
      id: `01984d6a-6f00-7000-8000-00000000001${n}`,
      number: n + 2,
      snapshotOn: n === 1 ? '2026-07-20' : '2026-10-20',
      units: [
        ...release.units,
        { ...release.units[0]!, key: OURS, level: 'organisation' as const, name: 'North West' },
      ],
      tables: [
        {
          ...release.tables[4]!,
          level: 'organisation' as const,
          key: 'organisations-registered-sex',
          figures: release.tables[4]!.figures.map((one) => ({ ...one, unit: OURS })),
        },
      ],
    });
    await publish(t, third(RELEASE, 1));
    await publish(t, third(RELEASE, 2));
    const unit = (await t.api.get(`/v1/diversity/trends?characteristic=sex&category=female&unit=${OURS}`))
      .body as Trend;
    expect(unit.points[1]?.breaks).toMatchObject([{ kind: 'unit' }]);
    expect(unit.points[1]?.breaks[0]?.says).toContain('North London');
    const lost = async (query: string) => {
      const { status, body } = await t.api.get(`/v1/diversity/trends?${query}`);
      return `${status} ${(body as { detail: string }).detail}`;
    };
    expect(await lost('characteristic=shoe-size')).toMatch(/^404 There is no characteristic “shoe-size”.*dictionary/);
    expect(await lost('characteristic=sex&category=girl')).toMatch(/^404 sex has no category “girl”.*dictionary/);
    expect(await lost('characteristic=sex&unit=nowhere')).toContain('404 No release has a table that tells this');
    expect((await t.api.get('/v1/diversity/trends')).status).toBe(400);
  });
});
