import fc from 'fast-check';
import { quarterOf, quartersIn, toldColumn, toldTotal, wholeQuarter } from './disclosure';

describe('what may be told of a count', () => {
  it.each([
    [0, 0, null],
    [1, null, 'small'],
    [7, null, 'small'],
    [8, 10, null],
    [12, 10, null],
    [13, 15, null],
    [1002, 1000, null],
  ])('%i is told as %s (%s)', (count, told, why) => {
    expect(toldTotal(count)).toEqual({ count: told, why });
  });

  it('tells a column as a whole or not at all', () => {
    expect(toldColumn([12, 0, 98]).map((cell) => cell.count)).toEqual([10, 0, 100]);
    expect(toldColumn([12, 0, 98, 3]).map((cell) => cell.count)).toEqual([null, null, null, null]);
  });

  it('leaves each count of up to 7 at least every other possibility from 1 to 7, given all that is told', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(counts, fc.nat(), (cells, pick) => {
        const small = cells.map((count, i) => ({ count, i })).filter(({ count }) => count >= 1 && count <= 7);
        const one = small[pick % Math.max(small.length, 1)];
        if (!one) return;
        // Somebody who knows all the other cells' sum and not their split still sees the same answer for other values of this one.
        const others = [1, 2, 3, 4, 5, 6, 7].filter((value) => {
          const changed = cells.map((count, i) => (i === one.i ? value : count));
          return JSON.stringify(toldColumn(changed)) === JSON.stringify(toldColumn(cells));
        });
        expect(others).toEqual([1, 2, 3, 4, 5, 6, 7]);
      }),
    );
  });
});

describe('a whole quarter', () => {
  it.each([
    ['2026-01-01', '2026-03-31', true],
    ['2026-04-01', '2026-06-30', true],
    ['2026-10-01', '2026-12-31', true],
    ['2026-02-01', '2026-04-30', false],
    ['2026-01-01', '2026-06-30', false],
    ['2026-01-01', '2026-03-30', false],
    ['2026-01-02', '2026-03-31', false],
    ['2026-07-01', '2026-07-31', false],
  ])('%s to %s: %s', (from, to, expected) => {
    expect(wholeQuarter(from, to)).toBe(expected);
  });
});

describe('the quarters in a period', () => {
  it.each([
    ['2026-07-01', '2026-10-01', ['2026-07-01 2026-09-30']],
    ['2026-07-01', '2026-09-30', []],
    ['2026-07-02', '2026-12-31', []],
    ['2026-06-30', '2026-10-02', ['2026-07-01 2026-09-30']],
    ['2025-11-15', '2026-07-01', ['2026-01-01 2026-03-31', '2026-04-01 2026-06-30']],
    ['2023-10-01', '2024-04-01', ['2023-10-01 2023-12-31', '2024-01-01 2024-03-31']],
    ['2026-07-01', '2026-07-02', []],
  ])('from %s until %s: %j', (from, until, expected) => {
    const quarters = quartersIn({ from, until });
    expect(quarters.map((one) => `${one.from} ${one.to}`)).toEqual(expected);
    expect(quarters.every((one) => wholeQuarter(one.from, one.to))).toBe(true);
    expect(quarters.map((one) => quarterOf(one.from))).toEqual(quarters);
  });
});
