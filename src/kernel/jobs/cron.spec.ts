import { cron, lastDue } from './cron';

const NOW = new Date('2026-11-22T20:35:41.500Z'); // a Sunday

describe('a schedule', () => {
  it.each([
    ['* * * * *', '2026-11-22T20:35:00.000Z'],
    ['*/10 * * * *', '2026-11-22T20:30:00.000Z'],
    ['5-59/10 * * * *', '2026-11-22T20:35:00.000Z'],
    ['36/10 * * * *', '2026-11-22T19:56:00.000Z'],
    ['0 3 * * *', '2026-11-22T03:00:00.000Z'],
    ['40 20 * * *', '2026-11-21T20:40:00.000Z'],
    ['0,15 20-22 * * *', '2026-11-22T20:15:00.000Z'],
    ['0 0 * * 0', '2026-11-22T00:00:00.000Z'],
    ['0 12 22 11 *', '2026-11-22T12:00:00.000Z'],
    ['0 12 1 * 0', '2026-11-22T12:00:00.000Z'],
    ['36 20 21 11 *', '2026-11-21T20:36:00.000Z'],
  ])('%s was last due at %s', (text, expected) => {
    expect(lastDue(cron(text), NOW)?.toISOString()).toBe(expected);
  });

  it('names nothing in the time looked at', () => {
    expect(lastDue(cron('0 3 1 1 *'), NOW)).toBeNull();
    expect(lastDue(cron('0 3 * * *'), NOW, 60)).toBeNull();
  });

  it.each([
    '',
    '* * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 7',
    '5-2 * * * *',
    '*/0 * * * *',
    'a * * * *',
    '1, * * * *',
  ])('is refused: "%s"', (text) => {
    expect(() => cron(text)).toThrow(/Schedule/);
  });
});
