import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Metrics } from '../http/metrics';
import { EventHead } from './head';
import { ConsumerLag, Relay } from './relay';

/** Figures of the event log and its consumers for Prometheus, read when it asks. */
@Injectable()
export class EventFigures {
  constructor(metrics: Metrics, head: EventHead, relay: Relay) {
    metrics.gauge('event_log_position', 'Position of the last event of the log that this process knows of.', () =>
      Number(head.head().position),
    );
    metrics.gauge('event_log_heard_seconds', 'Seconds since the log was last heard of.', () => head.age() / 1000);
    const figure = (name: string, help: string, value: (lag: ConsumerLag) => number): void => {
      const gauge: Gauge<'consumer'> = new Gauge({
        name,
        help,
        labelNames: ['consumer'],
        registers: [metrics.registry],
        collect: async () => {
          for (const lag of await relay.lags()) gauge.set({ consumer: lag.consumer }, value(lag));
        },
      });
    };
    figure('event_consumer_waiting', 'Events that a consumer has not been given yet.', (lag) => lag.waiting);
    figure('event_consumer_oldest_seconds', 'Age of the oldest of these events.', (lag) => lag.oldestSeconds);
    figure('event_consumer_attempts', 'How often the next event has failed in a row.', (lag) => lag.attempts);
  }
}
