import type { Worksheet } from 'exceljs';
import type { PublishedRelease, PublishedTable } from '../../release/published';
import { characteristicOf, inWords, lastDay, POPULATIONS, SHORTHAND, TableFigures } from '../figures';
import { labelOf } from './tidy-csv';
import { withFixedTimes } from './zip-times';

const WIDE = 100;

/**
 * The whole release as a workbook by the government's guidance on releasing statistics in spreadsheets: a cover, contents, notes,
 * then one marked-up table a sheet from its first column on, without merged, hidden or blank cells; shorthand explained on every sheet.
 * The same release gives the same bytes.
 */
export async function releaseXlsx(release: PublishedRelease): Promise<Buffer> {
  // Loaded when a workbook is made for the first time: it is large, and most processes never make one.
  const { default: excel } = await import('exceljs');
  const book = new excel.Workbook();
  const moment = new Date(`${release.snapshotOn}T00:00:00Z`);
  Object.assign(book, { created: moment, modified: moment, lastModifiedBy: '', creator: 'Public Partnerships API' });
  book.title = release.title;
  const sheets = release.tables.map((table, i) => ({ name: `Table ${i + 1}`, table }));
  cover(book.addWorksheet('Cover'), release);
  contents(book.addWorksheet('Contents'), sheets);
  notes(book.addWorksheet('Notes'), release);
  for (const [i, { name, table }] of sheets.entries()) tableSheet(book.addWorksheet(name), release, table, i + 1);
  return withFixedTimes(Buffer.from(await book.xlsx.writeBuffer()));
}

function cover(sheet: Worksheet, release: PublishedRelease): void {
  const { threshold, base } = release;
  const lines = [
    release.title,
    `Release ${release.number}. Data frozen on ${inWords(release.snapshotOn)}.`,
    `About the time from ${inWords(release.period.from)} to ${inWords(lastDay(release.period.until))}.`,
    'Public contributors to NIHR research: who they are and how far they came.',
    'Everybody is counted once, at their home organisation and at the furthest stage that they reached.',
    `Numbers from 1 to ${threshold - 1} are withheld, and others where they would tell one that is. All other numbers are rounded to the nearest ${base}, each on its own, so rows need not add up to their totals.`,
    'The worksheet Contents lists the tables. The worksheet Notes explains shorthand, populations and questions.',
    'Licence: Open Government Licence v3.0.',
  ];
  lines.forEach((line, i) => put(sheet, i + 1, 1, line));
  sheet.getColumn(1).width = WIDE;
  wrap(sheet);
  heading(sheet);
}

function contents(sheet: Worksheet, sheets: readonly { name: string; table: PublishedTable }[]): void {
  put(sheet, 1, 1, 'Contents');
  put(sheet, 2, 1, 'This worksheet contains one table. Each row links to the worksheet of a table.');
  markedUp(
    sheet,
    3,
    'contents',
    ['Worksheet', 'Table', 'Key in the files'],
    sheets.map(({ name, table }) => [
      { text: name, hyperlink: `#'${name}'!A1`, tooltip: table.title },
      table.title,
      table.key,
    ]),
  );
  widths(sheet, [14, 70, 50]);
  heading(sheet);
}

function notes(sheet: Worksheet, release: PublishedRelease): void {
  const thresholds = Object.entries(release.thresholds).map(([key, threshold]) => [
    'Threshold',
    characteristicOf(release, key).label,
    `Numbers from 1 to ${threshold - 1} are withheld.`,
  ]);
  put(sheet, 1, 1, 'Notes');
  put(sheet, 2, 1, 'This worksheet contains one table. It explains what stands in the others.');
  markedUp(
    sheet,
    3,
    'notes',
    ['Kind', 'What', 'Note'],
    [
      ...Object.values(SHORTHAND).map(({ mark, means }) => ['Shorthand', mark, means]),
      ...Object.values(POPULATIONS).map(({ label, means }) => ['Population', label, means]),
      ...release.characteristics.map(({ label, question }) => ['Question', label, question]),
      ...thresholds.filter(([, label]) => label !== undefined),
      ...release.notes.map((note, i) => ['Release', `Note ${i + 1}`, note]),
    ],
  );
  widths(sheet, [14, 30, WIDE]);
  wrap(sheet);
  heading(sheet);
}

