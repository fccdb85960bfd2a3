import { SettingError } from './kernel/config';
import { say } from './progress';

/**
 * Ends the process in order: the first SIGINT or SIGTERM lets open requests finish and then stops what was started,
 * last first; a second one does not wait.
 */
export class Stopper {
  private readonly parts: (() => Promise<void>)[] = [];
  private readonly servers: number[] = [];
  private asked = false;
  private stopping: Promise<void> = Promise.resolve();

  constructor() {
    // Whoever read what we print may be gone before us; that must not end the process before its database.
    for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.signalled(signal));
  }

  /** @param pid a server of ours, which a forced stop must not leave behind */
  onStop(stop: () => Promise<void>, pid: number | null = null): void {
    this.parts.unshift(stop);
    if (pid !== null) this.servers.push(pid);
    if (this.asked) this.end();
  }

  /** Says why on one line, stops what had been started and exits with 1. */
  async fail(line: string): Promise<void> {
    if (this.asked) return;
    this.asked = true;
    process.stderr.write(`${line}\n`);
    await this.stopAll();
    process.exit(1);
  }

  private signalled(signal: NodeJS.Signals): void {
    if (this.asked) {
      for (const pid of this.servers) interrupt(pid);
      process.exit(signal === 'SIGINT' ? 130 : 143);
    }
    this.asked = true;
    say(`${signal}: finishing what is open, then stopping. Once more to stop at once.`);
    if (this.parts.length > 0) this.end();
  }

  private end(): void {
    void this.stopAll().then(() => {
      say('Stopped.');
      process.exit(0);
    });
  }

  private stopAll(): Promise<void> {
    this.stopping = this.stopping.then(() => this.drain());
    return this.stopping;
  }

  private async drain(): Promise<void> {
    for (let stop = this.parts.shift(); stop; stop = this.parts.shift()) {
      try {
        await stop();
      } catch (error) {
        process.stderr.write(`${explain(error)}\n`);
      }
    }
  }
}

/** One line for a setting; for anything else all that is known. */
export function explain(error: unknown): string {
  if (error instanceof SettingError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function interrupt(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT');
  } catch {
    // Gone already.
  }
}
