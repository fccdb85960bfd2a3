import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problemBody } from '../errors/answer';
import { Problem } from '../errors/problem';
import { badEncoding } from './input-address';
import { SECURITY_HEADERS } from './security-headers';
import { newTraceId, traceIdFor } from './trace';

/** What the router refuses before any hook or route runs: a path that cannot be decoded, or a part of it that is too long. */
export function answerRouterFault(
  error: { code: string; statusCode?: number },
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const problem =
    error.code === 'FST_ERR_BAD_URL'
      ? badEncoding('path', '')
      : new Problem(
          414,
          'address_too_long',
          'A part of the address is too long. Follow the links that this API gives.',
        );
  const { headers, body } = rendered(problem, pathOf(request.raw), request.id);
  reply.raw.writeHead(problem.status, headers).end(body);
}

/** What Node's HTTP parser refuses: no request exists yet, so the answer is written to the connection itself. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem =
    PARSER_FAULTS[error.code ?? ''] ??
    new Problem(400, 'malformed_request', 'This is not an HTTP request that the service can read.');
  const { headers, body } = rendered(problem, '/', newTraceId());
  const lines = Object.entries({ ...headers, connection: 'close', date: new Date().toUTCString() }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

const PARSER_FAULTS: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: new Problem(
    431,
    'headers_too_large',
    'The request line and headers are too large together. Send fewer or shorter headers, or a shorter address.',
  ),
  HPE_INVALID_METHOD: new Problem(400, 'malformed_request', 'The method is not one that HTTP knows.'),
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, 'request_timeout', 'The request took too long to arrive.'),
};

/** An `Expect` header that asks for something other than 100-continue. */
export function answerExpectation(request: IncomingMessage, response: ServerResponse): void {
  const problem = new Problem(417, 'expectation_failed', 'Send no Expect header but "100-continue".');
  const { headers, body } = rendered(problem, pathOf(request), traceIdFor(request));
  response.writeHead(problem.status, headers).end(body);
}

function rendered(problem: Problem, path: string, traceId: string): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify(problemBody(problem, path, traceId));
  const length = String(Buffer.byteLength(body));
  return {
    headers: { ...SECURITY_HEADERS, 'content-type': PROBLEM_TYPE, 'content-length': length, 'x-trace-id': traceId },
    body,
  };
}

const pathOf = (raw: { url?: string }): string => (raw.url ?? '/').split('?', 1)[0] ?? '/';
