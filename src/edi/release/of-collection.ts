import type { Tx } from '../../kernel/db/tx';
import { constraint } from '../../kernel/errors/describe';
import { Refused } from '../../kernel/errors/problem';
import { inWords, lastDay } from '../report/figures';

interface Period {
  from: string;
  until: string;
}

const CODE = 'collection_of_another_period';
const DO = 'Send the period of the collection as "from" and "until", or the collection of this period as collectionId.';

const days = ({ from, until }: Period): string => `${inWords(from)} to ${inWords(lastDay(until))}`;

/**
 * Refuses a release unless it is about the days that its collection is about, and names both periods. Postgres sees to it in any case. An
 * unknown collection is left to the foreign key.
 */
export async function mustBeOfItsPeriod(
  tx: Tx,
  { collectionId, ...period }: Period & { collectionId?: string | null },
): Promise<void> {
  if (!collectionId || period.until <= period.from) return;
  const [of] = await tx.query<Period>('SELECT "from", until FROM edi.collection WHERE id = $1', [collectionId]);
  if (!of || (of.from === period.from && of.until === period.until)) return;
  throw new Refused(CODE, `The collection is about ${days(of)}, this release about ${days(period)}. ${DO}`, [
    {
      in: 'body',
      at: '/collectionId',
      code: CODE,
      message: `Send a collection about ${days(period)}, or another period.`,
    },
  ]);
}

constraint('release_of_its_period', 422, CODE, `The collection is about other days than this release. ${DO}`);
