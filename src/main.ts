import 'reflect-metadata';
import { environment, loadConfig, type Config } from './kernel/config';
import { explain, Stopper } from './stopper';
import { listenError, prepareDatabase, refuseTakenPort, startSteps } from './start';

async function start(): Promise<void> {
  const stopper = new Stopper();
  try {
    const settings = loadConfig(environment());
    stopper.deadlineSeconds = settings.stopDeadlineSeconds;
    await refuseTakenPort('PORT', settings.port, settings.host);
    if (settings.metricsPort !== null) await refuseTakenPort('METRICS_PORT', settings.metricsPort, settings.host);
    const { config, stop, pid } = await prepareDatabase(settings);
    stopper.onStop(stop, pid);
    for (const step of startSteps) await step(config);
    await listen(config, stopper);
    process.stdout.write(welcome(config));
  } catch (error) {
    await stopper.fail(explain(error));
  }
}

async function listen(config: Config, stopper: Stopper): Promise<void> {
  // Only now, since loading the framework takes most of a second that a bad setting should not have to wait for.
  const { createApp } = await import('./app.js');
  const app = await createApp(config);
  stopper.onStop(() => app.close(), null, () => app.getHttpServer().closeAllConnections());
  try {
    await app.listen(config.port, config.host);
  } catch (error) {
    throw listenError('PORT', config.port, config.host, error);
  }
}

function welcome({ publicUrl, database, metricsPort, host }: Config): string {
  const lines = [
    ['Docs page', `${publicUrl}/docs`],
    ['OpenAPI document', `${publicUrl}/openapi.json`],
    ['Health', `${publicUrl}/health/ready`],
    ...(metricsPort === null ? [] : [['Metrics', `http://${host}:${metricsPort}/metrics`]]),
    ...(database.embedded ? [['Get a token', 'npm run token -- --as coordinator --organisation <slug>']] : []),
    ['Stop', 'Ctrl-C'],
  ];
  const shown = lines.map(([what, where]) => `  ${what?.padEnd(18)}${where}`);
  return `\nPublic Partnerships API is listening at ${publicUrl}\n\n${shown.join('\n')}\n\n`;
}

void start();
