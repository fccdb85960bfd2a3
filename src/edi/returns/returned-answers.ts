import type { Tx } from '../../kernel/db/tx';
import type { Intake, PseudonymousRow } from './intake.service';
import { columnOf, SOURCES } from './question-set';
import type { ReturnedCount } from './reading/count-table';

const AT_ONCE = 5_000;
const COLUMNS = SOURCES.map(({ key }) => columnOf(key));
const several = SOURCES.map((source) => source.several === true);
const values = SOURCES.map((_, i) => (several[i] ? `string_to_array(r.c${i}, ' ')` : `r.c${i}`));

const ROWS = `
  INSERT INTO edi_answers.returned_row (return_id, organisation_id, pseudonym, stage, ${COLUMNS.join(', ')})
  SELECT $1::uuid, r.organisation_id, r.pseudonym, r.stage, ${values.join(', ')}
  FROM unnest($2::uuid[], $3::bytea[], $4::text[], ${SOURCES.map((_, i) => `$${i + 5}::text[]`).join(', ')})
    AS r(organisation_id, pseudonym, stage, ${SOURCES.map((_, i) => `c${i}`).join(', ')})
  ORDER BY gen_random_uuid()`;

const COUNTS = `
  INSERT INTO edi_answers.returned_count (return_id, organisation_id, stage, characteristic, code, low, high, people)
  SELECT $1::uuid, $2::uuid, c.stage, c.characteristic, c.code, sum(c.low)::integer, sum(c.high)::integer, sum(c.people)::integer
  FROM unnest($3::text[], $4::text[], $5::text[], $6::integer[], $7::integer[], $8::integer[]) AS c(stage, characteristic, code, low, high, people)
  GROUP BY c.stage, c.characteristic, c.code`;

/**
 * Stores what a return holds, in its transaction, in no order. An objection that comes at the same moment waits till this is done and
 * then finds the rows; those that came before are honoured here, and how many they are is told to nobody.
 */
export async function storeAnswers(
  tx: Tx,
  returnId: string,
  organisationId: string,
  { people, counts }: Intake,
): Promise<void> {
  for (let at = 0; at < people.length; at += AT_ONCE) await storeRows(tx, returnId, people.slice(at, at + AT_ONCE));
  if (counts.length > 0) await storeCounts(tx, returnId, organisationId, counts);
  if (people.every(({ pseudonym }) => pseudonym === null)) return;
  await tx.query('LOCK TABLE edi_answers.objection, edi_answers.objection_by_address IN SHARE MODE');
  const nothing = SOURCES.map(({ key }, i) => `${columnOf(key)} = ${several[i] ? "'{not-known}'" : "'not-known'"}`);
  await tx.query(
    `UPDATE edi_answers.returned_row r SET ${nothing.join(', ')} FROM edi_answers.objection o
     WHERE r.return_id = $1 AND o.pseudonym = r.pseudonym`,
    [returnId],
  );
  const known = people.filter(({ pseudonym, address }) => pseudonym && address);
  for (let at = 0; at < known.length; at += AT_ONCE) {
    const some = known.slice(at, at + AT_ONCE);
    await tx.query(
      `UPDATE edi_answers.returned_row r SET ${nothing.join(', ')}
       FROM unnest($2::bytea[], $3::bytea[]) AS k(pseudonym, address)
       WHERE r.return_id = $1 AND r.pseudonym = k.pseudonym
         AND EXISTS (SELECT FROM edi_answers.objection_by_address o WHERE o.address = k.address)`,
      [returnId, some.map(({ pseudonym }) => pseudonym), some.map(({ address }) => address)],
    );
  }
}

async function storeRows(tx: Tx, returnId: string, rows: readonly PseudonymousRow[]): Promise<void> {
  await tx.query(ROWS, [
    returnId,
    rows.map((row) => row.organisationId),
    rows.map((row) => row.pseudonym),
    rows.map((row) => row.stage),
    ...SOURCES.map((_, i) => rows.map((row) => row.codes[i] ?? 'not-known')),
  ]);
}

async function storeCounts(
  tx: Tx,
  returnId: string,
  organisationId: string,
  counts: readonly ReturnedCount[],
): Promise<void> {
  await tx.query(COUNTS, [
    returnId,
    organisationId,
    counts.map((one) => one.stage),
    counts.map((one) => one.characteristic),
    counts.map((one) => one.code),
    counts.map((one) => one.low),
    counts.map((one) => one.high),
    counts.map((one) => one.people),
  ]);
}

/** Deletes the answers of a return that was replaced; that it was there stays on record. */
export async function deleteAnswers(tx: Tx, returnId: string): Promise<void> {
  await tx.query('DELETE FROM edi_answers.returned_row WHERE return_id = $1', [returnId]);
  await tx.query('DELETE FROM edi_answers.returned_count WHERE return_id = $1', [returnId]);
}
