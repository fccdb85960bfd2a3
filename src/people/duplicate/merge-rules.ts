import type { Tx } from '../../kernel/db/tx';
import { forgetFor } from '../consent/resting-on-consent';
import { onMerge } from '../contributor/merge-registry';

/** What a merge does with the rows of this area and of the kernel. */

onMerge({ table: 'people.contributor_organisation', column: 'contributor_id', move: moveTies });

onMerge({
  table: 'people.merged_contributor',
  column: 'kept_id',
  move: async (tx, kept, gone) => {
    await tx.query('UPDATE people.merged_contributor SET kept_id = $1 WHERE kept_id = $2', [kept, gone]);
    await tx.query('INSERT INTO people.merged_contributor (gone_id, kept_id, merged_at) VALUES ($1, $2, $3)', [
      gone,
      kept,
      tx.at,
    ]);
  },
});

// A code for the record that goes would tie somebody to a record that they were not told of.
onMerge({
  table: 'people.link_code',
  column: 'contributor_id',
  move: async (tx, _kept, gone) => {
    await tx.query('DELETE FROM people.link_code WHERE contributor_id = $1', [gone]);
  },
});

// Messages are kept as they were made, also whom they were for: those of the record that goes go with it.
onMerge({
  table: 'kernel.outbox_message',
  column: 'person_id',
  move: async (tx, _kept, gone) => {
    await tx.query('DELETE FROM kernel.outbox_message WHERE person_id = $1', [gone]);
  },
});

onMerge({ table: 'kernel.consent', column: 'person_id', move: moveConsents });

onMerge({
  table: 'kernel.objection',
  column: 'person_id',
  move: async (tx, kept, gone) => {
    // Of two that stand, the earlier goes on.
    await tx.query(
      `UPDATE kernel.objection o SET withdrawn_at = greatest(o.at, $3), version = version + 1, updated_at = now()
       FROM (SELECT id, row_number() OVER (PARTITION BY purpose ORDER BY at, id) AS place FROM kernel.objection
         WHERE person_id IN ($1, $2) AND withdrawn_at IS NULL) p
       WHERE p.id = o.id AND p.place > 1`,
      [kept, gone, tx.at],
    );
    await tx.query('UPDATE kernel.objection SET person_id = $1 WHERE person_id = $2', [kept, gone]);
  },
});

/** Of two consents that stand, the newer goes on. A withdrawal after it, in either record, counts for the person. */
async function moveConsents(tx: Tx, kept: string, gone: string): Promise<void> {
  await tx.query(
    `UPDATE kernel.consent c SET withdrawn_at = greatest(c.given_at, $3), ended_because = 'renewed', version = version + 1, updated_at = now()
     FROM (SELECT id, row_number() OVER (PARTITION BY purpose ORDER BY given_at DESC, id DESC) AS place FROM kernel.consent
       WHERE person_id IN ($1, $2) AND withdrawn_at IS NULL) p
     WHERE p.id = c.id AND p.place > 1`,
    [kept, gone, tx.at],
  );
  await tx.query('UPDATE kernel.consent SET person_id = $1 WHERE person_id = $2', [kept, gone]);
  const ended = await tx.query<{ purpose: string }>(
    `UPDATE kernel.consent c SET withdrawn_at = greatest(c.given_at, $2), ended_because = 'withdrawn', version = version + 1, updated_at = now()
     WHERE c.person_id = $1 AND c.withdrawn_at IS NULL AND EXISTS (SELECT FROM kernel.consent w
       WHERE w.person_id = $1 AND w.purpose = c.purpose AND w.ended_because = 'withdrawn' AND w.withdrawn_at > c.given_at)
     RETURNING c.purpose`,
    [kept, tx.at],
  );
  for (const { purpose } of ended) await forgetFor(tx, kept, purpose);
}

interface Tie {
  id: string;
  organisation_id: string;
  from: string;
  until: string | null;
  reference: string | null;
}

/** Ties to one organisation that overlap become one, from the earlier day to the later. */
async function moveTies(tx: Tx, kept: string, gone: string): Promise<void> {
  const ties = await tx.query<Tie>(
    'SELECT id, organisation_id, "from", until, reference FROM people.contributor_organisation WHERE contributor_id = $1 ORDER BY id',
    [gone],
  );
  for (const tie of ties) {
    const overlapping = await tx.query<Tie>(
      `SELECT id, organisation_id, "from", until, reference FROM people.contributor_organisation
       WHERE contributor_id = $1 AND organisation_id = $2 AND daterange("from", until) && daterange($3::date, $4::date) ORDER BY "from"`,
      [kept, tie.organisation_id, tie.from, tie.until],
    );
    const [first, ...others] = overlapping;
    if (!first) {
      await tx.query(
        'UPDATE people.contributor_organisation SET contributor_id = $1, home = false, version = version + 1, updated_at = now() WHERE id = $2',
        [kept, tie.id],
      );
      continue;
    }
    const all = [tie, ...overlapping];
    const untils = all.flatMap((one) => one.until ?? []);
    await tx.query('DELETE FROM people.contributor_organisation WHERE id = ANY($1::uuid[])', [
      [tie.id, ...others.map((one) => one.id)],
    ]);
    await tx.query(
      'UPDATE people.contributor_organisation SET "from" = $2, until = $3, reference = $4, version = version + 1, updated_at = now() WHERE id = $1',
      [
        first.id,
        all.map((one) => one.from).sort()[0],
        untils.length < all.length ? null : untils.sort().at(-1),
        overlapping.find((one) => one.reference !== null)?.reference ?? tie.reference,
      ],
    );
  }
  await tx.query(
    `UPDATE people.contributor_organisation SET home = true WHERE id = (
       SELECT id FROM people.contributor_organisation WHERE contributor_id = $1 AND until IS NULL
         AND NOT EXISTS (SELECT FROM people.contributor_organisation WHERE contributor_id = $1 AND home)
       ORDER BY "from", id LIMIT 1)`,
    [kept],
  );
}
