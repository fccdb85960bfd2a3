import { inclusiveCheck } from './inclusive-check';
import type { Content } from './opportunity-content';

const found = (draft: Partial<Content>, point: string): string | undefined =>
  inclusiveCheck(draft).find((p) => p.point === point)?.found;

describe('the inclusive opportunity check', () => {
  it.each<[string, Partial<Content>, Partial<Content>]>([
    ['plain-summary', { summary: 'We meet four times.' }, { summary: null }],
    ['what-people-do', { whatIsInvolved: 'You read and talk.' }, {}],
    ['time-it-takes', { sessions: 4, totalHours: 8 }, { sessions: 4 }],
    ['preparation', { preparationHours: 0 }, { preparationHours: null }],
    ['dates', { dates: 'Tuesdays' }, {}],
    ['dates', { startsOn: '2027-01-12' }, { startsOn: null }],
    ['who-else', { whoElse: 'Five others' }, {}],
    ['earliest-stage', { stage: 'design' }, { stage: null }],
    ['difference', { differenceItMakes: 'You decide.' }, {}],
    ['hearing-back', { hearBackHow: 'A letter', hearBackBy: '2027-02-02' }, { hearBackHow: 'A letter' }],
    ['support', { support: 'A call' }, {}],
    ['who-is-wanted', { noExperienceNeeded: true }, { noExperienceNeeded: false }],
    ['who-is-wanted', { skillsWanted: 'Listening' }, {}],
    ['no-needless-bar', { noExperienceNeeded: true }, { livedExperienceWanted: 'Anything' }],
    [
      'choice-of-ways',
      {
        howToApply: [
          { way: 'online', detail: 'x' },
          { way: 'phone', detail: 'y' },
        ],
      },
      {
        howToApply: [
          { way: 'phone', detail: 'y' },
          { way: 'phone', detail: 'z' },
        ],
      },
    ],
    [
      'not-only-online',
      { howToApply: [{ way: 'post', detail: 'x' }] },
      {
        howToApply: [
          { way: 'online', detail: 'x' },
          { way: 'email', detail: 'y' },
        ],
      },
    ],
    ['fair-selection', { selectionMethod: 'first-come' }, { selectionMethod: 'criteria' }],
    ['fair-selection', { selectionMethod: 'random-draw', selectionCriteria: 'By numbers' }, {}],
    ['payment', { payment: { kind: 'none' } }, { payment: null }],
    ['expenses', { expensesPaid: true, expenses: 'Buses' }, { expensesPaid: true }],
    ['access', { accessProvision: ['captions'] }, { accessProvision: [] }],
    ['how-to-join', { mode: 'online' }, { mode: 'hybrid' }],
    ['how-to-join', { mode: 'in-person', place: { town: 'Leeds' } }, { mode: 'in-person', place: null }],
    ['languages', { languages: ['en'] }, {}],
    ['easy-read', { easyRead: { title: 'Help us' } }, {}],
    ['welsh', { regionCode: 'W92000004', welsh: { title: 'Helpwch ni' } }, { regionCode: 'W92000004' }],
    ['young-people-safe', { openToUnder18: true, safeguarding: 'Two staff' }, { openToUnder18: true }],
    [
      'somebody-to-ask',
      { contact: { name: 'A', email: 'a@example.org', phone: '01632 960000' } },
      { contact: { name: 'A', email: 'a@example.org' } },
    ],
  ])('finds %s met, and not said', (point, met, missing) => {
    expect(found(met, point)).toBe('met');
    expect(found(missing, point)).toBe('not-said');
  });

  it('asks for Welsh and for the safety of young people only where they apply', () => {
    expect(found({ regionCode: 'E12000001' }, 'welsh')).toBeUndefined();
    expect(found({ languages: ['cy'] }, 'welsh')).toBe('not-said');
    expect(found({ openToUnder18: false }, 'young-people-safe')).toBeUndefined();
  });

  it('says for every point what it asks, which field, and how to meet it, and gives no score', () => {
    for (const point of inclusiveCheck({ openToUnder18: true, languages: ['cy'] })) {
      expect(Object.keys(point).sort()).toEqual(['asks', 'field', 'found', 'howToMeet', 'point']);
      expect(point.howToMeet).toMatch(/^[A-Z].*\.$/);
      expect(point.asks).toMatch(/^[A-Z].*\.$/);
    }
  });
});
