import { createServer } from 'node:net';
import { checkDiversityLogin, checkServiceLogin, migrate } from './database';
import { loadDemonstration } from './demonstration';
import { loadPopulationFiguresInto } from './edi/report/population/store';
import { SettingError, type Config } from './kernel/config';
import { errorCode } from './kernel/config-settings';
import { loadInstrumentsInto } from './instruments/reference/load';
import { startEmbedded } from './kernel/db/embedded';
import { developmentKeys } from './kernel/development-issuer';
import { loadReferenceInto } from './people/reference/load-at-start';

/** What a start step may use: the settings, with the database's address filled in. */
export type StartStep = (config: Config) => Promise<void>;

/** Runs after the migrations and before the first request, in this order, at every start of every replica. */
export const startSteps: StartStep[] = [
  async ({ database }) => {
    await loadReferenceInto(database.url);
    await loadInstrumentsInto(database.url);
    await loadPopulationFiguresInto(database.url);
  },
  loadDemonstration,
];

export interface PreparedDatabase {
  /** The settings with `database.url`, `database.ownerUrl` and `diversity.url` set. */
  config: Config;
  /** Stops the embedded server; does nothing to an outside one. */
  stop(): Promise<void>;
  /** Process id of the embedded server, for a forced stop. */
  pid: number | null;
}

/** Starts or reaches the database, migrates it where that is this process's task, and checks the logins. */
export async function prepareDatabase(config: Config): Promise<PreparedDatabase> {
  const prepared = config.database.embedded
    ? await startOwn(config)
    : { config, stop: () => Promise.resolve(), pid: null };
  try {
    const { url, ownerUrl, migrateOnStart } = prepared.config.database;
    const diversityUrl = prepared.config.diversity.url;
    if (migrateOnStart && ownerUrl !== null)
      await migrate(ownerUrl, { service: loginOf(url), diversity: loginOf(diversityUrl) });
    await checkServiceLogin(url);
    await checkDiversityLogin(diversityUrl, url);
    return prepared;
  } catch (error) {
    await prepared.stop();
    throw error;
  }
}

async function startOwn(config: Config): Promise<PreparedDatabase> {
  const server = await startEmbedded(config.dataDir);
  await developmentKeys(config.dataDir);
  const database = { ...config.database, url: server.serviceUrl, ownerUrl: server.ownerUrl };
  const diversity = { ...config.diversity, url: server.doorUrls.diversity };
  return { config: { ...config, database, diversity }, stop: () => server.stop(), pid: server.pid };
}

/** The user name in a database's address. */
export function loginOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

/** Tries a port before anything is started, so that a second copy of the service fails at once and by name. */
export async function refuseTakenPort(setting: 'PORT' | 'METRICS_PORT', port: number, host: string): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((done, failed) =>
      server.once('error', failed).listen({ port, host, exclusive: true }, done),
    );
  } catch (error) {
    throw listenError(setting, port, host, error);
  }
  await new Promise<void>((done) => server.close(() => done()));
}

/** One line for a port or an address that cannot be listened on; any other error as it is. */
export function listenError(setting: 'PORT' | 'METRICS_PORT', port: number, host: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === 'EADDRINUSE')
    return new SettingError(
      setting,
      `is "${port}", which another program uses on ${host}`,
      'stop that program, or give another port',
    );
  if (code === 'EACCES')
    return new SettingError(setting, `is "${port}", which this user may not use`, 'give a port above 1023');
  if (code === 'EADDRNOTAVAIL')
    return new SettingError(
      'HOST',
      `is "${host}", which is no address of this machine`,
      'give one that is, such as 127.0.0.1 or 0.0.0.0',
    );
  return error;
}
