/** Where a caller stands in the present window. */
export interface Standing {
  /** Calls counted, this one included. */
  hits: number;
  /** Milliseconds until the window ends. */
  leftMs: number;
  /** Over the limit: not admitted, and not counted. */
  blocked: boolean;
}

/** What a replica adds to the shared count, and what it learns. */
export interface Share {
  key: string;
  hits: number;
  leftMs: number;
}

interface Count {
  /** Of all replicas, when last reconciled. */
  shared: number;
  /** Being added to the shared count now. */
  sending: number;
  /** Not yet told to anybody. */
  fresh: number;
  endsAt: number;
}

const MOST_CALLERS = 100_000;

/**
 * Counts in memory, reconciled with the shared count in the background. For reads that are answered from memory, where a statement
 * a call would cost more than the call. A replica alone never admits more than the limit. Of several, each admits at most what its
 * last reconciliation left over; so the excess in one window is, for each replica but the first, at most what was left at that
 * moment (no more than the limit), and none after the next reconciliation.
 */
export class LocalCounts {
  private readonly counts = new Map<string, Count>();

  constructor(
    private readonly exchange: (shares: Share[]) => Promise<Share[]>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Counts one call, unless that would pass the limit. */
  take(key: string, windowMs: number, limit: number): Standing {
    const standing = this.look(key, windowMs, limit);
    if (!standing.blocked) this.counted(key, windowMs).fresh++;
    return standing;
  }

  /** Where one more call would stand, without counting it. */
  look(key: string, windowMs: number, limit: number): Standing {
    const now = this.now();
    const count = this.counts.get(key);
    if (!count || count.endsAt <= now) return { hits: 1, leftMs: windowMs, blocked: limit < 1 };
    const hits = count.shared + count.sending + count.fresh + 1;
    return { hits, leftMs: count.endsAt - now, blocked: hits > limit };
  }

  /** Tells the shared count what is new and learns what the others counted. What fails stays for the next time. */
  async reconcile(): Promise<void> {
    const now = this.now();
    const sent = [...this.counts].filter(([, count]) => count.fresh > 0 && count.sending === 0 && count.endsAt > now);
    if (sent.length === 0) return;
    for (const [, count] of sent) {
      count.sending = count.fresh;
      count.fresh = 0;
    }
    try {
      const shares = sent.map(([key, count]) => ({ key, hits: count.sending, leftMs: count.endsAt - now }));
      const learnt = new Map((await this.exchange(shares)).map((share) => [share.key, share]));
      for (const [key, count] of sent) this.learn(count, learnt.get(key));
    } catch (error) {
      for (const [, count] of sent) {
        count.fresh += count.sending;
        count.sending = 0;
      }
      throw error;
    }
  }

  private learn(count: Count, share: Share | undefined): void {
    count.sending = 0;
    if (!share) return;
    count.shared = share.hits;
    count.endsAt = this.now() + share.leftMs;
  }

  private counted(key: string, windowMs: number): Count {
    const now = this.now();
    const found = this.counts.get(key);
    if (found && found.endsAt > now) return found;
    if (this.counts.size >= MOST_CALLERS) this.makeRoom(now);
    const made = { shared: 0, sending: 0, fresh: 0, endsAt: now + windowMs };
    this.counts.set(key, made);
    return made;
  }

  private makeRoom(now: number): void {
    for (const [key, count] of this.counts) if (count.endsAt <= now) this.counts.delete(key);
    for (const key of this.counts.keys()) {
      if (this.counts.size < MOST_CALLERS) return;
      this.counts.delete(key);
    }
  }
}
