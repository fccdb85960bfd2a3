import { Injectable } from '@nestjs/common';

/** How far the event log was known to reach. */
export interface Head {
  /** Position of the last numbered event; 0 when there is none. */
  readonly position: bigint;
  /** Position of the last numbered public event; 0 when there is none. */
  readonly publicPosition: bigint;
  /**
   * When the last successful look at the log began, in milliseconds of `performance.now()`: every event committed before
   * that moment is counted in the positions. Minus infinity before the first look.
   */
  readonly heardAt: number;
}

/** How far the event log reaches, as this process last heard: what a cache compares its entries with. */
@Injectable()
export class EventHead {
  private current: Head = { position: 0n, publicPosition: 0n, heardAt: -Infinity };
  private readonly listeners = new Set<(head: Head) => void>();

  head(): Head {
    return this.current;
  }

  /** Milliseconds since the log was last heard of; infinite before the first time. */
  age(): number {
    return performance.now() - this.current.heardAt;
  }

  /** Calls the listener whenever the log has grown, until the answered function is called. */
  onGrowth(listener: (head: Head) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Takes note of a look at the log. Looks may end out of order; positions never go back. */
  hear(head: Head): void {
    const before = this.current;
    const grown = head.position > before.position;
    this.current = {
      position: grown ? head.position : before.position,
      publicPosition: head.publicPosition > before.publicPosition ? head.publicPosition : before.publicPosition,
      heardAt: Math.max(head.heardAt, before.heardAt),
    };
    if (grown) for (const listener of this.listeners) listener(this.current);
  }
}
