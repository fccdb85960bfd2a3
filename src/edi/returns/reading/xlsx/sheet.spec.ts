import { deflateRawSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import { describe as of } from '../../../../kernel/errors/describe';
import { Faults } from '../fault';
import { countsFit, Fit, rowsFit } from '../fit';
import type { GridRow } from '../grid';
import { NO_MAPPING } from '../headings';
import { Vocabulary } from '../vocabulary';
import { readXlsx } from './sheet';
import { zipEntries } from './zip';

const ANSWERS = { sex: ['Female', 'Male'], age: ['18 to 24'] };
const vocabulary = new Vocabulary(
  Object.entries(ANSWERS).map(([key, labels]) => ({
    ...{ key, label: key, several: false },
    codes: labels.map((label) => ({ code: label, label })),
  })),
);

const workbook = async (fill: (book: ExcelJS.Workbook) => void): Promise<Buffer> => {
  const book = new ExcelJS.Workbook();
  fill(book);
  return Buffer.from(await book.xlsx.writeBuffer());
};
const read = async (bytes: Buffer, fit?: Fit) => {
  const faults = new Faults();
  const grid = await readXlsx(bytes, faults, fit);
  const rows: GridRow[] = [];
  for await (const row of grid.rows) rows.push(row);
  return { rows: rows.map(({ row, cells }) => [row, ...cells]), notes: grid.notes, faults: faults.list };
};
const refusal = async (reading: Promise<unknown>): Promise<string[]> => {
  const problem = of(
    await reading.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  return [String(problem.status), ...(problem.errors ?? []).map(({ at, code }) => `${at} ${code}`)];
};

/** A workbook of our own making, for what no spreadsheet program would write. */
function archive(parts: Record<string, string | { text: string; size: number }>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, given] of Object.entries(parts)) {
    const { text, size } = typeof given === 'string' ? { text: given, size: Buffer.byteLength(given) } : given;
    const packed = deflateRawSync(Buffer.from(text));
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    local.push(head, Buffer.from(name), packed);
    central.push(entry, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, directory, end]);
}

const parts = (rows: string, after = '') => ({
  'xl/workbook.xml': '<workbook><sheets><sheet name="A &amp; B" r:id="r1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels':
    '<Relationships><Relationship Id="r1" Target="worksheets/s.xml" Type="x/worksheet"/></Relationships>',
  'xl/worksheets/s.xml': `<worksheet><cols><col min="1"/></cols><sheetData>${rows}</sheetData>${after}</worksheet>`,
});

