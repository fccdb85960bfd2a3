import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe as of } from '../../../kernel/errors/describe';
import { csvRecords } from './csv-records';

const read = (text: string, separator = ','): string[][] => [...csvRecords(text, separator)];
const refusal = (text: string): string | undefined => {
  try {
    read(text);
    return undefined;
  } catch (error) {
    const [fault] = of(error).errors ?? [];
    return `${fault?.at} ${fault?.code}`;
  }
};

describe('the records of a CSV text', () => {
  it('are told apart by any line end, with blank lines, quotes and line breaks in cells', () => {
    expect(read('a,b\r\n"c, ""d""\ne",\n\rf')).toEqual([['a', 'b'], ['c, "d"\ne', ''], [''], ['f']]);
    expect(read('a;b', ';')).toEqual([['a', 'b']]);
    expect(read('')).toEqual([]);
    expect(read('a,\n')).toEqual([['a', '']]);
  });

  it.each([
    ['a\n"b', '/rows/2 malformed_csv'],
    ['"a"b', '/rows/1 malformed_csv'],
    ['a"b', '/rows/1 malformed_csv'],
    [`a\nb\n${'x'.repeat(100_001)}`, '/rows/3 malformed_csv'],
  ])('are refused where they are broken: %j', (text, fault) => expect(refusal(text)).toBe(fault));

  it('are those that another reader finds', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '=', '👋'), maxLength: 6 });
    const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, (rows) => {
        const text = rows.map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\n');
        expect(read(text)).toEqual(rows);
        expect(parse(text, { relax_column_count: true })).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  });
});
