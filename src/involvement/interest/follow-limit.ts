import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Problem } from '../../kernel/errors/problem';
import { RateLimitStore } from '../../kernel/http/rate-limit.store';

/** Calls with a reference that one caller may make in ten minutes, over all that such calls do. */
export const FOLLOWS_ALLOWED = 30;
const TEN_MINUTES_MS = 600_000;

/** A limit of its own for calls that prove themselves by a reference: strict, since they need no account. */
@Injectable()
export class FollowLimit {
  constructor(private readonly store: RateLimitStore) {}

  async take(who: Actor): Promise<void> {
    const { isBlocked, timeToExpire } = await this.store.increment(`follow:${who.key}`, TEN_MINUTES_MS, FOLLOWS_ALLOWED);
    if (isBlocked)
      throw new Problem(429, 'too_many_requests', `You have tried too often. Try again in ${timeToExpire} seconds, or ring the organiser.`, {
        headers: { 'retry-after': String(timeToExpire) },
      });
  }
}
