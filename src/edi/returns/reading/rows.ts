import { ageBand, ageFromDay, ageFromYear, ageFromYears, BirthFault } from './birth';
import { cellAddress, Faults, quoted } from './fault';
import { Grid, isBlank } from './grid';
import { IDENTIFIERS, IdentifierKey, LEFT_OUT, Mapping, ReadColumn, readHeadings } from './headings';
import { NOT_KNOWN, plain, PREFER_NOT_TO_SAY, Vocabulary } from './vocabulary';
import { disabilityOf, STAGES, Stage } from './derived';
import { unreadable } from './fault';
import { unknownCode, unknownStage } from './tidy';
import { Told, toldByColumns } from './told';

/** One person of a return. Lives in memory only; the identifier becomes a pseudonym before anything is stored. */
export interface ReturnedPerson {
  row: number;
  identifier: { scheme: IdentifierKey; value: string; heading: string | null; cell: string } | null;
  /** Short name of the organisation, as it was written; null where the file does not say. */
  organisation: string | null;
  stage: Stage;
  /** One for each characteristic of the vocabulary, in its order; several codes are separated by spaces. */
  codes: string[];
}

/** What rows are read against. */
export interface RowsSetting {
  vocabulary: Vocabulary;
  mapping: Mapping;
  /** Whether each row must name the person (identified rows), or none may (anonymous rows). */
  identified: boolean;
  /** Last day of the collection's period: ages are counted on it. */
  day: string;
  /** Version of the question set that the collection asks. */
  questionSet: string;
  /** Code of the region of an outward postcode; undefined where it is not known. */
  regionOf: (outward: string) => string | undefined;
}

/** How many rows are read before other requests have a turn. */
const TURN = 2_000;

