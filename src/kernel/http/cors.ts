import type { FastifyReply } from 'fastify';

/** Headers of an answer that a page of another site may read. */
const EXPOSED = [
  'ETag',
  'Link',
  'Location',
  'Retry-After',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'X-Trace-Id',
].join(', ');

/** Lets any site's pages read the answer, without credentials. Only for public reads. */
export function openToPages(reply: FastifyReply): void {
  reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', EXPOSED);
}

/** What a browser asks before a public read with an API key or a condition. */
export function answerPreflight(reply: FastifyReply): void {
  openToPages(reply);
  reply
    .header('access-control-allow-methods', 'GET, HEAD')
    .header('access-control-allow-headers', 'Accept, If-None-Match, Traceparent, X-API-Key')
    .header('access-control-max-age', '86400');
}
