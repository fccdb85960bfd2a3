import { StringDecoder } from 'node:string_decoder';
import { Problem } from '../../../../kernel/errors/problem';
import {
  cellAddress,
  columnLetter,
  Faults,
  MOST_COLUMNS,
  MOST_FAULTS,
  MOST_ROWS,
  quoted,
  tooManyRows,
  unreadable,
} from '../fault';
import { cleanCell, tooManyColumns } from '../csv';
import type { Fit } from '../fit';
import { Grid, GridRow, isBlank } from '../grid';
import { isReturn, openWorkbook, RETURN_SHEET, Sheet, Workbook } from './workbook';
import { attributes, plainText, textsOf } from './xml';
import { unpack, zipEntries } from './zip';

/** Most bytes of a sheet, unpacked: 200,000 rows of 20 short cells are about half of it. */
const MOST_OF_A_SHEET = 384 * 1024 * 1024;
/** Most characters of one row's markup. */
const MOST_OF_A_ROW = 2_000_000;
/** The last row that a spreadsheet can have. */
const LAST_ROW = 1_048_576;
/** How much of a sheet is looked at to see whether it is the return: bytes, and rows that hold something. */
const LOOK = { bytes: 256 * 1024, rows: 30 };

/**
 * An XLSX workbook as rows of cells. Read straight from the bytes, row by row, and never by way of a file: what stands in it may name
 * people. Formulas and error values are faults of their cells, and so are merged cells, once the sheet is read through. Of several
 * sheets the one called Return is read, else the one that looks most like a return, else the first.
 */
export async function readXlsx(bytes: Buffer, faults: Faults, fit: Fit = () => 0): Promise<Grid> {
  const book = await openWorkbook(zipEntries(bytes));
  const sheet = await chosenSheet(book, fit);
  const rows = rowsOf(book, sheet, faults);
  if (book.visible < 2) return { rows, notes: book.notes };
  const note = `Only the sheet ${quoted(sheet.name)} was read. If the return is in another one, name that "${RETURN_SHEET}".`;
  if (!isReturn(sheet.name)) book.notes.unshift(note);
  return { rows, notes: book.notes, sheet: sheet.name };
}

async function chosenSheet(book: Workbook, fit: Fit): Promise<Sheet> {
  let best = { sheet: book.sheets[0], fits: 0 };
  if (book.sheets.length === 1) return best.sheet;
  for (const sheet of book.sheets) {
    const fits = fit(await beginning({ ...book, notes: [] }, sheet));
    if (fits > best.fits) best = { sheet, fits };
  }
  return best.sheet;
}

/** The first rows of a sheet that hold something; none where it cannot be read, which is told only where it is then chosen. */
async function beginning(book: Workbook, sheet: Sheet): Promise<GridRow[]> {
  const rows: GridRow[] = [];
  try {
    for await (const row of rowsOf(book, sheet, new Faults(), LOOK.bytes))
      if (!isBlank(row) && rows.push(row) >= LOOK.rows) break;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  return rows;
}

async function* rowsOf(book: Workbook, sheet: Sheet, faults: Faults, most = Infinity): AsyncGenerator<GridRow> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let last = 0;
  let filled = 0;
  let hiddenRows = 0;
  let seen = 0;
  for await (const piece of unpack(sheet.entry, MOST_OF_A_SHEET)) {
    if (seen > most) return;
    seen += piece.length;
    rest += decoder.write(piece);
    let from = 0;
    for (const found of rest.matchAll(ROW)) {
      const [whole, opening = '', inner = ''] = found;
      from = found.index + whole.length;
      const said = attributes(opening);
      const row = said.r === undefined ? last + 1 : Number(said.r);
      if (!(row > last) || row > LAST_ROW)
        throw unreadable(
          'not_a_workbook',
          'The rows of this sheet are out of order. Save it again in your spreadsheet program.',
        );
      if (said.hidden === '1' || said.hidden === 'true') hiddenRows++;
      const cells = cellsOf(book, row, inner, faults);
      if (cells.some((cell) => cell !== '')) {
        if (++filled > MOST_ROWS + 1) throw tooManyRows();
        yield { row, cells };
      } else yield { row, cells: [] };
      last = row;
    }
    rest = keep(rest.slice(from));
  }
  if (hiddenRows > 0)
    book.notes.push(`${hiddenRows} hidden rows were read like the others. Delete them if they should not count.`);
  tellMerged(rest, faults);
}

