import type { Tx } from '../../kernel/db/tx';
import { onMerge, whenWithdrawn } from '../../people';
import { INTEREST_TABLE } from './interest.entity';
import { emptyInterests } from './interest-personal';

/** What merging two records, and taking back a consent, do with interests. */

onMerge({ table: INTEREST_TABLE, column: 'contributor_id', move: moveInterests });

/**
 * Both were one person, who has one live interest in an opportunity: the one that is further stays, of equals the one that came
 * first; the other is taken back.
 */
async function moveInterests(tx: Tx, kept: string, gone: string): Promise<void> {
  const ended = await tx.query<{ id: string }>(
    `UPDATE involvement.interest i SET state = 'withdrawn', ended_at = $3, version = version + 1, updated_at = now()
     FROM (
       SELECT id, row_number() OVER (PARTITION BY opportunity_id ORDER BY
         array_position(ARRAY['accepted', 'offered', 'shortlisted', 'reserve', 'received'], state), received_at, id) AS place
       FROM involvement.interest
       WHERE contributor_id IN ($1, $2) AND state IN ('received', 'shortlisted', 'reserve', 'offered', 'accepted')
     ) n
     WHERE n.id = i.id AND n.place > 1 RETURNING i.id`,
    [kept, gone, tx.at],
  );
  for (const { id } of ended) tx.audit('withdrawn_by_merge', 'interest', id, { personId: kept });
  await tx.query(
    `UPDATE involvement.notice SET state = 'dropped', version = version + 1, updated_at = now() WHERE interest_id = ANY($1::uuid[]) AND state = 'owed'`,
    [ended.map((row) => row.id)],
  );
  await tx.query('UPDATE involvement.interest SET contributor_id = $1 WHERE contributor_id = $2', [kept, gone]);
}

/** What was kept on file goes; what is live stays, but will not be kept once it ends. */
whenWithdrawn('keep-on-file', async (tx, contributorId) => {
  const kept = await tx.query<{ id: string }>(
    'SELECT id FROM involvement.interest WHERE contributor_id = $1 AND keep_on_file AND ended_at IS NOT NULL ORDER BY id FOR UPDATE',
    [contributorId],
  );
  await emptyInterests(
    tx,
    kept.map((row) => row.id),
  );
  await tx.query(
    'UPDATE involvement.interest SET keep_on_file = false, version = version + 1, updated_at = now() WHERE contributor_id = $1 AND keep_on_file',
    [contributorId],
  );
});
