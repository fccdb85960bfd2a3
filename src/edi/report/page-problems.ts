import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe } from '../../kernel/errors/describe';
import { BadInput, NotFound } from '../../kernel/errors/problem';
import { ProblemFilter } from '../../kernel/errors/problem.filter';
import { sendMissingPage, wantsPage } from '../../kernel/http/missing-pages';
import { notFoundPage } from './formats/index-page';

const NO_PAGE =
  'No page has this address. Releases are named by their ids, or as latest; /v1/diversity/releases lists them.';

/**
 * A wrong address of a report is answered with a page that leads back where a browser asked, and as a problem to everybody else. Where
 * only something behind the `?` is wrong, as where a link was shared and its carrier marked it, the browser is sent to the page itself.
 */
@Catch()
export class PageProblems implements ExceptionFilter {
  private readonly problems = new ProblemFilter();

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status } = describe(error);
    const [path = '', query] = request.url.split('?');
    const isMarked =
      query !== undefined && error instanceof BadInput && error.errors?.every((one) => one.in === 'query');
    // An address is all that a page is asked by, so what cannot be an address of one is an address without one.
    const missing = status === 404 || status === 400;
    if (reply.sent || !missing || (isMarked && !wantsPage(request))) this.problems.catch(error, host);
    else if (isMarked) void reply.status(302).headers({ location: path, 'cache-control': 'no-store' }).send();
    else if (wantsPage(request)) sendMissingPage(reply, 404, notFoundPage());
    else this.problems.catch(status === 404 ? error : new NotFound(NO_PAGE), host);
  }
}
