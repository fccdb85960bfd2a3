import { HUB, RELEASED } from './catalogue';
import type { PublishedCharacteristic } from './published';

/** Who prefers not to say, and who was not asked or left it blank: categories of every characteristic, outside percentages. */
export const NOT_KNOWN = 'not-known';
export const PREFER_NOT_TO_SAY = 'prefer-not-to-say';

/** Where a characteristic's answers come from: its code list, and the question that it is asked by. */
interface Source {
  label: string;
  list: string;
  questions: readonly string[];
}

const plain = (label: string, key: string): Source => ({ label, list: key, questions: [key] });
const SOURCES: Readonly<Record<string, Source>> = {
  [HUB]: { label: 'Ethnic group', list: 'ethnic-group', questions: ['ethnic-group', 'ethnic-background'] },
  age: { label: 'Age', list: 'age-band', questions: ['age', 'year-of-birth'] },
  sex: plain('Sex', 'sex'),
  'gender-identity': plain('Gender identity', 'gender-identity'),
  disability: { label: 'Disability', list: 'disability', questions: ['long-term-condition', 'activity-limited'] },
  religion: plain('Religion', 'religion'),
  'sexual-orientation': plain('Sexual orientation', 'sexual-orientation'),
  'unpaid-care': plain('Unpaid care', 'unpaid-care'),
  'socio-economic-background': plain('Socio-economic background', 'socio-economic-background'),
  region: { label: 'Region', list: 'area', questions: ['postcode'] },
  'main-language': plain('Main language', 'main-language'),
};

/** What is read of the instruments: codes of the newest version of each list, and the words of each question. */
export const CODES = `
  SELECT c.list, c.code, c.label, c.unknown
  FROM instruments.code c
  WHERE c.list_version = (SELECT max(l.version) FROM instruments.code_list l WHERE l.key = c.list) AND c.list = ANY($1::text[])
  ORDER BY c.list, c.place`;
export const QUESTIONS = `
  SELECT item ->> 'linkId' AS id, item ->> 'text' AS text
  FROM instruments.questionnaire q, jsonb_array_elements(q.resource -> 'item') item
  WHERE q.key = 'diversity' AND q.version = (SELECT max(version) FROM instruments.questionnaire WHERE key = 'diversity')`;

export interface CodeRow {
  list: string;
  code: string;
  label: string;
  unknown: boolean;
}

export interface QuestionRow {
  id: string;
  text: string;
}

/** The code lists that releases use. */
export const LISTS = Object.values(SOURCES).map((source) => source.list);

/** The characteristics of a release in their order, the hub first, each with the two ways of not being known last. */
export function characteristicsOf(
  codes: readonly CodeRow[],
  questions: readonly QuestionRow[],
): PublishedCharacteristic[] {
  const words = new Map(questions.map(({ id, text }) => [id, text]));
  return [HUB, ...RELEASED].map((key) => {
    const source = SOURCES[key];
    if (!source) throw new Error(`Nothing says where ${key} comes from`);
    const known = codes.filter((row) => row.list === source.list && row.code !== PREFER_NOT_TO_SAY);
    if (known.length === 0) throw new Error(`The code list ${source.list} is empty`);
    return {
      key,
      label: source.label,
      question: source.questions.flatMap((id) => words.get(id) ?? []).join(' ') || source.label,
      categories: [
        ...known.map(({ code, label, unknown }) => ({ code, label, unknown })),
        { code: PREFER_NOT_TO_SAY, label: 'Prefers not to say', unknown: true },
        { code: NOT_KNOWN, label: 'Not known', unknown: true },
      ],
    };
  });
}
