import { CanActivate, createParamDecorator, ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { theService } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import { Problem } from '../../kernel/errors/problem';
import { guesserOf } from '../../kernel/http/rate-limit.guard';
import { RateLimitStore } from '../../kernel/http/rate-limit.store';
import { InterestKeys } from './interest-keys';

/** Calls with a reference that one caller may make in ten minutes, over all that such calls do. */
export const FOLLOWS_ALLOWED = 30;
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

/** A limit of its own for calls that prove themselves by a reference: strict, since they need no account. */
@Injectable()
export class FollowLimit implements CanActivate {
  constructor(private readonly store: RateLimitStore) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { isBlocked, timeToExpire } = await this.store.increment(
      `follow:${guesserOf(context.switchToHttp().getRequest<FastifyRequest>())}`,
      TEN_MINUTES_MS,
      FOLLOWS_ALLOWED,
    );
    if (isBlocked)
      throw new Problem(
        429,
        'too_many_requests',
        `You have tried too often. Try again in ${timeToExpire} seconds, or ring the organiser.`,
        {
          headers: { 'retry-after': String(timeToExpire) },
        },
      );
    return true;
  }
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
    const request = context.switchToHttp().getRequest<FastifyRequest<{ Body: unknown }>>();
    const { reference } = (request.body ?? {}) as { reference?: unknown };
    const hash = typeof reference === 'string' && reference.length <= 40 ? this.keys.hash(reference) : null;
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
