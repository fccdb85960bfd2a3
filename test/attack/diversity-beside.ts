import type { Outcome, Release, System } from '../../src/edi/disclosure/model';
import type { FromOutside } from './diversity-outside';
import { known, STAGES_ALONE } from './diversity-outside';
import type { Whole } from './diversity-published';
import type { ROWS } from './diversity-returned';

/** What the report on reach tells of a quarter, in total and by one breakdown. */
export interface ReachTold {
  total: ReachLine;
  rows: ReachLine[];
}
interface ReachLine {
  reached: number | null;
  interested: number | null;
  selected: number | null;
  tookPart: number | null;
  gaps: { figure: string; why: string }[];
}

/** Below this a count of the report is withheld, and it is rounded to a multiple of the other. Both stand in its explanation. */
const WITHHELD_BELOW = 8;
const STEP = 5;

/**
 * The most that a count of the report can be: from its total, and from each breakdown whose lines add up to no less than it.
 * Undefined where it is not told at all.
 */
export function mostOf(reports: readonly ReachTold[], figure: 'interested' | 'tookPart'): number | undefined {
  const most = (line: ReachLine): number => {
    const told = line[figure];
    if (told !== null) return told === 0 ? 0 : told + Math.floor(STEP / 2);
    return line.gaps.some((gap) => gap.figure === figure && gap.why === 'small') ? WITHHELD_BELOW - 1 : Infinity;
  };
  const sums = reports.flatMap(({ total, rows }) => [
    most(total),
    ...(rows.length > 0 ? [rows.reduce((sum, line) => sum + most(line), 0)] : []),
  ]);
  const least = Math.min(...sums);
  return least === Infinity ? undefined : least;
}

/**
 * What the report on reach says of the people in the tables. It counts interests and parts, of which one person can have many, and
 * people without a home organisation have some; so each count is the most that these people can be, never the least:
 * whoever took part has a part in a project, and whoever came as far as being interested an interest. Of people who were selected
 * it says nothing, since an involvement that begins makes a person selected and is not counted as an offer; nor does it of people
 * reached, which are showings. People of an organisation that was held, or that returned rows of its own, are not the people
 * whose interests and parts are counted.
 */
export function fromReach(id: string, whole: Whole, read: FromOutside, reports: readonly ReachTold[]): Release[] {
  const leaves = whole.units
    .filter((unit) => unit.organisationId !== null && !unit.held && unit.form === 'records')
    .flatMap((unit) => read.release.units.find((one) => one.id === unit.key)?.leaves ?? []);
  return (['interested', 'tookPart'] as const).flatMap((figure) => {
    const most = mostOf(reports, figure);
    if (most === undefined) return [];
    const stage = figure === 'tookPart' ? 'only-took-part' : 'only-interested';
    return [known(`${id}:${figure}`, leaves, new Map([[`${stage}|*|*|*`, '-']]), most)];
  });
}

/** What an organisation knows of its own people: everything, row by row. */
export function fromInside(system: System, leaf: string, rows: typeof ROWS): Release {
  const figures = new Map<string, number>();
  for (const { id, stages } of STAGES_ALONE)
    for (const hub of system.hub.categories) {
      const own = rows.filter((row) => stages.includes(row.stage) && row['ethnic-group'] === hub);
      figures.set(`${id}|${hub}|*|*`, own.length);
      for (const { id: characteristic, categories } of system.characteristics)
        for (const category of characteristic in ROWS_HAVE ? categories : [])
          figures.set(
            `${id}|${hub}|${characteristic}|${category}`,
            own.filter((row) => row[characteristic as keyof typeof ROWS_HAVE] === category).length,
          );
    }
  return known('inside', [leaf], figures);
}
const ROWS_HAVE = { sex: true, religion: true, 'gender-identity': true } as const;

/**
 * Every figure of units with this organisation in them, as one of all others in the unit, withheld. By subtraction an organisation
 * is nearer to these than anybody else.
 */
export function ofTheOthers(release: Release, leaf: string): Release {
  const units = release.units.filter(({ leaves }) => leaves.includes(leaf) && leaves.length > 1);
  const within = new Set(units.map((unit) => unit.id));
  const figures = [...release.figures.keys()].flatMap((key): [string, Outcome][] => {
    const [unit = '', ...place] = key.split('|');
    return within.has(unit) ? [[[`${unit}-others`, ...place].join('|'), 'c']] : [];
  });
  return {
    ...release,
    id: `${release.id}:others`,
    units: units.map(({ id, leaves }) => ({
      ...{ id: `${id}-others`, level: 'others' },
      leaves: leaves.filter((one) => one !== leaf),
    })),
    catalogue: { ...release.catalogue, tables: [] },
    figures: new Map(figures),
  };
}
