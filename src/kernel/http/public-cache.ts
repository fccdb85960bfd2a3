import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../clock';
import { Config, CONFIG } from '../config';
import { EventHead } from '../events/head';
import { matches } from './answer';

interface Entry {
  /** As it goes out: encoded once, not for every answer. */
  readonly body: Buffer;
  readonly headers: Record<string, string>;
  readonly tag: string;
  /** Position of the last public event that had certainly been seen when the answer was made. */
  readonly position: bigint;
  /** The moment at which something public changes by the clock alone, such as a closing. */
  readonly until: number;
}

/** How old what was heard of the event log may be, in milliseconds; beyond it the cache is left aside. */
const HEARD_WITHIN_MS = 900;
const MOST_ENTRIES = 2_000;
const MOST_BYTES = 64 * 1024 * 1024;
const KEPT_HEADERS = [
  'content-type',
  'content-disposition',
  'link',
  'cache-control',
  'vary',
  'deprecation',
  'sunset',
] as const;

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the log stood and what the clock said when this request began, where its answer may be kept. */
    began?: { position: bigint; at: Date };
  }
}

/**
 * Answers of public routes, given from memory before Nest runs. An entry holds only what a public route answered to a caller without
 * credentials, keyed by the exact address and the format. It is served while the event log, heard of less than a second ago, has no
 * public event beyond the entry's position, and no opening or closing has passed since.
 */
@Injectable()
export class PublicCache {
  /** Told by areas: the next moment after `now` at which something public changes by the clock alone; null when there is none. */
  readonly boundaries: ((now: Date) => Promise<Date | null>)[] = [];
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;
  private boundary: { position: bigint; at: number } | undefined;

  constructor(
    private readonly head: EventHead,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Puts the cache before Nest. Call it after `installManners`, whose limits and headers it stands behind. */
  install(fastify: FastifyInstance): void {
    if (!this.config.publicCache) return;
    fastify.decorateRequest('began', undefined);
    fastify.addHook('onRequest', (request, reply, done) => {
      if (!mayBeKept(request)) {
        done();
        return;
      }
      const entry = this.fresh(keyOf(request));
      if (entry) {
        this.answer(entry, request, reply);
        return;
      }
      if (this.heard()) request.began = { position: this.head.head().publicPosition, at: this.clock.now() };
      done();
    });
    fastify.addHook('onSend', async (request, reply, payload: unknown) => {
      if (request.began && reply.statusCode === 200 && (typeof payload === 'string' || Buffer.isBuffer(payload)))
        await this.keep(request, request.began, reply, payload);
      return payload;
    });
  }

  private heard(): boolean {
    return this.head.age() < HEARD_WITHIN_MS;
  }

  /** The entry for a key, if it may be served now. */
  private fresh(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (!entry || !this.heard()) return undefined;
    if (entry.position === this.head.head().publicPosition && this.clock.now().getTime() < entry.until) return entry;
    this.drop(key, entry);
    return undefined;
  }

  private answer(entry: Entry, request: FastifyRequest, reply: FastifyReply): void {
    void reply.headers(entry.headers);
    if (matches(request.headers['if-none-match'], entry.tag)) void reply.status(304).send();
    else void reply.send(entry.body);
  }

  private async keep(
    request: FastifyRequest,
    { position, at }: { position: bigint; at: Date },
    reply: FastifyReply,
    payload: string | Buffer,
  ): Promise<void> {
    const tag = reply.getHeader('etag');
    if (typeof tag !== 'string') return;
    const until = await this.nextBoundary(position, at);
    const headers: Record<string, string> = { etag: tag };
    for (const name of KEPT_HEADERS) {
      const value = reply.getHeader(name);
      if (value !== undefined) headers[name] = String(value);
    }
    const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const key = keyOf(request);
    const old = this.entries.get(key);
    if (old) this.drop(key, old);
    this.entries.set(key, { body, headers, tag, position, until });
    this.bytes += body.length + key.length;
    for (const [oldest, entry] of this.entries) {
      if (this.entries.size <= MOST_ENTRIES && this.bytes <= MOST_BYTES) break;
      this.drop(oldest, entry);
    }
  }

  private drop(key: string, entry: Entry): void {
    if (this.entries.delete(key)) this.bytes -= entry.body.length + key.length;
  }

  /** When the next opening or closing comes; asked once for each position of the log and each boundary passed. */
  private async nextBoundary(position: bigint, now: Date): Promise<number> {
    if (this.boundary && this.boundary.position === position && now.getTime() < this.boundary.at)
      return this.boundary.at;
    const moments = await Promise.all(this.boundaries.map((next) => next(now)));
    const at = Math.min(...moments.map((m) => m?.getTime() ?? Infinity));
    this.boundary = { position, at };
    return at;
  }
}

/** Only what a caller without credentials asked of a route that is declared to be kept. */
const mayBeKept = (request: FastifyRequest): boolean =>
  request.method === 'GET' &&
  request.routeOptions.config.wire?.cached === true &&
  request.headers.authorization === undefined &&
  request.headers['x-api-key'] === undefined;

const keyOf = (request: FastifyRequest): string => `${request.format} ${request.url}`;
