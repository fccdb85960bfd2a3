import { createApp } from './app';
import { type Config } from './kernel/config';
import { Metrics } from './kernel/http/metrics';
import { stopGracefully } from './kernel/http/stop';
import { listenError } from './start';
import { type Stopper } from './stopper';

/** Makes the application and opens its ports; what is opened here is stopped before the database. */
export async function listen(config: Config, stopper: Stopper): Promise<void> {
  const { host, port, metricsPort, stopDeadlineSeconds } = config;
  const app = await createApp(config);
  stopper.onStop(async () => {
    const cut = await stopGracefully(app, stopDeadlineSeconds * 1000);
    if (cut > 0)
      process.stderr.write(`STOP_DEADLINE_SECONDS (${stopDeadlineSeconds}) passed: ${cut} requests were cut.\n`);
  });
  try {
    await app.listen(port, host);
  } catch (error) {
    throw listenError('PORT', port, host, error);
  }
  if (metricsPort === null) return;
  try {
    const metrics = await app.get(Metrics, { strict: false }).serve(metricsPort, host);
    stopper.onStop(() => new Promise((done) => metrics.close(() => done())));
  } catch (error) {
    throw listenError('METRICS_PORT', metricsPort, host, error);
  }
}
