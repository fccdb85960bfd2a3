import { answerFaults, AskedQuestion, countWords } from './answers';

const ask = (more: Partial<AskedQuestion> = {}): AskedQuestion => ({
  key: 'why',
  required: false,
  maxWords: 3,
  ways: ['text', 'recording'],
  ...more,
});

describe('counting words', () => {
  it.each([
    ['', 0],
    ['   \n\t ', 0],
    ['one', 1],
    ["I don't co-design — much", 4],
    ['a\u00a0b\u2003c\u3000d', 4],
    ['zero\u200bwidth\u200djoined\u2060here', 4],
    ['\u202Eright to left\u202C', 3],
    ['- – — … !!! 👍 👩‍👩‍👧', 0],
    ['5 oclock', 2],
    ['e\u0301te\u0301 tre\u0300s chaud', 3],
    ['Rwy’n siarad Cymraeg bob dydd', 5],
    ['ذهبت إلى المستشفى', 3],
    ['मुझे मदद चाहिए', 3],
    ['a'.repeat(19_999), 1],
    ['Z̸̢̛̺͚͎a̵l̷g̶o̸ text', 2],
  ])('"%s" has %i', (text, words) => {
    expect(countWords(text)).toBe(words);
  });

  it('counts words where none are set apart', () => {
    expect(countWords('我去医院了')).toBeGreaterThan(1);
    expect(countWords('ฉันไปโรงพยาบาล')).toBeGreaterThan(1);
  });
});

describe('answers', () => {
  it.each([
    ['a text within the limit', [ask()], [{ key: 'why', way: 'text', text: 'one two three' }], []],
    [
      'a text beyond the limit',
      [ask()],
      [{ key: 'why', way: 'text', text: 'one two three four' }],
      ['/answers/0/text too_many_words'],
    ],
    ['no limit', [ask({ maxWords: null })], [{ key: 'why', way: 'text', text: 'one two three four' }], []],
    [
      'a text of nothing that is seen',
      [ask()],
      [{ key: 'why', way: 'text', text: '\u200b ' }],
      ['/answers/0/text text_needed'],
    ],
    ['a recording with its place', [ask()], [{ key: 'why', way: 'recording', where: 'https://example.org/r/1' }], []],
    ['a recording without', [ask()], [{ key: 'why', way: 'recording' }], ['/answers/0/where where_needed']],
    [
      'a way that is not taken',
      [ask()],
      [{ key: 'why', way: 'letter', where: 'in the file' }],
      ['/answers/0/way way_not_taken'],
    ],
    ['an unknown question', [ask()], [{ key: 'what', way: 'text', text: 'x' }], ['/answers/0/key unknown_question']],
    [
      'the same question twice',
      [ask()],
      [
        { key: 'why', way: 'text', text: 'x' },
        { key: 'why', way: 'text', text: 'y' },
      ],
      ['/answers/1/key answered_twice'],
    ],
    ['a needed answer that is missing', [ask({ required: true })], [], ['/answers answer_needed']],
    [
      'faults of several at once',
      [ask(), ask({ key: 'when' })],
      [
        { key: 'why', way: 'text', text: 'a b c d' },
        { key: 'when', way: 'text', text: 'e f g h' },
      ],
      ['/answers/0/text too_many_words', '/answers/1/text too_many_words'],
    ],
  ])('%s', (_, questions, answers, expected) => {
    expect(answerFaults(questions, answers).map((f) => `${f.at} ${f.code}`)).toEqual(expected);
  });

  it('taken down for somebody may come any way, and leave questions out', () => {
    const questions = [ask({ required: true, ways: ['text'] }), ask({ key: 'when' })];
    expect(answerFaults(questions, [{ key: 'when', way: 'letter', where: 'in the file' }], true)).toEqual([]);
    expect(answerFaults(questions, [{ key: 'when', way: 'text', text: 'a b c d' }], true)).toHaveLength(1);
  });

  it('say how many words there are and may be', () => {
    expect(answerFaults([ask()], [{ key: 'why', way: 'text', text: 'a b c d' }])[0]?.message).toBe(
      'Use at most 3 words: this has 4.',
    );
  });
});
