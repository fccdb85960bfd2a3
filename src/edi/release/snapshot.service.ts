import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { furthestStages } from '../../involvement';
import { Db } from '../../kernel/db/db';
import { DiversityDb } from '../door/diversity-db';
import { Pseudonyms } from '../door/pseudonym';
import { HUB } from './catalogue';
import { NOT_KNOWN, PREFER_NOT_TO_SAY } from './characteristics';
import { liveMembers, returnedMembers } from './members';
import { copyPeople } from './people-copy';
import type { PublishedCharacteristic } from './published';
import type { ReturnedCount, TrueCount } from './system';

const sql = (name: string): string => readFileSync(join(__dirname, `${name}.sql`), 'utf8');
const RETURNED_COUNTS = sql('returned-counts');
const COUNTS = sql('counts');
const NAME_COUNTS = sql('name-counts');
const GATE = sql('gate');
const DROP_HELD = sql('drop-held');
const KEEP_HELD = sql('keep-held');
const FORGET_MEMBERS = sql('forget-members');

const SNAPSHOT_TABLES = ['member', 'returned_count', 'unit_count', 'unit', 'protected'];

/** What a snapshot is taken for. */
export interface SnapshotOf {
  id: string;
  from: string;
  until: string;
  collectionId: string | null;
  /** All releases that were shown to anybody, published or given up, the newest first. */
  shown: readonly string[];
  /** The day of the snapshot. */
  today: string;
  /** So many changes, less one, hold an organisation back. */
  gate: number;
}

/** How an organisation stands in a snapshot. */
export interface SnapshotUnit {
  organisationId: string;
  form: 'records' | 'anonymous' | 'counts' | 'empty';
  refreshedIn: string;
  held: boolean;
  people: number;
}

/** Told as the work goes on. */
export type Progress = (percent: number) => Promise<void>;

/** Freezes who is counted and how many there are, behind the diversity login. Nothing of it is answered to anybody. */
@Injectable()
export class Snapshots {
  constructor(
    private readonly db: Db,
    private readonly diversity: DiversityDb,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  /**
   * Takes the snapshot of a release in one transaction that sees one moment: people under their pseudonyms, the answers as they
   * stood, the signed-off returns; then the counts, then the gate. Taking it again replaces it.
   */
  async take(of: SnapshotOf, characteristics: readonly PublishedCharacteristic[], told: Progress): Promise<void> {
    const previousId = of.shown[0] ?? null;
    await this.alone(async (client) => {
      for (const table of SNAPSHOT_TABLES)
        await client.query(`DELETE FROM edi_snapshot.${table} WHERE release_id = $1`, [of.id]);
      const places = await namePlaces(client, characteristics);
      await copyPeople(client, furthestStages(this.db, of), this.pseudonyms);
      await told(25);
      await client.query(liveMembers(places, characteristics), [of.id, of.collectionId, of.today]);
      await client.query(returnedMembers(places, characteristics), [of.id, of.collectionId]);
      await client.query(RETURNED_COUNTS, [of.id, of.collectionId, [...places.keys()]]);
      await told(40);
      await client.query('ANALYZE edi_snapshot.member');
      await client.query(COUNTS, [of.id, places.get(HUB)]);
      await client.query(NAME_COUNTS, [of.id, places.get(HUB)]);
      await client.query(GATE, [of.id, previousId, of.gate, of.shown]);
      await client.query(DROP_HELD, [of.id]);
      await client.query(KEEP_HELD, [of.id]);
      await client.query(FORGET_MEMBERS, [of.id, of.shown, of.today]);
    });
    await told(50);
  }

  /** The organisations of a release, those with nobody left out. */
  units(releaseId: string): Promise<SnapshotUnit[]> {
    return this.diversity.query<SnapshotUnit>(
      `SELECT u.organisation_id AS "organisationId", u.form, u.refreshed_in AS "refreshedIn", u.held,
         coalesce(c.people, r.people, 0)::integer AS people
       FROM edi_snapshot.unit u
       LEFT JOIN (SELECT organisation_id, sum(people) AS people FROM edi_snapshot.unit_count
         WHERE release_id = $1 AND characteristic = $2 GROUP BY 1) c USING (organisation_id)
       LEFT JOIN (SELECT organisation_id, sum(people) AS people FROM edi_snapshot.returned_count
         WHERE release_id = $1 AND characteristic = $2 GROUP BY 1) r USING (organisation_id)
       WHERE u.release_id = $1 AND coalesce(c.people, r.people, 0) > 0`,
      [releaseId, HUB],
    );
  }

  /** The true counts of instances, each from the release in which it was last refreshed. */
  async counts(
    instances: readonly { organisationId: string; refreshedIn: string }[],
  ): Promise<{ counts: TrueCount[]; returned: ReturnedCount[] }> {
    const wanted = [instances.map((one) => one.organisationId), instances.map((one) => one.refreshedIn)];
    const from = `FROM unnest($1::uuid[], $2::uuid[]) AS wanted(organisation_id, release_id) JOIN edi_snapshot`;
    const instance = `wanted.organisation_id || ':' || wanted.release_id AS instance`;
    const [counts, returned] = await Promise.all([
      this.diversity.query<TrueCount>(
        `SELECT ${instance}, stage, hub, characteristic, category, people ${from}.unit_count USING (organisation_id, release_id)`,
        wanted,
      ),
      this.diversity.query<ReturnedCount>(
        `SELECT ${instance}, stage, characteristic, category, people ${from}.returned_count USING (organisation_id, release_id)`,
        wanted,
      ),
    ]);
    return { counts, returned };
  }

  /** One transaction of the diversity login that sees one moment of the database. */
  private async alone(work: (client: PoolClient) => Promise<void>): Promise<void> {
    const client = await this.diversity.pool.connect();
    let failed: Error | undefined;
    // A connection that is cut between two statements says so by an event, which nobody else would hear.
    const lost = (error: Error): void => void (failed = error);
    client.on('error', lost);
    try {
      await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL work_mem = '128MB'`);
      await work(client);
      await client.query('COMMIT');
    } catch (error) {
      // Half a COPY may be under way on it: the connection is not given back.
      failed = error as Error;
      throw error;
    } finally {
      client.off('error', lost);
      client.release(failed);
    }
  }
}

/** Gives each characteristic its place and each category its number, where they have none yet; answers the places. */
async function namePlaces(
  client: PoolClient,
  characteristics: readonly PublishedCharacteristic[],
): Promise<Map<string, number>> {
  await client.query('LOCK TABLE edi_snapshot.category IN SHARE ROW EXCLUSIVE MODE');
  const { rows } = await client.query<{ place: number; code: number; characteristic: string; category: string }>(
    'SELECT place, code, characteristic, category FROM edi_snapshot.category',
  );
  const places = new Map(rows.map((row) => [row.characteristic, row.place]));
  for (const { key, categories } of characteristics) {
    const place = places.get(key) ?? Math.max(0, ...places.values()) + 1;
    places.set(key, place);
    const known = new Map(rows.filter((row) => row.characteristic === key).map((row) => [row.category, row.code]));
    const ordered = [NOT_KNOWN, PREFER_NOT_TO_SAY, ...categories.map((one) => one.code)];
    for (const category of new Set(ordered)) {
      if (known.has(category)) continue;
      const code = Math.max(-1, ...known.values()) + 1;
      known.set(category, code);
      await client.query(
        'INSERT INTO edi_snapshot.category (place, code, characteristic, category) VALUES ($1, $2, $3, $4)',
        [place, code, key, category],
      );
    }
  }
  return places;
}
