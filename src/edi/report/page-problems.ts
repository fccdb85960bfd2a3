import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe } from '../../kernel/errors/describe';
import { ProblemFilter } from '../../kernel/errors/problem.filter';
import { sendMissingPage, wantsPage } from '../../kernel/http/missing-pages';
import { notFoundPage } from './formats/index-page';

/** A wrong address of a report is answered with a page that leads back where a browser asked, and as a problem to everybody else. */
@Catch()
export class PageProblems implements ExceptionFilter {
  private readonly problems = new ProblemFilter();

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status } = describe(error);
    if (reply.sent || (status !== 404 && status !== 400) || !wantsPage(request)) this.problems.catch(error, host);
    else sendMissingPage(reply, status, notFoundPage());
  }
}
