import { ArgumentsHost, Catch, ExceptionFilter, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problemBody } from './answer';
import { describe } from './describe';

/** Turns whatever a route threw into `application/problem+json`. Failures of ours are logged with their cause; the caller sees none of it. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = describe(error);
    if (problem.status >= 500)
      request.log.error({ err: problem.cause ?? problem, traceId: request.traceId }, 'request failed');
    if (reply.sent) return;
    void reply
      .status(problem.status)
      .headers({ ...problem.headers, 'cache-control': 'no-store' })
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problemBody(problem, request.url.split('?')[0] ?? '/', request.traceId)));
  }
}
