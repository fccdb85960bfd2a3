import { Faults, quoted, columnLetter, unreadable } from './fault';
import { nearest, plain, Vocabulary } from './vocabulary';

/** What a column can hold beside the answer to a question. */
export const COLUMNS = {
  'contributor-id': { label: 'Contributor id', means: 'the id that this service gave the person', also: [] },
  reference: {
    label: 'Reference',
    means: 'your own number for the person, as your contributors are recorded here',
    also: ['your reference', 'id', 'person id', 'contributor reference'],
  },
  email: { label: 'E-mail', means: 'the person’s e-mail address', also: ['email', 'email address', 'e mail address'] },
  organisation: {
    label: 'Organisation',
    means: 'the short name of your organisation, or of one that it followed',
    also: ['network', 'home organisation'],
  },
  stage: { label: 'Stage', means: 'how far the person came: registered, interested, selected or took-part', also: [] },
  'year-of-birth': { label: 'Year of birth', means: 'the year as four digits', also: ['birth year', 'yob'] },
  'date-of-birth': { label: 'Date of birth', means: 'a day as YYYY-MM-DD or DD/MM/YYYY', also: ['dob', 'birth date'] },
  postcode: {
    label: 'Postcode',
    means: 'the first half of the postcode is enough',
    also: ['outward postcode', 'postcode district'],
  },
  'long-term-condition': {
    label: 'Long-term condition',
    means: 'yes or no: a condition that lasts twelve months or more',
    also: ['long term condition'],
  },
  'activities-reduced': {
    label: 'Activities reduced',
    means: 'a lot, a little or not at all: how far the condition reduces day-to-day activities',
    also: ['daily life impact', 'reduces activities'],
  },
  'question-set': {
    label: 'Question set',
    means: 'the version of the questions that was asked',
    also: ['question set version'],
  },
} as const;
export type ColumnKey = keyof typeof COLUMNS;

/** A column that the organisation says is not to be read. */
export const LEFT_OUT = 'leave-out';
/** Columns that tell who somebody is. */
export const IDENTIFIERS = ['contributor-id', 'reference', 'email'] as const;
export type IdentifierKey = (typeof IDENTIFIERS)[number];

/** An organisation's own headings and codes, mapped once. Texts are kept as `plain` gives them. */
export interface Mapping {
  /** Own heading to a column, a characteristic, or `leave-out`. */
  headings: ReadonlyMap<string, string>;
  /** By characteristic, own code to a code of the list. */
  codes: ReadonlyMap<string, ReadonlyMap<string, string>>;
}
export const NO_MAPPING: Mapping = { headings: new Map(), codes: new Map() };

/** A column of a file, known. */
export interface ReadColumn {
  index: number;
  /** As it is written in the file. */
  heading: string;
  /** A column key, a characteristic, or `leave-out`. */
  target: string;
}

const MOST_UNKNOWN = 30;
/** The call by which an organisation says what its own headings and codes mean. */
export const MAPPING_CALL = 'PUT /v1/diversity/heading-mappings/{organisation}';

/**
 * What each heading of a file means: by the organisation's own mapping, else by key, label or another name. Unknown ones are faults
 * that say what comes near; a column is left out only where the organisation says so, since a misspelt question would be lost silently.
 */
export function readHeadings(
  cells: readonly string[],
  row: number,
  vocabulary: Vocabulary,
  mapping: Mapping,
  faults: Faults,
): ReadColumn[] {
  const known = knownHeadings(vocabulary);
  const columns: ReadColumn[] = [];
  const seen = new Map<string, string>();
  let unknown = 0;
  cells.forEach((heading, index) => {
    if (heading === '') return;
    const target = mapping.headings.get(plain(heading)) ?? known.get(plain(heading));
    const fault = (code: string, message: string): void =>
      faults.add({ row, column: heading, cell: `${columnLetter(index)}${row}`, code, message });
    if (target === undefined) {
      if (++unknown <= MOST_UNKNOWN) fault('unknown_heading', unknownHeading(heading, vocabulary));
      return;
    }
    const before = target === LEFT_OUT ? undefined : seen.get(target);
    if (before !== undefined)
      fault(
        'repeated_heading',
        `The columns ${quoted(before)} and ${quoted(heading)} mean the same. Leave one of them out.`,
      );
    else {
      seen.set(target, heading);
      columns.push({ index, heading, target });
    }
  });
  if (columns.length === 0 && unknown === 0)
    throw unreadable(
      'no_heading',
      'The file has no headings. Write them in its first row; the template of the collection shows them.',
      row,
    );
  return columns;
}

/** Every name of a column that needs no mapping. */
export function knownHeadings(vocabulary: Vocabulary): Map<string, string> {
  const known = new Map<string, string>();
  for (const [key, { label, also }] of Object.entries(COLUMNS))
    for (const name of [...also, label, key]) known.set(plain(name), key);
  for (const { key, label } of vocabulary.characteristics) for (const name of [label, key]) known.set(plain(name), key);
  return known;
}

/** Headings that look most like what was written, best first. */
export function nearHeadings(heading: string, vocabulary: Vocabulary, most = 3): { target: string; label: string }[] {
  const candidates = [
    ...vocabulary.characteristics.map(({ key, label }) => ({ target: key, label })),
    ...Object.entries(COLUMNS).map(([target, { label }]) => ({ target, label })),
  ];
  return nearest(plain(heading), candidates, ({ label }) => plain(label), most);
}

function unknownHeading(heading: string, vocabulary: Vocabulary): string {
  const near = nearHeadings(heading, vocabulary).map(({ label }) => `"${label}"`);
  const perhaps = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  return `No question of this collection is called ${quoted(heading)}.${perhaps} Write its name as the template has it, or map the heading once with ${MAPPING_CALL}; map it to "${LEFT_OUT}" if it is not to be read.`;
}
