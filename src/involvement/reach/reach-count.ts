import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '../../kernel/db/db';
import type { Figure, ReachBy } from './reach.dto';

const SQL = readFileSync(join(__dirname, 'reach.sql'), 'utf8');

/** By what is counted; none for the total alone. */
export type Cut = ReachBy | 'none';

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

/** What was counted by one dimension. */
export interface Counted {
  total: ReachCount;
  /** The values that occur. */
  values: ReachCount[];
}

/**
 * True counts, by each dimension, all from one moment.
 * @param period first and last day, as YYYY-MM-DD in UK time
 * @param organisations whose opportunities and projects count; null for all
 */
export async function countReach(
  door: Pick<Db, 'query'>,
  { from, to }: { from: string; to: string },
  organisations: readonly string[] | null,
  cuts: readonly Cut[],
): Promise<(cut: Cut) => Counted> {
  const rows = await door.query<ReachCount & { dimension: Cut }>(SQL, [from, to, organisations, cuts]);
  return (cut) => {
    const counts = rows.filter((row) => row.dimension === cut);
    return { total: counts.find((count) => count.total) ?? nothing(null), values: counts.filter((one) => !one.total) };
  };
}

/** A count of nought: of a value that does not occur, or where there is nothing at all. */
export const nothing = (value: string | null): ReachCount => ({
  value,
  total: value === null,
  label: null,
  reached: 0,
  interested: 0,
  selected: 0,
  took_part: 0,
});

export const countOf = (count: ReachCount, figure: Figure): number =>
  figure === 'tookPart' ? count.took_part : count[figure];
