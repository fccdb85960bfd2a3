import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { BadInput, Fault, NotFound, NotSignedIn } from '../../kernel/errors/problem';
import { READ_EXACT_REACH } from '../permissions';
import { Told, toldColumn, toldTotal, wholeQuarter } from './disclosure';
import { FIGURES, Figure, ReachQuery, ReachReport, ReachRow } from './reach.dto';
import { DEFINITIONS, EXACT, labelOf, PROTECTED, SAYS, valuesOf } from './reach-words';

const SQL = readFileSync(join(__dirname, 'reach.sql'), 'utf8');
const LONGEST_DAYS = 3660;
const DAY_MS = 86_400_000;

/** One row of reach.sql: a value of the dimension, or the total. */
export interface ReachCount {
  /** Null in the total. */
  value: string | null;
  total: boolean;
  /** Name of the organisation, where that is the dimension. */
  label: string | null;
  reached: number;
  interested: number;
  selected: number;
  took_part: number;
}

/** Whose figures are asked for, and whether exactly. */
interface Whose {
  exact: boolean;
  /** Organisations; null for all. */
  organisations: readonly string[] | null;
}

/** The report on reach. */
@Injectable()
export class ReachService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
  ) {}

  async report(who: Actor, query: ReachQuery): Promise<ReachReport> {
    const whose = this.whose(who, query);
    this.mustBeAPeriod(query, whose);
    const { from, to, by } = query;
    const counts = await this.db.query<ReachCount>(SQL, [from, to, whose.organisations, by ?? 'none']);
    const total = counts.find((count) => count.total) ?? nothing(null);
    const lines = by ? this.lines(query, counts, whose) : [];
    const head = { from, to, by: by ?? null, organisationId: query.organisation ?? null, definitions: DEFINITIONS };
    if (whose.exact)
      return {
        ...head,
        exact: true,
        disclosure: EXACT,
        total: exactRow(total, query),
        rows: lines.map((line) => exactRow(line, query)),
      };
    const columns = new Map(FIGURES.map((figure) => [figure, toldColumn(lines.map((line) => countOf(line, figure)))]));
    return {
      ...head,
      exact: false,
      disclosure: PROTECTED,
      total: row(total, query, (figure) => toldTotal(countOf(total, figure))),
      rows: lines.map((line, i) =>
        row(line, query, (figure) => columns.get(figure)?.[i] ?? { count: null, why: 'not-known' }),
      ),
    };
  }

  /** One line for each value: of closed lists all of them, so that which lines there are says nothing. */
  private lines({ by, from, to }: ReachQuery, counts: ReachCount[], whose: Whose): ReachCount[] {
    const found = new Map(counts.flatMap((count) => (count.value === null ? [] : [[count.value, count] as const])));
    const always = valuesOf(by, from, to);
    const values = whose.exact
      ? [...always, ...[...found.keys()].filter((value) => !always.includes(value)).sort()]
      : always;
    // Views are told without a channel: they are in the total, and in no line.
    return values.filter((value) => value !== 'not-known').map((value) => found.get(value) ?? nothing(value));
  }

  private whose(who: Actor, { organisation, by }: ReachQuery): Whose {
    if (organisation !== undefined) {
      if (who.kind === 'anonymous')
        throw new NotSignedIn(
          'not_signed_in',
          'Exact figures of an organisation need a bearer token. Without one, leave organisation out.',
        );
      if (!who.mayFor(READ_EXACT_REACH, organisation)) throw new NotFound('No organisation of yours has this id.');
      return { exact: true, organisations: [organisation] };
    }
    if (by !== 'organisation') return { exact: false, organisations: null };
    const { everywhere, organisations } = who.reach(READ_EXACT_REACH);
    if (everywhere) return { exact: true, organisations: null };
    if (organisations.length === 0)
      throw wrong(
        'by',
        'not_public',
        'Figures by organisation are for those who may see the exact figures of theirs. Leave this out, or choose another.',
      );
    return { exact: true, organisations };
  }

  private mustBeAPeriod({ from, to }: ReachQuery, whose: Whose): void {
    if (to < from) throw wrong('to', 'ends_before_it_begins', 'Send a last day that is not before the first.');
    if (Date.parse(to) - Date.parse(from) > LONGEST_DAYS * DAY_MS)
      throw wrong('to', 'too_long', 'Ask for at most ten years.');
    if (whose.exact) return;
    if (!wholeQuarter(from, to))
      throw wrong(
        'from',
        'whole_quarter_needed',
        'National figures are given by quarters: send the first and the last day of one, such as 2026-07-01 and 2026-09-30.',
      );
    if (to >= this.clock.today())
      throw wrong('to', 'not_over', 'This quarter is not over yet. Ask for an earlier one.');
  }
}

const wrong = (at: string, code: string, message: string): BadInput =>
  new BadInput([{ in: 'query', at, code, message } satisfies Fault]);

const nothing = (value: string | null): ReachCount => ({
  value,
  total: value === null,
  label: null,
  reached: 0,
  interested: 0,
  selected: 0,
  took_part: 0,
});

const countOf = (count: ReachCount, figure: Figure): number =>
  figure === 'tookPart' ? count.took_part : count[figure];

const exactRow = (count: ReachCount, query: ReachQuery): ReachRow =>
  row(count, query, (figure) => ({ count: countOf(count, figure), why: null }));

function row(count: ReachCount, { by }: ReachQuery, tell: (figure: Figure) => Told): ReachRow {
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
