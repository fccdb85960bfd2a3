import { stringify } from 'csv-stringify/sync';
import { FIGURES, ReachReport, ReachRow } from './reach.dto';

/**
 * The report as CSV: the total, a line for each value, and last, a line each, what the figures mean and how exact they are. Those
 * say it in the note, so that the columns of figures hold numbers alone. Withheld figures are empty, and the note says why. A cell that a spreadsheet would take for a formula begins with an apostrophe.
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
  const words = (part: string, value: string, note: string): unknown[] => [
    ...[part, from, to, by ?? '', value, ''],
    ...FIGURES.map(() => null),
    note,
  ];
  return stringify(
    [
      ['part', 'from', 'to', 'by', 'value', 'label', ...FIGURES, 'note'],
      line('total', total),
      ...rows.map((row) => line('row', row)),
      ...FIGURES.map((figure) => words('definition', figure, definitions[figure])),
      words('disclosure', '', disclosure),
    ],
    { record_delimiter: '\r\n', escape_formulas: true },
  );
}

const noteOf = (row: ReachRow): string => row.gaps.map((gap) => `${gap.figure}: ${gap.says}`).join(' ');
