import { hash } from 'node:crypto';
import { CallHandler, ExecutionContext, Injectable, NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, Observable } from 'rxjs';
import { Idempotency } from './idempotency';
import { locationOf } from './location';

const MADE = 'made';

/** Where the record that a POST made can be read: a path with `:id` and other fields of the answer. The answer is 201 with `Location`. */
export const Made = (path: string): MethodDecorator => SetMetadata(MADE, path);

/** JSON that Postgres wrote, passed on as it is; `version` where it is one record, `next` where more can be read: the parameters that change. */
export class JsonText {
  constructor(
    readonly text: string,
    readonly about: { version?: number; next?: Record<string, string> } = {},
  ) {}
}

/** Gives every JSON answer its ETag, `Location` and `Link`, and answers 304 where the caller has it already. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly idempotency: Idempotency,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const made = this.reflector.get<string | undefined>(MADE, context.getHandler());
    return this.idempotency.around(context, next).pipe(
      map((answer: unknown) => {
        if (reply.sent || typeof answer !== 'object' || answer === null || Buffer.isBuffer(answer) || 'pipe' in answer)
          return answer;
        if (answer instanceof JsonText) return this.passOn(answer, request, reply);
        if (made) void reply.header('location', locationOf(made, answer));
        const cursor = 'meta' in answer ? (answer.meta as { nextCursor?: unknown } | null)?.nextCursor : undefined;
        const next = nextLink(request, typeof cursor === 'string' ? { cursor } : undefined);
        if (next) void reply.header('link', next);
        const tag = versionTag(answer) ?? (isRead(request) ? contentTag(answer) : undefined);
        if (tag) void reply.header('etag', tag);
        if (isRead(request) && tag && matches(request.headers['if-none-match'], tag)) {
          void reply.status(304);
          return undefined;
        }
        return answer;
      }),
    );
  }

  private passOn({ text, about }: JsonText, request: FastifyRequest, reply: FastifyReply): string | undefined {
    const tag = about.version === undefined ? textTag(text) : textTag(text, `${about.version}-`);
    const next = nextLink(request, about.next);
    if (next) void reply.header('link', next);
    void reply.header('etag', tag).type('application/json; charset=utf-8');
    if (!isRead(request) || !matches(request.headers['if-none-match'], tag)) return text;
    void reply.status(304);
    return undefined;
  }
}

/** HEAD tells of an answer what GET would. */
const isRead = (request: FastifyRequest): boolean => request.method === 'GET' || request.method === 'HEAD';

/** The strong ETag of a record: its version and the representation. */
const versionTag = (answer: object): string | undefined =>
  'version' in answer && typeof answer.version === 'number' && 'id' in answer ? `"${answer.version}-json"` : undefined;

/** A strong ETag for an answer that is no single record: a hash of what is sent. */
export const contentTag = (answer: object): string => textTag(JSON.stringify(answer));

/** With a version in front where it is one record that time or other records change, too. */
const textTag = (text: string, version = ''): string =>
  `"${version}${hash('sha256', text, 'base64url').slice(0, 22)}-json"`;

/** Whether an `If-None-Match` header names the tag. Weak tags compare by their value, as RFC 9110 asks for GET. */
export function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((t) => t.trim() === '*' || t.trim().replace(/^W\//, '') === tag);
}

function nextLink(request: FastifyRequest, changes: Record<string, string> | undefined): string | undefined {
  if (!changes) return undefined;
  const url = new URL(request.url, 'http://service');
  for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value);
  return `<${url.pathname}${url.search}>; rel="next"`;
}
