import type { Merge } from '../disclosure/model';
import { type LogFrame, protectionLog, warningsOf } from './certificate-log';
import type { PublishedUnit } from './published';

const unit = (key: string, name: string, level: PublishedUnit['level'] = 'organisation'): PublishedUnit => ({
  ...{ key, level, name, areaCode: null, parent: null, organisationId: null, held: false },
});
const WEST = unit('west', 'West Network');
const EAST = unit('east', 'East Network');
const SOUTH = unit('south', 'South Network');
const ALL = unit('all-with-records', 'All organisations with rows', 'all');
const answer = (code: string, label: string) => ({ code, label, unknown: false });

const frame = (more: Partial<LogFrame> = {}): LogFrame => ({
  units: [ALL, WEST, EAST, SOUTH],
  labels: [
    { key: 'gender-identity', label: 'Gender identity', question: '?', categories: [answer('different', 'Different')] },
    {
      ...{ key: 'ethnic-background', label: 'Ethnic background', question: '?' },
      categories: [answer('other-arab', 'Arab'), answer('other-not-told', 'Other: background not known')],
    },
    { key: 'ethnic-group', label: 'Ethnic group', question: '?', categories: [answer('other', 'Other ethnic group')] },
  ],
  leftOut: [],
  previous: null,
  ...more,
});
const cost = (withheld: number) => ({ large: 100, withheld, share: withheld / 100 });
const log = (merges: readonly Merge[], more: Partial<LogFrame> = {}, lines: readonly string[] = []) =>
  protectionLog({ cost: cost(7), merges, log: lines }, frame(more));

describe('what whoever signs a release is told', () => {
  const population = 'took-part';

  it.each<[Merge, string]>([
    [
      { kind: 'crossing', unit: ALL.key, population, characteristic: 'gender-identity' },
      'All organisations with rows, those who took part: ethnic group by gender identity is left out, since this could not be protected.',
    ],
    [
      {
        kind: 'categories',
        unit: 'west',
        characteristic: 'ethnic-background',
        categories: ['other-arab', 'other-not-told'],
      },
      'West Network: “Arab” and “Other: background not known” (ethnic background) are counted together, since they could not be protected apart.',
    ],
    [
      { kind: 'characteristic', unit: 'west', population: 'registered', characteristic: 'gender-identity' },
      'West Network, everybody registered: gender identity is left out, since this could not be protected.',
    ],
    [
      { kind: 'population', unit: 'east', population },
      'East Network: those who took part are left out, since this could not be protected.',
    ],
    [
      { kind: 'unit', unit: 'east' },
      'East Network: counted in the wider ones only, since its figures could not be protected.',
    ],
  ])('says in words, with names and labels, %j', (merge, sentence) => {
    expect(log([merge])).toEqual(['Of 100 figures at or above their threshold, 7 are withheld.', sentence]);
    // What nobody returned was not withheld.
    expect(log([merge], { leftOut: [merge] })).toHaveLength(1);
  });

  it('names the figure of an earlier release that could not be proven, and repeats no line of the search', () => {
    const lines = [
      'west|took-part|other|ethnic-background|other-arab+other-not-told of an earlier release could not be proven to stay protected.',
      'west, took-part: the hub by gender-identity is left out, since it could not be protected.',
    ];
    expect(log([], {}, lines).slice(1)).toEqual([
      'A figure of an earlier release could not be proven to stay protected: West Network, those who took part, Other ethnic group, Arab and Other: background not known.',
    ]);
  });

  it('begins with how much is gone, where it is more than a quarter', () => {
    expect(warningsOf({ cost: cost(25) }, frame())).toEqual([]);
    expect(warningsOf({ cost: cost(26) }, frame())).toEqual([
      'LOOK AT THIS FIRST: more than a quarter of what is large enough to be shown is withheld, 26 of 100 figures.',
    ]);
  });

  it('begins with the organisations that are missing, where they are more than a quarter of those of the release before', () => {
    const previous = { number: 2, units: [ALL, WEST, EAST, SOUTH, unit('north', 'North Network')] };
    expect(warningsOf({ cost: cost(0) }, frame({ previous, units: [ALL, WEST, EAST, SOUTH] }))).toEqual([]);
    expect(warningsOf({ cost: cost(0) }, frame({ previous, units: [ALL, WEST] }))).toEqual([
      'LOOK AT THIS FIRST: 3 of the 4 organisations of release 2 are missing in this one: East Network, South Network and North Network.',
    ]);
  });
});
