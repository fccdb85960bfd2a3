import type { Query } from '../../kernel/privacy/query';
import { Characteristic, PREFER_NOT_TO_SAY, Vocabulary } from './reading/vocabulary';

/** The questionnaire whose answers are collected. */
export const QUESTION_SET = 'diversity';

/** A question that returns can answer: its name in files, its list of codes, and other ways to write those. */
interface Source {
  key: string;
  label: string;
  list: string;
  several?: boolean;
  also?: Readonly<Record<string, readonly string[]>>;
}

/** All characteristics that a return can hold, in the order of the columns of a template. `returned_row` has a column for each. */
export const SOURCES: readonly Source[] = [
  {
    key: 'ethnic-group',
    label: 'Ethnic group',
    list: 'ethnic-group',
    also: { asian: ['Asian'], black: ['Black'], mixed: ['Mixed'], other: ['Other'] },
  },
  { key: 'ethnic-background', label: 'Ethnic background', list: 'ethnic-background' },
  {
    key: 'age',
    label: 'Age',
    list: 'age-band',
    also: { 'under-16': ['0-15', '<16'], '85-and-over': ['85+', '85 or over', 'over 85'] },
  },
  { key: 'sex', label: 'Sex', list: 'sex', also: { female: ['f', 'woman'], male: ['m', 'man'] } },
  { key: 'gender-identity', label: 'Gender identity', list: 'gender-identity' },
  { key: 'disability', label: 'Disability', list: 'disability' },
  { key: 'impairment', label: 'Impairment', list: 'impairment', several: true },
  { key: 'religion', label: 'Religion', list: 'religion' },
  {
    key: 'sexual-orientation',
    label: 'Sexual orientation',
    list: 'sexual-orientation',
    also: { heterosexual: ['straight', 'heterosexual or straight', 'straight or heterosexual'] },
  },
  { key: 'unpaid-care', label: 'Unpaid care', list: 'unpaid-care' },
  { key: 'socio-economic-background', label: 'Socio-economic background', list: 'socio-economic-background' },
  { key: 'region', label: 'Region', list: 'area' },
  { key: 'main-language', label: 'Main language', list: 'main-language' },
];

/** The column of `edi_answers.returned_row` that holds a characteristic. */
export const columnOf = (characteristic: string): string => characteristic.replaceAll('-', '_');

const CODES = `
  SELECT c.list, c.code, c.label
  FROM instruments.code c
  WHERE c.list_version = (SELECT max(l.version) FROM instruments.code_list l WHERE l.key = c.list) AND c.list = ANY($1::text[])
  ORDER BY c.list, c.place`;
const GROUPS = `
  SELECT m.from_code AS background, m.to_code AS "group"
  FROM instruments.mapping m
  WHERE m.from_list = 'ethnic-background' AND m.to_list = 'ethnic-group' AND m.to_code IS NOT NULL
  ORDER BY m.from_version, m.to_version`;

/** The questions with their codes, as returns are read against them. */
export async function readVocabulary(q: Query): Promise<Vocabulary> {
  const codes = await q.query<{ list: string; code: string; label: string }>(CODES, [SOURCES.map(({ list }) => list)]);
  const groups = await q.query<{ background: string; group: string }>(GROUPS);
  const characteristics = SOURCES.map(({ key, label, list, several = false, also = {} }): Characteristic => {
    const own = codes.filter((one) => one.list === list && one.code !== PREFER_NOT_TO_SAY);
    if (own.length === 0) throw new Error(`The code list ${list} is empty`);
    return {
      key,
      label,
      several,
      codes: own.map(({ code, label: name }) => ({ code, label: name, also: also[code] })),
    };
  });
  return new Vocabulary(
    characteristics,
    Object.fromEntries(groups.map(({ background, group }) => [background, group])),
  );
}

const REGIONS = `
  SELECT outward AS place, region_code AS region FROM people.postcode_district WHERE region_code IS NOT NULL
  UNION ALL SELECT code, region_code FROM people.postcode_area`;

/** Finds the region of an outward postcode: by its district where that is loaded, else by the letters it begins with. */
export async function readRegions(q: Query): Promise<(outward: string) => string | undefined> {
  const rows = await q.query<{ place: string; region: string }>(REGIONS);
  const regions = new Map(rows.map(({ place, region }) => [place, region]));
  return (outward) =>
    /^[A-Z]{1,2}[0-9][0-9A-Z]?$/.test(outward)
      ? (regions.get(outward) ?? regions.get(/^[A-Z]+/.exec(outward)?.[0] ?? ''))
      : undefined;
}
