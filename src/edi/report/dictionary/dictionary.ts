import type { PublishedRelease } from '../../release/published';
import { POPULATIONS, SHORTHAND } from '../figures';
import { TABLE_FORMATS } from '../formats/addresses';
import { TIDY_COLUMNS, TidyColumn } from '../formats/columns';
import type { DiversityDictionary } from './dictionary.dto';
import { formulas } from './formulas';

/** The dictionary of a release, or of none yet: from the definitions that the files themselves are made by. */
export function dictionary(release: PublishedRelease | null): DiversityDictionary {
  const columns: readonly TidyColumn[] = TIDY_COLUMNS;
  return {
    release: release && { id: release.id, number: release.number },
    columns: columns.map(({ optional, ...column }) => ({ ...column, optional: optional ?? false })),
    statuses: [
      { code: '', label: '', means: 'The number stands as it is: rounded.' },
      ...Object.entries(SHORTHAND).map(([code, { mark, means }]) => ({ code, label: mark, means })),
    ],
    populations: Object.entries(POPULATIONS).map(([code, entry]) => ({ code, ...entry })),
    formats: Object.entries(TABLE_FORMATS).map(([code, { label, mediaType }]) => ({ code, label, means: mediaType })),
    formulas: formulas(),
    characteristics: (release?.characteristics ?? []).map((characteristic) => ({
      ...characteristic,
      threshold: release?.thresholds[characteristic.key] ?? release?.threshold ?? 0,
    })),
    tables: (release?.tables ?? []).map(({ key, title, level, population, characteristic, byHub }) => ({
      ...{ key, title, level, population, characteristic },
      byEthnicGroup: byHub,
    })),
  };
}
