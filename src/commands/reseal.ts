import 'reflect-metadata';
import { DataSource } from 'typeorm';
import '../app.module'; // loads every area, and with them the declarations of their sealed columns
import { dataSourceOptions } from '../database';
import { Clock } from '../kernel/clock';
import { environment, loadConfig, SettingError } from '../kernel/config';
import { Db } from '../kernel/db/db';
import { runningEmbedded } from '../kernel/db/embedded';
import { EventSignal } from '../kernel/events/signal';
import { reseal } from '../kernel/privacy/reseal';

const USAGE = `npm run reseal

Seals every private column again under the newest key of KEY_RING. First restart the service with the new key ring, so
that nothing more is sealed with the old key; then run this, as often as it takes; when it says that nothing is left
under an old key, that key may be taken out of the ring.

Takes DATABASE_URL and KEY_RING as the service does. The embedded database must be running: leave the service on.`;

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const config = loadConfig(environment());
  const url = config.database.embedded ? runningEmbedded(config.dataDir)?.serviceUrl : config.database.url;
  if (!url)
    throw new SettingError(
      'DATABASE_URL',
      'is not set and the embedded database is not running',
      'start the service, or give an address',
    );
  const source = await new DataSource(dataSourceOptions(url, 2)).initialize();
  try {
    const done = await reseal(new Db(source, new Clock(), new EventSignal()), config.keyRing);
    if (done.length === 0) throw new Error('No sealed column is declared: this is not the whole service');
    for (const column of done) {
      process.stdout.write(
        `${column.table}.${column.column}: ${column.moved} moved, ${column.changedMeanwhile} changed meanwhile\n`,
      );
      for (const id of column.unopenable) process.stdout.write(`  row ${id} does not open and was left as it is\n`);
    }
    const left = done.reduce((sum, column) => sum + column.changedMeanwhile + column.unopenable.length, 0);
    process.stdout.write(
      left === 0
        ? `Everything is under key ${config.keyRing.current}.\n`
        : `${left} values may still be under an old key: run this again.\n`,
    );
    return left === 0 ? 0 : 1;
  } finally {
    await source.destroy();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : 'reseal failed'}\n`);
    process.exitCode = 1;
  },
);
