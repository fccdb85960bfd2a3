import type { System } from '../disclosure/model';
import { faultsOfSystem } from '../disclosure-check/soundness';
import { ReturnedCount, systemOf } from './system';

const within = { indian: 'asian', 'asian-not-told': 'asian', british: 'white', 'white-not-told': 'white' };
const FRAME = {
  characteristics: [
    { id: 'ethnic-group', categories: ['asian', 'white'] },
    { id: 'sex', categories: ['female', 'male', 'not-known'] },
    { id: 'ethnic-background', categories: Object.keys(within), within },
  ],
  units: [{ id: 'all', level: 'all', leaves: ['o:r'] }],
  catalogue: { id: 'c', leafLevel: 'organisation', minimumLeafSize: 0, tables: [] },
  leaves: ['o:r'],
  earlier: [],
};
const row = (characteristic: string, category: string, people: number): ReturnedCount => ({
  ...{ instance: 'o:r', stage: 'registered', characteristic, category, people },
});
const counted = (system: System, characteristic: string): string[] =>
  system.counts
    .filter((count) => count.characteristic === characteristic)
    .map(({ hub, category, people }) => `${hub} ${category} ${people}`);
const sound = (system: System): string[] =>
  faultsOfSystem({ ...system, units: [], catalogue: { ...system.catalogue } }, RULES, []);
const RULES = {
  base: 5,
  rule: { threshold: 8, zeros: 'whenNeeded' as const, sensitive: false },
  characteristics: {},
};

describe('counts that were returned without rows', () => {
  const groups = [row('ethnic-group', 'asian', 30), row('ethnic-group', 'white', 40)];
  const sexes = [row('sex', 'female', 50), row('sex', 'male', 20)];

  it('are dealt out over ethnic groups so that everything adds up', () => {
    const system = systemOf(FRAME, [], [...groups, ...sexes]);
    expect(counted(system, 'sex')).toEqual(['asian female 30', 'white female 20', 'white male 20']);
    expect(sound(system)).toEqual([]);
  });

  it('have each background in its group, and the rest of the group as not known', () => {
    const system = systemOf(FRAME, [], [...groups, ...sexes, row('ethnic-background', 'indian', 24)]);
    expect(counted(system, 'ethnic-background')).toEqual([
      'asian indian 24',
      'asian asian-not-told 6',
      'white white-not-told 40',
    ]);
    expect(sound(system)).toEqual([]);
  });

  it('have no background in a group that fewer people are told of than of its backgrounds', () => {
    const told = [row('ethnic-background', 'indian', 31), row('ethnic-background', 'british', 40)];
    const system = systemOf(FRAME, [], [...groups, ...sexes, ...told]);
    expect(counted(system, 'ethnic-background')).toEqual(['asian asian-not-told 30', 'white british 40']);
    expect(sound(system)).toEqual([]);
  });
});

describe('counts that were frozen before a characteristic was counted', () => {
  it('count everybody as not known, in their own ethnic group', () => {
    const of = { instance: 'o:r', stage: 'registered', hub: 'asian' };
    const system = systemOf(
      FRAME,
      [
        { ...of, characteristic: 'ethnic-group', category: 'asian', people: 12 },
        { ...of, characteristic: 'sex', category: 'female', people: 12 },
      ],
      [],
    );
    expect(counted(system, 'ethnic-background')).toEqual(['asian asian-not-told 12']);
    expect(sound(system)).toEqual([]);
  });
});
