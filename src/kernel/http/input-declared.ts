import { CanActivate, ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { FastifyRequest } from 'fastify';
import { BadInput, Fault, Problem } from '../errors/problem';

const EMPTY_BODY = 'http:empty-body';
const PARAMTYPES = 'design:paramtypes';

/** The route's body may be left out; it then counts as `{}`. */
export const EmptyBody = (): MethodDecorator => SetMetadata(EMPTY_BODY, true);

/** What a route's parameters say that it reads. */
interface Declared {
  body: 'none' | 'object' | 'array' | 'other';
  query: boolean;
}

/**
 * Sees that a body is there where the route reads one, that it is an object (or a list, where the route reads a list), and that
 * no body or query is sent where the route reads none. The framework takes all of these for an empty object. A guard, the last one,
 * since each interceptor costs a chain of observables.
 */
@Injectable()
export class DeclaredInput implements CanActivate {
  private readonly known = new WeakMap<object, Declared>();

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const handler = context.getHandler();
    let declared = this.known.get(handler);
    if (!declared) this.known.set(handler, (declared = declaredBy(context.getClass(), handler)));
    if (!declared.query) refuseQuery(request.query as object);
    if (request.method !== 'GET' && request.method !== 'HEAD') checkBody(request, declared.body, handler);
    return true;
  }
}

function refuseQuery(query: object): void {
  const faults = Object.keys(query).map((at): Fault => ({
    in: 'query',
    at,
    code: 'unknown_field',
    message: `There is no parameter "${at}" here. Leave it out.`,
  }));
  if (faults.length > 0) throw new BadInput(faults);
}

function checkBody(request: FastifyRequest, kind: Declared['body'], handler: object): void {
  const { body } = request;
  if (kind === 'none') {
    const isEmpty = body === undefined || (isObject(body) && Object.keys(body).length === 0);
    if (!isEmpty) throw wrong('body_not_expected', 'Send no body: this address takes none.');
  } else if (body === undefined) {
    const optional = Reflect.getMetadata(EMPTY_BODY, handler) === true;
    if (!optional) throw new Problem(400, 'body_missing', 'Send a body: this address needs one.');
    request.body = {};
  } else if (kind === 'object' && !isObject(body)) throw wrong('not_an_object', 'Send a JSON object as the body.');
  else if (kind === 'array' && !Array.isArray(body)) throw wrong('not_a_list', 'Send a JSON array as the body.');
}

const wrong = (code: string, message: string): Problem => new BadInput([{ in: 'body', at: '', code, message }]);

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function declaredBy(controller: { prototype: object }, handler: { name: string }): Declared {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) ?? {}) as Record<
    string,
    { index: number }
  >;
  const reads = (kind: number): string | undefined =>
    Object.keys(parameters).find((key) => Number(key.split(':')[0]) === kind && !key.includes('__customRouteArgs__'));
  const body = reads(RouteParamtypes.BODY);
  const types = (Reflect.getMetadata(PARAMTYPES, controller.prototype, handler.name) ?? []) as unknown[];
  return {
    query: reads(RouteParamtypes.QUERY) !== undefined,
    body: body === undefined ? 'none' : kindOf(types[parameters[body]?.index ?? -1]),
  };
}

/** Texts, streams and whatever has no class are the route's own matter. */
function kindOf(type: unknown): Declared['body'] {
  if (type === Array) return 'array';
  return type === String || type === Object || type === Buffer || type === undefined ? 'other' : 'object';
}
