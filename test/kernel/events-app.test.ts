import { randomUUID } from 'node:crypto';
import { theService } from '../../src/kernel/access/actor';
import { Db } from '../../src/kernel/db/db';
import { eventType } from '../../src/kernel/events/declare';
import { EventHead } from '../../src/kernel/events/head';
import { Relay } from '../../src/kernel/events/relay';
import { Metrics } from '../../src/kernel/http/metrics';
import { Jobs } from '../../src/kernel/jobs/jobs';
import { startApp, TestApp } from '../support/app';
import { gate } from './events-support';

eventType({ type: 'probe.touched', subject: 'probe', public: true, means: 'A probe was touched.' });

describe('in a service that works by itself', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({}, { background: true });
  });
  afterAll(() => t.stop());

  it('an event and a job of one transaction are done once it has committed', async () => {
    const [relay, jobs, db] = [t.app.get(Relay), t.app.get(Jobs), t.app.get(Db)];
    const [given, told] = [gate(), gate()];
    const subjectId = randomUUID();
    relay.consumer('probe-watcher', {
      types: ['probe.touched'],
      handle: async (event) => {
        if (event.subjectId === subjectId) told.open();
      },
    });
    await db.write(theService(), async (tx) => {
      tx.emit({ type: 'probe.touched', subject: 'probe', subjectId, version: 1 });
      await jobs.send(tx, 'kernel.purge');
      tx.afterCommit(given.open);
    });
    await Promise.all([given.opened, told.opened]);
    expect(t.app.get(EventHead).head().publicPosition).toBeGreaterThan(0n);
  });

  it('figures of the log, its consumers and the queues can be read', async () => {
    const text = await t.app.get(Metrics, { strict: false }).registry.metrics();
    expect(text).toMatch(/^event_log_position [1-9]\d*$/m);
    expect(text).toMatch(/^event_log_heard_seconds \d/m);
    expect(text).toMatch(/^event_consumer_waiting\{consumer="probe-watcher"\} \d+$/m);
    expect(text).toMatch(/^jobs_waiting\{queue="notice.send"\} 0$/m);
    expect(text).toMatch(/^jobs_failed\{queue="kernel.purge"\} 0$/m);
  });
});
