import { NoticeKind, NoticeLanguage } from './notice.entity';
import { codeWords, longDay, noticeWords, NoticeFacts } from './notice-words';

const facts: NoticeFacts = {
  name: 'Rosalind Achterberg',
  title: 'Talk about falls',
  organisation: 'North West Network',
  answerBy: '2026-12-07',
  reason: 'We had more carers than places.',
  drawn: { place: 2, places: 3, among: 9 },
  ask: { name: 'Tobi Adeyemi', email: 'tobi@example.org', phone: '01632 960121' },
  reference: 'PPI-7K3F-9QXM-2RTW0',
  ended: { cancelled: false, because: 'finished', until: '2026-12-01' },
};
const languages = Object.values(NoticeLanguage);

describe('the words of a notice', () => {
  describe.each(languages)('in %s', (language) => {
    it.each(Object.values(NoticeKind))('%s: name the opportunity, who writes and whom to ask', (kind) => {
      const { subject, text } = noticeWords(kind, language, facts);
      expect(subject).toContain('Talk about falls');
      expect(text).toContain('Rosalind Achterberg');
      expect(text).toContain('North West Network');
      expect(text).toContain('01632 960121');
      expect(text).not.toMatch(/undefined|null|NaN/);
    });

    it.each(Object.values(NoticeKind))(
      '%s: fit a text message without subject or greeting, which says whom to ask',
      (kind) => {
        const { subject, text } = noticeWords(kind, language, { ...facts, name: null }, true);
        expect(subject).toBe('');
        expect(text).not.toContain('\n');
        expect(text).toContain('Tobi Adeyemi, 01632 960121.');
        expect(text).not.toMatch(/undefined|null|NaN/);
      },
    );
  });

  it('say by which day to answer', () => {
    expect(noticeWords('offered', 'en', facts).text).toContain('by Monday 7 December 2026');
    expect(noticeWords('offered', 'cy', facts).text).toContain('erbyn dydd Llun 7 Rhagfyr 2026');
    expect(longDay('2026-03-29', 'en')).toBe('Sunday 29 March 2026');
  });

  it('say why somebody was not chosen', () => {
    expect(noticeWords('not-selected', 'en', facts).text).toContain('The reason: We had more carers than places.');
    expect(noticeWords('not-selected', 'cy', { ...facts, reason: null }).text).not.toContain('Y rheswm');
  });

  it('say where somebody stands in a draw', () => {
    expect(noticeWords('drawn', 'en', facts).text).toContain('Your name was drawn for a place.');
    expect(noticeWords('drawn', 'en', { ...facts, drawn: { place: 5, places: 3, among: 9 } }).text).toContain(
      'number 2 on the reserve list',
    );
    expect(noticeWords('drawn', 'cy', { ...facts, drawn: { place: 5, places: 3, among: 9 } }).text).toContain(
      'rhif 2 ar y rhestr wrth gefn',
    );
  });

  it.each(languages)(
    'in a text name the e-mail address where there is no number, and the organisation once (%s)',
    (language) => {
      const short = (ask: NoticeFacts['ask']): string => noticeWords('offered', language, { ...facts, ask }, true).text;
      expect(short({ name: 'Tobi Adeyemi', email: 'tobi@example.org', phone: null })).toContain(
        'Tobi Adeyemi, tobi@example.org.',
      );
      const bare = short({ name: facts.organisation, email: null, phone: null });
      expect(bare.split(facts.organisation)).toHaveLength(2);
      expect(bare).toMatch(/(Questions|Cwestiynau): North West Network\.$/);
    },
  );

  it('hold the reference of an interest that came in', () => {
    for (const language of languages)
      expect(noticeWords('interest-received', language, facts).text).toContain('PPI-7K3F-9QXM-2RTW0');
    expect(noticeWords('interest-received', 'en', { ...facts, reference: null }).text).not.toContain('reference');
  });

  it('say how a part ended, with its last day and the reason', () => {
    expect(noticeWords('involvement-ended', 'en', facts).text).toMatch(
      /has ended\. The last day: Monday 30 November 2026\.[^]*the work is finished/,
    );
    expect(noticeWords('involvement-ended', 'cy', facts).text).toMatch(/dydd Llun 30 Tachwedd 2026[^]*wedi gorffen/);
    const cancelled = { cancelled: true, because: 'other', until: null } as const;
    const { text } = noticeWords('involvement-ended', 'en', { ...facts, ended: cancelled });
    expect(text).toContain('will not go ahead');
    expect(text).not.toMatch(/last day|The reason/);
  });

  it('carry a code', () => {
    for (const language of languages)
      expect(codeWords('480213', language, 'Talk about falls', 30).text).toMatch(/480213.*30/s);
  });
});
