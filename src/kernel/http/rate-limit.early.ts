import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressOf, hashed, limitHeaders, RateLimits, tooMany, WINDOW_MS } from './rate-limit.guard';
import { LOCAL, RateLimitStore } from './rate-limit.store';

/** One count of an address, and how many calls a minute it allows. */
interface Budget {
  key: string;
  limit: number;
}

/**
 * Limits, by network address and in memory, what the guard never counts: public reads without credentials, and every call that is
 * refused before it is known who calls.
 *
 * Without credentials an address has one count, of its public reads and of its refused calls (an unknown address, a body that cannot
 * be read, a sign-in that is missing). With credentials it has two, since what is claimed is not yet known to be true: of credentials
 * that were not accepted, and of calls that were refused before anybody looked at the credentials.
 */
@Injectable()
export class EarlyLimits {
  constructor(
    private readonly store: RateLimitStore,
    private readonly limits: RateLimits,
  ) {}

  /** Before anything else is looked at: counts a public read, and refuses an address that is over one of its limits. */
  check(request: FastifyRequest, reply: FastifyReply): void {
    const { wire } = request.routeOptions.config;
    if (claims(request)) {
      this.refuseIfOver(this.failedClaims(request));
      this.refuseIfOver(this.unreadClaims(request));
      return;
    }
    if (wire?.unlimited) return;
    if (wire?.publicRead) this.countRead(request, reply);
    else this.refuseIfOver(this.nobody(request));
  }

  /** Before a refusal is sent that nothing has counted yet: counts it, and tells the caller where the address stands. */
  countRefusal(request: FastifyRequest, reply: FastifyReply): void {
    const status = reply.statusCode;
    if (status < 400 || status >= 500 || status === 429 || request.counted) return;
    const isClaim = claims(request);
    if (!isClaim && request.routeOptions.config.wire?.unlimited) return;
    const budget = !isClaim
      ? this.nobody(request)
      : status === 401 || status === 403
        ? this.failedClaims(request)
        : this.unreadClaims(request);
    const { hits, leftMs } = this.store.local.take(budget.key, WINDOW_MS, budget.limit);
    request.counted = true;
    reply.headers(limitHeaders(budget.limit, budget.limit - hits, secondsOf(leftMs)));
  }

  private countRead(request: FastifyRequest, reply: FastifyReply): void {
    const { key, limit } = this.nobody(request);
    const { hits, leftMs, blocked } = this.store.local.take(key, WINDOW_MS, limit);
    if (blocked) throw tooMany(limit, secondsOf(leftMs));
    request.counted = true;
    reply.headers(limitHeaders(limit, limit - hits, secondsOf(leftMs)));
  }

  private refuseIfOver({ key, limit }: Budget): void {
    const { leftMs, blocked } = this.store.local.look(key, WINDOW_MS, limit);
    if (blocked) throw tooMany(limit, secondsOf(leftMs));
  }

  private nobody(request: FastifyRequest): Budget {
    return { key: LOCAL + hashed(addressOf(request)), limit: this.limits.public };
  }

  private failedClaims(request: FastifyRequest): Budget {
    return { key: `${LOCAL}refused:${hashed(addressOf(request))}`, limit: this.limits.public };
  }

  /** As many as one signed-in caller may make: the claim may be true, and others may call from the same address. */
  private unreadClaims(request: FastifyRequest): Budget {
    return { key: `${LOCAL}unread:${hashed(addressOf(request))}`, limit: this.limits.signedIn };
  }
}

const claims = (request: FastifyRequest): boolean =>
  request.headers.authorization !== undefined || request.headers['x-api-key'] !== undefined;

const secondsOf = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds / 1000));
