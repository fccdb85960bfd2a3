import type { Query } from '../../kernel/privacy/query';
import type { Intake } from './intake.service';
import { shownRange } from './reading/count-cell';

/** How many people a return is about; two numbers where its tables withhold some. */
export interface Size {
  low: number;
  high: number;
}

/** Sizes are very different where one is at least so many times the other, and at least so many people apart. */
const TIMES = 2;
const APART = 10;

const STORED = `
  SELECT coalesce(max(low), 0)::integer AS low, coalesce(min(high), 0)::integer AS high
  FROM (
    SELECT nullif(count(*), 0) AS low, nullif(count(*), 0) AS high FROM edi_answers.returned_row WHERE return_id = $1
    UNION ALL
    SELECT sum(low), sum(high) FROM edi_answers.returned_count
    WHERE return_id = $1 AND characteristic <> 'impairment' GROUP BY characteristic
  ) AS told`;

/** How many people the return that stands is about. For the organisation that sent it, and for nobody else. */
export async function storedSize(q: Query, returnId: string): Promise<Size> {
  const [size] = await q.query<{ low: number; high: number }>(STORED, [returnId]);
  return size ?? { low: 0, high: 0 };
}

/** How many people a file is about: each question with one answer is about all of them. */
export function sizeOf({ people, counts }: Pick<Intake, 'people' | 'counts'>): Size {
  if (people.length > 0) return { low: people.length, high: people.length };
  const questions = new Map<string, Size>();
  for (const { characteristic, low, high } of counts) {
    const sum = questions.get(characteristic) ?? { low: 0, high: 0 };
    questions.set(characteristic, { low: sum.low + low, high: sum.high + high });
  }
  questions.delete('impairment');
  const sizes = [...questions.values()];
  if (sizes.length === 0) return { low: 0, high: 0 };
  return { low: Math.max(...sizes.map(({ low }) => low)), high: Math.min(...sizes.map(({ high }) => high)) };
}

/** Says so where a return is about far fewer or far more people than the one whose place it takes; else nothing. */
export function sizeNotes(now: Size, before: Size): string[] {
  const [small, large] = [middle(now), middle(before)].sort((a, b) => a - b) as [number, number];
  if (large < small * TIMES || large - small < APART) return [];
  return [
    `This return has ${shownRange(now)} people; the one that it replaces had ${shownRange(before)}. Check that it holds everybody, and nobody twice.`,
  ];
}

const middle = ({ low, high }: Size): number => (low + high) / 2;
