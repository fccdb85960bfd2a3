import fc from 'fast-check';
import { readJson } from './input-json';

const read = (text: string): unknown => readJson(Buffer.from(text));
const accepts = (text: string, by: (text: string) => unknown): boolean => {
  try {
    by(text);
    return true;
  } catch {
    return false;
  }
};

/** Values that every limit allows: names that may stand, numbers that are exact, depth well inside. */
const name = fc
  .string({ unit: 'grapheme' })
  .filter((text) => !/^(__proto__|constructor|prototype)$/.test(text) && !text.includes('\u0000'));
const text = fc
  .string({ unit: 'grapheme' })
  .filter((one) => !one.includes('\u0000'))
  .map((one) => one.normalize('NFC'));
const number = fc
  .oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, min: -1e15, max: 1e15 }))
  .map((one) => (one === 0 ? 0 : one));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(text, number, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      name.map((one) => one.normalize('NFC')),
      tie('value'),
      { maxKeys: 5, noNullPrototype: true },
    ),
  ),
}));

describe('reading JSON', () => {
  it('gives back every value that was written', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (given, indent) => {
        expect(read(JSON.stringify(given, null, indent))).toEqual(given);
      }),
    );
  });

  it('accepts nothing that the language itself refuses', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"',
        '\\u',
        '1',
        '-',
        '.5',
        'e3',
        '0',
        'true',
        'nul',
        ' ',
        '\n',
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const given = parts.join('');
        if (!accepts(given, JSON.parse)) expect(accepts(given, read)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses of what the language accepts only names given twice and numbers that are not exact', () => {
    const pieces = fc.array(
      fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"b"', '1', '0.5', '1e3', 'true', 'null', ' '),
      { maxLength: 7 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const given = parts.join('');
        if (!accepts(given, JSON.parse) || /e\d{2}|"a".*:.*"a"|"b".*:.*"b"/.test(given)) return;
        expect(read(given)).toEqual(JSON.parse(given));
      }),
      { numRuns: 3000 },
    );
  });
});
