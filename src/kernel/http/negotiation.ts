import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BadInput, Problem } from '../errors/problem';
import { FORMATS, RouteWire } from './route-catalogue';
import { addVary } from './vary';

declare module 'fastify' {
  interface FastifyRequest {
    /** The media type that this request is to be answered in; one of those that the route produces. */
    format: string;
  }
}

/** The media type chosen by the caller, as a parameter of a route with `@Produces`. */
export const Format = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => context.switchToHttp().getRequest<FastifyRequest>().format,
);

/** Chooses the answer's format from `?format=`, where the route has several, else from `Accept`. None that fits: 406. */
export function negotiate(request: FastifyRequest, reply: FastifyReply, { produces }: RouteWire): void {
  if (produces.length > 1) {
    addVary(reply, 'Accept');
    const asked = takeFormat(request);
    if (asked !== undefined) {
      request.format = chosenByName(asked, produces);
      return;
    }
  }
  const best = bestOf(request.headers.accept, produces);
  if (best === undefined)
    throw new Problem(
      406,
      'not_acceptable',
      `This address answers in ${produces.join(', ')}. Send an Accept header with one of these.`,
    );
  request.format = best;
}

/** Takes `format` out of the query, since it belongs to the HTTP layer and not to the route's own filters. */
function takeFormat(request: FastifyRequest): unknown {
  const query = request.query as Record<string, unknown>;
  const { format } = query;
  delete query.format;
  return format;
}

function chosenByName(asked: unknown, produces: readonly string[]): string {
  const names = Object.keys(FORMATS).filter((name) => produces.includes(FORMATS[name] ?? ''));
  const media = typeof asked === 'string' && names.includes(asked) ? FORMATS[asked] : undefined;
  if (media !== undefined) return media;
  throw new BadInput([
    { in: 'query', at: 'format', code: 'not_a_choice', message: `Give one of: ${names.join(', ')}.` },
  ]);
}

/** The media type with the highest quality in an `Accept` header (RFC 9110, section 12.5.1); of equals, the first of ours. */
export function bestOf(accept: string | undefined, produces: readonly string[]): string | undefined {
  const [first] = produces;
  if (accept === undefined || accept.trim() === '' || accept === '*/*' || accept === first) return first;
  const ranges = accept.split(',').map(readRange);
  let best: { type: string; quality: number } | undefined;
  for (const type of produces) {
    const quality = qualityOf(type, ranges);
    if (quality > 0 && (!best || quality > best.quality)) best = { type, quality };
  }
  return best?.type;
}

interface Range {
  type: string;
  quality: number;
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = q === undefined ? 1 : Number(q.slice(2));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** Quality by the most specific range that covers the type. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const group = `${type.split('/')[0]}/*`;
  for (const name of [type, group, '*/*']) {
    const range = ranges.find((one) => one.type === name);
    if (range) return range.quality;
  }
  return 0;
}
