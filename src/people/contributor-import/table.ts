import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { BadInput } from '../../kernel/errors/problem';

const SLICE = 64 * 1024;
const MOST_OF_A_ROW = 100_000;

/** The records of a CSV text one after the other, the heading first. What is not CSV is refused with its row. */
export async function* records(text: string): AsyncGenerator<string[]> {
  const parser = parse({ bom: true, relax_column_count: true, skip_empty_lines: true, max_record_size: MOST_OF_A_ROW });
  Readable.from(slices(text)).pipe(parser);
  let row = 0;
  try {
    for await (const record of parser) {
      row++;
      yield record as string[];
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const message = `The file cannot be read after row ${row}: ${REASONS[error.code] ?? 'it is not CSV'}.`;
    throw new BadInput([{ in: 'body', at: `/rows/${row + 1}`, code: 'malformed_csv', message }]);
  }
}

const REASONS: Partial<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE:
    'a quotation mark stands where a comma or the end of the row should; write two inside a quoted cell',
  INVALID_OPENING_QUOTE: 'a quotation mark stands inside a cell that is not quoted',
  CSV_MAX_RECORD_SIZE: `the next row has more than ${MOST_OF_A_ROW} characters`,
};

function* slices(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    // A slice never ends between the halves of a surrogate pair, which would be broken on their way through bytes.
    let end = Math.min(at + SLICE, text.length);
    if (end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end++;
    yield text.slice(at, end);
    at = end;
  }
}
