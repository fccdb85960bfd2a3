import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../database';
import { Clock } from '../kernel/clock';
import { Config, environment, loadConfig, SettingError } from '../kernel/config';
import { Db } from '../kernel/db/db';
import { runningEmbedded } from '../kernel/db/embedded';
import { EventSignal } from '../kernel/events/signal';

/** Runs a command's work on the service's database, with the service's own rights. The embedded server must be running. */
export async function withDatabase<T>(work: (db: Db, config: Config) => Promise<T>): Promise<T> {
  const config = loadConfig(environment());
  const running = config.database.embedded ? runningEmbedded(config.dataDir) : null;
  const url = running?.serviceUrl ?? config.database.url;
  if (!url)
    throw new SettingError(
      'DATABASE_URL',
      'is not set and the embedded database is not running',
      'start the service, or give an address',
    );
  const diversity = { ...config.diversity, url: running?.doorUrls.diversity ?? config.diversity.url };
  return withLogin(url, (db) => work(db, { ...config, diversity }));
}

/** Runs work by the login of this address. */
export async function withLogin<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const source = await new DataSource({ ...dataSourceOptions(url, 2), entities: [] }).initialize();
  try {
    return await work(new Db(source, new Clock(), new EventSignal()));
  } finally {
    await source.destroy();
  }
}
