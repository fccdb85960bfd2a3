import { migrate } from '../database';
import { environment, SettingError } from '../kernel/config';
import { Settings } from '../kernel/config-settings';
import { loginOf } from '../start';
import { explain } from '../stopper';

/** `npm run migrate`: brings an outside database up to date as its owner. The embedded one is migrated at each start. */
async function run(): Promise<void> {
  const settings = new Settings(environment());
  const ownerUrl = settings.database('DATABASE_OWNER_URL');
  const serviceUrl = settings.database('DATABASE_URL');
  if (ownerUrl === null) {
    throw new SettingError(
      'DATABASE_OWNER_URL',
      'is not set',
      'give the address of the login that owns the database (the embedded one is migrated by npm start)',
    );
  }
  const diversityUrl = settings.database('DIVERSITY_DATABASE_URL');
  const login = (url: string | null): string | undefined => (url === null ? undefined : loginOf(url));
  const ran = await migrate(ownerUrl, { service: login(serviceUrl), diversity: login(diversityUrl) });
  process.stdout.write(ran.length === 0 ? 'The database is up to date.\n' : ran.map((name) => `${name}\n`).join(''));
}

run().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});
