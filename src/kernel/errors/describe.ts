import { HttpException } from '@nestjs/common';
import { Problem, Unavailable } from './problem';

/** What a broken constraint means to the caller. Areas declare theirs beside their entities. */
interface Meaning {
  status: number;
  code: string;
  detail: string;
}
const meanings = new Map<string, Meaning>();

/** Declares what breaking a named constraint of the database means: code for programs, plain English for people. */
export function constraint(name: string, status: 409 | 422, code: string, detail: string): void {
  meanings.set(name, { status, code, detail });
}

/** Classes of SQLSTATE that mean "not now": connection lost, too many connections, shutting down, cancelled. */
const AWAY = /^(08|53|57)/;
const AWAY_NODE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT']);
const AWAY_TEXT = /timeout exceeded when trying to connect|Connection terminated|Cannot use a pool after calling end/;

const BY_SQLSTATE: Record<string, Meaning> = {
  '23505': { status: 409, code: 'already_exists', detail: 'There is already a record like this one.' },
  '23P01': { status: 409, code: 'overlaps', detail: 'This overlaps with a record that is already there.' },
  '23503': {
    status: 422,
    code: 'unknown_reference',
    detail: 'This names a record that does not exist, or that others still refer to.',
  },
  '23514': {
    status: 422,
    code: 'rule_broken',
    detail: 'This breaks a rule about what may be stored. Check the values you sent.',
  },
  '23502': { status: 422, code: 'value_missing', detail: 'A value that is needed is missing.' },
  '22021': { status: 400, code: 'invalid_text', detail: 'A text holds characters that cannot be stored.' },
  '22P05': { status: 400, code: 'invalid_text', detail: 'A text holds characters that cannot be stored.' },
  '22P02': { status: 400, code: 'invalid_value', detail: 'A value is not written in the form that is needed.' },
  '22003': { status: 400, code: 'number_out_of_range', detail: 'A number is too large or too small.' },
  '22008': { status: 400, code: 'invalid_value', detail: 'A date or time is out of range.' },
  '40001': { status: 503, code: 'busy', detail: 'Many changes came at once. Try again in a moment.' },
  '40P01': { status: 503, code: 'busy', detail: 'Many changes came at once. Try again in a moment.' },
  '55P03': { status: 503, code: 'busy', detail: 'Many changes came at once. Try again in a moment.' },
};

/** Any failure as a problem: our own as they are, the database's by code and constraint, the framework's by status; all else is a plain 500. */
export function describe(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) return ofStatus(error.getStatus(), error);
  const {
    code,
    constraint: name,
    statusCode,
    message,
  } = (error ?? {}) as { code?: string; constraint?: string; statusCode?: number; message?: string };
  const meaning = (name ? meanings.get(name) : undefined) ?? (code ? BY_SQLSTATE[code] : undefined);
  if (meaning)
    return new Problem(meaning.status, meaning.code, meaning.detail, {
      cause: error,
      headers: meaning.status === 503 ? { 'retry-after': '1' } : {},
    });
  if ((code && ((AWAY.test(code) && code.length === 5) || AWAY_NODE.has(code))) || AWAY_TEXT.test(message ?? ''))
    return new Unavailable('The service cannot reach its database now. Try again in a moment.', 2, error);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return ofStatus(statusCode, error);
  return new Problem(
    500,
    'internal_error',
    'Something went wrong on our side. Nothing that you sent caused it. Quote the traceId if you tell us.',
    { cause: error },
  );
}

const PLAIN: Record<number, [code: string, detail: string]> = {
  400: ['invalid_request', 'The request is not well formed.'],
  401: ['not_signed_in', 'Send a bearer token: this needs you to be signed in.'],
  403: ['not_allowed', 'None of your roles may do this.'],
  404: ['not_found', 'There is nothing at this address.'],
  405: ['method_not_allowed', 'This address does not take that method. The Allow header says which it takes.'],
  406: ['not_acceptable', 'This address cannot answer in any of the formats that you accept.'],
  408: ['request_timeout', 'The request took too long to arrive.'],
  413: ['body_too_large', 'The body is larger than this address takes. Send less at once.'],
  414: ['address_too_long', 'The address is too long.'],
  415: ['unsupported_media_type', 'This address does not take a body of that content type.'],
  429: ['too_many_requests', 'You have sent too many requests. Wait as long as Retry-After says.'],
  431: ['headers_too_large', 'The headers are too large.'],
};

function ofStatus(status: number, cause: unknown): Problem {
  const [code, detail] =
    PLAIN[status] ??
    (status >= 500
      ? ['internal_error', 'Something went wrong on our side.']
      : ['invalid_request', 'The request cannot be carried out.']);
  return new Problem(status, code, detail, { cause });
}
