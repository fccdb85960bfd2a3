import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import {
  AbstractLogger,
  DataSource,
  DefaultNamingStrategy,
  type DataSourceOptions,
  type MigrationInterface,
  type QueryRunner,
} from 'typeorm';
import { errorCode, SettingError } from './kernel/config-settings';

/** The group role that holds the service's rights; made by the first migration. */
export const SERVICE_ROLE = 'partnerships_service';

/** The group role that holds the rights to diversity answers and frozen counts; no login is in both. */
export const DIVERSITY_ROLE = 'partnerships_diversity';

/** The oldest server that will do: PostgreSQL 18 brought uuidv7(). */
export const OLDEST_SERVER = 180000;

/** Where the SQL files are, seen from src/ and from dist/ alike. */
export const MIGRATIONS = join(__dirname, '..', 'migrations');

/** One number, the same in all replicas: only one of them migrates at a time. */
const MIGRATION_LOCK = 7_310_551_842;

/** Columns and join columns in snake_case; tables and schemas are named by the entities. */
class SnakeCase extends DefaultNamingStrategy {
  override columnName(property: string, custom: string | undefined, embedded: string[]): string {
    return custom ?? snake([...embedded, property].join('_'));
  }

  override joinColumnName(relation: string, column: string): string {
    return snake(`${relation}_${column}`);
  }
}

function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** How the service reaches its database. Entities are found by name: every *.entity file below this folder. */
export function dataSourceOptions(url: string, pool: number): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities: [join(__dirname, '**', '*.entity.{js,ts}')],
    namingStrategy: new SnakeCase(),
    synchronize: false,
    installExtensions: false,
    applicationName: 'public-partnerships-api',
    poolSize: pool,
    connectTimeoutMS: 5000,
    extra: { connectionTimeoutMillis: 5000, options: '-c timezone=UTC' },
  };
}

export interface MigrateOptions {
  /** The service's login, which becomes a member of the group role. */
  service?: string;
  /** The login for diversity answers, which becomes a member of its own group role. */
  diversity?: string;
  /** Another folder of SQL files. */
  folder?: string;
}

/**
 * Runs the migrations that this database does not have yet, each in its own transaction, as the owner. Safe to call
 * from several replicas at once: the others wait and then find nothing left to do.
 * @returns the names of the migrations that ran
 * @throws SettingError when the server cannot be reached or is too old; Error naming the migration that failed
 */
export async function migrate(
  ownerUrl: string,
  { service, diversity, folder = MIGRATIONS }: MigrateOptions = {},
): Promise<string[]> {
  const client = await connect(ownerUrl, 'DATABASE_OWNER_URL');
  try {
    await checkVersion(client, 'DATABASE_OWNER_URL');
    await client.query(`SET lock_timeout = '10min'`);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const ran = await runMigrations(ownerUrl, folder);
    await client.query(`COMMENT ON TABLE public.migrations IS 'Which migrations this database has had, in order.'`);
    if (service !== undefined) await admit(client, service, SERVICE_ROLE);
    if (diversity !== undefined) await admit(client, diversity, DIVERSITY_ROLE);
    return ran;
  } finally {
    await client.end();
  }
}

/** One TypeORM migration for each SQL file, in the order of their timestamps. */
export function sqlMigrations(folder = MIGRATIONS): (new () => MigrationInterface)[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  return files.sort().map((file) => {
    const [, timestamp, words] = /^(\d{13})-([a-z0-9-]+)\.sql$/.exec(file) ?? [];
    if (timestamp === undefined || words === undefined)
      throw new Error(`migrations/${file} is not named <13 digits>-<words>.sql`);
    const pascal = words.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    return sqlMigration(`${pascal}${timestamp}`, join(folder, file));
  });
}

function sqlMigration(name: string, path: string): new () => MigrationInterface {
  const made = {
    [name]: class implements MigrationInterface {
      readonly name = name;

      async up(runner: QueryRunner): Promise<void> {
        const sql = readFileSync(path, 'utf8');
        try {
          await runner.query(sql);
        } catch (error) {
          if (errorCode(error) === INSUFFICIENT_PRIVILEGE)
            throw new SettingError(
              'DATABASE_OWNER_URL',
              `logs in as a user who may not do what migration ${name} asks (${reasonOf(error)})`,
              'give the login that owns the database and may make roles',
            );
          throw new Error(`Migration ${name} failed${atLine(sql, error)}: ${reasonOf(error)}`, { cause: error });
        }
      }

      down(): Promise<void> {
        return Promise.reject(new Error(`Migrations only go forward; write a new one that undoes ${name}`));
      }
    },
  };
  return made[name] as new () => MigrationInterface;
}

const INSUFFICIENT_PRIVILEGE = '42501';
const UNDEFINED_OBJECT = '42704';

/** The line of a file at which Postgres stopped, where it says so. */
function atLine(sql: string, error: unknown): string {
  const position = typeof error === 'object' && error !== null && 'position' in error ? Number(error.position) : NaN;
  return Number.isInteger(position) ? ` at line ${[...sql].slice(0, position).join('').split('\n').length}` : '';
}

function reasonOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
  return message || errorCode(error) || 'no answer';
}

/** What fails is thrown with its reason; TypeORM need not print it as well. */
class Quiet extends AbstractLogger {
  protected override writeLog(): void {}
}

