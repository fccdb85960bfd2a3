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

    it.each(Object.values(NoticeKind))('%s: fit a text message without subject or greeting', (kind) => {
      const { subject, text } = noticeWords(kind, language, { ...facts, name: null, ask: null }, true);
      expect(subject).toBe('');
      expect(text).not.toContain('\n');
      expect(text).not.toMatch(/undefined|null|NaN/);
    });
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

  it('carry a code', () => {
    for (const language of languages)
      expect(codeWords('480213', language, 'Talk about falls', 30).text).toMatch(/480213.*30/s);
  });
});
