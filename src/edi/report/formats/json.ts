import type { FigureStatus, PublishedRelease, PublishedTable } from '../../release/published';
import { characteristicOf, HUB, SHORTHAND, TableFigures } from '../figures';

/** What every file says about the release that it belongs to. */
export function aboutRelease(release: PublishedRelease): object {
  const { id, number, title, period, snapshotOn, previousNumber, threshold, thresholds, base, notes } = release;
  return { id, number, title, period, snapshotOn, previousNumber, threshold, thresholds, base, notes };
}

/** A figure with its percentage, which comes from published counts. */
export interface TableFigure {
  unit: string;
  ethnicGroup: string | null;
  category: string | null;
  value: number | null;
  status: FigureStatus;
  /** Share among known answers, 0 to 1, to four decimals. */
  share: number | null;
  shareStatus: FigureStatus;
}

/** One table for programs: its figures, the categories and units that they name, what the statuses mean. */
export function tableJson(release: PublishedRelease, table: PublishedTable): object {
  const view = new TableFigures(release, table);
  const figures = view.units.flatMap(({ key: unit }) =>
    view.rowsOf().flatMap((hub) =>
      view.columns().map((category): TableFigure => {
        const place = { unit, hub: hub?.code ?? null, category: category?.code ?? null };
        const { value, status } = view.at(place);
        const share = view.share(place);
        return {
          unit,
          ethnicGroup: place.hub,
          category: place.category,
          value,
          status,
          share: share.value === null ? null : Number(share.value.toFixed(4)),
          shareStatus: share.status,
        };
      }),
    ),
  );
  const { key, title, level, population, byHub, notes } = table;
  return {
    release: aboutRelease(release),
    table: { key, title, level, population, characteristic: view.characteristic, byEthnicGroup: byHub, notes },
    ethnicGroups: byHub ? characteristicOf(release, HUB).categories : [],
    units: view.units,
    statuses: statusMeanings(),
    figures,
  };
}

/** The whole release for programs, tables in full. */
export function releaseJson(release: PublishedRelease): object {
  return {
    release: aboutRelease(release),
    characteristics: release.characteristics,
    units: release.units,
    statuses: statusMeanings(),
    tables: release.tables,
  };
}

export const statusMeanings = (): Record<string, string> =>
  Object.fromEntries(Object.entries(SHORTHAND).map(([code, { means }]) => [code, means]));
