import type { Fault } from '../../kernel/errors/problem';
import type { Question } from '../../instruments';
import { ageBand } from '../returns/reading/birth';

/** Where an answer is kept. Null was not asked or left blank. */
export interface AnswerColumns {
  year_of_birth: number | null;
  age_band: string | null;
  sex: string | null;
  gender_identity: string | null;
  ethnic_group: string | null;
  ethnic_background: string | null;
  background_list: string | null;
  background_code: string | null;
  long_term_condition: string | null;
  activity_limited: string | null;
  impairment: string[] | null;
  religion: string | null;
  sexual_orientation: string | null;
  unpaid_care: string | null;
  socio_economic_background: string | null;
  region: string | null;
  main_language: string | null;
}

export const NO_ANSWERS: Readonly<AnswerColumns> = Object.freeze({
  ...{ year_of_birth: null, age_band: null, sex: null, gender_identity: null, ethnic_group: null },
  ...{ ethnic_background: null, background_list: null, background_code: null, long_term_condition: null },
  ...{ activity_limited: null, impairment: null, religion: null, sexual_orientation: null, unpaid_care: null },
  ...{ socio_economic_background: null, region: null, main_language: null },
});

export const ANSWER_COLUMNS = Object.keys(NO_ANSWERS) as (keyof AnswerColumns)[];

/** Said, and the person prefers not to answer. */
export const UNSAID = 'prefer-not-to-say';

/** Questions that are kept as one code in the column of their name. */
const PLAIN: Readonly<Record<string, keyof AnswerColumns>> = {
  sex: 'sex',
  'gender-identity': 'gender_identity',
  'ethnic-group': 'ethnic_group',
  'long-term-condition': 'long_term_condition',
  'activity-limited': 'activity_limited',
  religion: 'religion',
  'sexual-orientation': 'sexual_orientation',
  'unpaid-care': 'unpaid_care',
  'socio-economic-background': 'socio_economic_background',
  'main-language': 'main_language',
  postcode: 'region',
};

export const columnOf = (question: string): keyof AnswerColumns | undefined => PLAIN[question];

/** An answer as it was sent. */
export interface GivenAnswer {
  question: string;
  state: 'answered' | 'prefer-not-to-say' | 'not-asked';
  codes?: string[] | null;
  list?: string | null;
  yearOfBirth?: number | null;
  outwardPostcode?: string | null;
}

/** What answers look up beside the questionnaire itself. */
export interface Lookups {
  today: string;
  /** What a code is in another list; null where it cannot be mapped. */
  mapped(list: string, code: string, to: string): Promise<string | null>;
  /** Region or nation of an outward postcode; null where there is none like it. */
  region(outward: string): Promise<string | null>;
}

const OLDEST = 130;
const fault = (at: string, code: string, message: string): Fault => ({ in: 'body', at, code, message });

/**
 * Answers as they are kept, or what is wrong with them. Only what was sent is set: who calls decides whether the rest is cleared or left
 * alone. No fault repeats what was answered.
 */
export async function answerColumns(
  questions: readonly Question[],
  answers: readonly GivenAnswer[],
  look: Lookups,
): Promise<{ columns: Partial<AnswerColumns>; faults: Fault[] }> {
  const faults: Fault[] = [];
  const columns: Partial<AnswerColumns> = {};
  const seen = new Set<string>();
  const ages: Partial<AnswerColumns>[] = [];
  for (const [place, answer] of answers.entries()) {
    const at = `/answers/${place}`;
    const question = questions.find((one) => one.linkId === answer.question);
    if (!question) {
      faults.push(
        fault(`${at}/question`, 'unknown_question', 'The questionnaire has no such question in this version.'),
      );
      continue;
    }
    if (seen.has(question.linkId)) faults.push(fault(`${at}/question`, 'repeated', 'Answer each question once.'));
    seen.add(question.linkId);
    const found =
      answer.state === 'answered' ? await answered(question, answer, at, look) : plainState(question, answer, at);
    if ('faults' in found) faults.push(...found.faults);
    else if ('age_band' in found.columns) ages.push(found.columns);
    else Object.assign(columns, found.columns);
  }
  if (faults.length === 0) faults.push(...ageTogether(ages, columns, look.today), ...(await together(columns, look)));
  return { columns, faults };
}

/**
 * What was held, with what was added by somebody who cannot read it. What depends on an answer that changed is cleared, so that nothing
 * contradicts; nothing of it is told.
 */
