import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NotFound, Problem } from '../errors/problem';
import { answerPreflight } from './cors';
import type { MissingPages } from './missing-pages';
import { patternTest, PLAIN_ROUTE, RouteWire } from './route-catalogue';

interface Place {
  test: RegExp;
  methods: Map<string, RouteWire>;
}

/** Which methods each address knows: for 405 with `Allow`, and for OPTIONS. Filled as routes are registered. */
export class Places {
  private readonly byPattern = new Map<string, Place>();

  add(pattern: string, method: string, wire: RouteWire): void {
    const place = this.byPattern.get(pattern) ?? { test: patternTest(pattern), methods: new Map<string, RouteWire>() };
    place.methods.set(method, wire);
    this.byPattern.set(pattern, place);
  }

  /**
   * Whether the router took for a parameter what is none: nothing at all, behind a slash at the end of an address that takes this
   * method; or, for an `:id`, the word of an address that is known by itself and does not take it.
   */
  isMistaken({ method, routeOptions: { url = '' }, raw }: FastifyRequest): boolean {
    const path = pathOf(raw.url);
    if (path.endsWith('/') && url !== path) return this.byPattern.get(path.slice(0, -1))?.methods.has(method) ?? false;
    if (!BY_ID.test(url)) return false;
    const known = this.byPattern.get(path);
    return known !== undefined && !known.methods.has(method);
  }

  /** Methods of the address with their routes, or undefined where nothing is. */
  at(path: string): Map<string, RouteWire> | undefined {
    const isKnown = this.byPattern.has(path);
    const found = [...this.byPattern].filter(
      ([pattern, place]) => place.test.test(path) && !(isKnown && BY_ID.test(pattern)),
    );
    if (found.length === 0) return undefined;
    // The pattern with the fewest parameters comes last and wins, as it does in the router.
    const nearest = found.sort(([a], [b]) => b.split(':').length - a.split(':').length);
    return new Map(nearest.flatMap(([, place]) => [...place.methods]));
  }
}

/** A route whose address ends with an id or has one within. Ids are UUIDs; parameters that may hold words have other names. */
const BY_ID = /:id(?:\/|$)/;

const pathOf = (url = '/'): string => url.split('?', 1)[0] ?? '/';

/**
 * Answers what no route takes: OPTIONS, the way to the address without a slash at its end, 405 with `Allow` for a known address,
 * else 404, to a browser as a page where the area has one.
 */
export function answerUnrouted(
  places: Places,
  pages: MissingPages,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const path = pathOf(request.raw.url);
  const methods = places.at(path);
  if (!methods && pages.answer(request, reply)) return;
  if (!methods)
    throw new NotFound('There is nothing at this address. The OpenAPI document at /openapi.json lists every address.');
  if (methods.has(request.method)) {
    const rest = (request.raw.url ?? '').slice(path.length);
    void reply
      .code(308)
      .header('location', `${path.replace(/\/$/, '')}${rest}`)
      .send();
    return;
  }
  const allow = [...methods.keys(), 'OPTIONS'].sort().join(', ');
  if (request.method !== 'OPTIONS') {
    throw new Problem(405, 'method_not_allowed', `This address does not take ${request.method}. It takes ${allow}.`, {
      headers: { allow },
    });
  }
  if (methods.get('GET')?.publicRead) answerPreflight(reply);
  void reply.code(204).header('allow', allow).send();
}

/** Learns the methods of every route registered from now on, and gives each what the decorators said of it. */
export function learnRoutes(fastify: FastifyInstance, catalogue: ReadonlyMap<string, RouteWire>): Places {
  const places = new Places();
  fastify.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    for (const method of methods) {
      const wire = catalogue.get(`${method === 'HEAD' ? 'GET' : method} ${route.url}`) ?? PLAIN_ROUTE;
      places.add(route.url, method, wire);
      route.config = { ...route.config, wire };
      if (wire.bodyLimit !== undefined) route.bodyLimit = wire.bodyLimit;
    }
  });
  return places;
}
