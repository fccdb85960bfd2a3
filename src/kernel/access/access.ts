import { applyDecorators, createParamDecorator, ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Actor } from './actor';
import type { Permission } from './permission';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set by the access guard before any route runs. */
    actor?: Actor;
  }
}

/** What a route asks of its caller. A route without one answers 403: access fails closed. */
export type Access = { kind: 'public' } | { kind: 'signed-in' } | { kind: 'permission'; permission: Permission };
export const ACCESS = 'access';

/** The one permission that a route needs. Which rows it then reaches is decided in the query. */
export const Can = (permission: Permission): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'permission', permission } satisfies Access),
    ApiExtension('x-permission', permission.name),
    ApiBearerAuth('token'),
  );

/** Open to everybody, with or without an account. An API key raises the rate limit. */
export const Public = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'public' } satisfies Access),
    ApiExtension('x-public', true),
    ApiSecurity({}),
    ApiSecurity('key'),
  );

/** Open to whoever is signed in, for what is the caller's own. */
export const SignedIn = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'signed-in' } satisfies Access),
    ApiExtension('x-signed-in', true),
    ApiBearerAuth('token'),
  );

/** The caller, as a parameter of a route. */
export const Who = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!actor) throw new Error('A route asked who calls before the access guard ran');
  return actor;
});
