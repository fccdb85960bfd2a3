import { Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { Db } from '../db/db';
import { LocalCounts, Share } from './rate-limit.local';

/** Start of the keys that are counted in memory first. */
export const LOCAL = 'local:';

const RECONCILE_EVERY_MS = 1000;
const SWEEP_EVERY = 60;

/** One statement: counts a call in the caller's window, or begins a new window. The row lock makes the count exact. */
const COUNT = `
INSERT INTO kernel.rate_limit AS held (key, hits, ends_at)
VALUES ($1, 1, now() + $2 * interval '1 millisecond')
ON CONFLICT (key) DO UPDATE SET
  hits = CASE WHEN held.ends_at <= now() THEN 1 ELSE held.hits + 1 END,
  ends_at = CASE WHEN held.ends_at <= now() THEN excluded.ends_at ELSE held.ends_at END
RETURNING hits, greatest(extract(epoch FROM ends_at - now()) * 1000, 0)::float8 AS left_ms`;

/** The same for many callers, each with several calls. Keys come sorted, so that replicas cannot wait for each other in a ring. */
const EXCHANGE = `
INSERT INTO kernel.rate_limit AS held (key, hits, ends_at)
SELECT key, hits, now() + left_ms * interval '1 millisecond'
FROM unnest($1::text[], $2::integer[], $3::float8[]) AS told (key, hits, left_ms)
ON CONFLICT (key) DO UPDATE SET
  hits = CASE WHEN held.ends_at <= now() THEN excluded.hits ELSE held.hits + excluded.hits END,
  ends_at = CASE WHEN held.ends_at <= now() THEN excluded.ends_at ELSE held.ends_at END
RETURNING key, hits, greatest(extract(epoch FROM ends_at - now()) * 1000, 0)::float8 AS left_ms`;

interface Counted {
  key: string;
  hits: number;
  left_ms: number;
}

type Standing = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Counts calls over all replicas, in PostgreSQL. When that cannot be reached calls are let through: limits protect, they do not gate. */
@Injectable()
export class RateLimitStore implements ThrottlerStorage, OnApplicationShutdown {
  readonly local = new LocalCounts((shares) => this.exchange(shares));
  private readonly log = new Logger('RateLimit');
  private readonly timer: NodeJS.Timeout;
  private ticks = 0;
  private failing = false;

  constructor(private readonly db: Db) {
    this.timer = setInterval(() => void this.tick(), RECONCILE_EVERY_MS).unref();
  }

  async increment(key: string, ttl: number, limit: number): Promise<Standing> {
    if (key.startsWith(LOCAL)) {
      const { hits, leftMs, blocked } = this.local.take(key, ttl, limit);
      return standing(hits, leftMs, blocked);
    }
    try {
      const [counted] = await this.db.query<Counted>(COUNT, [key, ttl]);
      this.failing = false;
      return standing(counted?.hits ?? 1, counted?.left_ms ?? ttl, (counted?.hits ?? 1) > limit);
    } catch {
      this.failed();
      return standing(1, ttl, false);
    }
  }

  /** Tells PostgreSQL what was counted in memory, and learns what other replicas counted. Runs every second. */
  async reconcile(): Promise<void> {
    try {
      await this.local.reconcile();
      this.failing = false;
    } catch {
      this.failed();
    }
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async tick(): Promise<void> {
    await this.reconcile();
    if (++this.ticks % SWEEP_EVERY !== 0) return;
    await this.db
      .query(`DELETE FROM kernel.rate_limit WHERE ends_at < now() - interval '1 minute'`)
      .catch(() => this.failed());
  }

  private async exchange(shares: Share[]): Promise<Share[]> {
    const sorted = [...shares].sort((a, b) => (a.key < b.key ? -1 : 1));
    const rows = await this.db.query<Counted>(EXCHANGE, [
      sorted.map((s) => s.key),
      sorted.map((s) => s.hits),
      sorted.map((s) => s.leftMs),
    ]);
    return rows.map((row) => ({ key: row.key, hits: row.hits, leftMs: row.left_ms }));
  }

  /** One line when counting starts to fail, not one a call. */
  private failed(): void {
    if (!this.failing)
      this.log.warn(
        'Rate limits cannot be counted over all replicas: the database does not answer. Calls are let through.',
      );
    this.failing = true;
  }
}

const standing = (hits: number, leftMs: number, isBlocked: boolean): Standing => {
  const seconds = Math.max(1, Math.ceil(leftMs / 1000));
  return { totalHits: hits, timeToExpire: seconds, isBlocked, timeToBlockExpire: isBlocked ? seconds : 0 };
};
