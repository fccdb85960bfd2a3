import { hash } from 'node:crypto';
import { ExecutionContext, Injectable } from '@nestjs/common';
import { normalizeIp, ThrottlerGuard, ThrottlerLimitDetail, ThrottlerModuleOptions } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../errors/problem';
import { remembered } from '../remembered';
import { LOCAL } from './rate-limit.store';

declare module 'fastify' {
  interface FastifyRequest {
    /** This call has been counted against a limit. */
    counted: boolean;
  }
}

/** Calls a minute for one caller: without credentials, with an API key, signed in. */
export interface RateLimits {
  public: number;
  key: number;
  signedIn: number;
}

/** Length of a counting window. */
export const WINDOW_MS = 60_000;

export const throttlerOptions = (limits: RateLimits): ThrottlerModuleOptions => ({
  throttlers: [{ name: 'default', ttl: WINDOW_MS, limit: (context) => limitFor(limits, requestOf(context)) }],
});

const requestOf = (context: ExecutionContext): FastifyRequest => context.switchToHttp().getRequest<FastifyRequest>();

function limitFor(limits: RateLimits, request: FastifyRequest): number {
  const caller = callerOf(request);
  if (caller.startsWith('key:')) return limits.key;
  return caller.startsWith('address:') ? limits.public : limits.signedIn;
}

/** Who is counted: the account or API key that the access guard found, else the network address (of IPv6 its first half). */
function callerOf(request: FastifyRequest): string {
  const key = request.actor?.key;
  return key === undefined || key.startsWith('address:') ? addressOf(request) : key;
}

/** The address that a call came from, told by the proxies that are trusted. */
export const addressOf = (request: FastifyRequest): string => `address:${normalizeIp(request.ip)}`;

/** A caller as it may be stored: addresses are personal data. Callers come again. */
export const hashed = remembered((caller) => hash('sha256', caller, 'base64url'));

/**
 * Who guesses, for limits stricter than those of all calls: the account, else the network address, whatever API key comes with it,
 * since keys are easily made. Holds no address in the clear.
 */
export const guesserOf = (request: FastifyRequest): string =>
  hashed(request.actor?.accountId ? request.actor.key : addressOf(request));

const COUNTED = Promise.resolve(true);

/**
 * Limits what the access guard let through, by caller, over all of the caller's routes. It runs after that guard, so that it counts
 * who somebody is and not what they claim. What never comes so far is counted by address (`EarlyLimits`).
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  /** What the hooks have counted is let through before the framework looks for its own settings of the route. */
  override canActivate(context: ExecutionContext): Promise<boolean> {
    return requestOf(context).counted ? COUNTED : super.canActivate(context);
  }

  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    const request = requestOf(context);
    const skip = request.counted || request.routeOptions.config.wire?.unlimited === true;
    request.counted = true;
    return Promise.resolve(skip);
  }

  protected override getTracker(request: Record<string, unknown>): Promise<string> {
    return Promise.resolve(callerOf(request as Pick<FastifyRequest, keyof FastifyRequest>));
  }

  protected override generateKey(context: ExecutionContext, tracker: string): string {
    const isLocal = requestOf(context).routeOptions.config.wire?.publicRead === true;
    return `${isLocal ? LOCAL : 'exact:'}${hashed(tracker)}`;
  }

  protected override throwThrottlingException(_context: ExecutionContext, detail: ThrottlerLimitDetail): Promise<void> {
    throw tooMany(detail.limit, detail.timeToBlockExpire);
  }
}

/** 429. `seconds` until the caller may call again. */
export function tooMany(limit: number, seconds: number): Problem {
  const headers = { 'retry-after': String(seconds), ...limitHeaders(limit, 0, seconds) };
  return new Problem(
    429,
    'too_many_requests',
    `You may call ${limit} times a minute. Call again in ${seconds} seconds.`,
    { headers },
  );
}

/** Where the caller stands: calls a minute, calls left, and seconds until the count begins anew. */
export const limitHeaders = (limit: number, remaining: number, seconds: number): Record<string, string> => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(Math.max(0, remaining)),
  'x-ratelimit-reset': String(seconds),
});
