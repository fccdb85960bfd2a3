import { Injectable } from '@nestjs/common';

/** Tells this process that a transaction with events has just committed. It only saves waiting: the log is polled as well. */
@Injectable()
export class EventSignal {
  private readonly listeners = new Set<() => void>();

  /** Called after COMMIT. Never throws and never waits. */
  nudge(): void {
    for (const listener of this.listeners) listener();
  }

  /** Calls the listener at each nudge, until the answered function is called. */
  onNudge(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
