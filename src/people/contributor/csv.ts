/**
 * What a spreadsheet would take for a formula, in wide letters too. A text that begins with apostrophes and then so counts as well,
 * lest it lose one on the way back.
 */
const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/;

/** A cell as it was before `cell` guarded it. */
export const unguarded = (text: string): string => (text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text);

/** A cell of a CSV file (RFC 4180). What a spreadsheet would run as a formula is made text by an apostrophe before it. */
export function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line with its end. */
export const line = (cells: readonly (string | number | boolean | null | undefined)[]): string =>
  `${cells.map(cell).join(',')}\r\n`;
