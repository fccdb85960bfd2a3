import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../../src/database';
import { loadInstrumentsInto } from '../../src/instruments/reference/load';
import { loadPopulationFiguresInto } from '../../src/edi/report/population/store';
import { startEmbedded } from '../../src/kernel/db/embedded';
import { isAlive, runningServer } from '../../src/kernel/db/embedded-process';
import { loadReferenceInto } from '../../src/people/reference/load-at-start';

/** The database server of one test run. Handed to the workers in the environment, as JSON. */
export interface TestServer {
  /** The owner's address; its database is the template that each clone copies. */
  ownerUrl: string;
  /** The service's address for the same database. */
  serviceUrl: string;
  /** The address with the login for diversity answers. */
  diversityUrl: string;
  template: string;
  /** What the test files of this run make once for all of them. It goes with the server. */
  folder: string;
}

export const TEST_SERVER = 'PARTNERSHIPS_TEST_SERVER';
const FOLDER = 'partnerships-test-';

/** The same login and server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

export async function withOwner<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Ends its connections and drops it. `WITH (FORCE)` would be refused where an autovacuum worker, which is a superuser's, happens to be
 * there; the plain statement ends such a worker by itself, and waits for those whose end was asked for.
 */
export async function dropDatabase(client: Client, name: string): Promise<void> {
  await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'`,
    [name],
  );
  await client.query(`DROP DATABASE ${name}`);
}

/** Starts the run's server (or uses the one that TEST_DATABASE_URL names) and migrates the template. */
export async function startTestServer(): Promise<{ server: TestServer; stop: () => Promise<void> }> {
  const outside = process.env.TEST_DATABASE_URL;
  return outside ? outsideServer(outside) : embeddedServer();
}

async function outsideServer(url: string): Promise<{ server: TestServer; stop: () => Promise<void> }> {
  const mark = `partnerships_test_${process.pid}`;
  const password = randomBytes(12).toString('hex');
  const admin = <T>(sql: string): Promise<T[]> =>
    withOwner(url, async (client) => (await client.query(sql)).rows as T[]);
  for (const login of [mark, `${mark}_diversity`]) await admin(`CREATE ROLE ${login} LOGIN PASSWORD '${password}'`);
  await admin(`CREATE DATABASE ${mark}`);
  const as = (login: string): string => {
    const address = new URL(withDatabase(url, mark));
    address.username = login;
    address.password = password;
    return address.href;
  };
  const server = {
    ownerUrl: withDatabase(url, mark),
    serviceUrl: as(mark),
    diversityUrl: as(`${mark}_diversity`),
    template: mark,
    folder: mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`)),
  };
  const stop = async (): Promise<void> => {
    const left = await admin<{ datname: string }>(`SELECT datname FROM pg_database WHERE datname LIKE '${mark}%'`);
    await withOwner(url, async (client) => {
      for (const { datname } of left) await dropDatabase(client, datname);
    });
    await admin(`DROP ROLE ${mark}, ${mark}_diversity`);
    rmSync(server.folder, { recursive: true, force: true });
  };
  try {
    await migrate(server.ownerUrl, { service: mark, diversity: `${mark}_diversity` });
    await loadReferenceInto(server.serviceUrl);
    await loadInstrumentsInto(server.serviceUrl);
    await loadPopulationFiguresInto(server.serviceUrl);
  } catch (error) {
    await stop();
    throw error;
  }
  return { server, stop };
}

async function embeddedServer(): Promise<{ server: TestServer; stop: () => Promise<void> }> {
  sweep();
  const folder = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`));
  chmodSync(folder, 0o711);
  const embedded = await startEmbedded(folder, { temporary: true });
  const abandon = (): void => {
    if (isAlive(embedded.pid)) process.kill(embedded.pid, 'SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', abandon);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      abandon();
      process.exit(130);
    });
  }
  const { ownerUrl, serviceUrl, doorUrls } = embedded;
  await migrate(ownerUrl, { service: 'service', diversity: 'diversity' });
  await loadReferenceInto(serviceUrl);
  await loadInstrumentsInto(serviceUrl);
  await loadPopulationFiguresInto(serviceUrl);
  const template = new URL(ownerUrl).pathname.slice(1);
  const stop = async (): Promise<void> => {
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { server: { ownerUrl, serviceUrl, diversityUrl: doorUrls.diversity, template, folder }, stop };
}

/** Removes what runs that were killed have left, with their servers. */
function sweep(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(FOLDER))) {
    const pid = Number(name.slice(FOLDER.length).split('-')[0]);
    if (isAlive(pid)) continue;
    const folder = join(tmpdir(), name);
    const left = runningServer(join(folder, 'server'));
    if (left) process.kill(left.pid, 'SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
