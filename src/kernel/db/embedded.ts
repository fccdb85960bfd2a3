import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { isMissing, makeDataDir, writeKept } from '../config-secrets';
import { SettingError } from '../config-settings';
import { findBinaries } from './embedded-binaries';
import {
  ensureCluster,
  machineFolder,
  readServerFile,
  startServer,
  withDoors,
  type ServerFile,
} from './embedded-cluster';
import { isAlive, runningServer, startedAt, stopServer, type RunningServer } from './embedded-process';
import { databaseUser } from './embedded-user';

/** The name of the database, of its owner's login, of the login that the service runs as, and of further logins. */
export const EMBEDDED = {
  database: 'partnerships',
  owner: 'partnerships_owner',
  service: 'service',
  doors: ['diversity'],
} as const;

/** A further login of the embedded server. */
export type EmbeddedDoor = (typeof EMBEDDED)['doors'][number];

type Urls = Pick<Embedded, 'ownerUrl' | 'serviceUrl' | 'doorUrls'>;

export interface Embedded {
  /** Login that owns the database and migrates it; may make databases and roles, is no superuser. */
  ownerUrl: string;
  /** Login of the service, which owns nothing. */
  serviceUrl: string;
  /** Logins for tables that the service's own must not reach, by name. */
  doorUrls: Record<EmbeddedDoor, string>;
  /** Process id of the server. */
  pid: number;
  stop(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL server on DATA_DIR, which is made on the first start. A server that an earlier
 * process left behind is adopted when it answers, and stopped when it does not.
 * @param temporary a throw-away server for tests: fast, and not safe against a crash of the machine
 * @throws SettingError in one line when the folder cannot be used
 */
export async function startEmbedded(dataDir: string, { temporary = false } = {}): Promise<Embedded> {
  makeDataDir(dataDir);
  const unlock = lock(dataDir);
  try {
    const user = databaseUser();
    const binaries = findBinaries(user, () => join(user ? machineFolder() : dataDir, 'postgres'));
    const file = withDoors(dataDir, await ensureCluster(dataDir, binaries, user, temporary), EMBEDDED.doors);
    const server = (await adopt(file)) ?? (await startServer(dataDir, file.cluster, binaries, user, temporary));
    await prepare(server, file);
    const stop = async (): Promise<void> => {
      await stopServer(server.pid);
      unlock();
    };
    return { ...urls(server, file), pid: server.pid, stop };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The addresses of the embedded server that another process runs on DATA_DIR, or null. */
export function runningEmbedded(dataDir: string): Urls | null {
  const file = readServerFile(dataDir);
  const server = file && runningServer(file.cluster);
  return file && server?.ready ? urls(server, file) : null;
}

function urls(server: RunningServer, file: ServerFile): Urls {
  const url = (login: string, password: string): string =>
    `postgres://${login}:${password}@127.0.0.1:${server.port}/${EMBEDDED.database}`;
  const door = (name: EmbeddedDoor): string => url(name, file.doors?.[name] ?? '');
  return {
    ownerUrl: url(EMBEDDED.owner, file.owner),
    serviceUrl: url(EMBEDDED.service, file.service),
    doorUrls: { diversity: door('diversity') },
  };
}

async function adopt(file: ServerFile): Promise<RunningServer | null> {
  const server = runningServer(file.cluster);
  if (server === null) {
    // What a crash of the machine left; with it, the server would mistake the new owner of that pid for itself.
    rmSync(join(file.cluster, 'postmaster.pid'), { force: true });
    return null;
  }
  try {
    const client = await connect(server, file);
    await client.end();
    return server;
  } catch {
    await stopServer(server.pid);
    return null;
  }
}

async function connect(server: RunningServer, file: ServerFile): Promise<Client> {
  const client = new Client({
    ...{ host: '127.0.0.1', port: server.port, user: 'postgres', password: file.superuser, database: 'postgres' },
    connectionTimeoutMillis: 3000,
  });
  await client.connect();
  return client;
}

/** Makes the logins and the database where they are missing; a first start that was killed half-way goes on here. */
async function prepare(server: RunningServer, file: ServerFile): Promise<void> {
  const client = await connect(server, file);
  try {
    const roles = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles');
    const missing = (role: string): boolean => !roles.rows.some((row) => row.rolname === role);
    if (missing(EMBEDDED.owner)) {
      await client.query(`CREATE ROLE ${EMBEDDED.owner} LOGIN CREATEDB CREATEROLE PASSWORD '${file.owner}'`);
    }
    if (missing(EMBEDDED.service))
      await client.query(`CREATE ROLE ${EMBEDDED.service} LOGIN PASSWORD '${file.service}'`);
    for (const door of EMBEDDED.doors) {
      const how = missing(door) ? 'CREATE' : 'ALTER'; // a password that was made anew counts from now on
      await client.query(`${how} ROLE ${door} LOGIN PASSWORD '${file.doors?.[door] ?? ''}'`);
    }
    const databases = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [EMBEDDED.database]);
    if (databases.rowCount === 0) await client.query(`CREATE DATABASE ${EMBEDDED.database} OWNER ${EMBEDDED.owner}`);
  } finally {
    await client.end();
  }
}

/** One process at a time on a DATA_DIR: the second would stop the server under the first. */
function lock(dataDir: string): () => void {
  const path = join(dataDir, 'service.pid');
  const held = readLock(path);
  if (held && held.pid !== process.pid && isAlive(held.pid) && startedAt(held.pid) === held.started) {
    throw new SettingError(
      'DATA_DIR',
      `is "${dataDir}", which process ${held.pid} uses`,
      'stop that process, or give another folder',
    );
  }
  writeKept(path, JSON.stringify({ pid: process.pid, started: startedAt(process.pid) }));
  return () => rmSync(path, { force: true });
}

function readLock(path: string): { pid: number; started: string } | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { pid: number; started: string };
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}
