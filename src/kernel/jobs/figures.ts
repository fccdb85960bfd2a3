import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Metrics } from '../http/metrics';
import { Jobs } from './jobs';

/** Figures of the queues for Prometheus, read when it asks. */
@Injectable()
export class JobFigures {
  constructor(metrics: Metrics, jobs: Jobs) {
    const figure = (name: string, help: string, of: 'waiting' | 'failed'): void => {
      const gauge: Gauge<'queue'> = new Gauge({
        name,
        help,
        labelNames: ['queue'],
        registers: [metrics.registry],
        collect: async () => {
          for (const count of await jobs.counts()) gauge.set({ queue: count.queue }, count[of]);
        },
      });
    };
    figure('jobs_waiting', 'Jobs that wait to be done.', 'waiting');
    figure('jobs_failed', 'Jobs that failed for good, of the last two days.', 'failed');
  }
}
