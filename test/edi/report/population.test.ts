import { parse } from 'csv-parse/sync';
import { theService } from '../../../src/kernel/access/actor';
import { Benchmark } from '../../../src/edi/report/comparison/benchmark';
import { POPULATION_COLUMNS, PopulationFaults } from '../../../src/edi/report/population/import';
import { benchmarksOf, sourcesOf } from '../../../src/edi/report/population/population-rows';
import type { PopulationBenchmarkList } from '../../../src/edi/report/population/population.dto';
import { PopulationFigures } from '../../../src/edi/report/population/population.service';
import { censusFile, loadPopulationFiguresInto } from '../../../src/edi/report/population/store';
import { startApp, TestApp } from '../../support/app';

const AT = '/v1/diversity/population-figures';
const SHIPPED = sourcesOf(censusFile()).flatMap(benchmarksOf);
const shipped = (source: string, area: string): Benchmark => {
  const found = SHIPPED.find((one) => one.source === source && one.area.code === area);
  if (!found) throw new Error(`${source} ${area} is not there`);
  return found;
};
const sum = (benchmark: Benchmark): number => benchmark.figures.reduce((all, figure) => all + figure.people, 0);
const REGIONS = Array.from({ length: 9 }, (_, i) => `E1200000${i + 1}`);

describe('the figures of Census 2021 that come with the service', () => {
  it('have every count, and shares that add up to 1', () => {
    expect(SHIPPED).toHaveLength(12 * 7 + 3);
    for (const { figures } of SHIPPED) {
      expect(figures.every(({ people }) => Number.isInteger(people) && people > 0)).toBe(true);
      const answered = figures.filter((figure) => figure.of.length > 0);
      const all = answered.reduce((total, { people }) => total + people, 0);
      expect(answered.reduce((total, { people }) => total + people / all, 0)).toBeCloseTo(1, 12);
    }
  });

  it('add up: regions to England, England and Wales to both, groups of five to those of nineteen', () => {
    for (const source of new Set(SHIPPED.map((one) => one.source))) {
      const areas = SHIPPED.filter((one) => one.source === source && one.area.code !== 'K04000001');
      if (areas.length < 11) continue;
      const england = shipped(source, 'E92000001');
      england.figures.forEach(({ people, category }, i) => {
        const regions = REGIONS.reduce((all, code) => all + (shipped(source, code).figures[i]?.people ?? 0), 0);
        const both = people + (shipped(source, 'W92000004').figures[i]?.people ?? 0);
        const whole = shipped(source, 'K04000001').figures[i]?.people ?? 0;
        // Publishers change counts a little: what was published for England and what its areas add up to differ by up to 131 people.
        expect([source, category, Math.abs(regions - people) <= 140, Math.abs(both - whole) <= 140]).toEqual([
          source,
          category,
          true,
          true,
        ]);
      });
    }
    for (const area of [...REGIONS, 'E92000001', 'W92000004', 'K04000001'])
      expect(sum(shipped('census-2021-ts021-detailed', area))).toBe(sum(shipped('census-2021-ts021', area)));
  });

  it('give the shares that the Office for National Statistics published for England and Wales', () => {
    const share = (source: string, category: string): string => {
      const { figures } = shipped(source, 'K04000001');
      const of = figures.find((figure) => figure.category === category)?.people ?? 0;
      return ((of / sum(shipped(source, 'K04000001'))) * 100).toFixed(1);
    };
    expect(['asian', 'black', 'mixed', 'white', 'other'].map((one) => share('census-2021-ts021', one))).toEqual([
      '9.3',
      '4.0',
      '2.9',
      '81.7',
      '2.1',
    ]);
    expect(['female', 'male'].map((one) => share('census-2021-ts008', one))).toEqual(['51.0', '49.0']);
    expect(share('census-2021-ts077', 'not-answered')).toBe('7.5');
    expect(shipped('census-2021-ts008', 'K04000001').sureness).toBe('published');
    expect(shipped('census-2021-ts021', 'E12000007').sureness).toBe('summed');
  });

  it('never mix nations: no area is beyond England and Wales', () => {
    expect(SHIPPED.filter((one) => !/^(E|W|K04)/.test(one.area.code))).toEqual([]);
  });
});

const COLUMNS = Object.keys(POPULATION_COLUMNS);
const NEWER: Record<string, string> = {
  source: 'nomis-rm032-england',
  title: 'Ethnic group of people aged 16 and over',
  publisher: 'Office for National Statistics',
  licence: 'Open Government Licence v3.0',
  table_id: 'RM032',
  origin: 'https://www.nomisweb.co.uk, read by hand',
  reference_day: '2021-03-21',
  characteristic: 'ethnic-group',
  age_range: '16-and-over',
  reservation: '',
  caution: 'Made up for a test.',
  area_code: 'E92000001',
  area_name: 'England',
  category: 'white',
  label: 'White',
  people: '800',
  stands_for: 'white',
  area_total: '1000',
};
const file = (...changes: Record<string, string>[]): Buffer =>
  Buffer.from(
    [
      COLUMNS.join(','),
      ...changes.map((change) => COLUMNS.map((column) => `"${{ ...NEWER, ...change }[column]}"`).join(',')),
    ].join('\n'),
  );
const OTHERS = {
  category: 'all-other',
  label: 'All other groups',
  people: '200',
  stands_for: 'asian black mixed other',
};

