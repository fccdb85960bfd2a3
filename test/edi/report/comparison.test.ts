import type { PublishedRelease } from '../../../src/edi/release/published';
import type { Benchmark } from '../../../src/edi/report/comparison/benchmark';
import { disparity, dissimilarity, wilson } from '../../../src/edi/report/comparison/intervals';
import { representation, Representation } from '../../../src/edi/report/comparison/representation';
import { ALL, ETHNIC_GROUP, oneWayTable, ORIENTATION, RELEASE } from './a-release';

const PEOPLE = { asian: 5426423, black: 2381722, mixed: 1669375, white: 45783379, other: 1229166 };
/** The shares of England by ethnic group, as if they had been counted at 16 and over so that a verdict may be given. */
const ENGLAND: Benchmark = {
  source: 'census-2021-ts021',
  title: 'Census 2021, ethnic group',
  publisher: 'Office for National Statistics',
  licence: 'OGL-UK-3.0',
  tableId: 'TS021',
  referenceDay: '2021-03-21',
  characteristic: 'ethnic-group',
  area: { code: 'E92000001', name: 'England' },
  ageRange: '16-and-over',
  reservation: null,
  caution: null,
  sureness: 'summed',
  figures: Object.entries(PEOPLE).map(([code, people]) => ({ category: code, label: code, people, of: [code] })),
};
const ALL_AGES: Benchmark = { ...ENGLAND, ageRange: 'all-ages' };

/** Numbers without rounding, worked out beforehand: 92, 38, 34, 890 and 26 with 45 who prefer not to say and 75 missing. */
const plain = (counts: (number | 'c')[], base = 1): PublishedRelease => ({
  ...RELEASE,
  base,
  tables: [oneWayTable('all', 'registered', ETHNIC_GROUP, { all: counts })],
});
const WORKED = plain([92, 38, 34, 890, 26, 45, 75, 1200]);

const compared = (release: PublishedRelease, benchmark = ENGLAND): Representation => {
  const found = representation(release, { unit: 'all', population: 'registered', benchmark });
  if (!found) throw new Error('no table');
  return found;
};
const rounded = (value: number | null | undefined): number => Number((value ?? Number.NaN).toFixed(3));

describe('the formulas', () => {
  it.each([
    ['asian', 0.887, 0.728, 1.076],
    ['black', 0.835, 0.611, 1.137],
    ['mixed', 1.065, 0.765, 1.478],
    ['white', 1.017, 0.987, 1.043],
    ['other', 1.106, 0.757, 1.61],
  ])('give the worked ratio of %s', (category, ratio, low, high) => {
    const row = compared(WORKED).rows.find((one) => one.category === category);
    expect([row?.ratio.value, row?.ratioInterval?.low, row?.ratioInterval?.high].map(rounded)).toEqual([
      ratio,
      low,
      high,
    ]);
  });

  it('give the worked dissimilarity, completeness and bounds', () => {
    const found = compared(WORKED);
    expect(Number(found.dissimilarity.value?.toFixed(4))).toBe(0.0179);
    expect(found.completeness).toBeCloseTo(0.9, 10);
    const bounds = found.rows[0]?.bounds;
    expect([bounds?.low, bounds?.high].map((share) => ((share ?? 0) * 100).toFixed(1))).toEqual(['7.7', '17.7']);
  });

  it('give the worked disparity ratio, and none where a count is nought', () => {
    const found = disparity(45, 300, 120, 600);
    expect([found?.ratio, found?.low, found?.high].map(rounded)).toEqual([0.75, 0.548, 1.026]);
    expect(disparity(0, 300, 120, 600)).toBeNull();
    expect(disparity(45, 300, 0, 600)).toBeNull();
  });

  it('keep within 0 and 1', () => {
    expect(wilson(0, 30).low).toBe(0);
    expect(wilson(30, 30).high).toBe(1);
    expect(
      dissimilarity([
        { share: 1, population: 0 },
        { share: 0, population: 1 },
      ]),
    ).toBe(1);
  });
});

