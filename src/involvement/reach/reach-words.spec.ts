import { labelOf, valuesOf } from './reach-words';

const labels = (by: Parameters<typeof valuesOf>[0]): string[] =>
  valuesOf(by, '2026-11-30', '2027-01-02').map((value) => labelOf(by, value));

describe('the lines of the report on reach, in words', () => {
  it('name kinds as people write them', () => {
    expect(labels('kind')).toEqual([
      'Advisory group',
      'Steering committee',
      'Focus group',
      'Interview',
      'Survey',
      'Document review',
      'Priority setting',
      'Co-applicant',
      'Co-design',
      'Peer research',
      'Event',
      'Training',
      'Other',
      'Began without an opportunity',
    ]);
  });

  it('name ways of taking part, channels, months and everything together', () => {
    expect(labels('mode')).toEqual([
      ...['Online', 'In person', 'Hybrid', 'Phone', 'Post'],
      ...['Not said', 'Began without an opportunity'],
    ]);
    expect(labels('channel')).toEqual(['Somebody helped', 'By themselves', 'Began without an interest']);
    expect(labels('month')).toEqual(['November 2026', 'December 2026', 'January 2027']);
    expect(labelOf('kind', null)).toBe('All together');
  });
});
