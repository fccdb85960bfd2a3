import { protect } from '../../../src/edi/disclosure/protect';
import type { Outcome, Parameters, Release, System } from '../../../src/edi/disclosure/model';
import { aimsOf } from '../../../src/edi/disclosure-check/aims';
import {
  attack,
  attackKnowingPeople,
  characteristicOf,
  Contradiction,
  exposed,
  sampled,
} from '../../../src/edi/disclosure-check/attack';
import { madeUp, PARAMETERS, QUESTIONS } from './trial/made-up';
import { againstOptimum } from './trial/measure';
import { cellKey, COUNTIES, plainRules, releaseOf, tableSystem } from './trial/worked-tables';

type Cell = readonly [row: number, column: number];

/** Publishes a table exactly as it is, with its margins, but for these cells. */
function published(rows: number[][], suppressed: Cell[]): { system: System; release: Release } {
  const system = tableSystem(rows);
  const figures = new Map<string, Outcome>();
  const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);
  figures.set(cellKey(0), sum(rows.flat()));
  rows[0]!.forEach((_, c) => figures.set(cellKey(0, c + 1), sum(rows.map((row) => row[c]!))));
  rows.forEach((row, r) => {
    figures.set(cellKey(r + 1), sum(row));
    row.forEach((count, c) => figures.set(cellKey(r + 1, c + 1), count));
  });
  for (const [r, c] of suppressed) figures.set(cellKey(r + 1, c + 1), 'c');
  return { system, release: releaseOf(system, plainRules(5, 1), { figures }) };
}

/** What the attacker finds of these cells. */
async function found(rows: number[][], suppressed: Cell[]): Promise<Record<string, [number, number]>> {
  const { system, release } = published(rows, suppressed);
  const aims = suppressed.map(([r, c]) => ({ release: -1, figure: cellKey(r + 1, c + 1) }));
  const intervals = await attack(system, release, [], aims);
  return Object.fromEntries(suppressed.map((cell, i) => [cell.join(), [intervals[i]!.low, intervals[i]!.high]]));
}

describe('the attacker finds what the literature finds', () => {
  it('Geurts (1992) table 10, in the Handbook on Statistical Disclosure Control, chapter 4', async () => {
    const rows = [
      [5, 2],
      [1, 2],
      [3, 3],
    ];
    const hidden: Cell[] = [[0, 0], [0, 1], [1, 0], [1, 1]]; // prettier-ignore
    expect(await found(rows, hidden)).toEqual({ '0,0': [3, 6], '0,1': [1, 4], '1,0': [0, 3], '1,1': [0, 3] });
  });

  const problem = [
    [30, 47, 64, 89],
    [90, 124, 5, 31],
    [92, 100, 59, 85],
    [800, 991, 651, 685],
  ];
  const nine: Cell[] = [[0, 0], [0, 1], [0, 2], [1, 0], [1, 2], [2, 1], [2, 3], [3, 1], [3, 3]]; // prettier-ignore

  it('the problem of sdcTable (tests/testthat/test-simpleheuristic.R): two in every line are not enough', async () => {
    expect(await found(problem, nine)).toEqual({
      '0,0': [25, 94],
      '0,1': [47, 47],
      '0,2': [0, 69],
      '1,0': [26, 95],
      '1,2': [0, 69],
      '2,1': [0, 185],
      '2,3': [0, 185],
      '3,1': [906, 1091],
      '3,3': [585, 770],
    });
  });

  it.each([
    [
      [0, 3],
      [0, 136],
    ],
    [
      [1, 1],
      [0, 141],
    ],
    [
      [1, 3],
      [0, 78],
    ],
    [
      [2, 0],
      [0, 141],
    ],
    [
      [2, 2],
      [0, 116],
    ],
    [
      [3, 0],
      [0, 141],
    ],
    [
      [3, 2],
      [0, 116],
    ],
  ] as [Cell, [number, number]][])('the same with %j suppressed as well: %j', async (extra, expected) => {
    expect((await found(problem, [...nine, extra]))['0,1']).toEqual(expected);
  });

  it('counties by education (FCSM Working Paper 22): one pattern that gives a cell away, one that does not', async () => {
    const rows = COUNTIES.map((row) => [...row]);
    const bad: Cell[] = [[0, 1], [0, 2], [0, 3], [1, 1], [1, 2], [2, 0], [2, 3], [3, 0], [3, 3]]; // prettier-ignore
    expect((await found(rows, bad))['0,3']).toEqual([1, 1]);
    const good: Cell[] = [[0, 1], [0, 2], [0, 3], [2, 0], [2, 1], [2, 3], [3, 0], [3, 2], [3, 3]]; // prettier-ignore
    expect(await found(rows, good)).toEqual({
      '0,1': [0, 5],
      '0,2': [0, 5],
      '0,3': [0, 5],
      '2,0': [0, 9],
      '2,1': [6, 11],
      '2,3': [0, 5],
      '3,0': [6, 15],
      '3,2': [5, 10],
      '3,3': [0, 5],
    });
  });
});

