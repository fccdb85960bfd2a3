import { Problem } from '../../kernel/errors/problem';
import type { ReturnForm } from '../collection/collection.entity';
import { readCounts } from './reading/counts';
import type { ReturnedCount } from './reading/count-table';
import { readCsv } from './reading/csv';
import { Faults } from './reading/fault';
import { countsFit, rowsFit } from './reading/fit';
import type { Mapping } from './reading/headings';
import { ReturnedPerson, readRows } from './reading/rows';
import type { Told } from './reading/told';
import type { Vocabulary } from './reading/vocabulary';
import { readXlsx } from './reading/xlsx/sheet';

export const CSV = 'text/csv';
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A file of a return as it came. */
export interface ReturnFile {
  bytes: Buffer;
  /** Its content type, with or without parameters. */
  type: string;
}

/** What a file is read against. */
export interface FileSetting {
  vocabulary: Vocabulary;
  mapping: Mapping;
  form: ReturnForm;
  /** Last day of the period. */
  day: string;
  questionSet: string;
  regionOf: (outward: string) => string | undefined;
  suppressedBelow: number | undefined;
}

/** What stood in the file. People and counts are empty where there are faults. */
export interface ReadReturn {
  people: ReturnedPerson[];
  counts: ReturnedCount[];
  rows: number;
  notes: string[];
  /** What the file can tell; null: all that is asked. */
  told: Told | null;
}

/** Reads the file of a return. @throws 400 or 413 where it cannot be read; all else is collected as faults */
export async function readReturn(
  file: ReturnFile | undefined,
  setting: FileSetting,
  faults: Faults,
): Promise<ReadReturn> {
  const nothing = { people: [], counts: [], rows: 0, notes: [], told: null };
  if (setting.form === 'live') {
    if (file)
      throw new Problem(
        400,
        'body_not_expected',
        'A live return has no file: the answers that people gave here are counted. Send it without a body.',
      );
    return nothing;
  }
  if (!file) throw new Problem(400, 'body_missing', 'Send the file as the body, as CSV or XLSX.');
  const { vocabulary, mapping } = setting;
  const fit = setting.form === 'counts' ? countsFit(vocabulary, mapping) : rowsFit(vocabulary, mapping);
  const grid = file.type.startsWith(XLSX) ? await readXlsx(file.bytes, faults, fit) : readCsv(file.bytes);
  if (setting.form === 'counts') {
    const { counts, rows, told } = await readCounts(grid, setting, faults);
    return { ...nothing, counts, rows, told, notes: [...new Set(grid.notes)] };
  }
  const { people, rows, told } = await readRows(
    grid,
    { ...setting, identified: setting.form === 'identified-rows' },
    faults,
  );
  return { ...nothing, people, rows, told, notes: grid.notes };
}
