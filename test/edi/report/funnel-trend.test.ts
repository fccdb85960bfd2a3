import { funnel } from '../../../src/edi/report/funnel';
import { trend } from '../../../src/edi/report/trend';
import type { PublishedRelease, PublishedUnit } from '../../../src/edi/release/published';
import { BEFORE, ETHNIC_GROUP, oneWayTable, RELEASE } from './a-release';

const EVERYBODY = { unit: 'all', population: 'registered', characteristic: 'ethnic-group', hub: null } as const;

describe('the funnel', () => {
  const found = funnel(RELEASE, { unit: 'all', characteristic: 'ethnic-group' });
  const of = (category: string) => found?.groups.find((group) => group.category === category);

  it('finds the planted loss at the stage where it was planted, and no other', () => {
    expect(found?.steps.map((step) => step.to)).toEqual(['interested', 'selected', 'took-part']);
    expect(found?.groups.map((group) => [group.category, group.lostAt])).toEqual([
      ['asian', null],
      ['black', null],
      ['mixed', 'selected'],
      ['white', null],
      ['other', null],
    ]);
    expect(of('mixed')?.progress.map((step) => step.lost)).toEqual([false, true, null]);
    expect(of('mixed')?.sentence).toContain('from interested to selected, 25% came on, against 60% of everybody else');
  });

  it.each(['interested', 'selected', 'took-part'] as const)('finds it wherever it is planted: %s', (stage) => {
    const at = ['registered', 'interested', 'selected', 'took-part'].indexOf(stage);
    // 400 and 800 register; seven in ten come on at each step, but three in ten of the first group at the one step.
    const counts = (rate: number, i: number): number =>
      Math.round((rate * 0.7 ** (i - (i >= at ? 1 : 0)) * (i >= at ? 0.3 : 1)) / 5) * 5;
    const tables = (['registered', 'interested', 'selected', 'took-part'] as const).map((population, i) => {
      const asian = counts(800, i);
      const white = Math.round((3000 * 0.7 ** i) / 5) * 5;
      return oneWayTable('all', population, ETHNIC_GROUP, { all: [asian, 0, 0, white, 0, 0, 0, asian + white] });
    });
    const planted = funnel({ ...RELEASE, tables }, { unit: 'all', characteristic: 'ethnic-group' });
    expect(planted?.groups.find((group) => group.category === 'asian')?.lostAt).toBe(stage);
    expect(planted?.groups.find((group) => group.category === 'white')?.lostAt).toBeNull();
  });

  it('says nothing of what is withheld or too small', () => {
    expect(of('other')?.progress.at(-1)).toMatchObject({ rate: { value: null, status: 'c' }, lost: null });
    expect(of('other')?.progress[1]).toMatchObject({ rate: { value: null, status: 'x' }, lost: null });
    expect(of('black')?.progress[1]?.rate).toMatchObject({ status: 'u' });
  });

  it('says of a unit without tables of later stages that it has none, and who has some', () => {
    const networks = funnel(RELEASE, { unit: 'regional-networks', characteristic: 'sex' });
    expect(networks).toMatchObject({
      steps: [],
      noStepsBecause:
        'Of Regional networks this release has a table of registered contributors and none of later stages, so it does not tell how many came on. It has none for any other unit either.',
    });
    expect(networks?.groups[0]).toMatchObject({ category: 'female', counts: [600] });
    expect(networks?.groups[0]?.sentence).not.toMatch(/small|withheld/);
    const by = oneWayTable('group', 'registered', ETHNIC_GROUP, {
      'regional-networks': [90, 40, 120, 890, 25, 45, 75, 1285],
    });
    const elsewhere = funnel(
      { ...RELEASE, tables: [...RELEASE.tables, by] },
      { unit: 'regional-networks', characteristic: 'ethnic-group' },
    );
    expect(elsewhere?.noStepsBecause).toMatch(/tables of later stages for these units: all\.$/);
    expect(found?.noStepsBecause).toBeNull();
  });

  it('says which categories are withheld where everybody else cannot be counted', () => {
    const tables = RELEASE.tables.map((table) =>
      table.key === 'all-took-part-ethnic-group'
        ? oneWayTable('all', 'took-part', ETHNIC_GROUP, { all: [30, 10, 20, 335, 'c', 'c', 15, 425] })
        : table.key === 'all-selected-ethnic-group' || table.key === 'all-interested-ethnic-group'
          ? oneWayTable('all', table.population, ETHNIC_GROUP, { all: [60, 30, 100, 660, 'c', 'c', 40, 940] })
          : table,
    );
    const untold = funnel({ ...RELEASE, tables }, { unit: 'all', characteristic: 'ethnic-group' });
    expect(untold?.groups[0]?.sentence).toContain(
      'nothing can be said, since how many everybody else are cannot be told',
    );
    expect(untold?.groups[4]?.sentence).toContain('numbers of the group are withheld');
    expect(untold?.notes[0]).toContain('“Other ethnic group” and “Prefers not to say” are withheld');
  });

  it('is not there for a unit or characteristic that no stage table tells', () => {
    expect(funnel(RELEASE, { unit: 'nowhere', characteristic: 'ethnic-group' })).toBeUndefined();
    expect(funnel(RELEASE, { unit: 'all', characteristic: 'religion' })).toBeUndefined();
  });
});

