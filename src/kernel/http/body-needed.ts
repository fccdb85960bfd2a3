import { CallHandler, ExecutionContext, Injectable, NestInterceptor, SetMetadata } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { BadInput, Problem } from '../errors/problem';

const EMPTY_BODY = 'http:empty-body';
const PARAMTYPES = 'design:paramtypes';

/** The route's body may be left out; it then counts as `{}`. */
export const EmptyBody = (): MethodDecorator => SetMetadata(EMPTY_BODY, true);

type Kind = 'none' | 'object' | 'array' | 'other';

/**
 * Sees that a body is there where the route reads one, that it is an object (or a list, where the route reads a list), and that
 * none is sent where the route reads none. The framework takes all of these for an empty object.
 */
@Injectable()
export class BodyNeeded implements NestInterceptor {
  private readonly kinds = new WeakMap<object, Kind>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.method !== 'GET' && request.method !== 'HEAD') this.check(context, request);
    return next.handle();
  }

  private check(context: ExecutionContext, request: FastifyRequest): void {
    const handler = context.getHandler();
    const kind = this.kinds.get(handler) ?? kindOf(context.getClass(), handler);
    this.kinds.set(handler, kind);
    const { body } = request;
    if (kind === 'none') {
      if (isObject(body) && Object.keys(body).length > 0) throw wrong('body_not_expected', 'Send no body: this address takes none.');
      return;
    }
    if (body === undefined) {
      if (Reflect.getMetadata(EMPTY_BODY, handler) !== true) throw new Problem(400, 'body_missing', 'Send a body: this address needs one.');
      request.body = {};
    } else if (kind === 'object' && !isObject(body)) throw wrong('not_an_object', 'Send a JSON object.');
    else if (kind === 'array' && !Array.isArray(body)) throw wrong('not_a_list', 'Send a JSON array.');
  }
}

const wrong = (code: string, message: string): Problem => new BadInput([{ in: 'body', at: '', code, message }]);

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.getPrototypeOf(value) === Object.prototype;

/** What the route's body parameter is declared as. Texts, streams and the like are the route's own matter. */
function kindOf(controller: { prototype: object }, handler: { name: string }): Kind {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) ?? {}) as Record<string, { index: number; data?: unknown }>;
  const key = Object.keys(parameters).find((one) => Number(one.split(':')[0]) === RouteParamtypes.BODY);
  const parameter = key === undefined ? undefined : parameters[key];
  if (!parameter) return 'none';
  const types = (Reflect.getMetadata(PARAMTYPES, controller.prototype, handler.name) ?? []) as unknown[];
  const type = types[parameter.index];
  if (type === Array) return 'array';
  return type === String || type === Object || type === Buffer ? 'other' : 'object';
}
