import { CanActivate, createParamDecorator, ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { theService } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import { Problem } from '../../kernel/errors/problem';
import { guesserOf } from '../../kernel/http/rate-limit.guard';
import { RateLimitStore } from '../../kernel/http/rate-limit.store';
import { SEND_INTERESTS } from '../permissions';
import { InterestKeys } from './interest-keys';

/** Calls in ten minutes with one reference, whoever makes them: what keeps the contact and the code that go with it from being guessed. */
export const FOLLOWS_OF_ONE = 20;

/** Calls with references that one caller may make in ten minutes, over all that such calls do: an account, else an address. */
export const FOLLOWS_ALLOWED = 30;

/** The same for an account that sends interests for many people. It cannot guess either: references have 60 bits of chance. */
export const FOLLOWS_OF_SITE = 3000;

const TEN_MINUTES_MS = 600_000;

/** How often one code may be tried. */
export const CODE_ATTEMPTS = 5;

/** One attempt that was taken: of which interest, at which of its codes. */
export interface Attempt {
  id: string;
  issue: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The attempt at a code that this call has taken; absent where none was left. */
    attempt?: Attempt;
  }
}

/**
 * Limits of their own for calls that prove themselves by a reference, since they need no account: a ceiling for the caller, and one
 * for the reference over all its callers. A reference that cannot be one is counted for the caller alone.
 */
@Injectable()
export class FollowLimit implements CanActivate {
  constructor(
    private readonly store: RateLimitStore,
    private readonly keys: InterestKeys,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const isSite = request.actor?.reach(SEND_INTERESTS).everywhere === true;
    await this.take(`follow:${guesserOf(request)}`, isSite ? FOLLOWS_OF_SITE : FOLLOWS_ALLOWED);
    const hash = hashGiven(this.keys, request.body);
    if (hash) await this.take(`follow-reference:${hash.toString('base64url')}`, FOLLOWS_OF_ONE);
    return true;
  }

  private async take(key: string, limit: number): Promise<void> {
    const { isBlocked, timeToExpire } = await this.store.increment(key, TEN_MINUTES_MS, limit);
    if (!isBlocked) return;
    throw new Problem(
      429,
      'too_many_requests',
      `You have tried too often. Try again in ${timeToExpire} seconds, or ring the organiser.`,
      { headers: { 'retry-after': String(timeToExpire) } },
    );
  }
}

/** The hash of the reference in a body that nobody has checked yet; null where there is none. */
function hashGiven(keys: InterestKeys, body: unknown): Buffer | null {
  const { reference } = (body ?? {}) as { reference?: unknown };
  return typeof reference === 'string' && reference.length <= 40 ? keys.hash(reference) : null;
}

/**
 * Takes one of the attempts that the newest code has. A guard, since it comes before the transaction of an Idempotency-Key: an attempt
 * counts whatever becomes of the request.
 */
@Injectable()
export class TakeAttempt implements CanActivate {
  constructor(
    private readonly db: Db,
    private readonly keys: InterestKeys,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const hash = hashGiven(this.keys, request.body);
    if (!hash) return true;
    const [taken] = await this.db.write(theService(request.traceId), (tx) => tx.query<Attempt>(TAKE, [hash, tx.at]));
    request.attempt = taken;
    return true;
  }
}

const TAKE = `
  UPDATE involvement.interest SET code_attempts = code_attempts + 1
  WHERE reference_hash = $1 AND code_attempts < ${CODE_ATTEMPTS} AND code_expires_at > $2 AND contact_confirmed_at IS NULL AND contributor_id IS NULL
  RETURNING id, code_issue AS issue`;

/** The attempt that this call has taken, as a parameter of its route. */
export const Taken = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().attempt,
);
