import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database';
import { Actor, theService } from '../../src/kernel/access/actor';
import { FixedClock } from '../../src/kernel/clock';
import { Db } from '../../src/kernel/db/db';
import { EventSignal } from '../../src/kernel/events/signal';
import { loadPurposes, PurposeData } from '../../src/kernel/privacy/purpose-data';
import { cloneDatabase, ClonedDatabase } from '../support/database';

/** The database door, its clock and its owner, for tests of privacy below HTTP. Filled by `usePrivacy`. */
export let db: Db;
export let owner: Client;
export const clock = new FixedClock('2026-11-22T12:00:00Z');

/** Somebody who is signed in. */
export const who = new Actor({
  kind: 'person',
  accountId: randomUUID(),
  contributorId: null,
  key: 'account',
  roles: [],
  memberships: [],
  reaches: new Map(),
  traceId: 'a'.repeat(32),
});

/** A database of its own for the test file; the clock is put back before each test. */
export function usePrivacy(): void {
  let database: ClonedDatabase;
  let source: DataSource;

  beforeAll(async () => {
    database = await cloneDatabase();
    source = await new DataSource({ ...dataSourceOptions(database.serviceUrl, 4), entities: [] }).initialize();
    db = new Db(source, clock, new EventSignal());
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
  });
  beforeEach(() => {
    clock.set('2026-11-22T12:00:00Z');
  });
  afterAll(async () => {
    await owner.end();
    await source.destroy();
    await database.drop();
  });
}

/** A purpose that rests on consent, unless changed. */
export const purpose = (change: Partial<PurposeData>): PurposeData => ({
  slug: 'newsletter',
  name: 'Letters',
  purpose: 'To write to people.',
  controller: 'The organisation',
  lawfulBasis: 'UK GDPR article 6(1)(a), consent',
  specialCategoryCondition: null,
  consentBased: true,
  objectionAllowed: false,
  retention: { duration: 'P1Y', after: 'withdrawal' },
  wordingVersion: '1.0',
  wording: 'We write to you.',
  verified: false,
  ...change,
});

export const load = (...rows: PurposeData[]): Promise<number> =>
  db.write(theService(), (tx) => loadPurposes(tx, rows, 'a test'));

/** How many rows: `count('kernel.consent WHERE person_id = $1', [id])`. */
export const count = async (sql: string, params: unknown[] = []): Promise<number> =>
  (await owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, params)).rows[0]?.n ?? -1;