describe('the trend', () => {
  it('gives the published counts and shares, oldest first, and marks another threshold', () => {
    const found = trend([RELEASE, BEFORE], { ...EVERYBODY, category: 'asian' });
    expect(found?.points.map((point) => [point.release.number, point.count.value, point.count.status])).toEqual([
      [1, 60, ''],
      [2, 90, ''],
    ]);
    expect(found?.points[1]?.share.value).toBeCloseTo(90 / 1165, 10);
    expect(found?.points.map((point) => point.breaks.map((one) => one.kind))).toEqual([[], ['threshold']]);
  });

  it('marks a new question, other answers, other rounding and a release in between that did not tell it', () => {
    const asked = {
      ...ETHNIC_GROUP,
      question: 'How would you describe your ethnic group?',
      categories: ETHNIC_GROUP.categories.slice(1),
    };
    const silent = { ...RELEASE, number: 3, tables: [] };
    const later = {
      ...RELEASE,
      number: 4,
      base: 3,
      characteristics: [asked],
      tables: [oneWayTable('all', 'registered', asked, { all: [40, 120, 890, 25, 45, 75, 1285] })],
    };
    const found = trend([RELEASE, silent, later], { ...EVERYBODY, category: 'black' });
    expect(found?.points[1]?.breaks.map((one) => one.kind)).toEqual(['gap', 'rounding', 'question', 'categories']);
  });

  it('marks a unit that took over from others, and one that stands on old counts', () => {
    const ask = {
      unit: 'national-centres',
      population: 'registered',
      characteristic: 'sex',
      category: 'male',
      hub: null,
    } as const;
    const found = trend([BEFORE, RELEASE], ask, [{ unit: 'national-centres', from: ['old-centre'], on: '2026-08-01' }]);
    expect(found?.points[1]).toMatchObject({
      count: { value: null, status: 'c' },
      share: { value: null, status: 'c' },
      noShareBecause: 'The number is withheld, because it is small or would tell another that is.',
    });
    const women = trend([RELEASE], { ...ask, category: 'female' });
    expect(women?.points[0]).toMatchObject({ count: { value: 10 }, share: { value: null, status: 'x' } });
    expect(women?.points[0]?.noShareBecause).toContain('because “Male” and “Prefers not to say” are withheld');
    expect(found?.points[1]?.breaks.map((one) => one.kind)).toEqual(['threshold', 'unit', 'held']);
    expect(found?.points[1]?.breaks[1]?.says).toContain('old-centre');
  });

  it('marks where other organisations, or other forms of return, are counted', () => {
    const unit = (key: string, form: PublishedUnit['form'], parent = 'regional-networks'): PublishedUnit => ({
      ...{ key, level: 'organisation', name: `Network ${key}`, areaCode: null, organisationId: null, held: false },
      ...{ parent, form },
    });
    const base = BEFORE.units.filter(({ level }) => level !== 'organisation');
    const was = { ...BEFORE, units: [...base, unit('a', 'records'), unit('b', 'counts'), unit('c', 'records')] };
    const is = {
      ...RELEASE,
      threshold: BEFORE.threshold,
      units: [...base, unit('a', 'records'), unit('b', 'anonymous')],
    };
    const breaks = (before: PublishedRelease, now: PublishedRelease): (string | undefined)[] =>
      (trend([before, now], { ...EVERYBODY, category: 'asian' })?.points[1]?.breaks ?? []).map(
        ({ kind, says }) => `${kind}: ${says}`,
      );
    expect(breaks(was, { ...is, units: [...is.units, unit('d', 'records')] })).toEqual([
      `organisations: Other organisations are counted than in release ${BEFORE.number}. Now counted too: Network d. No longer counted: Network c.`,
      'form: Network b returned anonymous rows; before, counts.',
    ]);
    expect(breaks(was, { ...is, units: was.units })).toEqual([]);
  });

  it('follows a cell of a two-way table, and is not there where none tells it', () => {
    const found = trend([BEFORE, RELEASE], {
      unit: 'all',
      population: 'registered',
      characteristic: 'sex',
      category: 'female',
      hub: 'black',
    });
    expect(found?.points).toHaveLength(1);
    expect(found?.points[0]?.count.value).toBe(20);
    expect(trend([RELEASE], { ...EVERYBODY, category: 'nobody' })).toBeUndefined();
  });
});