function tableSheet(sheet: Worksheet, release: PublishedRelease, table: PublishedTable, number: number): void {
  const view = new TableFigures(release, table);
  const threshold = release.thresholds[table.characteristic] ?? release.threshold;
  const lines = [
    `Table ${number}: ${table.title}`,
    `This worksheet contains one table. Release ${release.number}, data frozen on ${inWords(release.snapshotOn)}. Population: ${POPULATIONS[table.population].means}`,
    `Numbers of people, rounded to the nearest ${release.base}. Numbers from 1 to ${threshold - 1} are withheld.`,
    `Shorthand: ${(['c', 'x', 'z', 'r'] as const).map((code) => `${SHORTHAND[code].mark} ${SHORTHAND[code].means}`).join(' ')}`,
    ...table.notes,
  ];
  lines.forEach((line, i) => put(sheet, i + 1, 1, line));
  const columns = view.columns();
  const names = ['Unit', 'Area code', ...(table.byHub ? ['Ethnic group'] : []), ...distinct(columns.map(labelOf))];
  const rows = view.units.flatMap((unit) =>
    view.rowsOf().map((hub) => [
      unit.name,
      unit.areaCode ?? SHORTHAND.z.mark,
      ...(table.byHub ? [labelOf(hub)] : []),
      ...columns.map((category) => {
        const figure = view.at({ unit: unit.key, hub: hub?.code ?? null, category: category?.code ?? null });
        return figure.value ?? SHORTHAND[figure.status === '' ? 'x' : figure.status].mark;
      }),
    ]),
  );
  markedUp(sheet, lines.length + 1, `table_${number}`, names, rows);
  const first = table.byHub ? 3 : 2;
  widths(
    sheet,
    names.map((_, i) => (i === 0 || i === first - 1 ? 28 : 14)),
  );
  for (let row = lines.length + 2; row <= lines.length + 1 + rows.length; row++)
    for (let column = first + 1; column <= names.length; column++) {
      const cell = sheet.getCell(row, column);
      cell.alignment = { horizontal: 'right' };
      cell.numFmt = '#,##0';
    }
  sheet.getRow(lines.length + 1).alignment = { wrapText: true, vertical: 'top' };
  heading(sheet);
}

/** A cell of its own: no formula, whatever its text begins with. */
function put(sheet: Worksheet, row: number, column: number, text: string): void {
  sheet.getCell(row, column).value = text;
}

type Cell = string | number | { text: string; hyperlink: string; tooltip: string };

/** A table with a heading row, marked up as one, so that screen readers and programs find it. */
function markedUp(sheet: Worksheet, row: number, name: string, columns: readonly string[], rows: Cell[][]): void {
  sheet.addTable({
    name,
    ref: `A${row}`,
    headerRow: true,
    style: { theme: 'TableStyleLight1', showRowStripes: false },
    columns: columns.map((column) => ({ name: column, filterButton: false })),
    rows,
  });
}

/** A table's headings must differ: the second of two that are alike gets its number. */
function distinct(names: readonly string[]): string[] {
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other.toLowerCase() === name.toLowerCase()).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}

function widths(sheet: Worksheet, list: readonly number[]): void {
  list.forEach((width, i) => (sheet.getColumn(i + 1).width = width));
}

function wrap(sheet: Worksheet): void {
  sheet.eachRow((row) => (row.alignment = { wrapText: true, vertical: 'top' }));
}

function heading(sheet: Worksheet): void {
  sheet.getCell(1, 1).font = { bold: true, size: 14 };
}
