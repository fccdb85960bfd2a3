import { applyDecorators, NestInterceptor, RequestMethod, SetMetadata, Type } from '@nestjs/common';
import { INTERCEPTORS_METADATA, METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ApiConsumes, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { Access, ACCESS } from '../access/access';
import { MADE } from './answer';
import { CACHED } from './cached';
import { DEPRECATED, Ending } from './deprecation';

const BODY_LIMIT = 'http:body-limit';
const CONSUMES = 'http:consumes';
const PRODUCES = 'http:produces';
const UNLIMITED = 'http:unlimited';
const BYTES = 'http:bytes';

/** Media types that `?format=` can name, by the name it gives them. */
export const FORMATS: Readonly<Record<string, string>> = {
  json: 'application/json',
  csv: 'text/csv',
  html: 'text/html',
  css: 'text/css',
  geojson: 'application/geo+json',
  fhir: 'application/fhir+json',
  'json-stat': 'application/vnd.json-stat+json',
  svg: 'image/svg+xml',
  text: 'text/plain',
  ics: 'text/calendar',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

const FORMAT_MEANS = 'Format of the answer; goes before the Accept header.';

/** Most bytes of this route's body, where it is not the service's 1 MiB. Over it is 413. */
export const BodyLimit = (bytes: number): MethodDecorator => SetMetadata(BODY_LIMIT, bytes);

/** Content types of this route's body, where it is not JSON. `text/*` arrives as a string, JSON parsed, all else as a stream of bytes. */
export const Consumes = (...types: string[]): MethodDecorator =>
  applyDecorators(SetMetadata(CONSUMES, types), ApiConsumes(...types));

/** This route's body arrives as a Buffer of just what was sent, whatever its type: for files whose encoding must be found out. */
export const Bytes = (): MethodDecorator => SetMetadata(BYTES, true);

/** Media types that this route can answer in, the default first. The caller chooses by `Accept` or by `?format=`. */
export const Produces = (...types: string[]): MethodDecorator =>
  applyDecorators(
    SetMetadata(PRODUCES, types),
    ApiProduces(...types),
    ...(types.length < 2
      ? []
      : [ApiQuery({ name: 'format', required: false, enum: types.map(formatOf), description: FORMAT_MEANS })]),
  );

/** Calls of this route are not counted against any limit: health checks, which must answer under load. */
export const Unlimited = (): MethodDecorator => SetMetadata(UNLIMITED, true);

/** The name that `?format=` has for a media type. */
function formatOf(type: string): string {
  const found = Object.entries(FORMATS).find(([, media]) => media === type);
  if (!found) throw new Error(`No format name is known for ${type}: add it to FORMATS`);
  return found[0];
}

/** What the HTTP layer must know about a route before Nest runs. */
export interface RouteWire {
  /** Anybody may read it: CORS, local rate limit, caching. */
  publicRead: boolean;
  /** No rate limit. */
  unlimited?: boolean;
  /** Its answer may be given again from memory. */
  cached?: boolean;
  /** Where the record that it makes can be read. */
  made?: string;
  /** The route will go: what its answers say of that. */
  ending?: Ending;
  /** Bytes; undefined is the service's default. */
  bodyLimit?: number;
  consumes: readonly string[];
  produces: readonly string[];
  /** The body is not read as text: the route gets its bytes. */
  bytes?: boolean;
}

const JSON_ONLY = ['application/json'];
const JSON_PATCH = ['application/merge-patch+json', 'application/json'];

/** A route that no decorator describes, and addresses without a route. */
export const PLAIN_ROUTE: RouteWire = { publicRead: false, consumes: JSON_ONLY, produces: JSON_ONLY };

declare module 'fastify' {
  interface FastifyContextConfig {
    wire?: RouteWire;
  }
}

/** A route of a controller, as its decorators describe it. */
interface Handler {
  controller: Type;
  handler: (...args: never[]) => unknown;
  method: string;
}

/** Every route of the application's controllers, before they are registered. */
function* handlersOf(app: NestFastifyApplication): Generator<Handler> {
  const scanner = new MetadataScanner();
  for (const { metatype } of app.get(DiscoveryService, { strict: false }).getControllers()) {
    if (typeof metatype !== 'function') continue;
    const prototype = metatype.prototype as Record<string, Handler['handler'] | undefined>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name];
      if (!handler || Reflect.getMetadata(PATH_METADATA, handler) === undefined) continue;
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
      yield { controller: metatype as Type, handler, method };
    }
  }
}

/** All routes of the application by `METHOD /path/:pattern`, read from the controllers' decorators before they are registered. */
export function routeCatalogue(app: NestFastifyApplication): Map<string, RouteWire> {
  const reflector = new Reflector();
  const routes = new Map<string, RouteWire>();
  for (const { controller, handler, method } of handlersOf(app)) {
    const said = <T>(key: string): T | undefined =>
      reflector.getAllAndOverride<T | undefined>(key, [handler, controller]);
    const wire: RouteWire = {
      publicRead: method === 'GET' && said<Access>(ACCESS)?.kind === 'public',
      unlimited: said<boolean>(UNLIMITED),
      cached: said<boolean>(CACHED),
      made: said<string>(MADE),
      ending: said<Ending>(DEPRECATED),
      bytes: said<boolean>(BYTES),
      bodyLimit: said<number>(BODY_LIMIT),
      consumes: said<string[]>(CONSUMES) ?? (method === 'PATCH' ? JSON_PATCH : JSON_ONLY),
      produces: said<string[]>(PRODUCES) ?? JSON_ONLY,
    };
    for (const path of pathsOf(controller, handler)) routes.set(`${method} ${path}`, wire);
  }
  return routes;
}

/**
 * Puts an interceptor around every POST before the routes are registered, and around nothing else: one for all routes costs each read a
 * chain of observables. One of the same class that an application made before in this process has put there gives way.
 */
export function aroundPosts(app: NestFastifyApplication, interceptor: NestInterceptor): void {
  for (const { handler, method } of handlersOf(app)) {
    if (method !== 'POST') continue;
    const there = (Reflect.getMetadata(INTERCEPTORS_METADATA, handler) ?? []) as object[];
    const others = there.filter((one) => one.constructor !== interceptor.constructor);
    Reflect.defineMetadata(INTERCEPTORS_METADATA, [interceptor, ...others], handler);
  }
}

function pathsOf(controller: object, handler: object): string[] {
  const list = (of: object): string[] => [Reflect.getMetadata(PATH_METADATA, of) as string | string[]].flat();
  return list(controller).flatMap((first) => list(handler).map((second) => tidyPath(`/${first}/${second}`)));
}

const tidyPath = (path: string): string => path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');

/** Whether a path fits a route pattern such as `/v1/projects/:id`. */
export function patternTest(pattern: string): RegExp {
  const source = pattern
    .split('/')
    .map((step) =>
      step
        .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replace(/:[^-.\\]+/g, '[^/]+')
        .replace(/\*.*$/, '.*'),
    )
    .join('/');
  return new RegExp(`^${source}/?$`);
}
