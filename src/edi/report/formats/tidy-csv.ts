import { stringify } from 'csv-stringify/sync';
import type { PublishedCategory, PublishedRelease, PublishedTable } from '../../release/published';
import { EVERYBODY, TableFigures } from '../figures';
import { TIDY_COLUMNS, TidyRow } from './columns';

/** The label of everybody, where a category's label would stand. */
export const EVERYBODY_LABEL = 'Everybody';

export const labelOf = (category: PublishedCategory | null): string => category?.label ?? EVERYBODY_LABEL;

/** One row for each figure, in fixed order: table, unit, ethnic group, category, everybody last. */
export function* tidyRows(release: PublishedRelease, tables: readonly PublishedTable[]): Generator<TidyRow> {
  for (const table of tables) {
    const figures = new TableFigures(release, table);
    for (const unit of figures.units)
      for (const hub of figures.rowsOf())
        for (const category of figures.columns()) {
          const { value, status } = figures.at({
            unit: unit.key,
            hub: hub?.code ?? null,
            category: category?.code ?? null,
          });
          yield {
            release: release.number,
            snapshotOn: release.snapshotOn,
            periodFrom: release.period.from,
            periodUntil: release.period.until,
            table: table.key,
            level: table.level,
            unit: unit.key,
            unitName: unit.name,
            areaCode: unit.areaCode,
            population: table.population,
            ethnicGroup: hub?.code ?? EVERYBODY,
            characteristic: table.characteristic,
            category: category?.code ?? EVERYBODY,
            label: labelOf(category),
            value,
            status,
          };
        }
  }
}

/**
 * Tables as CSV (RFC 4180), UTF-8 without a byte order mark, so that the first heading reads as it stands everywhere. A text that a
 * spreadsheet would take for a formula begins with an apostrophe.
 */
export function tidyCsv(release: PublishedRelease, tables: readonly PublishedTable[] = release.tables): string {
  return stringify([...tidyRows(release, tables)], {
    header: true,
    columns: TIDY_COLUMNS.map((column) => column.name),
    record_delimiter: '\r\n',
    escape_formulas: true,
  });
}
