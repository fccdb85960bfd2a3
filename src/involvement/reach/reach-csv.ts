import { stringify } from 'csv-stringify/sync';
import { FIGURES, ReachReport, ReachRow } from './reach.dto';

const HEADING = ['part', 'from', 'to', 'by', 'value', 'label', ...FIGURES, 'note'];

/**
 * The report as CSV: the total, a line for each value, and last, a line each, what the figures mean, which release they come from and how
 * exact they are. Those say it in the note, so that the columns of figures hold numbers alone. Withheld figures are empty, and the note
 * says why. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 */
export const reachCsv = (report: ReachReport): string => text([totalOf(report), ...rowsOf(report), ...aboutOf(report)]);

/** Several quarters as one such file, each with its total, all of its breakdowns, and what is said about it once. */
export const reachFile = (quarters: readonly (readonly ReachReport[])[]): string =>
  text(
    quarters.flatMap((reports) => [
      ...reports.slice(0, 1).map(totalOf),
      ...reports.flatMap(rowsOf),
      ...reports.slice(0, 1).flatMap(aboutOf),
    ]),
  );

const text = (lines: unknown[][]): string =>
  stringify([HEADING, ...lines], { record_delimiter: '\r\n', escape_formulas: true });

const totalOf = (report: ReachReport): unknown[] => line('total', report, report.total);
const rowsOf = (report: ReachReport): unknown[][] => report.rows.map((row) => line('row', report, row));

function aboutOf(report: ReachReport): unknown[][] {
  const { from, to, by, definitions, disclosure, release } = report;
  const words = (part: string, value: string, label: string, note: string): unknown[] => [
    ...[part, from, to, by ?? '', value, label],
    ...FIGURES.map(() => null),
    note,
  ];
  return [
    ...FIGURES.map((figure) => words('definition', figure, '', definitions[figure])),
    ...(release
      ? [words('release', release.id, `Release ${release.number}`, `Released on ${release.releasedOn}.`)]
      : []),
    words('disclosure', '', '', disclosure),
  ];
}

const line = (part: string, { from, to, by }: ReachReport, row: ReachRow): unknown[] => [
  ...[part, from, to, by ?? '', row.value ?? '', row.label],
  ...FIGURES.map((figure) => row[figure]),
  row.gaps.map((gap) => `${gap.figure}: ${gap.says}`).join(' '),
];
