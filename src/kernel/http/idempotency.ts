import { createHmac } from 'node:crypto';
import {
  CallHandler,
  ExecutionContext,
  HttpStatus,
  Inject,
  Injectable,
  NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, Observable } from 'rxjs';
import type { Actor } from '../access/actor';
import { Config, CONFIG } from '../config';
import { Db } from '../db/db';
import { Doors, Through } from '../db/door';
import type { Tx } from '../db/tx';
import { BadInput, Conflict, Problem, Refused } from '../errors/problem';
import { MADE } from './answer';
import { locationOf } from './location';

const PRIVATE_ANSWER = 'private answer';
const KEY_NEEDED = 'idempotency key needed';

/** The answer of this POST holds a secret or personal data: for a retry only its address is kept, and the record is read anew. */
export const PrivateAnswer = (): MethodDecorator => SetMetadata(PRIVATE_ANSWER, true);

/** This POST moves money: it is refused without an Idempotency-Key. */
export const KeyNeeded = (): MethodDecorator => SetMetadata(KEY_NEEDED, true);

interface Stored {
  request_hash: Buffer;
  status: number;
  location: string | null;
  answer: string | null;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * `Idempotency-Key` on POST: the request runs inside one transaction, and its answer is stored in that transaction, so the effect and
 * the stored answer commit together or not at all. The same key again gets the same answer; with another request it is refused; while
 * the first is still in flight it is told so.
 */
@Injectable()
export class Idempotency implements NestInterceptor {
  constructor(
    private readonly db: Db,
    private readonly doors: Doors,
    private readonly reflector: Reflector,
    private readonly host: HttpAdapterHost,
    @Inject(CONFIG) private readonly config: Pick<Config, 'serviceSecret'>,
  ) {}

  /** Runs the route, or answers for it. */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (!request.actor) return next.handle();
    const key = request.headers['idempotency-key'];
    if (key === undefined) {
      if (this.reflector.get<boolean>(KEY_NEEDED, context.getHandler()))
        throw new BadInput([
          {
            in: 'header',
            at: 'Idempotency-Key',
            code: 'idempotency_key_needed',
            message:
              'Send an Idempotency-Key header, such as a new UUID: this moves money, and a retry must not move it twice.',
          },
        ]);
      return next.handle();
    }
    if (typeof key !== 'string' || !KEY.test(key))
      throw new BadInput([
        {
          in: 'header',
          at: 'Idempotency-Key',
          code: 'bad_idempotency_key',
          message: 'Send 1 to 255 printable ASCII characters without spaces, such as a UUID.',
        },
      ]);
    return from(this.once(key, request, http.getResponse<FastifyReply>(), context, next, request.actor));
  }

  private async once(
    key: string,
    request: FastifyRequest,
    reply: FastifyReply,
    context: ExecutionContext,
    next: CallHandler,
    actor: Actor,
  ): Promise<unknown> {
    const hash = hashOf(request, this.config.serviceSecret);
    const through = this.reflector.getAllAndOverride<string | undefined>(Through.KEY, [
      context.getHandler(),
      context.getClass(),
    ]);
    const db = through === undefined ? this.db : this.doors.of(through);
    const replay = await db.write(actor, async (tx) => {
      const stored = await this.claim(tx, actor.key, key);
      if (stored) return { stored };
      actor.open = tx;
      try {
        return { answer: await this.run(tx, key, hash, request, reply, context, next, actor) };
      } finally {
        actor.open = undefined;
      }
    });
    if ('answer' in replay) return replay.answer;
    if (!replay.stored.request_hash.equals(hash))
      throw new Refused(
        'idempotency_key_reused',
        'This Idempotency-Key was sent before with another request. Use a new key for a new request.',
      );
    return this.again(replay.stored, request, reply);
  }

  /** Takes the key for this transaction; answers what is stored under it, if anything. */
  private async claim(tx: Tx, owner: string, key: string): Promise<Stored | undefined> {
    const [lock] = await tx.query<{ free: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtextextended('idempotency ' || $1 || ' ' || $2, 0)) AS free`,
      [owner, key],
    );
    if (!lock?.free)
      throw new Conflict(
        'request_in_flight',
        'A request with this Idempotency-Key is still being worked on. Wait a moment and send it again.',
      );
    const [stored] = await tx.query<Stored>(
      `SELECT request_hash, status, location, answer FROM kernel.idempotency WHERE owner = $1 AND key = $2 AND made_at > now() - interval '24 hours'`,
      [owner, key],
    );
    return stored;
  }

  private async run(
    tx: Tx,
    key: string,
    hash: Buffer,
    request: FastifyRequest,
    reply: FastifyReply,
    context: ExecutionContext,
    next: CallHandler,
    actor: Actor,
  ): Promise<unknown> {
    const answer: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    const made = this.reflector.get<string | undefined>(MADE, context.getHandler());
    const hidden = this.reflector.get<boolean | undefined>(PRIVATE_ANSWER, context.getHandler()) === true;
    const location = made && typeof answer === 'object' && answer !== null ? locationOf(made, answer) : null;
    const status =
      this.reflector.get<number | undefined>('__httpCode__', context.getHandler()) ??
      (answer === undefined ? HttpStatus.NO_CONTENT : HttpStatus.CREATED);
    await tx.query(
      `INSERT INTO kernel.idempotency (owner, key, request_hash, status, location, answer) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (owner, key) DO UPDATE SET request_hash = EXCLUDED.request_hash, status = EXCLUDED.status, location = EXCLUDED.location,
         answer = EXCLUDED.answer, made_at = now()`,
      [actor.key, key, hash, status, location, hidden || answer === undefined ? null : JSON.stringify(answer)],
    );
    return answer;
  }

  /** Answers as before; where only the address was kept, with what stands at it now, read with the caller's own credentials. */
  private async again(stored: Stored, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    void reply.status(stored.status).header('idempotent-replay', 'true');
    if (stored.location) void reply.header('location', stored.location);
    if (stored.answer !== null) return JSON.parse(stored.answer) as unknown;
    if (!stored.location) {
      // What came of it was kept nowhere, and can be read at no address.
      void reply.status(HttpStatus.NO_CONTENT);
      return undefined;
    }
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    const { authorization } = request.headers;
    const now = await fastify.inject({
      method: 'GET',
      url: stored.location,
      headers: authorization === undefined ? {} : { authorization },
    });
    if (now.statusCode !== 200)
      throw new Problem(
        409,
        'answer_gone',
        'This request was carried out before, but what it made can no longer be read.',
      );
    return now.json();
  }
}

/** With a key, so that nobody can find out a body of few choices by trying them all. */
function hashOf(request: FastifyRequest, secret: string): Buffer {
  const body =
    Buffer.isBuffer(request.body) || typeof request.body === 'string'
      ? request.body
      : JSON.stringify(request.body ?? null);
  return createHmac('sha256', secret).update(`${request.method} ${request.url}\n`).update(body).digest();
}
