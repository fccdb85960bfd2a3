import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { SettingError } from '../kernel/config';
import type { Db } from '../kernel/db/db';
import { explain } from '../stopper';
import { withDatabase, withLogin } from './database';
import { seedAnswers } from './seed-answers';
import type { Progress } from './seed-copy';
import { seedInterests, seedOpportunities } from './seed-opportunities';
import { Ground, seedContributors } from './seed-people';

const USAGE = `npm run seed -- --contributors 1000000 --answers 1000000 --opportunities 100000 --interests 50000 [--seed 1]

Fills the database with made-up rows for measurements, by COPY, always the same for the same seed. The reference data must be
there: start the service once. Answers are diversity answers of as many of the contributors. Takes its settings as the service
does; without DATABASE_URL it fills the embedded database, which must be running. Nothing is told in the event log, and nothing is put in the audit trail:
never run it on a database with real people in it.`;

/** A mistake of the caller's, told in one line. */
class Misuse extends Error {}

const MOST = 10_000_000;
const SIZES = ['contributors', 'answers', 'opportunities', 'interests'] as const;
type Sizes = Record<(typeof SIZES)[number], number>;

async function run(): Promise<void> {
  const asked = read();
  if (asked === null) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const { sizes, seed } = asked;
  const began = performance.now();
  await withDatabase(async (db, config) => {
    const ground = await groundOf(db);
    const progress = shown();
    if (sizes.contributors > 0) await seedContributors(db, config, ground, seed, sizes.contributors, progress);
    if (sizes.answers > 0)
      await withLogin(config.diversity.url, (diversity) =>
        seedAnswers(diversity, config, seed, sizes.answers, progress),
      );
    if (sizes.opportunities > 0) await seedOpportunities(db, ground, seed, sizes.opportunities, progress);
    if (sizes.interests > 0) await seedInterests(db, config, seed, sizes, progress);
  });
  process.stdout.write(`Done in ${Math.round((performance.now() - began) / 1000)} s.\n`);
}

function read(): { sizes: Sizes; seed: number } | null {
  const text = { type: 'string' } as const;
  const options = {
    contributors: text,
    answers: text,
    opportunities: text,
    interests: text,
    seed: text,
    help: { type: 'boolean' },
  } as const;
  let values: {
    contributors?: string;
    answers?: string;
    opportunities?: string;
    interests?: string;
    seed?: string;
    help?: boolean;
  };
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : USAGE);
  }
  if (values.help) return null;
  const whole = (name: 'seed' | (typeof SIZES)[number], fallback: number): number => {
    const given = values[name];
    const number = given === undefined ? fallback : Number(given);
    if (!Number.isInteger(number) || number < 0 || number > MOST)
      throw new Misuse(`--${name} is "${given}": give a whole number from 0 to ${MOST}.`);
    return number;
  };
  const sizes = {
    contributors: whole('contributors', 0),
    answers: whole('answers', 0),
    opportunities: whole('opportunities', 0),
    interests: whole('interests', 0),
  };
  if (SIZES.every((name) => sizes[name] === 0)) return null;
  if (sizes.answers > sizes.contributors)
    throw new Misuse('--answers is more than --contributors: each answer is somebody’s.');
  if (sizes.interests > 0 && (sizes.contributors === 0 || sizes.opportunities === 0))
    throw new Misuse(
      '--interests needs --contributors and --opportunities, so that there is somebody to be interested, and in something.',
    );
  if (sizes.interests > sizes.contributors * sizes.opportunities)
    throw new Misuse('--interests is more than there are pairs of a contributor and an opportunity.');
  return { sizes, seed: whole('seed', 1) };
}

/** Verified organisations that publish without a second approver, points of postcodes and health categories. */
async function groundOf(db: Db): Promise<Ground> {
  const organisations = await db.query<{ id: string }>(
    `SELECT id FROM people.organisation WHERE state = 'verified' AND NOT second_approver AND until IS NULL ORDER BY slug LIMIT 40`,
  );
  const areas = await db.query<{ code: string; region_code: string }>(
    'SELECT code, region_code FROM people.postcode_area ORDER BY code',
  );
  const categories = await db.query<{ slug: string }>('SELECT slug FROM people.health_category ORDER BY place');
  if (organisations.length === 0 || areas.length === 0 || categories.length === 0)
    throw new SettingError(
      'DATABASE_URL',
      'points to a database without reference data',
      'start the service on it once',
    );
  return {
    organisations: organisations.map((row) => row.id),
    areas,
    healthCategories: categories.map((row) => row.slug),
  };
}

/** One line for each tenth of a table. */
function shown(): Progress {
  let tenth = '';
  return (table, done, all) => {
    const now = `${table} ${Math.floor((done / all) * 10)}`;
    if (now === tenth) return;
    tenth = now;
    process.stdout.write(`${table}: ${done.toLocaleString('en-GB')} of ${all.toLocaleString('en-GB')}\n`);
  };
}

run().catch((error: unknown) => {
  const { code } = (error ?? {}) as { code?: string };
  const again = 'This database has rows of this seed already. Give another one, such as --seed 2.';
  process.stderr.write(`${error instanceof Misuse ? error.message : code === '23505' ? again : explain(error)}\n`);
  process.exitCode = 1;
});
