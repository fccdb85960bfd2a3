import { isCount } from './count-cell';
import type { GridRow } from './grid';
import { knownHeadings, Mapping } from './headings';
import { characteristicNamed, tidyColumns } from './tidy';
import { plain, Vocabulary } from './vocabulary';

/** How much the first rows of a sheet look like a return: 0 is not at all. */
export type Fit = (rows: readonly GridRow[]) => number;

/** More than any other table of counts can have. */
const AS_THE_TEMPLATE = 1_000;

/** Rows of people: by how many of its headings have a meaning. */
export function rowsFit(vocabulary: Vocabulary, mapping: Mapping): Fit {
  const known = knownHeadings(vocabulary);
  return ([headings]) =>
    headings?.cells.filter((cell) => mapping.headings.has(plain(cell)) || known.has(plain(cell))).length ?? 0;
}

/** Counts: headings as the template has them, else rows with numbers, and the more the more of their questions are named. */
export function countsFit(vocabulary: Vocabulary, mapping: Mapping): Fit {
  return (rows) => {
    if (tidyColumns(rows[0]?.cells ?? [])) return AS_THE_TEMPLATE;
    if (!rows.some(({ cells }) => cells.some((cell, i) => i > 0 && isCount(cell)))) return 0;
    const named = rows.filter(({ cells }) =>
      cells.some((cell) => characteristicNamed(cell, vocabulary, mapping) !== undefined),
    );
    return 1 + named.length;
  };
}
