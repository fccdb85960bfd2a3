import { mayFitAge } from './age';

describe('ages', () => {
  it.each([
    [null, null, false, 'adult', true],
    [null, null, false, '16-to-17', false],
    [null, null, true, 'under-16', true],
    [18, null, true, '16-to-17', false],
    [17, null, true, '16-to-17', true],
    [16, 25, true, 'under-16', false],
    [16, 25, true, 'adult', true],
    [null, 15, true, '16-to-17', false],
    [null, 17, true, 'adult', false],
    [null, 18, true, 'adult', true],
    [121, null, true, 'adult', false],
    [65, null, false, null, true],
  ])('from %s to %s, under 18 %s: %s is %s', (minAge, maxAge, openToUnder18, group, fits) => {
    expect(mayFitAge({ minAge, maxAge, openToUnder18 }, group)).toBe(fits);
  });
});
