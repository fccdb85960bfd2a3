import { SetMetadata } from '@nestjs/common';

export const CACHED = 'http:cached';

/**
 * The answer of this public route depends on nothing but the address, what public events tell, and the passing of boundaries
 * (`PublicCache.boundaries`). It may be given again from memory while no public event has come.
 */
export const Cached = (): MethodDecorator => SetMetadata(CACHED, true);
