import { type Told, toldColumn, toldTotal, withRelease } from './disclosure';
import { FIGURES, type Figure, type ReachBy, type ReachReport, type ReachRow } from './reach.dto';
import { type Counted, countOf, nothing, type ReachCount } from './reach-count';
import { DEFINITIONS, EXACT, labelOf, PROTECTED, SAYS, valuesOf } from './reach-words';

/** What is shown of a count: its figures, and what is said about them. */
export type ReachFigures = Pick<ReachReport, 'disclosure' | 'definitions' | 'total' | 'rows'>;

/** By what over which days. */
interface Asked {
  from: string;
  to: string;
  by?: ReachBy;
}

/** The figures as they are, for those who may see them. */
export function exactFigures(counted: Counted, asked: Asked): ReachFigures {
  const exact = (count: ReachCount): ReachRow =>
    row(count, asked.by, (figure) => ({ count: countOf(count, figure), why: null }));
  const lines = asked.by ? linesOf(counted, asked, true) : [];
  return { disclosure: EXACT, definitions: DEFINITIONS, total: exact(counted.total), rows: lines.map(exact) };
}

/**
 * The figures as everybody may see them, by the rules of `disclosure.ts`.
 * @param withheld figures that the release says nothing of, since its tables withhold the people behind them
 */
export function protectedFigures(counted: Counted, asked: Asked, withheld: readonly Figure[] = []): ReachFigures {
  const lines = asked.by ? linesOf(counted, asked, false) : [];
  const columns = new Map(
    FIGURES.map((figure) => [
      figure,
      withheld.includes(figure) ? lines.map(() => withRelease) : toldColumn(lines.map((line) => countOf(line, figure))),
    ]),
  );
  return {
    disclosure: PROTECTED,
    definitions: DEFINITIONS,
    total: row(counted.total, asked.by, (figure) =>
      withheld.includes(figure) ? withRelease : toldTotal(countOf(counted.total, figure)),
    ),
    rows: lines.map((line, i) =>
      row(line, asked.by, (figure) => columns.get(figure)?.[i] ?? { count: null, why: 'not-known' }),
    ),
  };
}

/** One line for each value: of closed lists all of them, so that which lines there are says nothing. */
function linesOf({ values }: Counted, { by, from, to }: Asked, exact: boolean): ReachCount[] {
  const found = new Map(values.flatMap((count) => (count.value === null ? [] : [[count.value, count] as const])));
  const always = valuesOf(by, from, to);
  const all = exact ? [...always, ...[...found.keys()].filter((value) => !always.includes(value)).sort()] : always;
  // Views are told without a channel: they are in the total, and in no line.
  return all.filter((value) => value !== 'not-known').map((value) => found.get(value) ?? nothing(value));
}

function row(count: ReachCount, by: ReachBy | undefined, tell: (figure: Figure) => Told): ReachRow {
  const told = (figure: Figure): Told =>
    by === 'channel' && figure === 'reached' && !count.total ? { count: null, why: 'not-known' } : tell(figure);
  return {
    value: count.value,
    label: count.label ?? labelOf(by, count.value),
    reached: told('reached').count,
    interested: told('interested').count,
    selected: told('selected').count,
    tookPart: told('tookPart').count,
    gaps: FIGURES.flatMap((figure) => {
      const { why } = told(figure);
      return why === null ? [] : [{ figure, why, says: SAYS[why] }];
    }),
  };
}
