import type { FastifyReply, FastifyRequest } from 'fastify';
import { matches } from '../../kernel/http/answer';
import type { ReleaseFile } from '../report/releases';

/** By id nothing ever changes; `latest` is another release some day. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const A_WHILE = 'public, max-age=300';

/** Answers with a stored file: its very bytes, its checksum as the ETag, and how long a copy is good. 304 where the caller has it. */
export function storedAnswer(
  file: ReleaseFile & { sha256: string },
  which: string,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const tag = `"${file.sha256}"`;
  void reply
    .header('etag', tag)
    .header('cache-control', which === 'latest' ? A_WHILE : FOR_EVER)
    .header('content-disposition', `inline; filename="${file.name.split('/').pop() ?? 'file'}"`);
  if (matches(request.headers['if-none-match'], tag)) {
    void reply.status(304).send();
    return;
  }
  void reply.type(file.mediaType).send(file.bytes);
}

/** Says how long a copy of an answer about a release is good. */
export const keepFor = (reply: FastifyReply, which: string): void =>
  void reply.header('cache-control', which === 'latest' ? A_WHILE : FOR_EVER);