export function addedTo(held: AnswerColumns, added: Partial<AnswerColumns>): AnswerColumns {
  const all: AnswerColumns = { ...held, ...added };
  const says = (name: keyof AnswerColumns): boolean => added[name] !== undefined;
  if (says('ethnic_group') && !says('ethnic_background') && added.ethnic_group !== held.ethnic_group)
    Object.assign(all, { ethnic_background: null, background_list: null, background_code: null });
  if (added.background_code && !says('ethnic_group')) all.ethnic_group = null;
  if (all.long_term_condition !== 'no') return all;
  if (!says('long_term_condition') && affects(added)) all.long_term_condition = null;
  else if (affects(all)) Object.assign(all, { activity_limited: null, impairment: null });
  return all;
}

/** Whether answers say that a condition affects something. */
const affects = ({ activity_limited: limits, impairment }: Partial<AnswerColumns>): boolean =>
  Boolean(limits && limits !== UNSAID) || (impairment ?? []).some((one) => one !== 'none' && one !== UNSAID);

type Found = { columns: Partial<AnswerColumns> } | { faults: Fault[] };

/** Prefers not to say, or not asked: nothing may come along. */
function plainState(question: Question, answer: GivenAnswer, at: string): Found {
  if (answer.codes?.length || answer.yearOfBirth != null || answer.outwardPostcode != null)
    return {
      faults: [fault(`${at}/state`, 'answer_and_state', 'Send an answer with the state answered, or the state alone.')],
    };
  const value = answer.state === 'not-asked' ? null : UNSAID;
  const { linkId } = question;
  if (linkId === 'impairment') return { columns: { impairment: value === null ? null : [value] } };
  if (linkId === 'year-of-birth' || linkId === 'age') return { columns: { year_of_birth: null, age_band: value } };
  if (linkId === 'ethnic-background')
    return { columns: { ethnic_background: value, background_list: null, background_code: null } };
  const column = columnOf(linkId);
  return column ? { columns: { [column]: value } } : notKept(at);
}

const notKept = (at: string): Found => ({
  faults: [
    fault(`${at}/question`, 'not_kept', 'Answers to this question cannot be kept by this version of the service.'),
  ],
});

async function answered(question: Question, answer: GivenAnswer, at: string, look: Lookups): Promise<Found> {
  const { linkId } = question;
  if (linkId === 'year-of-birth') return birth(answer, at, look.today);
  if (linkId === 'postcode') return postcode(answer, at, look);
  const chosen = choice(question, answer, at);
  if ('faults' in chosen) return chosen;
  const { codes, list } = chosen;
  const [code = ''] = codes;
  if (linkId === 'age') return { columns: { year_of_birth: null, age_band: code } };
  if (linkId === 'impairment') return { columns: { impairment: codes } };
  if (linkId === 'ethnic-background') return background(list, code, look);
  const column = columnOf(linkId);
  return column ? { columns: { [column]: code } } : notKept(at);
}

async function background(list: string, code: string, look: Lookups): Promise<Found> {
  if (code === UNSAID) return { columns: { ethnic_background: UNSAID, background_list: null, background_code: null } };
  const own = list.startsWith('ethnic-background/');
  const mapped = own ? code : await look.mapped(list, code, 'ethnic-background/1');
  return { columns: { ethnic_background: mapped, background_list: list, background_code: code } };
}

/** The codes that were chosen, each offered by one list. */
function choice(
  question: Question,
  answer: GivenAnswer,
  at: string,
): { codes: string[]; list: string } | { faults: Fault[] } {
  const codes = answer.codes ?? [];
  const lists = [...new Set(question.offers.map((offer) => offer.list))];
  const list = answer.list ?? lists[0] ?? '';
  if (answer.yearOfBirth != null || answer.outwardPostcode != null)
    return { faults: [fault(at, 'wrong_kind', 'This question is answered with codes.')] };
  if (!lists.includes(list))
    return {
      faults: [fault(`${at}/list`, 'unknown_list', `Name one of the lists of this question: ${lists.join(', ')}.`)],
    };
  if (codes.length === 0) return { faults: [fault(`${at}/codes`, 'answer_missing', 'Send the code that was chosen.')] };
  if (codes.length > 1 && !question.repeats)
    return { faults: [fault(`${at}/codes`, 'too_many', 'Send one code: only one can be chosen here.')] };
  const offered = codes.map((code) => question.offers.find((one) => one.list === list && one.code === code));
  const faults = offered.flatMap((one, i) =>
    one ? [] : [fault(`${at}/codes/${i}`, 'unknown_code', `Choose a code of the list ${list}: see /v1/code-lists.`)],
  );
  if (codes.length > 1 && offered.some((one) => one?.alone))
    faults.push(fault(`${at}/codes`, 'not_together', 'One of these cannot be chosen together with others.'));
  return faults.length > 0 ? { faults } : { codes, list };
}

