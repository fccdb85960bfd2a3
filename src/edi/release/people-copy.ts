import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { FurthestStage } from '../../involvement';
import type { Pseudonyms } from '../door/pseudonym';

const ARRIVING = `
  CREATE TEMPORARY TABLE arriving (pseudonym bytea NOT NULL, organisation_id uuid NOT NULL, stage text NOT NULL, day date NOT NULL)
  ON COMMIT DROP`;
const COPY = 'COPY arriving (pseudonym, organisation_id, stage, day) FROM STDIN';
/** Characters sent at once. */
const CHUNK = 65_536;

/**
 * Brings people into the open transaction of the diversity login, under their pseudonyms: a temporary table that goes with the
 * transaction. Ids go no further than this function.
 * @returns how many there were
 */
export async function copyPeople(
  client: PoolClient,
  people: AsyncIterable<FurthestStage>,
  pseudonyms: Pick<Pseudonyms, 'ofContributor'>,
): Promise<number> {
  await client.query(ARRIVING);
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    let chunk = '';
    for await (const { contributorId, organisationId, stage, day } of people) {
      count++;
      chunk += `\\\\x${pseudonyms.ofContributor(contributorId).toString('hex')}\t${organisationId}\t${stage}\t${day}\n`;
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = '';
    }
    yield chunk;
  }
  await pipeline(Readable.from(lines()), client.query(copyFrom(COPY)));
  await client.query('ANALYZE arriving');
  return count;
}
