import { Readable, Transform } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../errors/problem';
import { readJson, readText } from './input-json';
import { normal, textFault } from './input-text';
import { PLAIN_ROUTE } from './route-catalogue';

/** Bytes of a body on a route that says nothing else. */
export const DEFAULT_BODY_LIMIT = 1024 * 1024;

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Refuses, before it is read, a body of a type that the route does not take, or one that says that it is too long. */
export function checkBody(request: FastifyRequest): void {
  const { headers } = request;
  const length = Number(headers['content-length'] ?? 0);
  if (!WITH_BODY.has(request.method) || (length === 0 && headers['transfer-encoding'] === undefined)) return;
  const { consumes, bytes } = request.routeOptions.config.wire ?? PLAIN_ROUTE;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw unsupported('encoding_not_supported', 'Send the body without a Content-Encoding.', request.method, consumes);
  }
  if (!isTaken(headers['content-type'], consumes, bytes)) {
    const said =
      headers['content-type'] === undefined
        ? 'The body has no Content-Type.'
        : 'This address does not take a body of this type.';
    throw unsupported(
      'type_not_supported',
      `${said} Send it as ${consumes.join(' or ')}${bytes ? '' : ', in UTF-8'}.`,
      request.method,
      consumes,
    );
  }
  const limit = limitOf(request);
  if (length > limit) throw tooLarge(limit);
}

/** A route that takes bytes finds out the encoding of a text itself. */
function isTaken(contentType: string | undefined, consumes: readonly string[], bytes = false): boolean {
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  return consumes.includes(type ?? '') && (bytes || charset === undefined || charset === 'utf-8' || charset === 'utf8');
}

function unsupported(code: string, detail: string, method: string, consumes: readonly string[]): Problem {
  return new Problem(415, code, detail, {
    headers: { [method === 'PATCH' ? 'accept-patch' : 'accept']: consumes.join(', ') },
  });
}

const tooLarge = (limit: number): Problem =>
  new Problem(413, 'body_too_large', `The body may have at most ${sizeOf(limit)}. Send less at once.`);

const KIB = 1024;

/** A number of bytes in the unit that people know it by, such as `1 MiB` or `512 KiB`, with one decimal where it needs one. */
export function sizeOf(bytes: number): string {
  const [unit, size] = bytes >= KIB * KIB ? ['MiB', KIB * KIB] : ['KiB', KIB];
  return `${Math.floor((bytes / size) * 10) / 10} ${unit}`;
}

const limitOf = (request: FastifyRequest): number => request.routeOptions.bodyLimit;

/** Puts our parsers in the place of the framework's. The type has been checked against the route by then. */
export function installParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'buffer' },
    (_request, body, done) => {
      finish(() => (body.length === 0 ? undefined : readJson(body as Buffer)), done);
    },
  );
  fastify.addContentTypeParser(/^text\//, { parseAs: 'buffer' }, (request, body, done) => {
    finish(() => (body.length === 0 ? undefined : takesBytes(request) ? body : plainText(body as Buffer)), done);
  });
  fastify.addContentTypeParser('*', (request, payload, done) => {
    if (takesBytes(request)) whole(limited(payload, limitOf(request)), done);
    else
      done(null, Number(request.headers['content-length'] ?? 1) === 0 ? undefined : limited(payload, limitOf(request)));
  });
}

const takesBytes = (request: FastifyRequest): boolean => request.routeOptions.config.wire?.bytes === true;

/** All bytes of a stream at once. */
function whole(stream: Readable, done: Done): void {
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  stream.on('error', (error) => done(error));
  stream.on('end', () => {
    const body = Buffer.concat(pieces);
    done(null, body.length === 0 ? undefined : body);
  });
}

type Done = (error: Error | null, body?: unknown) => void;

function finish(read: () => unknown, done: Done): void {
  let body: unknown;
  try {
    body = read();
  } catch (error) {
    done(error as Error);
    return;
  }
  done(null, body);
}

function plainText(bytes: Buffer): string {
  const text = readText(bytes);
  const wrong = textFault(text);
  if (wrong) {
    const line = wrong.code === 'nul_character' ? text.slice(0, text.indexOf('\u0000')).split('\n').length : undefined;
    const message = line === undefined ? wrong.message : `${wrong.message} It stands in line ${line}.`;
    throw new Problem(400, 'invalid_input', message, { errors: [{ in: 'body', at: '', code: wrong.code, message }] });
  }
  return normal(text);
}

/** The same bytes as a stream that fails once more than `limit` of them came. */
function limited(payload: Readable, limit: number): Readable {
  let seen = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > limit) done(tooLarge(limit));
      else done(null, chunk);
    },
  });
  payload.on('error', (error) => counter.destroy(error));
  return payload.pipe(counter);
}
