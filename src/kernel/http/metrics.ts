import { createServer, Server } from 'node:http';
import { once } from 'node:events';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { routeOf } from './request-log';

/** What of a connection pool is measured. */
export interface MeasuredPool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

/** Figures for Prometheus. They are read on a port of their own, never through the API. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly durations: Histogram;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.durations = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the first byte of a request to the end of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.registry],
    });
  }

  /** A figure that is read when Prometheus asks. `read` gives the present value. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.registry],
      collect: async () => gauge.set(await read()),
    });
  }

  /** Use of the connection pool. */
  watchPool(pool: MeasuredPool): void {
    this.gauge('database_connections', 'Connections open to the database.', () => pool.totalCount);
    this.gauge('database_connections_idle', 'Connections that nobody uses now.', () => pool.idleCount);
    this.gauge('database_connections_waiting', 'Calls that wait for a connection.', () => pool.waitingCount);
  }

  /** Measures every request of the application by method, route pattern and status. */
  watchRequests(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      this.durations.observe(
        { method: request.method, route: routeOf(request), status: reply.statusCode },
        reply.elapsedTime / 1000,
      );
      done();
    });
  }

  /** Serves `/metrics` on its own port (0: any free one). The caller closes the server. */
  async serve(port: number, host: string): Promise<Server> {
    const server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('The figures are at GET /metrics.\n');
        return;
      }
      this.registry.metrics().then(
        (text) =>
          response.writeHead(200, { 'content-type': this.registry.contentType, 'cache-control': 'no-store' }).end(text),
        () => response.writeHead(503, { 'content-type': 'text/plain' }).end('A figure could not be read.\n'),
      );
    });
    server.listen(port, host);
    await once(server, 'listening');
    return server;
  }
}
