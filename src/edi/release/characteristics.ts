import type { Db } from '../../kernel/db/db';
import { CHARACTERISTICS, FINER, HUB } from './catalogue';
import type { PublishedCategory, PublishedCharacteristic } from './published';

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
  'ethnic-background': plain('Ethnic background', 'ethnic-background'),
};

/** Somebody of a known ethnic group whose background is not known: that group's own category. */
export const backgroundNotTold = (group: string): string => `${group}-not-told`;

/** What is read of the instruments: codes of the newest version of each list, and the words of each question. */
const CODES = `
  SELECT c.list, c.code, c.label, c.unknown
  FROM instruments.code c
  WHERE c.list_version = (SELECT max(l.version) FROM instruments.code_list l WHERE l.key = c.list) AND c.list = ANY($1::text[])
  ORDER BY c.list, c.place`;
const QUESTIONS = `
  SELECT item ->> 'linkId' AS id, item ->> 'text' AS text
  FROM instruments.questionnaire q, jsonb_array_elements(q.resource -> 'item') item
  WHERE q.key = 'diversity' AND q.version = (SELECT max(version) FROM instruments.questionnaire WHERE key = 'diversity')`;

/** Which category of ethnic group each ethnic background lies in. */
const GROUPS = `
  SELECT m.from_code AS code, m.to_code AS within FROM instruments.mapping m
  WHERE m.from_list = ANY($1::text[]) AND m.to_list = '${HUB}' AND m.to_code IS NOT NULL
    AND m.from_version = (SELECT max(version) FROM instruments.code_list WHERE key = m.from_list)
    AND m.to_version = (SELECT max(version) FROM instruments.code_list WHERE key = m.to_list)`;

interface GroupRow {
  code: string;
  within: string;
}

interface CodeRow {
  list: string;
  code: string;
  label: string;
  unknown: boolean;
}

interface QuestionRow {
  id: string;
  text: string;
}

/** The code lists that releases use. */
const LISTS = Object.values(SOURCES).map((source) => source.list);

/** The characteristics of a release, as the instruments stand. */
export async function releaseCharacteristics(db: Db): Promise<PublishedCharacteristic[]> {
  const codes = await db.query<CodeRow>(CODES, [LISTS]);
  const groups = await db.query<GroupRow>(GROUPS, [FINER]);
  return characteristicsOf(codes, await db.query<QuestionRow>(QUESTIONS), groups);
}

/** The characteristics of a release in their order, the hub first, each with the ways of not being known last. */
function characteristicsOf(
  codes: readonly CodeRow[],
  questions: readonly QuestionRow[],
  groups: readonly GroupRow[],
): PublishedCharacteristic[] {
  const words = new Map(questions.map(({ id, text }) => [id, text]));
  const finer: readonly string[] = FINER;
  const within = new Map(groups.map((row) => [row.code, row.within]));
  const made: PublishedCharacteristic[] = [];
  for (const key of CHARACTERISTICS) {
    const source = SOURCES[key];
    if (!source) throw new Error(`Nothing says where ${key} comes from`);
    const known = codes.filter((row) => row.list === source.list && row.code !== PREFER_NOT_TO_SAY);
    if (known.length === 0) throw new Error(`The code list ${source.list} is empty`);
    const categories = known.map(({ code, label, unknown }) => ({ code, label, unknown }));
    const questions = source.questions.flatMap((id) => words.get(id) ?? []);
    made.push({
      key,
      label: source.label,
      question: questions.join(' ') || source.label,
      ...(questions.length > 1 ? { questions } : {}),
      categories: finer.includes(key)
        ? inGroups(categories, made[0]?.categories ?? [], within)
        : [...categories, ...UNKNOWN],
    });
  }
  return made;
}

const UNKNOWN: readonly PublishedCategory[] = [
  { code: PREFER_NOT_TO_SAY, label: 'Prefers not to say', unknown: true },
  { code: NOT_KNOWN, label: 'Not known', unknown: true },
];

/** The first word of an ethnic group's name, which stands before the name of each background within it: Asian. */
const shortName = ({ label }: PublishedCategory): string => /^\w+/.exec(label)?.[0] ?? label;

/** A background by its group, in the words of the population figures: “Asian: Indian”, “Asian: Other Asian”. */
function labelWithin(group: PublishedCategory, label: string): string {
  const other = /^Any other (\w+)\b.* background$/.exec(label)?.[1];
  return `${shortName(group)}: ${other === undefined ? label : `Other ${other}`}`;
}

/** The categories of each ethnic group together, in the order of the groups, and for each group a category for who told no more. */
function inGroups(
  categories: readonly PublishedCategory[],
  groups: readonly PublishedCategory[],
  within: ReadonlyMap<string, string>,
): PublishedCategory[] {
  const homeless = categories.find(({ code }) => !groups.some((group) => group.code === within.get(code)));
  if (homeless) throw new Error(`No ethnic group has the background ${homeless.code}`);
  return groups.flatMap((group) => [
    ...categories
      .filter(({ code }) => within.get(code) === group.code)
      .map((category) => ({ ...category, label: labelWithin(group, category.label), within: group.code })),
    group.unknown
      ? { ...group, within: group.code }
      : {
          code: backgroundNotTold(group.code),
          label: `${shortName(group)}: background not known`,
          // Their ethnic group is known, and percentages are of everybody of whom it is.
          unknown: false,
          within: group.code,
        },
  ]);
}
