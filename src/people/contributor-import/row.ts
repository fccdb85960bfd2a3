import type { SealedFields } from '../contributor/contact';
import type { SaidHow } from '../../kernel/privacy/consents';
import { CellFault, cellText, CellValue, headingOf, IMPORT_COLUMNS, NEEDED } from './columns';

/** What is wrong with one cell. The heading is row 1, as in a spreadsheet. */
export interface RowFault {
  row: number;
  /** Heading of the column; null where the row as a whole is meant. */
  column: string | null;
  code: string;
  message: string;
}

/** What is on record of somebody whom the file names again. */
export interface Known {
  id: string;
  hasEmail: boolean;
  hasPhone: boolean;
  hasAddress: boolean;
  hasSupporter: boolean;
  hasGuardian: boolean;
  hasSafeguarding: boolean;
  /** Whether the home organisation asks for a guardian at 16 and 17. */
  guardianUnder18: boolean;
}

/** One row of the file, read. */
export interface ReadRow {
  row: number;
  reference: string | null;
  /** Value of each column that the file has; null where the cell is empty. */
  cells: Readonly<Record<string, CellValue | null>>;
}

/** Most unknown columns that are named, each with all that are known. */
const MOST_UNKNOWN = 20;

/** The columns of a file, from its first row; faults instead where it cannot be used. */
export function readHeading(cells: readonly string[]): { headings: string[]; faults: RowFault[] } {
  const headings = cells.map(headingOf);
  const fault = (column: string | null, code: string, message: string): RowFault => ({ row: 1, column, code, message });
  const known = Object.keys(IMPORT_COLUMNS);
  const faults = [
    ...headings
      .filter((name) => !known.includes(name))
      .slice(0, MOST_UNKNOWN)
      .map((name) =>
        fault(
          name.slice(0, 100),
          'unknown_heading',
          `There is no column "${name.slice(0, 100)}". Use: ${known.join(', ')}.`,
        ),
      ),
    ...[...new Set(headings.filter((name, i) => known.includes(name) && headings.indexOf(name) !== i))].map((name) =>
      fault(name, 'repeated_heading', `The column "${name}" stands more than once.`),
    ),
    ...NEEDED.filter((name) => !headings.includes(name)).map((name) =>
      fault(name, 'heading_missing', `Add the column "${name}".`),
    ),
  ];
  return { headings, faults };
}

/** One row by itself: each cell's text as its value. Faults are added to the list. */
export function readRow(
  row: number,
  headings: readonly string[],
  written: readonly string[],
  faults: RowFault[],
): ReadRow {
  if (written.length !== headings.length)
    faults.push({
      row,
      column: null,
      code: 'cells_miscounted',
      message: `This row has ${written.length} cells and the heading ${headings.length}. Check its commas and quotation marks.`,
    });
  const cells: Record<string, CellValue | null> = {};
  headings.forEach((heading, i) => {
    const column = IMPORT_COLUMNS[heading];
    const text = cellText(written[i] ?? '');
    if (!column) return;
    cells[heading] = null;
    const fault = (code: string, message: string): void => void faults.push({ row, column: heading, code, message });
    if (text === '') {
      if (column.needed) fault('value_missing', `Fill this in: ${column.says}`);
    } else if (text.length > column.max) fault('text_length', `Write at most ${column.max} characters.`);
    else {
      const value = column.read(text);
      if (value instanceof CellFault) fault(value.code, value.message);
      else cells[heading] = value;
    }
  });
  const { reference } = cells;
  return { row, reference: typeof reference === 'string' ? reference : null, cells };
}