/** A whole row. An opening without its end waits for the next piece. */
const ROW = /<(?:\w+:)?row(\s[^>]*?)?(?:\/>|>([\s\S]*?)<\/(?:\w+:)?row>)/g;
const CELL = /<(?:\w+:)?c(\s[^>]*?)?(?:\/>|>([\s\S]*?)<\/(?:\w+:)?c>)/g;

function keep(rest: string): string {
  if (rest.length > MOST_OF_A_ROW && !/<(?:\w+:)?mergeCell/.test(rest))
    throw unreadable(
      'workbook_too_large',
      'A row of this sheet is far too long. Copy the table as values into a new workbook.',
    );
  return rest;
}

/** Merged cells go before all other faults: those of the same rows often follow from them. */
function tellMerged(rest: string, faults: Faults): void {
  const merged = [...rest.matchAll(/<(?:\w+:)?mergeCell\s[^>]*>/g)].map(([tag]) => attributes(tag).ref ?? '');
  for (const ref of merged.slice(0, MOST_FAULTS).reverse()) {
    const [cell = ''] = ref.split(':');
    faults.addFirst({
      row: Number(/\d+/.exec(cell)?.[0] ?? 1),
      column: /[A-Z]+/.exec(cell)?.[0] ?? null,
      cell,
      code: 'merged_cells',
      message: `The cells ${ref} are merged. Unmerge them (Home, Merge & Center), and write into each cell what belongs there.`,
    });
  }
}

function cellsOf(book: Workbook, row: number, xml: string, faults: Faults): string[] {
  const cells: string[] = [];
  for (const [, opening = '', inner = ''] of xml.matchAll(CELL)) {
    const said = attributes(opening);
    const column = said.r === undefined ? cells.length : columnOf(said.r);
    if (column >= MOST_COLUMNS) {
      if (inner === '') continue; // a format without a value
      throw tooManyColumns(row);
    }
    while (cells.length < column) cells.push('');
    cells[column] = cleanCell(valueOf(book, row, column, said, inner, faults)).normalize('NFC');
  }
  return cells;
}

function columnOf(address: string): number {
  let index = 0;
  for (const letter of /^[A-Z]{1,3}/.exec(address)?.[0] ?? 'A') index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}

function valueOf(
  book: Workbook,
  row: number,
  column: number,
  said: Record<string, string>,
  inner: string,
  faults: Faults,
): string {
  const cell = cellAddress(row, column);
  if (/<(?:\w+:)?f[\s>/]/.test(inner)) {
    faults.add({
      row,
      column: columnLetter(column),
      cell,
      code: 'formula',
      message: `Cell ${cell} holds a formula. Copy the column and paste it as values, so that what you see is what is sent.`,
    });
    return '';
  }
  if (said.t === 'inlineStr') return textsOf(inner);
  const value = plainText(/<(?:\w+:)?v(?:\s[^>]*)?>([\s\S]*?)<\/(?:\w+:)?v>/.exec(inner)?.[1] ?? '');
  if (value === '') return '';
  if (said.t === 's') return book.strings[Number(value)] ?? '';
  if (said.t === 'b') return value === '1' ? 'true' : 'false';
  if (said.t === 'e') {
    faults.add({
      row,
      column: columnLetter(column),
      cell,
      code: 'error_value',
      message: `Cell ${cell} shows the error ${value.slice(0, 20)}. Write the value itself, or leave the cell empty.`,
    });
    return '';
  }
  if (said.t === 'str') return value;
  if (said.t === 'd') return value.slice(0, 10);
  return book.isDate(Number(said.s ?? 0)) ? dayOf(Number(value), book.from1904) : numberText(value);
}

/** A number as it was typed: 0.1 is kept by the format as 0.10000000000000001. */
function numberText(value: string): string {
  const number = Number(value);
  return Number.isFinite(number) ? String(Number(number.toPrecision(15))) : value;
}

const DAY_MS = 86_400_000;

/** A date by its serial number. Counted from 1900 the format has a 29 February 1900 that never was. */
function dayOf(serial: number, from1904: boolean): string {
  if (!Number.isFinite(serial) || serial < 0 || serial > 2_958_465) return String(serial);
  const days = from1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial;
  return new Date(Date.UTC(1899, 11, 30) + Math.floor(days) * DAY_MS).toISOString().slice(0, 10);
}
