import { stringify } from 'csv-stringify/sync';
import type { PopulationBenchmark } from './population.dto';

/** Population figures as CSV, a row a category of an area, with all that must be named beside a number. */
export function populationCsv(benchmarks: readonly PopulationBenchmark[]): string {
  const rows = benchmarks.flatMap(({ figures, area, ...source }) =>
    figures.map(({ of, ...figure }) => ({
      source: source.source,
      tableId: source.tableId,
      referenceDay: source.referenceDay,
      characteristic: source.characteristic,
      ageRange: source.ageRange,
      areaCode: area.code,
      areaName: area.name,
      category: figure.category,
      label: figure.label,
      people: figure.people,
      share: figure.share,
      standsFor: of.join(' '),
      sureness: source.sureness,
      publisher: source.publisher,
      licence: source.licence,
      reservation: source.reservation,
      caution: source.caution,
    })),
  );
  return stringify(rows, { header: true, columns: COLUMNS, record_delimiter: '\r\n', escape_formulas: true });
}

const COLUMNS = [
  ...['source', 'tableId', 'referenceDay', 'characteristic', 'ageRange', 'areaCode', 'areaName', 'category', 'label'],
  ...['people', 'share', 'standsFor', 'sureness', 'publisher', 'licence', 'reservation', 'caution'],
];
