import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Log, plainLog } from '../log';

/**
 * One line a request, when its answer is out or its caller has gone. The route's pattern stands for the address, whose own path and
 * query may hold personal data; bodies and headers are never logged.
 */
export function logRequests(fastify: FastifyInstance, log: Log): void {
  const lines = plainLog(log);
  fastify.addHook('onResponse', (request, reply, done) => {
    const level = reply.statusCode >= 500 ? 'error' : 'info';
    if (!lines.isLevelEnabled(level)) {
      done();
      return;
    }
    lines[level](
      { ...facts(request), status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 },
      'request',
    );
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    lines.info({ ...facts(request), aborted: true }, 'request');
    done();
  });
}

function facts(request: FastifyRequest): Record<string, unknown> {
  return {
    traceId: request.traceId,
    method: request.method,
    route: routeOf(request),
    accountId: request.actor?.accountId ?? null,
    caller: request.actor?.kind ?? 'anonymous',
  };
}

/** The pattern of the route, such as `/v1/projects/:id`; `(none)` where no route fits. */
export const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? '(none)';