describe('an XLSX workbook', () => {
  it('is read as its cells show it: texts, numbers, dates, rich text, flags, with blank rows counted', async () => {
    const bytes = await workbook((book) => {
      const sheet = book.addWorksheet('Data');
      sheet.addRow(['Sex', 'Born', 'Share', 'Yes']);
      sheet.addRow([]);
      sheet.addRow([
        ' Female ',
        new Date(Date.UTC(1968, 1, 29)),
        0.1,
        true,
        { richText: [{ text: 'in ' }, { text: 'two' }] },
      ]);
      sheet.addRow(["'=1+1", 1968, -2, null, 'é <&> "']);
    });
    expect(await read(bytes)).toEqual({
      rows: [
        [1, 'Sex', 'Born', 'Share', 'Yes'],
        [3, 'Female', '1968-02-29', '0.1', 'true', 'in two'],
        [4, '=1+1', '1968', '-2', '', 'é <&> "'],
      ],
      notes: [],
      faults: [],
    });
  });

  it('has the sheet called Return read, else the first visible one; hidden ones are told', async () => {
    const bytes = await workbook((book) => {
      book.addWorksheet('Names', { state: 'hidden' }).addRow(['secret']);
      book.addWorksheet('Cover').addRow(['cover']);
      book.addWorksheet('Return').addRow(['here']);
    });
    const { rows, notes } = await read(bytes);
    expect(rows).toEqual([[1, 'here']]);
    expect(notes).toEqual(['Hidden sheets were not read: "Names". Delete them if they name people.']);
    const other = await read(
      await workbook((book) => {
        book.addWorksheet('One').addRow(['one']);
        book.addWorksheet('Two').addRow(['two']);
      }),
    );
    expect(other.rows).toEqual([[1, 'one']]);
    expect(other.notes).toEqual([
      'Only the sheet "One" was read. If the return is in another one, name that "Return".',
    ]);
  });

  it('has the sheet read that looks most like the return, whichever of them is the first', async () => {
    const book = (fill: (sheet: ExcelJS.Worksheet) => void): Promise<Buffer> =>
      workbook((made) => {
        const first = made.addWorksheet('Read me');
        first.addRow(['How we count: by age and sex']);
        first.mergeCells('A1:B1');
        fill(made.addWorksheet('Data'));
        made.addWorksheet('Notes').addRow(['Sex', 'as people told it']);
      });
    const rows = await book((sheet) =>
      sheet.addRows([
        ['Age', 'Sex'],
        ['18 to 24', 'f'],
      ]),
    );
    const pivots = await book((sheet) => sheet.addRows([[], ['Sex'], ['Row Labels', 'Count'], ['Female', 3]]));
    for (const [bytes, fit] of [
      [rows, rowsFit(vocabulary, NO_MAPPING)],
      [pivots, countsFit(vocabulary, NO_MAPPING)],
    ] as const) {
      const { rows: found, notes, faults } = await read(bytes, fit);
      expect(found.at(-1)?.at(-1)).toMatch(/^[f3]$/);
      expect(notes[0]).toContain('Only the sheet "Data" was read');
      expect(faults).toEqual([]);
    }
    const lower = await workbook((made) => {
      made.addWorksheet('Read me').addRow(['Age', 'Sex']);
      made.addWorksheet('return ').addRow(['here']);
    });
    expect(await read(lower, rowsFit(vocabulary, NO_MAPPING))).toMatchObject({ rows: [[1, 'here']], notes: [] });
  });

  it('tells formulas and error values by their cells', async () => {
    const bytes = await workbook((book) => {
      const sheet = book.addWorksheet('Data');
      sheet.addRow(['a', 'b']);
      sheet.addRow([{ formula: 'SUM(C1:C9)', result: 7 }, { error: '#N/A' }]);
    });
    expect((await read(bytes)).faults.map(({ cell, code }) => [cell, code])).toEqual([
      ['A2', 'formula'],
      ['B2', 'error_value'],
    ]);
  });

  it('tells merged cells by their addresses, before the faults of other cells and together with them', async () => {
    const bytes = await workbook((book) => {
      const sheet = book.addWorksheet('Data');
      sheet.addRow(['a', 'b', 'c']);
      sheet.mergeCells('B1:C1');
      sheet.addRow(['d', { formula: 'SUM(C1:C9)', result: 7 }]);
    });
    expect((await read(bytes)).faults.map(({ cell, code }) => [cell, code])).toEqual([
      ['B1', 'merged_cells'],
      ['B2', 'formula'],
    ]);
  });

  it('that is none is refused: a text, an old workbook, a broken or an encrypted one', async () => {
    for (const bytes of [
      Buffer.from('sex\nf\n'),
      Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]),
      archive({ 'word/document.xml': '<document/>' }),
      archive(parts('')).subarray(0, 60),
      archive(parts('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>')),
      archive({ ...parts(''), 'xl/workbook.xml': '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>' }),
    ])
      expect(await refusal(read(bytes))).toEqual(['400', expect.stringMatching(/ not_a_workbook$/)]);
    expect(await refusal(read(archive({ ...parts(''), 'xl/_rels/workbook.xml.rels': '' })))).toEqual([
      '400',
      ' no_sheet',
    ]);
  });

  it('that unpacks to more than the memory holds is refused before it is unpacked, also where it lies about its size', async () => {
    const huge = { text: 'x', size: 2_000_000_000 };
    expect(await refusal(read(archive({ ...parts(''), 'xl/worksheets/s.xml': huge })))).toEqual([
      '400',
      ' workbook_too_large',
    ]);
    const lying = { text: 'x'.repeat(9 * 1024 * 1024), size: 10 };
    expect(await refusal(read(archive({ ...parts(''), 'xl/workbook.xml': lying })))).toEqual([
      '400',
      ' workbook_too_large',
    ]);
    expect(zipEntries(archive(parts(''))).size).toBe(3);
  });

  it('may have prefixes, rows without numbers, self-closed rows and cells, and escapes', async () => {
    const rows =
      '<x:row><x:c t="inlineStr"><x:is><x:t>a_x0009_b</x:t></x:is></x:c><x:c/><x:c><x:v>2</x:v></x:c></x:row><x:row/><x:row r="5"><x:c r="B5" t="str"><x:v>&#233;</x:v></x:c></x:row>';
    expect((await read(archive(parts(rows)))).rows).toEqual([[1, 'a\tb', '', '2'], [2], [5, '', 'é']]);
  });
});
