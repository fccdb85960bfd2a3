import type { Fault } from '../../kernel/errors/problem';

/** An organiser's question, as far as answers are checked against it. */
export interface AskedQuestion {
  key: string;
  required: boolean;
  maxWords?: number | null;
  ways: readonly string[];
}

/** An answer as it was sent. */
export interface GivenAnswer {
  key: string;
  way: string;
  text?: string | null;
  where?: string | null;
}

/**
 * What is wrong with the answers, each fault where it stands. `recorded` is an interest that somebody took down for the person, by
 * phone or from a letter: any way is taken, and what was not said is not asked for.
 */
export function answerFaults(
  questions: readonly AskedQuestion[],
  answers: readonly GivenAnswer[],
  recorded = false,
): Fault[] {
  const byKey = new Map(questions.map((question) => [question.key, question]));
  const faults = answers.flatMap((answer, i) => {
    const question = byKey.get(answer.key);
    if (!question)
      return [
        fault(
          `/answers/${i}/key`,
          'unknown_question',
          'There is no question with this key. Read the opportunity’s questions again.',
        ),
      ];
    if (answers.findIndex((other) => other.key === answer.key) < i)
      return [fault(`/answers/${i}/key`, 'answered_twice', 'Answer each question once.')];
    return answerFault(question, answer, i, recorded);
  });
  const missing = recorded ? [] : questions.filter((q) => q.required && !answers.some((a) => a.key === q.key));
  return [
    ...faults,
    ...missing.map((q) =>
      fault('/answers', 'answer_needed', `Answer the question "${q.key}": the organiser needs it.`),
    ),
  ];
}

function answerFault(question: AskedQuestion, answer: GivenAnswer, i: number, recorded: boolean): Fault[] {
  if (!recorded && question.ways.length > 0 && !question.ways.includes(answer.way))
    return [fault(`/answers/${i}/way`, 'way_not_taken', `Answer this question by ${question.ways.join(' or ')}.`)];
  if (answer.way !== 'text')
    return answer.where
      ? []
      : [fault(`/answers/${i}/where`, 'where_needed', `Say where the ${answer.way} is: a link, or where it is kept.`)];
  if (!answer.text || countWords(answer.text) === 0)
    return [fault(`/answers/${i}/text`, 'text_needed', 'Write the answer in text.')];
  const words = countWords(answer.text);
  if (question.maxWords && words > question.maxWords)
    return [
      fault(`/answers/${i}/text`, 'too_many_words', `Use at most ${question.maxWords} words: this has ${words}.`),
    ];
  return [];
}

const fault = (at: string, code: string, message: string): Fault => ({ in: 'body', at, code, message });

/** Between words: blanks of every kind, and signs that are not seen. */
const BETWEEN = /[\s\p{Z}\p{Cf}\p{Cc}]+/u;
const HAS_A_WORD = /[\p{L}\p{N}]/u;
/** Writing that puts no blanks between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const byWord = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * How many words a text has, as people count them: "co-design" and "don't" are one each, a lone dash is none. In writing without
 * blanks, words are found by Unicode's rules (UAX 29).
 */
export function countWords(text: string): number {
  let words = 0;
  for (const piece of text.split(BETWEEN)) {
    if (!HAS_A_WORD.test(piece)) continue;
    words += UNSPACED.test(piece) ? [...byWord.segment(piece)].filter((part) => part.isWordLike).length : 1;
  }
  return words;
}
