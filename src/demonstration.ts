import { createRequire } from 'node:module';
import { Client } from 'pg';
import { FixedClock } from './kernel/clock';
import type { Config } from './kernel/config';
import { say } from './progress';

const load = createRequire(__filename);

/**
 * Loads the demonstration into an embedded database, each part where it is not there yet, so that a first start that was killed between
 * two parts is taken up by the next. An outside database never gets it.
 */
export async function loadDemonstration(config: Config): Promise<void> {
  if (!config.database.embedded || (await isWhole(config.database.url))) return;
  say('Loading the demonstration data…');
  // Only now, since loading the framework takes most of a second, and every start but the first can do without.
  const { createApp } = load('./app') as typeof import('./app');
  const { Demonstration } = load(
    './involvement/demonstration/demonstration',
  ) as typeof import('./involvement/demonstration/demonstration');
  const { DemonstrationAnswers } = load(
    './edi/demonstration/own-answers',
  ) as typeof import('./edi/demonstration/own-answers');
  const { DemonstrationCollections } = load(
    './edi/demonstration/collections',
  ) as typeof import('./edi/demonstration/collections');
  const { DiversityDemonstration } = load(
    './edi/demonstration/diversity-demonstration',
  ) as typeof import('./edi/demonstration/diversity-demonstration');
  const { GapDemonstration } = load('./edi/gap/gap-demonstration') as typeof import('./edi/gap/gap-demonstration');
  // The clock can be set back, since releases of past quarters were made then.
  const clock = new FixedClock(new Date());
  const app = await createApp(config, { background: false, clock });
  try {
    await app.get(Demonstration, { strict: false }).load();
    await app.get(DemonstrationAnswers, { strict: false }).load();
    await app.get(DemonstrationCollections, { strict: false }).load();
    await app
      .get(DiversityDemonstration, { strict: false })
      .load(clock, (title) => say(`Protecting and proving a made-up release: ${title}…`));
    await app.get(GapDemonstration, { strict: false }).load();
  } finally {
    await app.close();
  }
}

/** Whether the part that is loaded last is there. */
async function isWhole(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ whole: boolean }>('SELECT EXISTS (SELECT FROM edi.gap) AS whole');
    return rows[0]?.whole ?? false;
  } finally {
    await client.end();
  }
}
