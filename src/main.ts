import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { exposureWarning } from './exposure';
import { environment, loadConfig, type Config } from './kernel/config';
import { makeDataDir } from './kernel/config-secrets';
import { readServerFile } from './kernel/db/embedded-cluster';
import { say } from './progress';
import { explain, Stopper } from './stopper';
import { prepareDatabase, refuseTakenPort, startSteps } from './start';

/*
 * V8 learns from objects that live long while the service starts that others made at the same place will, too, and makes them where only
 * its rare large collections look. Here they hold whole requests and rows, which then pile up: each read cost an eighth more by it, and
 * an export twice the memory.
 */
setFlagsFromString('--no-allocation-site-pretenuring');

const load = createRequire(__filename);

async function start(): Promise<void> {
  const stopper = new Stopper();
  try {
    const settings = loadConfig(environment());
    await refuseTakenPort('PORT', settings.port, settings.host);
    if (settings.metricsPort !== null) await refuseTakenPort('METRICS_PORT', settings.metricsPort, settings.host);
    if (isFirstStart(settings)) say('Making the database. Only the first start takes so long…');
    const prepared = await prepareDatabase(settings);
    const { config } = prepared;
    stopper.onStop(() => prepared.stop(), prepared.pid);
    for (const step of startSteps) await step(config);
    // Only now, since loading the framework takes most of a second that a bad setting should not have to wait for.
    const { listen } = load('./listen') as typeof import('./listen');
    await listen(config, stopper);
    process.stdout.write(welcome(config));
    const warning = exposureWarning(config);
    if (warning !== null) process.stderr.write(`${warning}\n`);
  } catch (error) {
    await stopper.fail(explain(error));
  }
}

/** Whether the embedded database is still to be made. What cannot be used is refused before anything is said. */
function isFirstStart({ dataDir, database }: Config): boolean {
  if (!database.embedded) return false;
  makeDataDir(dataDir);
  return readServerFile(dataDir) === null && !existsSync(join(dataDir, 'server'));
}

function welcome({ publicUrl, database, metricsPort, host }: Config): string {
  const lines = [
    ['Docs page', `${publicUrl}/docs`],
    ['OpenAPI document', `${publicUrl}/openapi.json`],
    ['Health', `${publicUrl}/health/ready`],
    ...(metricsPort === null ? [] : [['Metrics', `http://${host}:${metricsPort}/metrics`]]),
    ...(database.embedded
      ? [
          ['Messages sent', `${publicUrl}/outbox`],
          ['Get a token', 'npm run token -- --as coordinator --organisation <slug>'],
        ]
      : []),
    ['Stop', 'Ctrl-C'],
  ];
  const shown = lines.map(([what, where]) => `  ${what?.padEnd(18)}${where}`);
  return `\nPublic Partnerships API is listening at ${publicUrl}\n\n${shown.join('\n')}\n\n`;
}

void start();
