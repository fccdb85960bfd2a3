import { randomBytes } from 'node:crypto';
import { dropDatabase, TEST_SERVER, withDatabase, withOwner, type TestServer } from './server';

export interface ClonedDatabase {
  ownerUrl: string;
  serviceUrl: string;
  diversityUrl: string;
  /** Drops it, whoever is still connected. */
  drop(): Promise<void>;
}

/** A database of its own for one test file: a copy of the migrated template. */
export async function cloneDatabase(): Promise<ClonedDatabase> {
  const server = testServer();
  const name = `${server.template}_${randomBytes(6).toString('hex')}`;
  const admin = withDatabase(server.ownerUrl, 'postgres');
  await withOwner(admin, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${server.template} STRATEGY file_copy`),
  );
  return {
    ownerUrl: withDatabase(server.ownerUrl, name),
    serviceUrl: withDatabase(server.serviceUrl, name),
    diversityUrl: withDatabase(server.diversityUrl, name),
    drop: () => withOwner(admin, (client) => dropDatabase(client, name)),
  };
}

export function testServer(): TestServer {
  const handed = process.env[TEST_SERVER];
  if (!handed) throw new Error('No test server: run the tests by jest, whose set-up starts it');
  return JSON.parse(handed) as TestServer;
}
