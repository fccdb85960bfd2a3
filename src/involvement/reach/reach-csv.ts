import { stringify } from 'csv-stringify/sync';
import { FIGURES, ReachReport, ReachRow } from './reach.dto';

/**
 * The report as CSV: the total, a line for each value, and last a line of definitions. Withheld figures are empty, and the note
 * says why. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 */
export function reachCsv({ from, to, by, total, rows, definitions, disclosure }: ReachReport): string {
  const line = (part: string, row: ReachRow): unknown[] => [
    part,
    from,
    to,
    by ?? '',
    row.value ?? '',
    row.label,
    ...FIGURES.map((f) => row[f]),
    noteOf(row),
  ];
  return stringify(
    [
      ['part', 'from', 'to', 'by', 'value', 'label', ...FIGURES, 'note'],
      line('total', total),
      ...rows.map((row) => line('row', row)),
      ['definition', from, to, by ?? '', '', '', ...FIGURES.map((f) => definitions[f]), disclosure],
    ],
    { record_delimiter: '\r\n', escape_formulas: true },
  );
}

const noteOf = (row: ReachRow): string => row.gaps.map((gap) => `${gap.figure}: ${gap.says}`).join(' ');
