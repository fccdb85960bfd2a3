import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NotFound, Problem } from '../errors/problem';
import { answerPreflight } from './cors';
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

  /** Methods of the address with their routes, or undefined where nothing is. */
  at(path: string): Map<string, RouteWire> | undefined {
    const found = [...this.byPattern].filter(([, place]) => place.test.test(path));
    if (found.length === 0) return undefined;
    // The pattern with the fewest parameters comes last and wins, as it does in the router.
    const nearest = found.sort(([a], [b]) => b.split(':').length - a.split(':').length);
    return new Map(nearest.flatMap(([, place]) => [...place.methods]));
  }
}

/** Answers what no route takes: OPTIONS, 405 with `Allow` for a known address, else 404. */
export function answerUnrouted(places: Places, request: FastifyRequest, reply: FastifyReply): void {
  const path = (request.raw.url ?? '/').split('?', 1)[0] ?? '/';
  const methods = places.at(path);
  if (!methods)
    throw new NotFound('There is nothing at this address. The OpenAPI document at /openapi.json lists every address.');
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