async function runMigrations(ownerUrl: string, folder: string): Promise<string[]> {
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    migrations: sqlMigrations(folder),
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    installExtensions: false,
    logger: new Quiet(),
    poolSize: 1,
    extra: { connectionTimeoutMillis: 5000, options: '-c timezone=UTC -c lock_timeout=10s' },
  });
  await source.initialize();
  try {
    return (await source.runMigrations()).map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}

async function admit(client: Client, login: string, role: string): Promise<void> {
  const member = `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS made, pg_has_role($2, $1, 'MEMBER') AS member`;
  const group = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  if (group.rowCount === 0) return;
  try {
    const found = await client.query<{ member: boolean }>(member, [role, login]);
    if (found.rows[0]?.member) return;
    await client.query(`GRANT ${role} TO ${client.escapeIdentifier(login)}`);
  } catch (error) {
    throw notAdmitted(error, String(client.user), login, role) ?? error;
  }
}

/** What to do where a login cannot be let in by the owner; undefined where something else went wrong. */
function notAdmitted(error: unknown, owner: string, login: string, role: string): SettingError | undefined {
  const code = errorCode(error);
  if (code === UNDEFINED_OBJECT)
    return new SettingError(
      role === DIVERSITY_ROLE ? 'DIVERSITY_DATABASE_URL' : 'DATABASE_URL',
      `logs in as "${login}", which this server does not know`,
      'make that login first',
    );
  if (code !== INSUFFICIENT_PRIVILEGE) return undefined;
  return new SettingError(
    'DATABASE_OWNER_URL',
    `logs in as "${owner}", which may not let "${login}" into the role ${role}`,
    `have an administrator of the server run GRANT ${role} TO "${login}" once, or give a login that may`,
  );
}

/** Refuses a login that could do more than the service needs: one injection would then be the whole database. */
export async function checkServiceLogin(serviceUrl: string): Promise<void> {
  await checkLogin('DATABASE_URL', serviceUrl, { only: SERVICE_ROLE, not: DIVERSITY_ROLE });
}

/** Refuses a login for diversity answers that could do more than that, cannot do it, or leads to another database. */
export async function checkDiversityLogin(diversityUrl: string, serviceUrl: string): Promise<void> {
  const setting = 'DIVERSITY_DATABASE_URL';
  const place = await checkLogin(setting, diversityUrl, { only: DIVERSITY_ROLE, not: SERVICE_ROLE, needed: true });
  const client = await connect(serviceUrl, 'DATABASE_URL');
  try {
    const { rows } = await client.query<{ place: string }>(`SELECT ${PLACE} AS place`);
    if (rows[0]?.place === place) return;
    throw new SettingError(setting, 'leads to another database than DATABASE_URL', 'give the same database in both');
  } finally {
    await client.end();
  }
}

interface LoginRules {
  /** The group role that the login is for. */
  only: string;
  /** The group role that it must not be in. */
  not: string;
  /** Whether it must be in its own group already. */
  needed?: boolean;
}

/** @returns what tells the login's database from every other */
async function checkLogin(setting: string, url: string, { only, not, needed = false }: LoginRules): Promise<string> {
  const client = await connect(url, setting);
  try {
    await checkVersion(client, setting);
    const { rows } = await client.query<{ name: string; excess: string | null; place: string }>(EXCESS, [
      not,
      only,
      needed,
    ]);
    const found = rows[0];
    if (found?.excess) {
      throw new SettingError(
        setting,
        `logs in as "${found.name}", which ${found.excess}`,
        `give a login that is only a member of ${only}`,
      );
    }
    return found?.place ?? '';
  } finally {
    await client.end();
  }
}

const OURS = `NOT LIKE ALL (ARRAY['pg\\_%', 'information\\_schema'])`;
/** A server begins at one moment only, and a database's name is its own on its server. */
const PLACE = `current_database() || ' ' || pg_postmaster_start_time()::text`;
const EXCESS = `
SELECT current_user AS name, ${PLACE} AS place, CASE
  WHEN (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN 'is a superuser'
  WHEN EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname ${OURS} AND pg_has_role(c.relowner, 'USAGE')) THEN 'owns tables'
  WHEN EXISTS (SELECT FROM pg_namespace WHERE nspname ${OURS} AND has_schema_privilege(oid, 'CREATE'))
    OR has_database_privilege(current_database(), 'CREATE') THEN 'may create tables or schemas'
  WHEN pg_has_role(to_regrole($1)::oid, 'MEMBER') THEN 'is a member of ' || $1
  WHEN $3::boolean AND NOT pg_has_role(to_regrole($2)::oid, 'MEMBER') THEN 'is no member of ' || $2
END AS excess`;

/** @throws SettingError when the server is older than PostgreSQL 18 */
export function refuseOldServer(setting: string, number: number): void {
  if (number >= OLDEST_SERVER) return;
  throw new SettingError(
    setting,
    `points to PostgreSQL ${Math.floor(number / 10000)}`,
    'give a server of version 18 or later',
  );
}

async function checkVersion(client: Client, setting: string): Promise<void> {
  const { rows } = await client.query<{ number: number }>(
    `SELECT current_setting('server_version_num')::int AS number`,
  );
  refuseOldServer(setting, rows[0]?.number ?? 0);
}

async function connect(url: string, setting: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 1500,
    application_name: 'public-partnerships-api start',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw new SettingError(
      setting,
      `points to a database that cannot be reached (${reasonOf(error)})`,
      'check its address, login and that it runs',
    );
  }
}
