import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { SettingError } from '../config-settings';

/** Who runs the database's programs. Null: the user of this process. */
export type RunAs = { uid: number; gid: number } | null;

/**
 * Postgres refuses to run as root. A service that was started by root therefore runs it as the user `postgres`,
 * who is made when the machine has none.
 */
export function databaseUser(): RunAs {
  if (process.getuid?.() !== 0) return null;
  const existing = postgresUser();
  if (existing) return existing;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const made = postgresUser();
  if (made) return made;
  throw new SettingError(
    'DATABASE_URL',
    'is not set, and the embedded database cannot run as root without a user "postgres", which could not be made',
    'make that user, start as another user, or give DATABASE_URL',
  );
}

/** Whether that user can run a program of /bin/sh test, such as `test -x <path>`. */
export function userCan(user: RunAs, flag: '-x' | '-w' | '-r', path: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'test "$1" "$2"', 'sh', flag, path], { ...user, cwd: '/' }).status === 0;
}

function postgresUser(): RunAs {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}
