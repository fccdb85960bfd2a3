import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogController, type FastifyInstance, type FastifyServerOptions } from 'fastify';
import type { Config } from '../config';
import { Db } from '../db/db';
import type { Log } from '../log';
import { checkBody, DEFAULT_BODY_LIMIT, installParsers } from './body-limits';
import { describeAnswers } from './answer';
import { openToPages } from './cors';
import { Idempotency } from './idempotency';
import { DeclaredInput } from './input-declared';
import { answerBrokenRequest, answerExpectation, answerRouterFault } from './framework-faults';
import { checkAddress } from './input-address';
import { answerUnrouted, learnRoutes, Places } from './methods';
import { Metrics } from './metrics';
import { MissingPages } from './missing-pages';
import { negotiate } from './negotiation';
import { EarlyLimits } from './rate-limit.early';
import { RateLimitGuard } from './rate-limit.guard';
import { logRequests } from './request-log';
import { aroundPosts, PLAIN_ROUTE, routeCatalogue } from './route-catalogue';
import { SECURITY_HEADERS } from './security-headers';
import { Traffic } from './stop';
import { traceIdFor } from './trace';
import { addVary } from './vary';

/** The longest part of a path that a `:parameter` may hold. */
const LONGEST_PARAMETER = 500;

/** How long a caller may take over the headers, and over a whole request. */
const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 300_000;

/** Options for the Fastify adapter. The application itself is to be created with `bodyParser: false`: `installManners` brings the parsers. */
export function fastifyOptions(config: Pick<Config, 'trustProxy'>, log: Log): FastifyServerOptions {
  return {
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    genReqId: traceIdFor,
    requestIdHeader: false,
    trustProxy: typeof config.trustProxy === 'number' ? hops(config.trustProxy) : config.trustProxy,
    bodyLimit: DEFAULT_BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: false,
    frameworkErrors: answerRouterFault,
    clientErrorHandler: answerBrokenRequest,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
  };
}

/** So many proxies, counted from the service outwards, are believed. */
const hops =
  (count: number) =>
  (_address: string, hop: number): boolean =>
    hop < count;

/**
 * Gives the application its HTTP manners: everything that holds on the wire for all routes and not for one record. Call it after the
 * application is created and before it is initialised. Hooks added later, such as answers from a cache, run after these.
 */
export function installManners(app: NestFastifyApplication, log: Log): void {
  const fastify = app.getHttpAdapter().getInstance();
  const metrics = app.get(Metrics, { strict: false });
  decorateRequests(fastify);
  installParsers(fastify);
  const places = learnRoutes(fastify, routeCatalogue(app));
  const traffic = app.get(Traffic, { strict: false });
  const limits = app.get(EarlyLimits, { strict: false });
  greet(fastify, traffic);
  answerOrPass(fastify, places, app.get(MissingPages, { strict: false }), limits);
  describeAnswers(fastify);
  finish(fastify, traffic, limits);
  metrics.watchRequests(fastify);
  metrics.watchPool(app.get(Db, { strict: false }).pool);
  logRequests(fastify, log);
  fastify.server.headersTimeout = HEADERS_TIMEOUT_MS;
  fastify.server.on('checkExpectation', answerExpectation);
  aroundPosts(app, app.get(Idempotency, { strict: false }));
  // Global guards run in the order in which they were added, so these know who the access guard found.
  app.useGlobalGuards(app.get(RateLimitGuard, { strict: false }), app.get(DeclaredInput, { strict: false }));
}

function decorateRequests(fastify: FastifyInstance): void {
  fastify.decorateRequest('traceId', {
    getter() {
      return this.id;
    },
  });
  fastify.decorateRequest('format', 'application/json');
  fastify.decorateRequest('counted', false);
}

/** First: count the request as under way, and set the headers that every answer has. */
function greet(fastify: FastifyInstance, traffic: Traffic): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    traffic.begin(reply.raw);
    reply.headers(SECURITY_HEADERS).header('x-trace-id', request.id);
    const { wire } = request.routeOptions.config;
    if (wire?.publicRead) openToPages(reply);
    if (wire?.ending) reply.headers({ ...wire.ending });
    done();
  });
}

/** Then: refuse what cannot be answered, before anything is read or anybody is asked who they are. */
function answerOrPass(fastify: FastifyInstance, places: Places, pages: MissingPages, limits: EarlyLimits): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    try {
      limits.check(request, reply);
      checkAddress(request);
      if (request.is404 || places.isMistaken(request)) {
        answerUnrouted(places, pages, request, reply);
        return;
      }
      negotiate(request, reply, request.routeOptions.config.wire ?? PLAIN_ROUTE);
      checkBody(request);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  });
}

/** Last: what depends on the answer. */
function finish(fastify: FastifyInstance, traffic: Traffic, limits: EarlyLimits): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const { wire } = request.routeOptions.config;
    if (traffic.stopping) reply.header('connection', 'close');
    if (wire && !wire.publicRead) addVary(reply, 'Authorization');
    if (reply.statusCode >= 400) {
      reply.header('cache-control', 'no-store');
      limits.countRefusal(request, reply);
    }
    done(null, payload);
  });
}
