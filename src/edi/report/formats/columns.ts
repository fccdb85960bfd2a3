import { POPULATIONS, SHORTHAND } from '../figures';

/** One column of the tidy files. */
export interface TidyColumn {
  name: string;
  /** A short title for people. */
  title: string;
  means: string;
  type: 'integer' | 'string' | 'date';
  /** Whether it may be empty. */
  optional?: boolean;
}

const said = (list: Readonly<Record<string, { means: string }>>): string =>
  Object.entries(list)
    .map(([code, { means }]) => `${code}: ${means}`)
    .join(' ');

/** The columns of `all.csv` and of each table's CSV, in their order. They do not change: files of all releases fit together. */
export const TIDY_COLUMNS = [
  { name: 'release', title: 'Release', means: 'Number of the release.', type: 'integer' },
  { name: 'snapshotOn', title: 'Data frozen on', means: 'The day on which the data were frozen.', type: 'date' },
  { name: 'periodFrom', title: 'Period from', means: 'First day that the release is about.', type: 'date' },
  {
    name: 'periodUntil',
    title: 'Period until',
    means: 'The first day after the period.',
    type: 'date',
  },
  { name: 'table', title: 'Table', means: 'Key of the table, the same in every release.', type: 'string' },
  {
    name: 'level',
    title: 'Level',
    means: 'Level of the unit: all, group or organisation. Each level holds everybody of the one below it.',
    type: 'string',
  },
  { name: 'unit', title: 'Unit', means: 'Key of the unit, the same in every release.', type: 'string' },
  { name: 'unitName', title: 'Name of the unit', means: 'Name of the unit.', type: 'string' },
  {
    name: 'areaCode',
    title: 'Area code',
    means: 'GSS code of the area that the unit stands for; empty where it stands for none.',
    type: 'string',
    optional: true,
  },
  { name: 'population', title: 'Population', means: said(POPULATIONS), type: 'string' },
  {
    name: 'ethnicGroup',
    title: 'Ethnic group',
    means: 'Code of the ethnic group; all: everybody, which is every row of a one-way table.',
    type: 'string',
  },
  { name: 'characteristic', title: 'Characteristic', means: 'What people were asked.', type: 'string' },
  {
    name: 'category',
    title: 'Category',
    means: 'Code of the answer; all: everybody.',
    type: 'string',
  },
  { name: 'label', title: 'Category in words', means: 'The answer in words.', type: 'string' },
  {
    name: 'value',
    title: 'People',
    means: 'People, rounded; empty, which is not nought, where the status says c or x.',
    type: 'integer',
    optional: true,
  },
  {
    name: 'status',
    title: 'Status',
    means: `Empty where the number stands as it is, else: ${said(SHORTHAND)}`,
    type: 'string',
    optional: true,
  },
] as const satisfies readonly TidyColumn[];

export type TidyRow = Record<(typeof TIDY_COLUMNS)[number]['name'], string | number | null>;
