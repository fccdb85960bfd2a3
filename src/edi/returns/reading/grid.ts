/** One row of a table as it was written, blank rows included, so that rows are numbered as the spreadsheet numbers them. */
export interface GridRow {
  /** From 1. */
  row: number;
  /** Texts of the cells from column A on, without surrounding space; '' where a cell is empty. */
  cells: readonly string[];
}

/** What a file holds: one table, row after row, and what was noticed about it. */
export interface Grid {
  rows: AsyncIterable<GridRow>;
  /** What the sender should know though it is no fault, in plain English. Grows while the rows are read. */
  notes: string[];
  /** Name of the sheet, where the workbook has others that can be seen. */
  sheet?: string;
}

/** Whether a row holds nothing. */
export const isBlank = ({ cells }: GridRow): boolean => cells.every((cell) => cell === '');
