import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMissing, writeKept } from '../config-secrets';
import { SettingError } from '../config-settings';
import { type Binaries } from './embedded-binaries';
import { runningServer, stopServer, type RunningServer } from './embedded-process';
import { userCan, type RunAs } from './embedded-user';

/** What DATA_DIR/server.json keeps: where the cluster is and the passwords of its logins. */
export interface ServerFile {
  cluster: string;
  superuser: string;
  owner: string;
  service: string;
  /** Passwords of further logins by name; a file of an earlier version has none. */
  doors?: Record<string, string>;
}

/** The environment of the database's programs: nothing of ours, so that no locale or PG variable changes them. */
const PLAIN = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Only for throw-away servers: a crash of the machine loses the data. */
const NOT_DURABLE = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
];

export function readServerFile(dataDir: string): ServerFile | null {
  try {
    return JSON.parse(readFileSync(serverFile(dataDir), 'utf8')) as ServerFile;
  } catch (error) {
    if (isMissing(error)) return null;
    throw new SettingError(
      'DATA_DIR',
      `holds a server.json that cannot be read`,
      'let this user read it, or give another folder',
    );
  }
}

/**
 * Makes the cluster unless it is there, and says where. It is made beside its place and moved there last, so that a
 * start that was interrupted leaves nothing that the next one trips on.
 */
export async function ensureCluster(
  dataDir: string,
  binaries: Binaries,
  user: RunAs,
  temporary: boolean,
): Promise<ServerFile> {
  const known = readServerFile(dataDir);
  if (known && existsSync(known.cluster)) return known;
  if (known && existsSync(draftOf(known.cluster))) {
    renameSync(draftOf(known.cluster), known.cluster);
    return known;
  }
  const file: ServerFile = {
    cluster: clusterFolder(dataDir, user),
    superuser: password(),
    owner: password(),
    service: password(),
  };
  rmSync(serverFile(dataDir), { force: true });
  await clear(dataDir, file.cluster);
  const draft = draftOf(file.cluster);
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  if (user) chownSync(draft, user.uid, user.gid);
  runInitdb(binaries, user, draft, file.superuser, temporary);
  writeKept(serverFile(dataDir), JSON.stringify(file, null, 2));
  renameSync(draft, file.cluster);
  return file;
}

/**
 * Makes room for a new cluster. One in DATA_DIR whose passwords are gone is never removed. One outside it belonged to
 * a DATA_DIR that somebody has deleted, which is how one starts afresh.
 */
async function clear(dataDir: string, cluster: string): Promise<void> {
  rmSync(draftOf(cluster), { recursive: true, force: true });
  if (!existsSync(cluster)) return;
  if (dirname(cluster) === dataDir) {
    throw new SettingError(
      'DATA_DIR',
      `is "${dataDir}", which holds a database but not its server.json`,
      'put that file back, or give another folder',
    );
  }
  const left = runningServer(cluster);
  if (left) await stopServer(left.pid);
  rmSync(cluster, { recursive: true });
}

function draftOf(cluster: string): string {
  return `${cluster}.new`;
}

/** The file with a password for each of these further logins, which is written where an earlier version kept none. */
export function withDoors(dataDir: string, file: ServerFile, logins: readonly string[]): ServerFile {
  const missing = logins.filter((login) => file.doors?.[login] === undefined);
  if (missing.length === 0) return file;
  const doors = { ...file.doors, ...Object.fromEntries(missing.map((login) => [login, password()])) };
  const whole = { ...file, doors };
  writeKept(serverFile(dataDir), JSON.stringify(whole, null, 2));
  return whole;
}

function serverFile(dataDir: string): string {
  return join(dataDir, 'server.json');
}

/**
 * DATA_DIR/server, or a folder of this machine's when the database's user cannot get into DATA_DIR: a service that
 * root starts below a closed home folder.
 */
function clusterFolder(dataDir: string, user: RunAs): string {
  return user === null || userCan(user, '-x', dataDir) ? join(dataDir, 'server') : join(machineFolder(), mark(dataDir));
}

/** A folder of root's that everybody may pass through, for what the database's user must reach. */
export function machineFolder(): string {
  const folder = '/var/lib/public-partnerships-api';
  try {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    return folder;
  } catch {
    throw new SettingError(
      'DATA_DIR',
      `cannot be reached by the user "postgres", and ${folder} cannot be made`,
      'give a folder outside closed home folders',
    );
  }
}

function mark(dataDir: string): string {
  return createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
}

function password(): string {
  return randomBytes(24).toString('base64url');
}

function runInitdb(binaries: Binaries, user: RunAs, cluster: string, superuser: string, temporary: boolean): void {
  const passwordFile = `${cluster}.password`;
  writeFileSync(passwordFile, `${superuser}\n`, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const fixed = [
    '-D',
    cluster,
    '-U',
    'postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
  ];
  const provider = [
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(temporary ? ['--no-sync'] : []),
  ];
  const run = (ctype: string) =>
    spawnSync(binaries.initdb, [...fixed, ...provider, '--locale=C', `--lc-ctype=${ctype}`], {
      ...user,
      cwd: dirname(binaries.initdb),
      env: PLAIN,
      encoding: 'utf8',
    });
  try {
    // C.UTF-8 tells letters from signs beyond ASCII in full-text search; a machine without it still works.
    const tried = run('C.UTF-8');
    const done = tried.status === 0 ? tried : run('C');
    if (done.status !== 0) {
      const said = (done.error?.message ?? done.stderr).trim().split('\n').at(-1) ?? '';
      throw new SettingError(
        'DATA_DIR',
        `cannot hold the embedded database (${said})`,
        'give a folder with room that this user may write to',
      );
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Starts the server on a free loopback port, in a process group and session of its own, and waits until it is ready. */
export async function startServer(
  dataDir: string,
  cluster: string,
  binaries: Binaries,
  user: RunAs,
  temporary: boolean,
): Promise<RunningServer> {
  const log = join(dataDir, 'server.log');
  for (let attempt = 1; ; attempt++) {
    const options = serverOptions(await freePort(), temporary).flatMap((option) => ['-c', option]);
    const output = openSync(log, 'w', 0o600);
    const child = spawn(binaries.postgres, ['-D', cluster, ...options], {
      ...user,
      cwd: '/',
      env: PLAIN,
      detached: true,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    const life = { over: false };
    const end = (): void => {
      life.over = true;
    };
    child.once('error', end);
    child.once('exit', end);
    child.unref();
    const until = Date.now() + 60_000;
    while (!life.over && Date.now() < until) {
      await sleep(15);
      const server = runningServer(cluster);
      if (server?.ready && server.pid === child.pid) return server;
    }
    const said = readFileSync(log, 'utf8');
    if (attempt < 3 && /could not bind|Address already in use/.test(said)) continue;
    const reason = said.split('\n').find((line) => /FATAL|PANIC|error/i.test(line)) ?? `see ${log}`;
    throw new SettingError(
      'DATA_DIR',
      `is "${dataDir}", whose database did not start (${reason.trim()})`,
      `see ${log}, or give another folder`,
    );
  }
}

function serverOptions(port: number, temporary: boolean): string[] {
  const usual = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'timezone=UTC',
    'log_timezone=UTC',
  ];
  const size = ['shared_buffers=256MB', 'max_connections=200', 'jit=off', 'max_wal_size=2GB', 'lc_messages=C'];
  return [...usual, ...size, ...(temporary ? NOT_DURABLE : [])];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done) => server.close(() => done()));
  return port;
}
