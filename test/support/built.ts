import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Compiles the service as `npm run build` does, to a folder of its own in which its programs can be started. */
export function buildService(): { folder: string; program: (name: string) => string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'partnerships-built-'));
  chmodSync(folder, 0o755);
  for (const part of ['migrations', 'node_modules']) symlinkSync(join(ROOT, part), join(folder, part));
  const options = ['-d', join(folder, 'dist'), '--strip-leading-paths', '--copy-files', '-q'];
  const built = spawnSync(join(ROOT, 'node_modules', '.bin', 'swc'), ['src', ...options], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(built.stderr);
  return {
    folder,
    program: (name) => join(folder, 'dist', name),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

export interface RunOptions {
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  args?: string[];
}

/** A program of the service as a process of its own. */
export class Run {
  private static readonly all = new Set<Run>();
  readonly child: ChildProcess;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  out = '';
  err = '';
  /** Milliseconds from its start to its end. */
  took = NaN;

  constructor(program: string, { env, uid, gid, args = [] }: RunOptions) {
    const began = performance.now();
    const plain = { PATH: process.env.PATH, METRICS_PORT: 'off', LOG_LEVEL: 'silent' };
    this.child = spawn(process.execPath, [program, ...args], {
      cwd: '/',
      env: { ...plain, ...env },
      ...(uid === undefined ? {} : { uid, gid }),
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
    this.ended = new Promise((done) =>
      this.child.once('close', (code, signal) => {
        this.took = performance.now() - began;
        done(code ?? signal ?? 'unknown');
      }),
    );
    if (Run.all.size === 0) process.once('exit', Run.abandon);
    Run.all.add(this);
  }

  /** Resolves when it has printed that it listens; fails with what it said when it ends first. */
  async listening(): Promise<this> {
    const told = new Promise<void>((done) => {
      this.child.stdout?.on('data', () => {
        if (this.out.includes('is listening at')) done();
      });
    });
    const over = this.ended.then((code) => Promise.reject(new Error(`ended with ${code}: ${this.err}${this.out}`)));
    await Promise.race([told, over]);
    return this;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.child.kill(signal);
    return this.ended;
  }

  /** When the tests are interrupted, what they started ends too. */
  private static readonly abandon = (): void => Run.all.forEach((run) => run.child.kill('SIGTERM'));

  /** Ends whatever a failed test left running. */
  static async stopAll(): Promise<void> {
    for (const run of Run.all)
      if (run.child.exitCode === null && run.child.signalCode === null) await run.stop('SIGKILL');
    Run.all.clear();
    process.off('exit', Run.abandon);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done) => server.close(() => done()));
  return port;
}
