import type { PublishedRelease, PublishedTable } from '../../release/published';
import { EVERYBODY, HUB, characteristicOf, POPULATIONS, TableFigures } from '../figures';
import { labelOf } from './tidy-csv';
import { statusMeanings } from './json';

/**
 * One table as a JSON-stat 2.0 dataset (https://json-stat.org/full/): dimensions unit, ethnic group where it is crossed, and the
 * characteristic; values row by row, null with status `c` where withheld.
 */
export function tableJsonStat(release: PublishedRelease, table: PublishedTable): object {
  const view = new TableFigures(release, table);
  const hubs = view.rowsOf();
  const columns = view.columns();
  const code = (category: { code: string } | null): string => category?.code ?? EVERYBODY;
  const labels = (categories: typeof columns): Record<string, string> =>
    Object.fromEntries(categories.map((category) => [code(category), labelOf(category)]));
  const figures = view.units.flatMap(({ key: unit }) =>
    hubs.flatMap((hub) =>
      columns.map((category) => view.at({ unit, hub: hub?.code ?? null, category: category?.code ?? null })),
    ),
  );
  const byHub = {
    [HUB]: {
      label: characteristicOf(release, HUB).label,
      category: { index: hubs.map(code), label: labels(hubs) },
    },
  };
  return {
    version: '2.0',
    class: 'dataset',
    label: table.title,
    source: release.title,
    updated: `${release.snapshotOn}T00:00:00Z`,
    note: [...table.notes, ...release.notes],
    id: ['unit', ...(table.byHub ? [HUB] : []), table.characteristic],
    size: [view.units.length, ...(table.byHub ? [hubs.length] : []), columns.length],
    role: { geo: ['unit'] },
    dimension: {
      unit: {
        label: 'Unit',
        category: {
          index: view.units.map((unit) => unit.key),
          label: Object.fromEntries(view.units.map((unit) => [unit.key, unit.name])),
        },
        extension: { areaCode: Object.fromEntries(view.units.map((unit) => [unit.key, unit.areaCode])) },
      },
      ...(table.byHub ? byHub : {}),
      [table.characteristic]: {
        label: view.characteristic.label,
        category: { index: columns.map(code), label: labels(columns) },
        extension: { question: view.characteristic.question },
      },
    },
    value: figures.map((figure) => figure.value),
    status: figures.map((figure) => (figure.status === '' ? null : figure.status)),
    extension: {
      release: { id: release.id, number: release.number },
      period: release.period,
      table: table.key,
      population: { code: table.population, ...POPULATIONS[table.population] },
      threshold: release.thresholds[table.characteristic] ?? release.threshold,
      base: release.base,
      status: statusMeanings(),
    },
  };
}
