import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe } from '../../kernel/errors/describe';
import { ProblemFilter } from '../../kernel/errors/problem.filter';
import { PAGE_POLICY } from '../../kernel/http/security-headers';
import { notFoundPage } from './formats/index-page';

/** A wrong address of a report is answered with a page that leads back where a browser asked, and as a problem to everybody else. */
@Catch()
export class PageProblems implements ExceptionFilter {
  private readonly problems = new ProblemFilter();

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status } = describe(error);
    if (reply.sent || (status !== 404 && status !== 400) || !wantsPage(request.headers.accept)) {
      this.problems.catch(error, host);
      return;
    }
    void reply
      .status(status)
      .headers({ 'cache-control': 'no-store', 'content-security-policy': PAGE_POLICY })
      .type('text/html; charset=utf-8')
      .send(notFoundPage());
  }
}

/** Browsers name text/html before anything else. */
const wantsPage = (accept = ''): boolean => /^\s*text\/html\b/i.test(accept);
