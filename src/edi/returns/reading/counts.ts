import { checkCounts, ReadCount, ReturnedCount } from './count-table';
import { Faults, unreadable } from './fault';
import { Grid, GridRow, isBlank } from './grid';
import type { Mapping } from './headings';
import { readPivots } from './pivot';
import { Told, toldByCounts } from './told';
import { readTidy, tidyColumns } from './tidy';
import type { Vocabulary } from './vocabulary';

/** Most lines of a file of counts: every answer of every question at every stage is less than a tenth of it. */
const MOST_LINES = 5_000;

export interface CountsSetting {
  vocabulary: Vocabulary;
  mapping: Mapping;
  /** What a star is below, where the sender said so. */
  suppressedBelow: number | undefined;
}

/** Reads a file of counts: one count a row, or pivot tables. Empty, with faults, where anything does not add up. */
export async function readCounts(
  grid: Grid,
  setting: CountsSetting,
  faults: Faults,
): Promise<{ counts: ReturnedCount[]; rows: number; told: Told }> {
  const lines: GridRow[] = [];
  for await (const line of grid.rows) {
    if (lines.push(line) > MOST_LINES)
      throw unreadable(
        'too_many_rows',
        `A return of counts has at most ${MOST_LINES.toLocaleString('en-GB')} rows. If this file has one row for each person, send it as identified-rows or anonymous-rows.`,
      );
  }
  const filled = lines.filter((line) => !isBlank(line));
  if (filled.length === 0 && faults.count === 0) throw unreadable('no_rows', 'The file is empty.');
  const columns = tidyColumns(filled[0]?.cells ?? []);
  const read = columns
    ? readTidy(filled, columns, setting, faults)
    : readPivots(lines, { ...setting, sheet: grid.sheet }, grid.notes, faults);
  if (faults.count === 0 && isUntouched(read, filled))
    faults.add({
      ...{ row: null, column: null, cell: null, code: 'nothing_filled_in' },
      message:
        'Nothing is filled in: no count stands in this file. Write how many people there are, 0 where nobody is.',
    });
  const checked = faults.count > 0 ? [] : checkCounts(read, setting.vocabulary, setting.suppressedBelow, faults);
  const told = toldByCounts(
    read,
    setting.vocabulary.characteristics.map(({ key }) => key),
  );
  return {
    counts: faults.count > 0 ? [] : checked,
    rows: columns ? filled.length - 1 : new Set(read.map(({ row }) => row)).size,
    told,
  };
}

/** No number was written. Empty cells of a pivot table are read as noughts, so a nought must stand somewhere to be meant. */
const isUntouched = (read: readonly ReadCount[], lines: readonly GridRow[]): boolean =>
  read.every(({ range }) => range.high === 0) && !lines.some(({ cells }) => cells.some((cell) => /^0+$/.test(cell)));