/** The rules that look at several columns, together with what is on record already. */
export function ruleFaults(
  { row, cells }: ReadRow,
  known: Known | undefined,
  guardianUnder18: boolean,
  regions: ReadonlySet<string>,
): RowFault[] {
  const faults: RowFault[] = [];
  const fault = (column: string, code: string, message: string): void =>
    void faults.push({ row, column, code, message });
  const has = (column: string, before: boolean | undefined): boolean =>
    column in cells ? cells[column] !== null : (before ?? false);
  const channel = cells.preferred_channel;
  if (channel === 'email' && !has('email', known?.hasEmail))
    fault('email', 'channel_without_contact', 'The preferred channel is e-mail: give the address.');
  if ((channel === 'phone' || channel === 'text') && !has('phone', known?.hasPhone))
    fault('phone', 'channel_without_contact', `The preferred channel is ${channel}: give the number.`);
  if (channel === 'post' && !has('address', known?.hasAddress))
    fault('address', 'channel_without_contact', 'The preferred channel is post: give the address.');
  if (channel === 'supporter' && !has('supporter_name', known?.hasSupporter))
    fault('supporter_name', 'channel_without_contact', 'The preferred channel is the supporter: name them.');
  if (typeof cells.region === 'string' && !regions.has(cells.region))
    fault('region', 'unknown_region', 'There is no region with this code; GET /v1/regions lists them.');
  pairs(cells, fault);
  const age = cells.age_group;
  if (age === 'under-16' || age === '16-to-17') {
    const needed = age === 'under-16' || (known?.guardianUnder18 ?? guardianUnder18);
    if (needed && !has('guardian_name', known?.hasGuardian))
      fault(
        'guardian_name',
        'guardian_needed',
        "A guardian's agreement is needed at this age: give the four guardian columns.",
      );
    if (!has('safeguarding_name', known?.hasSafeguarding))
      fault('safeguarding_name', 'safeguarding_contact_needed', 'Somebody under 18 needs a safeguarding contact.');
  }
  return faults;
}

/** Columns that only make sense together. */
function pairs(cells: ReadRow['cells'], fault: (column: string, code: string, message: string) => void): void {
  const given = (column: string): boolean => cells[column] !== null && cells[column] !== undefined;
  for (const group of GROUPS) {
    if (!group.all.some(given) && !group.more.some(given)) continue;
    for (const column of group.all.filter((name) => !given(name)))
      fault(column, 'value_missing', `Fill this in too: ${group.all.join(', ')} belong together.`);
  }
}
const GROUPS = [
  { all: ['supporter_name', 'supporter_contact'], more: ['supporter_relation'] },
  { all: ['guardian_name', 'guardian_contact', 'guardian_agreed_at', 'guardian_agreed_how'], more: [] },
  { all: ['safeguarding_name', 'safeguarding_contact'], more: [] },
];

/** The sealed fields that the row says; those whose columns the file lacks are left alone. */
export function sealedFields({ cells }: ReadRow): SealedFields {
  const text = (column: string): string | null => (typeof cells[column] === 'string' ? cells[column] : null);
  const [supporter, guardian, safeguarding] = [
    text('supporter_name'),
    text('guardian_name'),
    text('safeguarding_name'),
  ];
  const agreedAt = cells.guardian_agreed_at;
  return {
    ...('email' in cells ? { email: text('email') } : {}),
    ...('phone' in cells ? { phone: text('phone') } : {}),
    ...('address' in cells ? { address: text('address') } : {}),
    ...('supporter_name' in cells
      ? {
          supporter:
            supporter === null
              ? null
              : { name: supporter, contact: text('supporter_contact') ?? '', relation: text('supporter_relation') },
        }
      : {}),
    ...('guardian_name' in cells
      ? {
          guardian:
            guardian === null || !(agreedAt instanceof Date)
              ? null
              : {
                  name: guardian,
                  contact: text('guardian_contact') ?? '',
                  agreedAt,
                  agreedHow: text('guardian_agreed_how') as SaidHow,
                },
        }
      : {}),
    ...('safeguarding_name' in cells
      ? {
          safeguardingContact:
            safeguarding === null ? null : { name: safeguarding, contact: text('safeguarding_contact') ?? '' },
        }
      : {}),
  };
}
