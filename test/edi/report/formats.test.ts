import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { ValueType, Workbook, Worksheet } from 'exceljs';
import JSONstat from 'jsonstat-toolkit';
import { TIDY_COLUMNS } from '../../../src/edi/report/formats/columns';
import { releaseFiles } from '../../../src/edi/report/formats/files';
import type { PublishedRelease } from '../../../src/edi/release/published';
import { ReleaseFile } from '../../../src/edi/report/releases';
import { RELEASE } from './a-release';

type Row = Record<string, string>;

/** A release whose names a spreadsheet would take for formulas, with marks that HTML and CSV must escape. */
const NASTY: PublishedRelease = {
  ...RELEASE,
  title: '=1+1 "release" <b>&amp;</b>',
  units: RELEASE.units.map((unit) => (unit.key === 'all' ? { ...unit, name: '=HYPERLINK("http://x.test")' } : unit)),
  notes: ['+44 is no number', '@here', '-1, "quoted"'],
};

describe('the files of a release', () => {
  let made: ReleaseFile[];
  const file = (name: string, from = made): Buffer => {
    const found = from.find((one) => one.name === name);
    if (!found) throw new Error(`no file ${name}`);
    return found.bytes;
  };
  const csvOf = (bytes: Buffer): Row[] => parse(bytes, { columns: true, relax_column_count: false });

  beforeAll(async () => {
    made = await releaseFiles(RELEASE);
  });

  it('are the same bytes each time, whenever they are made', async () => {
    const sums = (files: ReleaseFile[]) =>
      files.map(({ name, bytes }) => [name, createHash('sha256').update(bytes).digest('hex')]);
    jest.useFakeTimers({
      now: new Date('2031-01-01T00:00:00Z'),
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout'],
    });
    const later = await releaseFiles(RELEASE);
    jest.useRealTimers();
    expect(sums(later)).toEqual(sums(made));
    expect(new Set(made.map((one) => one.name)).size).toBe(5 + 6 * RELEASE.tables.length);
  });

  it('hold no withheld number, whatever the format', () => {
    // Each figure of the release is null exactly where it is withheld; nothing else of it reaches a file.
    const rows = csvOf(file('all.csv'));
    for (const row of rows) expect(row.value === '').toBe(row.status === 'c' || row.status === 'x');
    expect(rows.filter((row) => row.status === 'c')).toHaveLength(
      RELEASE.tables.flatMap((table) => table.figures).filter((figure) => figure.status === 'c').length,
    );
  });

  describe('all.csv', () => {
    it('is read back by csv-parse as the release, one row a figure', () => {
      const rows = csvOf(file('all.csv'));
      expect(Object.keys(rows[0] ?? {})).toEqual(TIDY_COLUMNS.map((column) => column.name));
      expect(rows).toHaveLength(RELEASE.tables.reduce((sum, table) => sum + table.figures.length, 0));
      const read = new Map(rows.map((row) => [[row.table, row.unit, row.ethnicGroup, row.category].join('|'), row]));
      for (const table of RELEASE.tables)
        for (const figure of table.figures)
          expect(
            read.get([table.key, figure.unit, figure.hub ?? 'all', figure.category ?? 'all'].join('|')),
          ).toMatchObject({
            value: figure.value === null ? '' : String(figure.value),
            status: figure.status,
            population: table.population,
            release: '2',
          });
    });

    it('keeps what its CSVW metadata say of it', () => {
      const metadata = JSON.parse(file('all.csv-metadata.json').toString()) as {
        '@context': unknown[];
        url: string;
        tableSchema: {
          primaryKey: string[];
          columns: {
            name: string;
            titles: string;
            required: boolean;
            null: string;
            datatype: { base: string; format?: string; minimum?: number };
          }[];
        };
      };
      expect(metadata['@context'][0]).toBe('http://www.w3.org/ns/csvw');
      expect(made.map((one) => one.name)).toContain(metadata.url);
      const [heads, ...rows] = parse(file(metadata.url));
      const { columns, primaryKey } = metadata.tableSchema;
      expect(heads).toEqual(columns.map((column) => column.titles));
      const shapes: Record<string, RegExp> = { integer: /^-?\d+$/, date: /^\d{4}-\d{2}-\d{2}$/, string: /^[^]*$/ };
      for (const row of rows)
        columns.forEach(({ name, required, datatype, null: empty }, i) => {
          const cell = row[i] ?? '';
          const fits = cell === empty ? !required : shapes[datatype.base]?.test(cell) === true;
          expect([name, cell, fits]).toEqual([name, cell, true]);
          if (cell !== '' && datatype.format) expect(cell).toMatch(new RegExp(`^${datatype.format}$`));
          if (cell !== '' && datatype.minimum !== undefined)
            expect(Number(cell)).toBeGreaterThanOrEqual(datatype.minimum);
        });
      const keys = rows.map((row) =>
        primaryKey.map((name) => row[columns.findIndex((column) => column.name === name)]).join('|'),
      );
      expect(new Set(keys).size).toBe(rows.length);
    });

    it('guards what a spreadsheet would take for a formula', async () => {
      const nasty = await releaseFiles(NASTY);
      const rows = csvOf(file('all.csv', nasty));
      expect(rows.find((row) => row.unit === 'all')?.unitName).toBe('\'=HYPERLINK("http://x.test")');
      for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    });
  });

  it('of a table in CSV hold that table alone', () => {
    const rows = csvOf(file('tables/groups-registered-sex.csv'));
    expect(new Set(rows.map((row) => row.table))).toEqual(new Set(['groups-registered-sex']));
    expect(rows).toHaveLength(10);
  });

  it('of a table in JSON give percentages by the rules', () => {
    const { figures } = JSON.parse(file('tables/groups-registered-sex.json').toString()) as {
      figures: {
        unit: string;
        category: string | null;
        value: number | null;
        share: number | null;
        shareStatus: string;
      }[];
    };
    const at = (unit: string, category: string | null) =>
      figures.find((one) => one.unit === unit && one.category === category);
    expect(at('regional-networks', 'female')).toMatchObject({ value: 600, share: 0.566, shareStatus: '' });
    expect(at('regional-networks', 'prefer-not-to-say')).toMatchObject({ value: 20, share: null, shareStatus: 'z' });
    // 10 women and a withheld number of men: no base, so no percentage.
    expect(at('national-centres', 'female')).toMatchObject({ value: 10, share: null, shareStatus: 'x' });
    expect(at('national-centres', 'male')).toMatchObject({ value: null, share: null, shareStatus: 'c' });
  });

  it('of a table in JSON-stat are read back by jsonstat-toolkit', () => {
    const data = JSONstat(JSON.parse(file('tables/all-registered-ethnic-group-by-sex.jsonstat.json').toString()));
    expect(data.class).toBe('dataset');
    expect(data.id).toEqual(['unit', 'ethnic-group', 'sex']);
    expect(data.length).toBe(3);
    expect(data.Data({ unit: 'all', 'ethnic-group': 'black', sex: 'male' })).toEqual({ value: 20, status: null });
    expect(data.Data({ unit: 'all', 'ethnic-group': 'asian', sex: 'not-known' })).toEqual({ value: null, status: 'c' });
    expect(data.Data({ unit: 'all', 'ethnic-group': 'all', sex: 'all' }).value).toBe(1200);
    expect(data.Dimension('sex').Category('female').label).toBe('Female');
    expect(data.role?.geo).toEqual(['unit']);
    expect(data.extension).toMatchObject({ release: { number: 2 }, threshold: 8, base: 5 });
  });

  describe('the workbook', () => {
    const open = async (bytes: Buffer): Promise<Workbook> => {
      const book = new Workbook();
      await book.xlsx.load(new Uint8Array(bytes).buffer);
      return book;
    };
    const used = (sheet: Worksheet): { row: number; width: number; cells: unknown[] }[] => {
      const rows: { row: number; width: number; cells: unknown[] }[] = [];
      sheet.eachRow({ includeEmpty: true }, (row, number) =>
        rows.push({ row: number, width: row.cellCount, cells: (row.values as unknown[]).slice(1) }),
      );
      return rows;
    };

    it('has cover, contents and notes, then a marked-up table a sheet, without merged, hidden or blank cells', async () => {
      const book = await open(file('release.xlsx'));
      expect(book.worksheets.map((sheet) => sheet.name)).toEqual([
        ...['Cover', 'Contents', 'Notes'],
        ...RELEASE.tables.map((_, i) => `Table ${i + 1}`),
      ]);
      for (const sheet of book.worksheets) {
        expect(sheet.state).toBe('visible');
        expect(sheet.hasMerges).toBe(false);
        const tables = sheet.getTables() as unknown as { name: string; table?: { tableRef: string } }[];
        expect(tables).toHaveLength(sheet.name === 'Cover' ? 0 : 1);
        const rows = used(sheet);
        const widest = Math.max(...rows.map((row) => row.width));
        for (const { row, cells, width } of rows) {
          // Above a table one cell a row; in it every cell.
          expect([sheet.name, row, cells.length]).toEqual([sheet.name, row, width === 1 ? 1 : widest]);
          for (const cell of cells) expect(cell === null || cell === undefined || cell === '').toBe(false);
        }
        expect(sheet.getCell('A1').text).not.toBe('');
      }
    });

    it('explains its shorthand on every table, shows [c] where a number is withheld and numbers as numbers', async () => {
      const book = await open(file('release.xlsx'));
      const sheet = book.getWorksheet(`Table ${RELEASE.tables.findIndex((table) => table.level === 'group') + 1}`);
      const rows = used(sheet!).map((row) => row.cells);
      expect(rows.some(([first]) => String(first).includes('[c] Confidential'))).toBe(true);
      const head = rows.findIndex(([first]) => first === 'Unit');
      expect(rows[head]).toEqual([
        'Unit',
        'Area code',
        'Female',
        'Male',
        'Prefers not to say',
        'Not asked or left blank',
        'Everybody',
      ]);
      expect(rows.slice(head + 1)).toEqual([
        ['Regional networks', '[z]', 600, 460, 20, 10, 1090],
        ['National centres', '[z]', 10, '[c]', '[c]', 0, 20],
      ]);
    });

    it('takes no text for a formula', async () => {
      const book = await open(file('release.xlsx', await releaseFiles(NASTY)));
      for (const sheet of book.worksheets)
        sheet.eachRow((row) => row.eachCell((cell) => expect(cell.type).not.toBe(ValueType.Formula)));
      expect(book.getWorksheet('Cover')?.getCell('A1').value).toBe(NASTY.title);
    });
  });

  it('in HTML and SVG hold no markup of a name, and no script or style', async () => {
    const nasty = await releaseFiles(NASTY);
    for (const { name, bytes } of nasty.filter((one) => /\.(html|svg)$/.test(one.name))) {
      const text = bytes.toString();
      expect([name, /<script|<style|style=|\son\w+=|<b>/.test(text)]).toEqual([name, false]);
    }
    expect(file('tables/all-registered-sex.html', nasty).toString()).toContain('&lt;b&gt;&amp;amp;&lt;/b&gt;');
  });
});