describe('suppressing and rounding by themselves are not safe', () => {
  const cells = (values: (number | string)[], total: number): Map<string, Outcome> =>
    new Map([[cellKey(0), total], ...values.map((value, i): [string, Outcome] => [cellKey(i + 1), value as Outcome])]);
  const seen = async (values: (number | string)[], total: number, parameters: Parameters = plainRules(8, 5)) => {
    const system = tableSystem([values.map(() => 0)]);
    const release = releaseOf(system, parameters, { figures: cells(values, total) });
    const aims = values.flatMap((value, i) =>
      typeof value === 'string' ? [{ release: -1, figure: cellKey(i + 1) }] : [],
    );
    return (await attack(system, release, [], aims)).map(({ low, high }) => [low, high]);
  };

  it('9, 9, 8, 2: 0 to 8, until the exact total is told elsewhere', async () => {
    expect(await seen([10, 10, 10, 'c'], 30)).toEqual([[0, 8]]);
    expect(await seen([10, 10, 10, 'c'], 28)).toEqual([[0, 4]]);
  });

  it('8, 8, 1: at most 1, and exactly 1 where zeros are shown', async () => {
    expect(await seen([10, 10, 'c'], 15)).toEqual([[0, 1]]);
    expect(await seen([10, 10, 'c'], 15, plainRules(8, 5, 'shown'))).toEqual([[1, 1]]);
  });

  it('12, 12, 12, 7: at least 7, and exactly 7 where the marker says "1 to 7"', async () => {
    expect((await seen([10, 10, 10, 'c'], 45))[0]?.[0]).toBe(7);
    expect(await seen([10, 10, 10, 'small'], 45)).toEqual([[7, 7]]);
  });

  it('12, 12, 12, 2, rounding alone: a zero that is none contradicts the total', async () => {
    await expect(seen([10, 10, 10, 0], 40)).rejects.toThrow(Contradiction);
  });

  it.each([[[9, 9, 8, 2]], [[8, 8, 1]], [[12, 12, 12, 7]], [[12, 12, 12, 2]]])(
    '%j is repaired by the search',
    async (row) => {
      const system = tableSystem([row]);
      const parameters = plainRules(8, 5);
      const release = releaseOf(system, parameters, await protect(system, parameters));
      const aims = aimsOf(system, release);
      expect(aims).toHaveLength(1);
      expect(exposed(aims, await attack(system, release, [], aims, { whole: true }))).toEqual([]);
    },
  );
});

describe('the search against the fewest suppressions possible', () => {
  it('needs at most one more on every worked table', async () => {
    for (const { id, optimum, found: count, ok } of await againstOptimum()) {
      expect({ id, ok }).toEqual({ id, ok: true });
      expect(count).toBeLessThanOrEqual(optimum + 1);
    }
  });
});

/** The true count behind a figure of an organisation, a group or all. */
function trueCount(system: System, key: string): number {
  const [unit, population, hub, characteristic, category] = key.split('|');
  const leaves = system.units.find(({ id }) => id === unit)?.leaves ?? [];
  const stages = system.populations.find(({ id }) => id === population)?.stages ?? [];
  const rows = [...system.people.map((row) => ({ ...row, characteristic: '*', category: '*' })), ...system.counts];
  return rows
    .filter((row) => leaves.includes(row.leaf) && stages.includes(row.stage) && (hub === '*' || row.hub === hub))
    .filter((row) => row.characteristic === characteristic && row.category === category)
    .reduce((sum, { people }) => sum + people, 0);
}

describe('who also knows how many people are in each leaf, stage and hub category', () => {
  const questions = QUESTIONS.filter(({ id }) => ['age', 'genderIdentity'].includes(id));
  const system = madeUp(5, { leaves: 4, groups: 2, from: 25, to: 150, questions });
  const parameters = {
    ...PARAMETERS,
    characteristics: { genderIdentity: PARAMETERS.characteristics.genderIdentity ?? {} },
  };

  it('finds out what anybody does and more, and still does not tell what was withheld', async () => {
    const release = releaseOf(system, parameters, await protect(system, parameters));
    const aims = sampled(
      aimsOf(system, release).filter((aim) => characteristicOf(aim) !== '*'),
      1,
      25,
    );
    const ends = aims.map(({ enough: _, ...aim }) => aim);
    const [stranger, knowing] = [
      await attack(system, release, [], ends),
      await attackKnowingPeople(system, system.people, release, [], ends),
    ];
    knowing.forEach(({ low, high }, i) => {
      expect(low).toBeGreaterThanOrEqual(stranger[i]?.low ?? Infinity);
      expect(high).toBeLessThanOrEqual(stranger[i]?.high ?? -Infinity);
    });
    expect(knowing.some(({ high }, i) => high < (stranger[i]?.high ?? -Infinity))).toBe(true);
    expect(exposed(aims, await attackKnowingPeople(system, system.people, release, [], aims))).toEqual([]);

    // Of a careless release, in which only the small numbers themselves are withheld, this attack tells many.
    const small = new Set(aimsOf(system, release).map(({ figure }) => figure));
    const figures = new Map(
      [...release.figures].map(([key, was]) => [key, small.has(key) ? was : trueCount(system, key)] as const),
    );
    const careless = { ...release, parameters: { ...parameters, base: 1 }, figures };
    const told = await attackKnowingPeople(system, system.people, careless, [], aims);
    expect(exposed(aims, told).length).toBeGreaterThan(5);
  }, 60_000);
});

describe('a sample', () => {
  const aims = Array.from({ length: 50 }, (_, i) => ({ release: -1, figure: `figure ${i}` }));

  it('is the same for the same seed, has no figure twice, and takes all where more are asked for', () => {
    expect(sampled(aims, 7, 10)).toEqual(sampled(aims, 7, 10));
    expect(sampled(aims, 7, 10)).not.toEqual(sampled(aims, 8, 10));
    expect(new Set(sampled(aims, 7, 10)).size).toBe(10);
    expect(sampled(aims, 7, 100)).toHaveLength(50);
  });
});
