import { BadInput, Fault, Problem } from '../../../kernel/errors/problem';

/** What is wrong with one place of a file. The first line of a spreadsheet is row 1. */
export interface ReadingFault {
  /** Row as the spreadsheet numbers it; null where the file as a whole is meant. */
  row: number | null;
  /** Heading of the column, or its letter where it has none; null where the row as a whole is meant. */
  column: string | null;
  /** Address of the cell, such as `C14`; null where no one cell is meant. */
  cell: string | null;
  /** For programs; in snake_case and stable. */
  code: string;
  /** For people: plain English that says what to do. */
  message: string;
}

/** Most rows below the heading that one file may have. */
export const MOST_ROWS = 200_000;
/** Most faults that an answer lists. */
export const MOST_FAULTS = 1_000;
/** Most columns of a file. */
export const MOST_COLUMNS = 200;
/** Most characters of a cell that is shown in a message: what people wrote about themselves is not to fill a log. */
const SHOWN = 40;

/** Collects faults; keeps the first thousand and counts all. */
export class Faults {
  readonly list: ReadingFault[] = [];
  count = 0;
  private readonly rows = new Set<number>();

  /** A column may be headed by an address, where the headings are missing. */
  add(found: ReadingFault): void {
    this.take(found, (fault) => {
      if (this.list.length < MOST_FAULTS) this.list.push(fault);
    });
  }

  /** Adds what goes before all others, since they may follow from it. */
  addFirst(found: ReadingFault): void {
    this.take(found, (fault) => {
      this.list.unshift(fault);
      this.list.length = Math.min(this.list.length, MOST_FAULTS);
    });
  }

  private take(found: ReadingFault, keep: (fault: ReadingFault) => void): void {
    const fault = {
      ...found,
      column: found.column === null ? null : masked(found.column),
      message: masked(found.message),
    };
    this.count++;
    if (fault.row !== null) this.rows.add(fault.row);
    keep(fault);
  }

  /** How many rows have a fault. */
  get faultyRows(): number {
    return this.rows.size;
  }
}

/** The file cannot be read at all: nothing of it was looked at any further. */
export function unreadable(code: string, message: string, row: number | null = null): BadInput {
  return new BadInput([{ in: 'body', at: row === null ? '' : `/rows/${row}`, code, message: masked(message) }]);
}

/** More rows than are taken at once. Said as soon as the first row too many is met. */
export const tooManyRows = (): Problem =>
  new Problem(
    413,
    'too_many_rows',
    `This file has more than ${MOST_ROWS.toLocaleString('en-GB')} rows, which is the most that one return may have. Nothing was stored. If these are people, send counts instead, or ask the steward of the collection.`,
  );

/** A fault as a problem lists it. */
export const asFault = ({ row, column, cell, code, message }: ReadingFault): Fault => ({
  in: 'body',
  at: row === null ? '' : column === null ? `/rows/${row}` : `/rows/${row}/${pointerStep(column)}`,
  code,
  message,
  ...(row === null ? {} : { row, column }),
  ...(cell === null ? {} : { cell }),
});

/** A step of a JSON Pointer (RFC 6901). */
const pointerStep = (text: string): string => text.replaceAll('~', '~0').replaceAll('/', '~1');

/** The letter of a column as spreadsheets have it: 0 is A, 26 is AA. */
export function columnLetter(index: number): string {
  let letters = '';
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1)
    letters = String.fromCharCode(65 + (rest % 26)) + letters;
  return letters;
}

/** How a column is named to people: by its heading, else by its letter. */
export const columnNamed = (headings: readonly string[], index: number): string =>
  headings[index] || columnLetter(index);

/** The address of a cell: `C14`. */
export const cellAddress = (row: number, column: number): string => `${columnLetter(column)}${row}`;

/** What tells who somebody is and may stand in a cell where it should not: an e-mail address, or a number as long as a telephone's. */
const TELLING = /[^\s"'<>()]*[@＠﹫][^\s"'<>()]*|\+?\d(?:[\s().-]?\d){8,}/gu;

/** A text without addresses and long numbers: columns that slipped by one put them where an answer is awaited. */
export const masked = (text: string): string => text.replace(TELLING, '[not shown]');

/** Text of a cell as a message may quote it: short, and without what tells who somebody is. */
export const quoted = (text: string): string => {
  const shown = masked(text);
  return `"${shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown}"`;
};