/** Reads a table with one person a row. Every fault is told, with its row and column; rows without faults come back. */
export async function readRows(
  grid: Grid,
  setting: RowsSetting,
  faults: Faults,
): Promise<{ people: ReturnedPerson[]; rows: number; told: Told }> {
  const people: ReturnedPerson[] = [];
  let reader: RowReader | undefined;
  let rows = 0;
  for await (const line of grid.rows) {
    if (isBlank(line)) continue;
    if (!reader) {
      reader = new RowReader(line.cells, line.row, setting, faults);
      continue;
    }
    rows++;
    if (rows % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    const person = reader.read(line.row, line.cells);
    if (person) people.push(person);
  }
  if (rows === 0 && faults.count === 0)
    throw unreadable(
      'no_rows',
      'The file has no rows below its headings. Send one row for each person, or counts instead.',
    );
  return { people, rows, told: reader?.told() ?? { characteristics: [], stages: [] } };
}

/** What a cell was read as: a code, or why not. */
type Reading = string | BirthFault;

class RowReader {
  private readonly columns: ReadColumn[];
  private readonly width: number;
  private readonly seen = new Map<string, number>();
  /** Readings by column and text: a file of 200,000 rows has few different answers. */
  private readonly known: Map<string, Reading>[];
  private version: { text: string; row: number } | undefined;

  constructor(
    headings: readonly string[],
    row: number,
    private readonly setting: RowsSetting,
    private readonly faults: Faults,
  ) {
    this.width = headings.length;
    this.columns = readHeadings(headings, row, setting.vocabulary, setting.mapping, faults);
    this.known = this.columns.map(() => new Map<string, Reading>());
    const identifiers = this.columns.filter(({ target }) => isIdentifier(target));
    const fault = (column: string | null, code: string, message: string): void =>
      faults.add({ row, column, cell: null, code, message });
    if (setting.identified && identifiers.length === 0)
      fault(
        null,
        'identifier_missing',
        `Add a column that says who each person is: ${IDENTIFIERS.join(', ')}. Or send the file as anonymous-rows.`,
      );
    if (setting.identified && identifiers.length > 1)
      fault(
        identifiers[1]?.heading ?? null,
        'identifier_twice',
        `Give each person by one identifier: keep one of ${identifiers.map((c) => quoted(c.heading)).join(' and ')}.`,
      );
    if (!setting.identified)
      for (const { heading } of identifiers)
        fault(
          heading,
          'identifier_not_allowed',
          'Anonymous rows must not say who a person is. Delete this column, or send the file as identified-rows.',
        );
    if (!this.columns.some(({ target }) => setting.vocabulary.get(target) ?? DERIVED.has(target)))
      fault(null, 'no_question', 'None of the columns holds an answer to a question of this collection.');
  }

  /** What rows with these headings can tell. */
  told(): Told {
    return toldByColumns(
      this.columns.map(({ target }) => target),
      this.setting.vocabulary.characteristics.map(({ key }) => key),
    );
  }

  read(row: number, cells: readonly string[]): ReturnedPerson | undefined {
    const before = this.faults.count;
    if (cells.slice(this.width).some((cell) => cell !== ''))
      this.fault(
        row,
        null,
        this.width,
        'cells_miscounted',
        'This row goes on to the right of the headings. Check its separators and quotation marks.',
      );
    const said = new Map<string, string>();
    const person: ReturnedPerson = { row, identifier: null, organisation: null, stage: 'registered', codes: [] };
    this.columns.forEach((column, at) => {
      const text = cells[column.index] ?? '';
      if (column.target === LEFT_OUT) return;
      if (isIdentifier(column.target)) person.identifier = this.identifier(row, column, text);
      else if (column.target === 'organisation') person.organisation = text === '' ? null : text;
      else if (column.target === 'question-set') this.checkVersion(row, column, text);
      else {
        const reading = this.reading(at, column, text);
        if (typeof reading === 'string') said.set(column.target, reading);
        else this.fault(row, column.heading, column.index, reading.code, reading.message);
      }
    });
    person.stage = (said.get('stage') as Stage | undefined) ?? 'registered';
    const problem = this.combine(said);
    if (problem) this.fault(row, null, null, 'codes_disagree', problem);
    person.codes = this.setting.vocabulary.characteristics.map(({ key }) => said.get(key) ?? NOT_KNOWN);
    return this.faults.count === before ? person : undefined;
  }

  /** Fills in what follows from other columns; says so where two columns contradict each other. */
  private combine(said: Map<string, string>): string | undefined {
    const { vocabulary } = this.setting;
    const derived: [from: string, to: string, value: string | undefined][] = [
      ['date-of-birth', 'age', said.get('date-of-birth')],
      ['year-of-birth', 'age', said.get('year-of-birth')],
      ['postcode', 'region', said.get('postcode')],
    ];
    const condition = said.get('long-term-condition');
    const reduced = said.get('activities-reduced');
    if (condition !== undefined || reduced !== undefined) {
      const code = disabilityOf(condition ?? NOT_KNOWN, reduced ?? NOT_KNOWN);
      if (code === undefined)
        return 'This row says that there is no long-term condition, and that it reduces activities. Correct one of the two.';
      derived.push(['long-term-condition', 'disability', code]);
    }
    const background = said.get('ethnic-background');
    if (background !== undefined)
      derived.push(['ethnic-background', 'ethnic-group', vocabulary.ethnicGroup(background)]);
    for (const [from, to, value] of derived) {
      if (value === undefined || !vocabulary.get(to)) continue;
      const direct = said.get(to);
      if (direct === undefined || direct === NOT_KNOWN) said.set(to, value);
      else if (value !== NOT_KNOWN && value !== PREFER_NOT_TO_SAY && direct !== value)
        return `The columns for ${from} and ${to} contradict each other: they mean ${quoted(vocabulary.label(to, value))} and ${quoted(vocabulary.label(to, direct))}. Correct one, or leave it empty.`;
    }
    return undefined;
  }

  private reading(at: number, { target }: ReadColumn, text: string): Reading {
    const known = this.known[at];
    const found = known?.get(text);
    if (found !== undefined) return found;
    const reading = this.read1(target, text);
    known?.set(text, reading);
    return reading;
  }

  private read1(target: string, text: string): Reading {
    const { vocabulary, day, regionOf } = this.setting;
    if (target === 'stage') {
      const stage = text === '' ? 'registered' : STAGES.find((one) => plain(one) === plain(text));
      return stage ?? { code: 'unknown_code', message: unknownStage(text) };
    }
    if (text === '') return NOT_KNOWN;
    if (target === 'date-of-birth' || target === 'year-of-birth') {
      const nothing = sayingNothing(vocabulary, text);
      return nothing ?? this.band(target === 'date-of-birth' ? ageFromDay(text, day) : ageFromYear(text, day));
    }
    if (target === 'postcode') {
      const nothing = sayingNothing(vocabulary, text);
      if (nothing) return nothing;
      const outward = text
        .toUpperCase()
        .replace(/\s+/g, '')
        .replace(/\d[A-Z]{2}$/, (end, i: number) => (i >= 2 ? '' : end));
      return (
        regionOf(outward) ?? {
          code: 'unknown_postcode',
          message: 'No region is known for this postcode. Write its first half, such as LS6, or leave it empty.',
        }
      );
    }
    if (target === 'long-term-condition' || target === 'activities-reduced')
      return conditionAnswer(vocabulary, target, text);
    if (target === 'age' && /^\d{1,3}$/.test(text)) return this.band(ageFromYears(text));
    return this.several(target) ? this.severalCodes(target, text) : this.code(target, text);
  }

  private band(age: number | BirthFault): Reading {
    if (typeof age !== 'number') return age;
    return ageBand(age, this.setting.vocabulary.get('age')?.codes ?? []) ?? NOT_KNOWN;
  }

  private several(target: string): boolean {
    return this.setting.vocabulary.get(target)?.several ?? false;
  }

  private severalCodes(target: string, text: string): Reading {
    const codes = new Set<string>();
    for (const part of text
      .split(/[;|]/)
      .map((one) => one.trim())
      .filter((one) => one !== '')) {
      const code = this.code(target, part);
      if (typeof code !== 'string') return code;
      codes.add(code);
    }
    if (codes.size > 1 && (codes.has(NOT_KNOWN) || codes.has(PREFER_NOT_TO_SAY)))
      return {
        code: 'codes_disagree',
        message: 'This cell has an answer and says that there is none. Keep one of the two.',
      };
    return [...codes].sort().join(' ');
  }

  private code(target: string, text: string): Reading {
    const { vocabulary, mapping } = this.setting;
    const code = mapping.codes.get(target)?.get(plain(text)) ?? vocabulary.code(target, text);
    return code ?? { code: 'unknown_code', message: unknownCode(text, target, vocabulary) };
  }

  private identifier(row: number, column: ReadColumn, text: string): ReturnedPerson['identifier'] {
    const scheme = column.target as IdentifierKey;
    const fault = (code: string, message: string): null => {
      this.fault(row, column.heading, column.index, code, message);
      return null;
    };
    if (!this.setting.identified) return null;
    if (text === '')
      return fault('identifier_missing', 'Say who this is, or send people who cannot be named as anonymous-rows.');
    if (text.length > 254) return fault('text_length', 'This identifier is too long.');
    if (scheme === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text))
      return fault('not_an_email', 'Write one e-mail address.');
    if (scheme === 'contributor-id' && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
      return fault('not_an_id', 'Write the id of the contributor as this service gives it.');
    const value = scheme === 'reference' ? text : text.toLowerCase();
    const first = this.seen.get(value);
    if (first !== undefined)
      return fault(
        'person_twice',
        `Row ${first} is about the same person. Keep the row that holds, and delete the other.`,
      );
    this.seen.set(value, row);
    return { scheme, value, heading: column.heading, cell: cellAddress(row, column.index) };
  }

  private checkVersion(row: number, column: ReadColumn, text: string): void {
    const version = plain(text).replace(/^v(ersion)? ?/, '');
    if (version === '') return;
    if (this.version && this.version.text !== version)
      this.fault(
        row,
        column.heading,
        column.index,
        'mixed_versions',
        `Row ${this.version.row} has version ${this.version.text} of the questions and this one ${quoted(text)}. Send the answers to each version as a return of its own collection.`,
      );
    else if (version !== plain(this.setting.questionSet))
      this.fault(
        row,
        column.heading,
        column.index,
        'wrong_version',
        `This collection asks version ${this.setting.questionSet} of the questions. Put these answers into its codes, or leave the row out.`,
      );
    this.version ??= { text: version, row };
  }

  private fault(row: number, column: string | null, index: number | null, code: string, message: string): void {
    this.faults.add({ row, column, cell: index === null ? null : cellAddress(row, index), code, message });
  }
}

/** Columns from which the answer to a question follows. */
const DERIVED = new Set(['date-of-birth', 'year-of-birth', 'postcode', 'long-term-condition', 'activities-reduced']);

const isIdentifier = (target: string): boolean => (IDENTIFIERS as readonly string[]).includes(target);

function sayingNothing(vocabulary: Vocabulary, text: string): string | undefined {
  const code = vocabulary.code('age', text);
  return code === PREFER_NOT_TO_SAY || code === NOT_KNOWN ? code : undefined;
}

function conditionAnswer(vocabulary: Vocabulary, target: string, text: string): Reading {
  const nothing = sayingNothing(vocabulary, text);
  if (nothing) return nothing;
  const said = plain(text);
  if (target === 'long-term-condition') {
    if (['yes', 'y', 'true', '1'].includes(said)) return 'yes';
    if (['no', 'n', 'false', '0'].includes(said)) return 'no';
    return { code: 'unknown_code', message: `${quoted(text)} is no answer here. Write yes, no or prefer not to say.` };
  }
  const found = {
    'a lot': 'a-lot',
    'yes a lot': 'a-lot',
    'a little': 'a-little',
    'yes a little': 'a-little',
    'not at all': 'not-at-all',
  }[said];
  return (
    found ?? {
      code: 'unknown_code',
      message: `${quoted(text)} is no answer here. Write a lot, a little, not at all or prefer not to say.`,
    }
  );
}