describe('population figures', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.stop());
  const read = async (query: string): Promise<Benchmark[]> =>
    ((await t.api.get(`${AT}?${query}`)).body as PopulationBenchmarkList).data;
  const bringIn = (csv: Buffer) => t.app.get(PopulationFigures).bringIn(theService(), csv);
  const faults = async (csv: Buffer): Promise<readonly string[]> => {
    const error: unknown = await bringIn(csv).catch((thrown: unknown) => thrown);
    if (!(error instanceof PopulationFaults)) throw new Error(`taken: ${String(error)}`);
    return error.faults;
  };

  it('are read by anybody, by characteristic, area and source', async () => {
    const answer = await t.api.get(`${AT}?characteristic=ethnic-group&area=E92000001`);
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('public, max-age=3600');
    const [england] = (answer.body as PopulationBenchmarkList).data;
    expect(england).toMatchObject({
      tableId: 'TS021',
      licence: 'Open Government Licence v3.0',
      ageRange: 'all-ages',
      sureness: 'summed',
    });
    expect(england?.figures[0]).toEqual({
      category: 'asian',
      label: 'Asian',
      people: 5426423,
      share: 0.0961,
      of: ['asian'],
    });
    expect(await read('source=census-2021-ts078')).toHaveLength(1);
    expect(await read('characteristic=nothing')).toEqual([]);
    expect((await t.api.get(AT)).body.data).toHaveLength(SHIPPED.length);
  });

  it('come as CSV too', async () => {
    const answer = await t.api.get(`${AT}?characteristic=sex&area=W92000004&format=csv`);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    const rows = parse(answer.text, { columns: true });
    expect(rows).toMatchObject([
      { category: 'female', people: '1586489', areaName: 'Wales', standsFor: 'female' },
      { category: 'male' },
    ]);
  });

  it('refuse what they do not know', async () => {
    expect((await t.api.get(`${AT}?area=England`)).status).toBe(400);
    expect((await t.api.get(`${AT}?colour=red`)).status).toBe(400);
  });

  it('stay as they are when they are loaded again', async () => {
    const state = () =>
      t.db.query(`SELECT sum(version)::int AS versions, count(*)::int AS rows FROM edi.population_figure`);
    const before = (await state()).rows;
    await loadPopulationFiguresInto(t.config.database.url);
    expect((await state()).rows).toEqual(before);
  });

  it('are brought in by a file, go before figures of all ages, and are replaced by the next', async () => {
    expect(await bringIn(file({}, OTHERS))).toEqual({ sources: [NEWER.source], figures: 2 });
    const [first, second] = await read('characteristic=ethnic-group&area=E92000001');
    expect(first).toMatchObject({
      source: NEWER.source,
      ageRange: '16-and-over',
      sureness: 'unchecked',
      reservation: null,
    });
    expect(first?.figures.map((figure) => figure.people)).toEqual([800, 200]);
    expect(second?.source).toBe('census-2021-ts021');
    await bringIn(file({ people: '1000' }));
    expect((await read(`source=${NEWER.source}`))[0]?.figures).toHaveLength(1);
    const { rows } = await t.db.query(
      `SELECT after FROM kernel.audit_entry WHERE subject = 'population_source' AND action = 'loaded'`,
    );
    expect(rows).toHaveLength(2);
  });

  it.each([
    [
      'an unknown code',
      file({ stands_for: 'white purple' }, OTHERS),
      /Line 2: ethnic-group has no answer with the code purple/,
    ],
    [
      'an unknown characteristic',
      file({ characteristic: 'shoe-size' }),
      /characteristic is one of age, region, disability, ethnic-background, ethnic-group, /,
    ],
    [
      'a code in two categories',
      file({}, { ...OTHERS, stands_for: 'white asian' }),
      /Line 3: white stands in two categories of England/,
    ],
    ['a category twice', file({ people: '500' }, { people: '500', stands_for: '' }), /Line 3: white is there twice/],
    [
      'sums that do not fit the total',
      file({}, { ...OTHERS, people: '150' }),
      /Line 2: the categories of England add up to 950, not 1000/,
    ],
    ['a number with commas', file({ people: '1,000' }), /people must be a whole number/],
    ['a day that does not exist', file({ reference_day: '2021-02-30' }), /reference_day must be a day that exists/],
    ['another title on the second row', file({}, { ...OTHERS, title: 'Other' }), /Line 3: title must be the same/],
    ['no GSS code', file({ area_code: 'England' }), /area_code is not a GSS code/],
    ['an empty licence', file({ licence: '' }, OTHERS), /licence is empty/],
    ['a missing column', Buffer.from('source,title\na,b'), /The column publisher is missing/],
    ['no rows', Buffer.from(COLUMNS.join(',')), /has no rows/],
    ['broken quotes', Buffer.from(`${COLUMNS.join(',')}\n"a`), /quote/i],
  ])('take nothing of a file with %s', async (_, csv, says) => {
    const before = (await t.db.query('SELECT count(*)::int AS n FROM edi.population_figure')).rows;
    expect((await faults(csv)).join('\n')).toMatch(says);
    expect((await t.db.query('SELECT count(*)::int AS n FROM edi.population_figure')).rows).toEqual(before);
  });

  it('keep what came with the service from being written over', async () => {
    await expect(
      bringIn(file({ source: 'census-2021-ts021' }, { ...OTHERS, source: 'census-2021-ts021' })),
    ).rejects.toThrow(/another key/);
    expect((await read('source=census-2021-ts021&area=E92000001'))[0]?.figures).toHaveLength(5);
  });
});
