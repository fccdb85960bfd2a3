import { isDay, parseInstant } from '../../kernel/db/day';
import { normalEmail, normalPhone } from '../../kernel/privacy/blind-index';
import { SaidHow } from '../../kernel/privacy/consents';
import {
  AgeGroup,
  Channel,
  Correspondence,
  HealthCategory,
  KeepInTouch,
  LANGUAGE,
  OUTWARD_POSTCODE,
} from '../contributor/contributor.entity';
import { unguarded } from '../contributor/csv';

/** What a cell was read as. */
export type CellValue = string | string[] | Date;

/** A cell that cannot be taken: a code for programs, and what to do. */
export class CellFault {
  constructor(
    readonly code: string,
    readonly message: string,
  ) {}
}

/** One column of the file. */
export interface Column {
  /** Most characters of a cell. */
  max: number;
  /** Whether each row must have a value. */
  needed?: boolean;
  /** What the cell says, from text that is not empty and not too long. */
  read: (text: string) => CellValue | CellFault;
  /** For people: what to write. */
  says: string;
}

const text = (max: number, says: string, needed = false): Column => ({ max, needed, says, read: (value) => value });

const choice = (values: Record<string, string>, says: string, needed = false): Column => {
  const list = Object.values(values);
  return {
    max: 40,
    needed,
    says,
    read: (value) =>
      list.find((one) => one === value.toLowerCase()) ??
      new CellFault('not_a_choice', `Write one of: ${list.join(', ')}.`),
  };
};

/** Several values in one cell, separated by semicolons; each counts once. */
const several = (max: number, items: number, says: string, fits: (item: string) => boolean, wrong: string): Column => ({
  max,
  says,
  read: (value) => {
    const list = [
      ...new Set(
        value
          .split(';')
          .map((item) => item.trim())
          .filter((item) => item !== ''),
      ),
    ];
    if (list.length > items) return new CellFault('too_many', `Write at most ${items}, separated by semicolons.`);
    return list.every(fits) ? list : new CellFault('not_a_choice', wrong);
  },
});

const checked = (max: number, says: string, good: (value: string) => string | null): Column => ({
  max,
  says,
  read: (value) => good(value) ?? new CellFault('text_pattern', says),
});

const moment = (value: string): Date | CellFault =>
  (isDay(value) ? new Date(`${value}T12:00:00Z`) : parseInstant(value)) ??
  new CellFault('not_a_day', 'Write a day as YYYY-MM-DD, or a date and time with its offset.');

/** Every column that a file may have, by heading. */
export const IMPORT_COLUMNS: Readonly<Record<string, Column>> = {
  reference: text(100, 'Your own number or name for the person; a later file knows them again by it.'),
  name: text(200, 'Name.', true),
  known_as: text(100, 'What they like to be called.'),
  email: checked(254, 'Write one e-mail address, such as name@example.org.', (value) =>
    normalEmail(value) === null || !/\.[^.]+$/.test(value) ? null : value,
  ),
  phone: checked(31, 'Write one telephone number with its area code, and + before a country code.', (value) =>
    normalPhone(value) === null ? null : value,
  ),
  address: text(500, 'Postal address.'),
  preferred_channel: choice(Channel, 'How they want to be reached.', true),
  supporter_name: text(200, "Their supporter's name."),
  supporter_contact: text(300, 'How to reach their supporter.'),
  supporter_relation: text(100, 'Who the supporter is to them.'),
  languages: several(
    360,
    10,
    'Language tags, separated by semicolons.',
    (item) => LANGUAGE.test(item),
    'Write language tags such as en;cy;bfi.',
  ),
  correspondence_language: choice(Correspondence, 'en or cy.'),
  topics: several(
    2500,
    30,
    'Topics, separated by semicolons.',
    (item) => item.length <= 80 && !/[\r\n]/.test(item),
    'Write topics of at most 80 characters each.',
  ),
  health_categories: several(
    1000,
    21,
    'Health categories by slug, separated by semicolons.',
    (item) => item in HealthCategory,
    'Write slugs of health categories; GET /v1/health-categories lists them.',
  ),
  postcode: checked(8, 'Write the first half of a UK postcode, such as LS6.', (value) => {
    const outward = value.toUpperCase().replaceAll(' ', '');
    return OUTWARD_POSTCODE.test(outward) ? outward : null;
  }),
  region: checked(9, 'Write a GSS code such as E12000003.', (value) => (/^[A-Z][0-9]{8}$/.test(value) ? value : null)),
  age_group: choice(AgeGroup, 'Age group.', true),
  guardian_name: text(200, "Guardian's name."),
  guardian_contact: text(300, 'How to reach the guardian.'),
  guardian_agreed_at: { max: 35, says: 'When the guardian agreed.', read: moment },
  guardian_agreed_how: choice(SaidHow, 'How the guardian said so.'),
  safeguarding_name: text(200, 'Whom to call when they may come to harm.'),
  safeguarding_contact: text(300, 'How to reach that person.'),
  keep_in_touch: several(
    100,
    4,
    'What they want to hear about, separated by semicolons.',
    (item) => Object.values<string>(KeepInTouch).includes(item),
    `Write some of: ${Object.values(KeepInTouch).join(', ')}.`,
  ),
};

/** Headings that a file must have. */
export const NEEDED = Object.entries(IMPORT_COLUMNS).flatMap(([name, column]) => (column.needed ? [name] : []));

/** A heading as it is compared: `Preferred channel` and `preferred-channel` are `preferred_channel`. */
export const headingOf = (written: string): string =>
  written
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

/** A cell's text: without surrounding space, and without the apostrophe that an export puts before what looks like a formula. */
export const cellText = (written: string): string => unguarded(written.trim());
