import type { FastifyReply } from 'fastify';

/** Says that the answer depends on a header of the request too, besides those that were named before. */
export function addVary(reply: FastifyReply, name: string): void {
  const named = [reply.getHeader('vary') ?? []].flat().flatMap((part) => String(part).split(','));
  const kept = named
    .map((part) => part.trim())
    .filter((part) => part !== '' && part.toLowerCase() !== name.toLowerCase());
  reply.header('vary', [...kept, name].join(', '));
}
