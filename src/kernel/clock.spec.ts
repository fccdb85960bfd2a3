import { Clock, dayInUk, FixedClock } from './clock';

describe('the end of a UK day', () => {
  const clock = new Clock();
  it.each([
    ['winter', '2026-01-15', '2026-01-16T00:00:00.000Z'],
    ['summer', '2026-07-15', '2026-07-15T23:00:00.000Z'],
    ['the day before clocks go forward', '2026-03-28', '2026-03-29T00:00:00.000Z'],
    ['the 23-hour day, 29 March 2026', '2026-03-29', '2026-03-29T23:00:00.000Z'],
    ['the day before clocks go back', '2026-10-24', '2026-10-24T23:00:00.000Z'],
    ['the 25-hour day, 25 October 2026', '2026-10-25', '2026-10-26T00:00:00.000Z'],
    ['the last day of a year', '2026-12-31', '2027-01-01T00:00:00.000Z'],
    ['29 February', '2028-02-29', '2028-03-01T00:00:00.000Z'],
  ])('%s', (_, day, end) => {
    expect(clock.endOfDay(day).toISOString()).toBe(end);
  });

  it('is the start of the next', () => {
    expect(clock.endOfDay('2026-10-25')).toEqual(clock.startOfDay('2026-10-26'));
    expect(clock.startOfDay('2026-03-29').toISOString()).toBe('2026-03-29T00:00:00.000Z');
    expect(clock.startOfDay('2026-03-30').toISOString()).toBe('2026-03-29T23:00:00.000Z');
  });

  it.each(['2026-02-29', '2026-13-01', '26-01-01', '2026-1-1', '', '2026-01-01T00:00'])(
    'refuses %p as a day',
    (day) => {
      expect(() => clock.endOfDay(day)).toThrow(RangeError);
    },
  );

  it('agrees with the day of every instant around both clock changes', () => {
    for (const from of ['2026-03-28T12:00:00Z', '2026-10-24T12:00:00Z']) {
      for (let minute = 0; minute < 2 * 24 * 60; minute++) {
        const instant = new Date(Date.parse(from) + minute * 60_000);
        const day = dayInUk(instant);
        expect(clock.startOfDay(day) <= instant && instant < clock.endOfDay(day)).toBe(true);
      }
    }
  });
});

describe('a fixed clock', () => {
  it('says what it was set to, and its UK day', () => {
    const clock = new FixedClock('2026-06-30T23:30:00Z');
    expect(clock.now().toISOString()).toBe('2026-06-30T23:30:00.000Z');
    expect(clock.today()).toBe('2026-07-01');
    clock.advance(1000);
    expect(clock.now().toISOString()).toBe('2026-06-30T23:30:01.000Z');
    clock.set('2026-12-31T23:30:00Z');
    expect(clock.today()).toBe('2026-12-31');
  });

  it('cannot be moved through the date that it gave', () => {
    const clock = new FixedClock('2026-01-01T00:00:00Z');
    clock.now().setFullYear(1999);
    expect(clock.today()).toBe('2026-01-01');
  });
});

describe('the real clock', () => {
  it('moves with the machine', () => {
    const before = Date.now();
    const now = new Clock().now().getTime();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