describe('a comparison', () => {
  it('gives a verdict only where the interval leaves parity out', () => {
    const found = compared(plain([40, 38, 34, 950, 26, 45, 75, 1208]));
    expect(found.noVerdictBecause).toEqual([]);
    expect(found.rows.map((row) => row.verdict)).toEqual([
      'under-represented',
      'none',
      'none',
      'over-represented',
      'none',
    ]);
    expect(found.rows[0]?.sentence).toContain('They are under-represented by 5.9 percentage points');
    expect(found.rows[1]?.sentence).toContain('nothing is said of under- or over-representation');
  });

  it('gives none where rounding alone could make it', () => {
    // 84 of 1,079 just leaves parity out; 86, which such a number may stand for where it was rounded to 5, does not.
    const counts = [84, 40, 35, 890, 30, 45, 75, 1199];
    expect(compared(plain(counts)).rows[0]?.verdict).toBe('under-represented');
    expect(compared(plain(counts, 5)).rows[0]?.verdict).toBe('none');
  });

  it('gives none where age, area or question differ, and says so', () => {
    const differs = 'The Census asked something else.';
    const elsewhere = { ...ENGLAND, area: { code: 'W92000004', name: 'Wales' } };
    for (const benchmark of [ALL_AGES, elsewhere, { ...ENGLAND, reservation: differs }]) {
      const found = compared(plain([40, 38, 34, 950, 26, 45, 75, 1208]), benchmark);
      expect(found.rows.map((row) => row.verdict)).toEqual([null, null, null, null, null]);
      expect(found.noVerdictBecause).toHaveLength(1);
      for (const { sentence } of found.rows) {
        expect(sentence).toContain('without a verdict');
        expect(sentence).not.toContain('represented');
      }
    }
    const nowhere: PublishedRelease = { ...WORKED, units: [{ ...ALL, areaCode: null }] };
    expect(compared(nowhere).noVerdictBecause[0]).toMatch(/there is no one area/);
  });

  it('refuses percentages on fewer than 25 answers, from withheld counts, and marks those of fewer than 20 people', () => {
    expect(compared(plain([5, 5, 0, 14, 0, 45, 75, 144])).rows.map((row) => row.share)).toEqual(
      Array(5).fill({ value: null, status: 'x' }),
    );
    const withheld = compared(plain(['c', 40, 35, 890, 15, 45, 75, 1200]));
    const [asian, black, , , other] = withheld.rows;
    expect(asian).toMatchObject({
      count: null,
      share: { value: null, status: 'c' },
      ratio: { value: null },
      bounds: null,
      verdict: null,
    });
    expect(asian?.sentence).toMatch(/no percentage of contributors can be given/);
    // Everybody less those who did not answer, all published, is the base that is left.
    expect(withheld.known).toBe(1080);
    expect(black?.share.status).toBe('');
    expect(other?.share.status).toBe('u');
    expect(withheld.dissimilarity).toEqual({ value: null, status: 'c' });
  });

  it('says why there is no percentage, and no verdict, by what is missing', () => {
    const baseless = compared(plain(['c', 40, 35, 890, 15, 'c', 75, 1200]));
    const [asian, black] = baseless.rows;
    const why =
      'How many people gave an answer cannot be told, because “Asian, Asian British or Asian Welsh” and “Prefers not to say” are withheld or not available; without that there is no percentage.';
    // 40 people are published: it is not their number that is withheld.
    expect(black).toMatchObject({ count: 40, share: { value: null, status: 'x' }, noVerdictBecause: [why] });
    expect(black?.sentence).toContain(`no percentage of contributors can be given. ${why}`);
    expect(black?.sentence).not.toContain('small');
    expect(asian?.noVerdictBecause).toEqual([
      'The number is withheld, because it is small or would tell another that is.',
    ]);
    expect(baseless.noVerdictBecause).toContain(why);
    const few = compared(plain([5, 5, 0, 14, 0, 45, 75, 144]));
    expect(few.noVerdictBecause).toEqual(['Fewer than 25 people gave an answer, too few for a percentage.']);
  });

  it('never lacks a verdict without a reason', () => {
    const some: (number | 'c')[] = [0, 10, 30, 400, 'c'];
    for (const asian of some)
      for (const other of some)
        for (const refused of some)
          for (const all of ['c', 1200] as const)
            for (const benchmark of [ENGLAND, ALL_AGES]) {
              const found = compared(plain([asian, 10, 10, other, 'c', refused, 75, all], 5), benchmark);
              for (const row of found.rows)
                expect([row, row.noVerdictBecause.length > 0]).toEqual([row, row.verdict === null]);
              expect(found.noVerdictBecause.length > 0).toBe(found.rows.every((row) => row.verdict === null));
            }
  });

  it('takes those whose group is known and whose background is not into the base, and calls for no figures of them', () => {
    const background = {
      ...ETHNIC_GROUP,
      key: 'ethnic-background',
      categories: [
        { code: 'asian-indian', label: 'Asian: Indian', unknown: false, within: 'asian' },
        { code: 'asian-not-told', label: 'Asian: background not known', unknown: false, within: 'asian' },
        { code: 'white-british', label: 'White: British', unknown: false, within: 'white' },
        ...ETHNIC_GROUP.categories.slice(-2),
      ],
    };
    const release = {
      ...RELEASE,
      characteristics: [background],
      tables: [oneWayTable('all', 'registered', background, { all: [100, 50, 850, 30, 20, 1050] })],
    };
    const figures = ['asian-indian', 'white-british'].map((code) => ({
      category: code,
      label: code,
      people: 500,
      of: [code],
    }));
    const found = compared(release, { ...ENGLAND, characteristic: 'ethnic-background', figures });
    expect(found.known).toBe(1000);
    expect(found.rows[0]).toMatchObject({ share: { value: 0.1 }, bounds: { low: 100 / 1050, high: 200 / 1050 } });
    expect(found.notes.join(' ')).not.toContain('not among the population figures');
    expect(found.noVerdictBecause.join(' ')).toContain('the ethnic group is known and the background is not');
  });

  it('adds up categories of ours that the population figures tell together, and leaves out what they do not have', () => {
    const figures = [
      { category: 'heterosexual', label: 'Straight', people: 900, of: ['heterosexual'] },
      { category: 'lgb', label: 'Gay, lesbian or bisexual', people: 60, of: ['gay-or-lesbian', 'bisexual'] },
      { category: 'not-answered', label: 'Not answered', people: 40, of: [] },
    ];
    const benchmark = { ...ENGLAND, characteristic: ORIENTATION.key, figures };
    const release = {
      ...RELEASE,
      base: 1,
      tables: [oneWayTable('all', 'registered', ORIENTATION, { all: [900, 30, 20, 10, 30, 10, 1000] })],
    };
    const found = compared(release, benchmark);
    expect(found.rows.map((row) => [row.category, row.count])).toEqual([
      ['heterosexual', 900],
      ['lgb', 50],
    ]);
    expect(found.known).toBe(950);
    expect(found.rows[1]?.populationShare).toBeCloseTo(60 / 960, 10);
    expect(found.notes.join(' ')).toContain('“Other sexual orientation” is not among the population figures');
  });

  it('is not there where the release has no such table', () => {
    expect(
      representation(RELEASE, { unit: 'national-centres', population: 'registered', benchmark: ENGLAND }),
    ).toBeUndefined();
    expect(representation(RELEASE, { unit: 'nowhere', population: 'registered', benchmark: ENGLAND })).toBeUndefined();
  });
});
