import { gate, gateThreshold } from './gate';
import type { Parameters } from './model';

const parameters: Parameters = {
  base: 5,
  rule: { threshold: 8, zeros: 'whenNeeded', sensitive: false },
  characteristics: { genderIdentity: { threshold: 10 }, age: {} },
};
const outcome = (joined: number, left = 0, changed = 0): string | undefined =>
  gate([{ leaf: 'leeds', joined, left, changed }], parameters)[0]?.outcome;

describe('the refresh gate', () => {
  it('uses the largest threshold that any figure has', () => {
    expect(gateThreshold(parameters)).toBe(10);
  });

  it.each([
    [0, 0, 0, 'unchanged'],
    [1, 0, 0, 'held'],
    [0, 0, 9, 'held'],
    [3, 3, 3, 'held'],
    [10, 0, 0, 'refreshed'],
    [4, 3, 3, 'refreshed'],
  ])('%i joined, %i left, %i changed: %s', (joined, left, changed, expected) => {
    expect(outcome(joined, left, changed)).toBe(expected);
  });

  it('lets two joiners a quarter show in the end, since changes are counted from the last renewed snapshot', () => {
    expect([2, 4, 6, 8, 10].map((sinceRenewed) => outcome(sinceRenewed))).toEqual([
      'held',
      'held',
      'held',
      'held',
      'refreshed',
    ]);
  });

  it('says why without saying how many', () => {
    const [held] = gate([{ leaf: 'leeds', joined: 2, left: 1, changed: 0 }], parameters);
    expect(held?.why).toContain('Fewer than 10');
    expect(held?.why).not.toMatch(/\b[123]\b/);
  });

  it.each([-1, 0.5, Number.NaN])('refuses %d people', (people) => {
    expect(() => gate([{ leaf: 'leeds', joined: people, left: 0, changed: 0 }], parameters)).toThrow('whole numbers');
  });
});