function birth({ yearOfBirth, codes, outwardPostcode }: GivenAnswer, at: string, today: string): Found {
  const year = yearOfBirth ?? null;
  if (year === null || codes?.length || outwardPostcode != null)
    return { faults: [fault(`${at}/yearOfBirth`, 'answer_missing', 'Send the year of birth, and nothing else.')] };
  const problem = yearProblem(year, today);
  if (problem) return { faults: [fault(`${at}/yearOfBirth`, problem.code, problem.message)] };
  return { columns: { year_of_birth: year, age_band: null } };
}

/** What is wrong with a year of birth; null where nothing is. */
export function yearProblem(year: number, today: string): { code: string; message: string } | null {
  const now = Number(today.slice(0, 4));
  if (year > now) return { code: 'born_in_the_future', message: 'Send a year that is not in the future.' };
  if (year <= now - OLDEST) return { code: 'born_too_long_ago', message: `Send a year less than ${OLDEST} years ago.` };
  return null;
}

async function postcode(
  { outwardPostcode, codes, yearOfBirth }: GivenAnswer,
  at: string,
  look: Lookups,
): Promise<Found> {
  if (outwardPostcode == null || codes?.length || yearOfBirth != null)
    return {
      faults: [
        fault(`${at}/outwardPostcode`, 'answer_missing', 'Send the first half of the postcode, and nothing else.'),
      ],
    };
  const region = await look.region(outwardPostcode);
  if (region === null)
    return {
      faults: [
        fault(`${at}/outwardPostcode`, 'unknown_postcode', 'Send the first half of a UK postcode, such as LS1.'),
      ],
    };
  return { columns: { region } };
}

/**
 * One age from the two questions about it, in whatever order they came. The year is kept where both tell the same; a band alone where
 * only the year is not said.
 */
function ageTogether(ages: readonly Partial<AnswerColumns>[], columns: Partial<AnswerColumns>, today: string): Fault[] {
  if (ages.length === 0) return [];
  const year = ages.map((one) => one.year_of_birth ?? null).find((one) => one !== null) ?? null;
  const bands = ages.map((one) => one.age_band ?? null).filter((one) => one !== null);
  const band = bands.find((one) => one !== UNSAID) ?? bands[0] ?? null;
  Object.assign(columns, { year_of_birth: year, age_band: year === null ? band : null });
  if (year === null || band === null || holds(band, year, today)) return [];
  const message = 'The year of birth and the age do not go together. Send one of the two, and leave the other out.';
  return [fault('/answers', 'answers_contradict', message)];
}

/** Whether somebody born in a year can be in an age band today, before or after the birthday. */
function holds(band: string, year: number, today: string): boolean {
  const oldest = Number(today.slice(0, 4)) - year;
  return [oldest, Math.max(0, oldest - 1)].some((age) => ageBand(age, [{ code: band }]) !== undefined);
}

/** What follows from several answers, and what cannot be true together. */
async function together(columns: Partial<AnswerColumns>, look: Lookups): Promise<Fault[]> {
  const faults: Fault[] = [];
  const { background_list: list, background_code: code } = columns;
  if (columns.ethnic_background === UNSAID) columns.ethnic_group ??= UNSAID;
  if (list && code) {
    const group = await look.mapped(list, code, 'ethnic-group/1');
    const said = columns.ethnic_group;
    if (group !== null && said && said !== UNSAID && said !== group)
      faults.push(
        fault('/answers', 'answers_contradict', 'The ethnic group and the ethnic background do not go together.'),
      );
    if (group !== null) columns.ethnic_group = group;
  }
  if (columns.long_term_condition === 'no' && affects(columns))
    faults.push(
      fault('/answers', 'answers_contradict', 'Without a condition, nothing can be said of what it affects.'),
    );
  return faults;
}
