import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { environment, loadConfig, SettingError } from '../kernel/config';
import { DEVELOPMENT_ISSUER } from '../kernel/config-secrets';
import { runningEmbedded } from '../kernel/db/embedded';
import { developmentToken } from '../kernel/development-issuer';
import { roles } from '../roles';
import { explain } from '../stopper';

const ROLES = Object.keys(roles);

const USAGE = `npm run token -- --as <role> --organisation <slug> [--person <number>]

Prints a bearer token of the development issuer for an account with that role in that organisation; the account is made
when it is not there. --person 2, up to 99, is another account with the same role, where two people are needed.
Only for the embedded database, while the service runs (npm start).

Roles: ${ROLES.join(', ')}`;

/** A mistake of the caller's, told in one line. */
class Misuse extends Error {}

interface Wanted {
  role: string;
  organisation: string;
  /** 1 unless another account with the same role is wanted. */
  person: number;
}

async function run(): Promise<void> {
  const wanted = read();
  if (wanted === null) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const config = loadConfig(environment());
  if (!config.database.embedded) {
    throw new SettingError(
      'DATABASE_URL',
      'is set',
      'take a token from your own identity provider: the development issuer exists only on the embedded database',
    );
  }
  const running = runningEmbedded(config.dataDir);
  if (running === null) {
    throw new SettingError(
      'DATA_DIR',
      `is "${config.dataDir}", where no database runs`,
      'start the service first, with npm start',
    );
  }
  const subject = `${wanted.role}@${wanted.organisation}${wanted.person === 1 ? '' : `#${wanted.person}`}`;
  const client = new Client({ connectionString: running.ownerUrl, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    await enrol(client, subject, wanted);
  } finally {
    await client.end();
  }
  process.stdout.write(`${await developmentToken(config.dataDir, config.audience, subject)}\n`);
}

function read(): Wanted | null {
  const options = {
    as: { type: 'string' },
    organisation: { type: 'string' },
    person: { type: 'string' },
    help: { type: 'boolean' },
  } as const;
  let values: { as?: string; organisation?: string; person?: string; help?: boolean };
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : USAGE);
  }
  const { as: role, organisation, person = '1', help } = values;
  if (help) return null;
  if (role === undefined || !ROLES.includes(role))
    throw new Misuse(`--as is ${role ? `"${role}"` : 'missing'}: give one of ${ROLES.join(', ')}.`);
  if (!organisation) throw new Misuse('--organisation is missing: give the slug of an organisation.');
  if (!/^[1-9][0-9]?$/.test(person)) throw new Misuse(`--person is "${person}": give a whole number from 1 to 99.`);
  return { role, organisation, person: Number(person) };
}

/** Makes the account and its membership where they are missing, in one transaction. */
async function enrol(client: Client, subject: string, { role, organisation, person }: Wanted): Promise<void> {
  await client.query('BEGIN');
  const found = await client.query<{ id: string; name: string }>(
    'SELECT id, name FROM people.organisation WHERE slug = $1',
    [organisation],
  );
  const place = found.rows[0];
  if (place === undefined)
    throw new Misuse(`--organisation is "${organisation}": there is none with that slug. ${await someSlugs(client)}`);
  const name = `${role.replace(/-/g, ' ')}${person === 1 ? '' : ` ${person}`} at ${place.name}`.slice(0, 200);
  await client.query(
    `INSERT INTO people.account (issuer, subject, name, kind) VALUES ($1, $2, $3, $4) ON CONFLICT (issuer, subject) DO NOTHING`,
    [DEVELOPMENT_ISSUER, subject, name, role === 'site' ? 'system' : 'person'],
  );
  await client.query(
    `INSERT INTO people.membership (account_id, organisation_id, role, "from")
     SELECT a.id, $3, $4, (now() AT TIME ZONE 'Europe/London')::date FROM people.account a WHERE a.issuer = $1 AND a.subject = $2
       AND NOT EXISTS (SELECT FROM people.membership m WHERE m.account_id = a.id AND m.organisation_id = $3 AND m.role = $4
         AND (m.until IS NULL OR m.until > (now() AT TIME ZONE 'Europe/London')::date))`,
    [DEVELOPMENT_ISSUER, subject, place.id, role],
  );
  if (role === 'contributor') {
    // A contributor's account speaks for one contributor: the first of the organisation's that has no account yet.
    await client.query(
      `UPDATE people.account SET contributor_id = (
         SELECT c.contributor_id FROM people.contributor_organisation c WHERE c.organisation_id = $3 AND c.until IS NULL
           AND NOT EXISTS (SELECT FROM people.account a WHERE a.contributor_id = c.contributor_id)
         ORDER BY c.id LIMIT 1)
       WHERE issuer = $1 AND subject = $2 AND contributor_id IS NULL`,
      [DEVELOPMENT_ISSUER, subject, place.id],
    );
  }
  await client.query('COMMIT');
}

async function someSlugs(client: Client): Promise<string> {
  const { rows } = await client.query<{ slug: string }>('SELECT slug FROM people.organisation ORDER BY slug LIMIT 5');
  return rows.length === 0 ? 'None is loaded yet.' : `For example: ${rows.map((row) => row.slug).join(', ')}.`;
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Misuse ? error.message : explain(error)}\n`);
  process.exitCode = 1;
});
