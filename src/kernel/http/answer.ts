import { hash } from 'node:crypto';
import { SetMetadata } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { locationOf } from './location';

export const MADE = 'made';

/** Where the record that a POST made can be read: a path with `:id` and other fields of the answer. The answer is 201 with `Location`. */
export const Made = (path: string): MethodDecorator => SetMetadata(MADE, path);

/** JSON that Postgres wrote, passed on as it is; `version` where it is one record, `next` where more can be read: the parameters that change. */
export class JsonText {
  constructor(
    readonly text: string,
    readonly about: { version?: number; next?: Record<string, string> } = {},
  ) {}
}

/**
 * Gives every JSON answer its ETag, `Location` and `Link`, and answers 304 where the caller has it already. As hooks behind the
 * framework: an interceptor of Nest for all routes costs each read a chain of observables.
 */
export function describeAnswers(fastify: FastifyInstance): void {
  fastify.addHook('preSerialization', (request, reply, answer, done) => {
    done(
      null,
      reply.statusCode >= 400 || typeof answer !== 'object' || answer === null
        ? answer
        : described(answer, request, reply),
    );
  });
  // The framework itself takes the body off every answer to HEAD.
  fastify.addHook('onSend', (request, reply, payload, done) => {
    done(null, reply.statusCode === 304 && request.method !== 'HEAD' ? null : payload);
  });
}

/** The answer as it is to be written. */
function described(answer: object, request: FastifyRequest, reply: FastifyReply): object {
  if (answer instanceof JsonText) {
    const { version, next } = answer.about;
    link(request, reply, next);
    return written(answer.text, version === undefined ? '' : `${version}-`, request, reply);
  }
  const made = request.routeOptions.config.wire?.made;
  if (made !== undefined && !reply.hasHeader('location')) void reply.header('location', locationOf(made, answer));
  const cursor = 'meta' in answer ? (answer.meta as { nextCursor?: unknown } | null)?.nextCursor : undefined;
  link(request, reply, typeof cursor === 'string' ? { cursor } : undefined);
  const version = versionTag(answer);
  if (version === undefined && isRead(request)) return written(JSON.stringify(answer), '', request, reply);
  if (version !== undefined) tag(request, reply, version);
  return answer;
}

/**
 * Encoded once: the bytes that are hashed are the bytes that are sent. The strong ETag is their hash, with a version in front where it
 * is one record that time or other records change, too.
 */
function written(text: string, version: string, request: FastifyRequest, reply: FastifyReply): Buffer {
  const bytes = Buffer.from(text);
  tag(request, reply, `"${version}${hash('sha256', bytes, 'base64url').slice(0, 22)}-json"`);
  void reply.serializer(asItIs);
  if (!reply.hasHeader('content-type')) void reply.type('application/json; charset=utf-8');
  return bytes;
}

/** Bytes are sent as they are; the framework's types know only of serializers that write text. */
const asItIs = (bytes: Buffer): string => bytes as unknown as string;

function tag(request: FastifyRequest, reply: FastifyReply, etag: string): void {
  void reply.header('etag', etag);
  if (isRead(request) && matches(request.headers['if-none-match'], etag)) void reply.status(304);
}

function link(request: FastifyRequest, reply: FastifyReply, changes: Record<string, string> | undefined): void {
  if (!changes) return;
  const url = new URL(request.url, 'http://service');
  for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value);
  void reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
}

/** HEAD tells of an answer what GET would. */
const isRead = (request: FastifyRequest): boolean => request.method === 'GET' || request.method === 'HEAD';

/** The strong ETag of a record: its version and the representation. */
const versionTag = (answer: object): string | undefined =>
  'version' in answer && typeof answer.version === 'number' && 'id' in answer ? `"${answer.version}-json"` : undefined;

/** Whether an `If-None-Match` header names the tag. Weak tags compare by their value, as RFC 9110 asks for GET. */
export function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((t) => t.trim() === '*' || t.trim().replace(/^W\//, '') === etag);
}
