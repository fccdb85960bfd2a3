import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PAGE_POLICY } from './security-headers';

/** Browsers name text/html before anything else; programs that take everything get a problem as JSON. */
export const wantsPage = ({ headers: { accept = '' } }: Pick<FastifyRequest, 'headers'>): boolean =>
  /^\s*text\/html\b/i.test(accept);

/** Answers with a page that says that the address is wrong. */
export function sendMissingPage(reply: FastifyReply, status: number, page: string): void {
  void reply
    .status(status)
    .headers({ 'cache-control': 'no-store', 'content-security-policy': PAGE_POLICY })
    .type('text/html; charset=utf-8')
    .send(page);
}

/** What a browser is shown at an address without a route. Areas that have pages tell theirs. */
@Injectable()
export class MissingPages {
  private readonly below: { start: string; page: () => string }[] = [];

  /** All addresses below `path` that lead nowhere show this page. */
  add(path: string, page: () => string): void {
    this.below.push({ start: `${path}/`, page });
  }

  /** Answers a browser whose address lies below one of an area's; false for everybody else, and everywhere else. */
  answer(request: FastifyRequest, reply: FastifyReply): boolean {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const found = reads && wantsPage(request) && this.below.find(({ start }) => request.url.startsWith(start));
    if (!found) return false;
    sendMissingPage(reply, 404, found.page());
    return true;
  }
}
