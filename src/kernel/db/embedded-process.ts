import { readFileSync, readlinkSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../config-settings';

/** What a running server says of itself in `postmaster.pid`. */
export interface RunningServer {
  pid: number;
  port: number;
  ready: boolean;
}

/** The server that runs on a cluster's folder, or null: also when its pid now belongs to something else. */
export function runningServer(cluster: string): RunningServer | null {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
  // Postgres documents the lines: pid, data folder, start time, port, socket folder, address, memory key, status.
  const [pid, , , port, , , , status] = lines.map((line) => line.trim());
  const id = Number(pid);
  if (!Number.isInteger(id) || id <= 1 || !/postgres/.test(programOf(id))) return null;
  return { pid: id, port: Number(port), ready: status === 'ready' };
}

/**
 * Stops a server: fast first, so that it writes its checkpoint; after the deadline without, and it recovers at the
 * next start.
 */
export async function stopServer(pid: number, deadlineSeconds = 30): Promise<void> {
  signal(pid, 'SIGINT');
  if (await gone(pid, deadlineSeconds)) return;
  signal(pid, 'SIGQUIT');
  if (await gone(pid, 5)) return;
  signal(pid, 'SIGKILL');
  await gone(pid, 5);
}

/** When the process with this id began, so that a number that was used again is not taken for it. Empty: not running. */
export function startedAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return ps(pid, 'lstart=');
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function programOf(pid: number): string {
  if (!isAlive(pid)) return '';
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return commandLine(pid) || ps(pid, 'comm=');
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '';
  } catch {
    return '';
  }
}

function ps(pid: number, column: string): string {
  const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', column], { encoding: 'utf8' }) as {
    stdout: string | null;
  };
  return stdout?.trim() ?? '';
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

async function gone(pid: number, seconds: number): Promise<boolean> {
  for (const until = Date.now() + seconds * 1000; Date.now() < until;) {
    if (!isAlive(pid)) return true;
    await sleep(20);
  }
  return !isAlive(pid);
}
