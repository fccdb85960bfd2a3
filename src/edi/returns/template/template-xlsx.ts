import type { Worksheet } from 'exceljs';
import { withFixedTimes } from '../../report/formats/zip-times';
import { columnLetter } from '../reading/fault';
import { RETURN_SHEET } from '../reading/xlsx/workbook';
import type { Template } from './template';

/** Rows of a template of people in which lists of answers drop down. */
const WITH_LISTS = 500;

/**
 * A template as a workbook by the government's guidance on spreadsheets: a cover that says what is where, one marked-up table a sheet
 * from its first cell on, no merged or hidden cells. Answers can be chosen from lists.
 */
export async function templateXlsx(template: Template, day: string): Promise<Buffer> {
  // Loaded when a workbook is made for the first time: it is large, and most processes never make one.
  const { default: excel } = await import('exceljs');
  const book = new excel.Workbook();
  const moment = new Date(`${day}T00:00:00Z`);
  Object.assign(book, { created: moment, modified: moment, lastModifiedBy: '', creator: 'Public Partnerships API' });
  book.title = template.title;
  cover(book.addWorksheet('Cover'), template);
  fill(book.addWorksheet(RETURN_SHEET), template);
  const codes = book.addWorksheet('Codes');
  table(
    codes,
    'codes',
    ['Question', 'Code', 'Answer'],
    template.codes.map(({ question, code, label }) => [question, code, label]),
    [30, 36, 60],
  );
  return withFixedTimes(Buffer.from(await book.xlsx.writeBuffer()));
}

function cover(sheet: Worksheet, { title, guidance, columns }: Template): void {
  const lines = [
    title,
    ...guidance,
    ...columns.map(({ heading, means }) => `Column ${heading}: ${means}.`),
    `The worksheet ${RETURN_SHEET} is the one to fill in. The worksheet Codes lists every answer with its question.`,
  ];
  lines.forEach((line) => sheet.addRow([line]));
  const column = sheet.getColumn(1);
  column.width = 100;
  column.alignment = { wrapText: true, vertical: 'top' };
  sheet.getRow(1).font = { bold: true, size: 16 };
}

function fill(sheet: Worksheet, { headings, rows, codes, form }: Template): void {
  if (form === 'counts') {
    table(sheet, 'counts', headings, rows, [30, 60, 16, 12]);
    return;
  }
  sheet.addRow(headings);
  const row = sheet.getRow(1);
  row.font = { bold: true };
  headings.forEach((heading, i) => {
    sheet.getColumn(i + 1).width = Math.max(18, heading.length + 4);
    const from = codes.findIndex(({ column }) => column === i);
    if (from < 0) return;
    const to = codes.findLastIndex(({ column }) => column === i);
    for (let at = 2; at <= WITH_LISTS; at++)
      sheet.getCell(`${columnLetter(i)}${at}`).dataValidation = {
        type: 'list',
        allowBlank: true,
        showErrorMessage: false,
        formulae: [`Codes!$C$${from + 2}:$C$${to + 2}`],
      };
  });
  sheet.views = [{ state: 'frozen', ySplit: 1 }];
}

function table(
  sheet: Worksheet,
  name: string,
  headings: readonly string[],
  rows: readonly string[][],
  widths: readonly number[],
): void {
  sheet.addTable({
    name,
    ref: 'A1',
    headerRow: true,
    style: { theme: 'TableStyleLight1', showRowStripes: false },
    columns: headings.map((heading) => ({ name: heading, filterButton: true })),
    rows: rows.map((cells) => cells.map((cell) => (cell === '' ? null : cell))),
  });
  widths.forEach((width, i) => (sheet.getColumn(i + 1).width = width));
  sheet.views = [{ state: 'frozen', ySplit: 1 }];
}
