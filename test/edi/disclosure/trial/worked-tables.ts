import type {
  CategoryCount,
  CellCount,
  Merge,
  Outcome,
  Parameters,
  Release,
  System,
} from '../../../../src/edi/disclosure/model';

/** A table with a known answer, from the literature or worked out by exhaustive search. */
export interface WorkedTable {
  readonly id: string;
  readonly source: string;
  readonly rows: readonly (readonly number[])[];
  readonly threshold: number;
  readonly base: number;
  /** Fewest suppressions beyond those that are under the threshold. */
  readonly optimum: number;
}

const EXHAUSTIVE = 'worked out for this project by exhaustive search with linear programming';
const line = (cells: readonly number[], base: number, optimum: number): WorkedTable => ({
  id: `${cells.join(', ')} to base ${base}`,
  source: EXHAUSTIVE,
  rows: [cells],
  threshold: 8,
  base,
  optimum,
});

/** Children by county and parents' education, a teaching example of the US Federal Committee on Statistical Methodology. */
export const COUNTIES: readonly (readonly number[])[] = [
  [15, 1, 3, 1],
  [20, 10, 10, 15],
  [3, 10, 10, 2],
  [12, 14, 7, 2],
];
const THREE_BY_THREE = [
  [40, 12, 3],
  [25, 30, 18],
  [9, 14, 22],
];

/** Tables whose fewest complementary suppressions are known. */
export const WORKED_TABLES: readonly WorkedTable[] = [
  {
    id: 'counties by education',
    source: 'FCSM Statistical Policy Working Paper 22 (1994); optimum worked out for this project',
    rows: COUNTIES,
    threshold: 5,
    base: 1,
    optimum: 3,
  },
  { id: 'three by three, exact', source: EXHAUSTIVE, rows: THREE_BY_THREE, threshold: 8, base: 1, optimum: 3 },
  { id: 'three by three, to base 5', source: EXHAUSTIVE, rows: THREE_BY_THREE, threshold: 8, base: 5, optimum: 0 },
  line([1, 10, 15, 25], 1, 1),
  line([1, 10, 15, 25], 5, 0),
  line([8, 8, 1], 5, 1),
  line([40, 35, 6, 5], 1, 0),
  line([40, 35, 1, 1], 1, 1),
  line([0, 100, 3], 1, 1),
];

/** Rules with one threshold for everything. */
export const plainRules = (
  threshold: number,
  base: number,
  zeros: 'shown' | 'whenNeeded' = 'whenNeeded',
): Parameters => ({
  base,
  rule: { threshold, zeros, sensitive: false },
  characteristics: {},
});

/**
 * One table with its margins as a system: rows are the hub's categories (`r1`, `r2`...), columns those of the one other
 * characteristic (`c1`...). A table of one row is a characteristic by itself, and is taken as the hub.
 */
export function tableSystem(rows: readonly (readonly number[])[]): System {
  const flat = rows.length === 1;
  const [first = []] = rows;
  const hub = { id: 'row', categories: (flat ? first : rows).map((_, i) => `r${i + 1}`) };
  const columns = { id: 'column', categories: first.map((_, i) => `c${i + 1}`) };
  const at = { leaf: 'leaf', stage: 'registered' };
  const people: CellCount[] = hub.categories.map((category, r) => ({
    ...at,
    hub: category,
    people: flat ? (first[r] ?? 0) : (rows[r] ?? []).reduce((sum, count) => sum + count, 0),
  }));
  const counts: CategoryCount[] = flat
    ? []
    : rows.flatMap((row, r) =>
        row.map((count, c) => ({
          ...at,
          hub: `r${r + 1}`,
          characteristic: 'column',
          category: `c${c + 1}`,
          people: count,
        })),
      );
  return {
    stages: ['registered'],
    populations: [{ id: 'registered', stages: ['registered'] }],
    hub,
    characteristics: flat ? [] : [columns],
    leaves: ['leaf'],
    units: [
      { id: 'everywhere', level: 'all', leaves: ['leaf'] },
      { id: 'leaf', level: 'leaf', leaves: ['leaf'] },
    ],
    catalogue: {
      id: 'one table',
      leafLevel: 'leaf',
      minimumLeafSize: 0,
      tables: [{ level: 'all', population: 'registered', by: flat ? ['row'] : ['hub', 'column'] }],
    },
    people,
    counts,
    earlier: [],
  };
}

/** Key of a cell of such a table, `0` standing for all rows or all columns. */
export function cellKey(row: number, column = 0): string {
  return `everywhere|registered|${row === 0 ? '*' : `r${row}`}|${column === 0 ? '*|*' : `column|c${column}`}`;
}

/** What is published of a system, as anyone can read it. */
export function releaseOf(
  system: System,
  parameters: Parameters,
  { figures, merges = [] }: { figures: ReadonlyMap<string, Outcome>; merges?: readonly Merge[] },
  id = 'release',
): Release {
  return { id, units: system.units, catalogue: system.catalogue, parameters, merges, figures };
}
