import { catalogueFaults, DEFAULT_PARAMETERS, defaultCatalogue, parameterFaults } from './catalogue';
import type { Catalogue, Dimensions, TableRule } from './model';
import { combined, readAs, rounded } from './rules';

const dimensions: Dimensions = {
  stages: ['registered', 'tookPart'],
  populations: [
    { id: 'registered', stages: ['registered', 'tookPart'] },
    { id: 'tookPart', stages: ['tookPart'] },
  ],
  hub: { id: 'ethnicGroup', categories: ['asian', 'white'] },
  characteristics: [
    { id: 'age', categories: ['young', 'old'] },
    { id: 'sex', categories: ['female', 'male'] },
  ],
};
const catalogue = defaultCatalogue(['registered', 'tookPart']);
const withTable = (by: string[], more: object = {}): Catalogue => ({
  ...catalogue,
  tables: [{ level: 'all', population: 'registered', by, ...more }],
});

describe('a catalogue', () => {
  it('by default is a star', () => {
    expect(catalogueFaults(catalogue, dimensions)).toEqual([]);
    expect(catalogue.tables).toContainEqual({ level: 'leaf', population: 'registered', by: ['each'] });
    expect(catalogue.tables.filter(({ level }) => level === 'leaf')).toHaveLength(1);
  });

  it.each([[[]], [['each']], [['age']], [['ethnicGroup']], [['hub', 'each']], [['hub', 'sex']]])('allows %j', (by) => {
    expect(catalogueFaults(withTable(by), dimensions)).toEqual([]);
  });

  it.each([
    [['age', 'sex'], 'does not cross the hub'],
    [['sex', 'hub'], 'does not cross the hub'],
    [['hub', 'ethnicGroup'], 'does not cross the hub'],
    [['hub', 'age', 'sex'], 'more than two'],
    [['shoeSize'], 'there is not'],
  ])('refuses %j', (by, message) => {
    expect(catalogueFaults(withTable(by), dimensions).join()).toContain(message);
  });

  it('refuses filters, populations that there are not, and an empty list', () => {
    expect(catalogueFaults(withTable(['age'], { where: 'sex = female' }), dimensions).join()).toContain('where');
    expect(catalogueFaults(withTable(['age'], { population: 'paid' }), dimensions).join()).toContain('population');
    const none: TableRule[] = [];
    expect(catalogueFaults({ ...catalogue, tables: none, minimumLeafSize: -1 }, dimensions)).toHaveLength(2);
  });
});

describe('rules', () => {
  it('are as NIHR has none better by default', () => {
    expect(DEFAULT_PARAMETERS).toMatchObject({ base: 5, rule: { threshold: 8 } });
    expect(parameterFaults(DEFAULT_PARAMETERS, dimensions)).toEqual([]);
  });

  it('of a crossed figure are the stricter of both', () => {
    const parameters = {
      ...DEFAULT_PARAMETERS,
      characteristics: { age: { threshold: 10 }, sex: { sensitive: true }, ethnicGroup: { zeros: 'shown' as const } },
    };
    expect(combined(parameters, ['ethnicGroup', 'age'])).toEqual({ threshold: 10, zeros: 'whenNeeded' });
    expect(combined(parameters, ['ethnicGroup', 'sex'])).toEqual({ threshold: 8, zeros: 'hidden' });
    expect(combined(parameters, ['ethnicGroup'])).toEqual({ threshold: 8, zeros: 'shown' });
    expect(combined(parameters, [])).toEqual({ threshold: 8, zeros: 'whenNeeded' });
  });

  it.each([1, 2, 3, 4, 5, 7, 10])('to base %i: what is read from a published count is what is published so', (base) => {
    for (const threshold of [5, 8, 10])
      for (let count = threshold; count < 60; count++) {
        const published = rounded(count, base);
        expect(published % base).toBe(0);
        expect(published).toBeGreaterThan(0);
        const same = Array.from({ length: 100 }, (_, n) => n).filter(
          (n) => n >= threshold && rounded(n, base) === published,
        );
        expect(readAs(published, base, threshold)).toEqual([same[0], same.at(-1)]);
      }
  });

  it('read a published 10 as 8 to 12, or as 10 to 12 where the threshold is 10, and a zero as nobody', () => {
    expect(readAs(10, 5, 8)).toEqual([8, 12]);
    expect(readAs(10, 5, 10)).toEqual([10, 12]);
    expect(readAs(0, 5, 8)).toEqual([0, 0]);
  });
});
