import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { DEVELOPMENT_ISSUER, diversityKey, keptSecrets, parseKeyRing, type KeyRing } from './config-secrets';
import { SettingError, Settings } from './config-settings';

export { SettingError } from './config-settings';
export type { KeyRing } from './config-secrets';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Signature algorithms that may be allowed. None of them takes a shared secret, so a public key can never sign. */
export const SIGNATURE_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

/** An identity provider whose access tokens are believed. */
export interface TrustedIssuer {
  /** The exact `iss` of its tokens. */
  issuer: string;
  /** The `aud` that a token must name. */
  audience: string;
  algorithms: string[];
  /** Where its public keys are: fetched from an address, or read from a file that may change while running. */
  keys: { url: string } | { file: string };
}

/** Under this the checked settings are injected: `@Inject(CONFIG) config: Config`. */
export const CONFIG = Symbol('CONFIG');

/** Every setting of the service, checked. Made by `loadConfig`; nothing else reads the environment. */
export interface Config {
  /** PORT: where the API listens. */
  port: number;
  /** HOST: the address it listens on; loopback unless set. */
  host: string;
  /** PUBLIC_URL: how callers reach the service, without a slash at the end. */
  publicUrl: string;
  database: {
    /** True when the service starts and keeps its own server, because DATABASE_URL is not set. */
    embedded: boolean;
    /** DATABASE_URL: the login that the service runs as. Empty on the embedded server until that has started. */
    url: string;
    /** DATABASE_OWNER_URL: the login that migrates and owns everything. Null when only another process migrates. */
    ownerUrl: string | null;
    /** MIGRATE_ON_START: always true on the embedded server. */
    migrateOnStart: boolean;
    /** DATABASE_POOL: most connections that one process opens. */
    pool: number;
  };
  /** The login for diversity answers, which the service's own cannot read, and the key of their pseudonyms. */
  diversity: {
    /** DIVERSITY_DATABASE_URL: a login to the same database. Empty on the embedded server until that has started. */
    url: string;
    /** DIVERSITY_KEY: 32 bytes. Never in the database. */
    key: Buffer;
  };
  /** DATA_DIR: absolute path of the folder that the service may write to. */
  dataDir: string;
  /** METRICS_PORT: where Prometheus reads; null when off. */
  metricsPort: number | null;
  /** LOG_LEVEL */
  logLevel: LogLevel;
  /** TRUST_PROXY: how many proxies, or which addresses, may say who the caller is; false when none. */
  trustProxy: false | number | string[];
  /** OIDC_AUDIENCE: the `aud` of tokens meant for this service. */
  audience: string;
  /** OIDC_ISSUER with its keys and, on the embedded server, the development issuer. */
  issuers: TrustedIssuer[];
  /** KEY_RING: keys that encrypt private columns. */
  keyRing: KeyRing;
  /** SERVICE_SECRET: signs cursors and the like; the same on every replica. */
  serviceSecret: string;
  /** RATE_LIMIT_PUBLIC, RATE_LIMIT_KEY, RATE_LIMIT_SIGNED_IN: calls a minute for one caller. */
  rateLimits: { public: number; key: number; signedIn: number };
  /** PUBLIC_CACHE: whether unchanged answers of public routes are given from memory. */
  publicCache: boolean;
  /** STOP_DEADLINE_SECONDS: how long open requests may take once the service was told to stop. */
  stopDeadlineSeconds: number;
}

/** The process's environment, with what an `.env` file in the working folder adds to it. */
export function environment(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/**
 * Reads and checks every setting. An empty value counts as not set.
 * On the embedded server the key ring and the secret are made in DATA_DIR when they are not there yet.
 * @throws SettingError naming the setting, what was given and what to give
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const settings = new Settings(env);
  const port = settings.whole('PORT', 3000, 1, 65535);
  const url = settings.database('DATABASE_URL');
  const ownerUrl = settings.database('DATABASE_OWNER_URL');
  const embedded = url === null;
  if (embedded && ownerUrl !== null) {
    throw new SettingError(
      'DATABASE_OWNER_URL',
      'is set but DATABASE_URL is not',
      'set both, or neither to use the embedded database',
    );
  }
  const migrateOnStart = settings.flag('MIGRATE_ON_START', embedded);
  if (embedded && !migrateOnStart) {
    throw new SettingError(
      'MIGRATE_ON_START',
      'is "false"',
      'leave it out: the embedded database is always migrated at start',
    );
  }
  if (!embedded && migrateOnStart && ownerUrl === null) {
    throw new SettingError(
      'DATABASE_OWNER_URL',
      'is not set',
      'give the address of the login that owns the database, which MIGRATE_ON_START needs',
    );
  }
  const diversityUrl = settings.database('DIVERSITY_DATABASE_URL');
  if (embedded !== (diversityUrl === null)) {
    throw embedded
      ? new SettingError(
          'DIVERSITY_DATABASE_URL',
          'is set but DATABASE_URL is not',
          'set both, or neither to use the embedded database',
        )
      : new SettingError(
          'DIVERSITY_DATABASE_URL',
          'is not set',
          'give the address of the same database with a login of its own for diversity answers (see .env.example)',
        );
  }
  const dataDir = resolve(settings.text('DATA_DIR') ?? '.data');
  const audience = settings.text('OIDC_AUDIENCE') ?? 'public-partnerships-api';
  const config = {
    port,
    host: host(settings),
    publicUrl: settings.address('PUBLIC_URL') ?? `http://localhost:${port}`,
    database: { embedded, url: url ?? '', ownerUrl, migrateOnStart, pool: settings.whole('DATABASE_POOL', 10, 1, 500) },
    dataDir,
    metricsPort: settings.portOrOff('METRICS_PORT', 9464),
    logLevel: settings.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
    trustProxy: trustProxy(settings),
    audience,
    issuers: issuers(settings, audience, embedded ? dataDir : null),
    rateLimits: {
      public: settings.whole('RATE_LIMIT_PUBLIC', 120, 1, 1_000_000),
      key: settings.whole('RATE_LIMIT_KEY', 1200, 1, 1_000_000),
      signedIn: settings.whole('RATE_LIMIT_SIGNED_IN', 600, 1, 1_000_000),
    },
    publicCache: settings.flag('PUBLIC_CACHE', true),
    stopDeadlineSeconds: settings.whole('STOP_DEADLINE_SECONDS', 10, 1, 600),
  };
  if (config.metricsPort === port) {
    throw new SettingError('METRICS_PORT', `is "${port}", the same as PORT`, 'give another port, or "off"');
  }
  const key = settings.text('DIVERSITY_KEY');
  const diversity = { url: diversityUrl ?? '', key: diversityKey(key, embedded ? dataDir : null) };
  return { ...config, ...secrets(settings, embedded ? dataDir : null), diversity };
}

function host(settings: Settings): string {
  const given = settings.text('HOST') ?? '127.0.0.1';
  if (isIP(given) === 0 && given !== 'localhost') {
    throw new SettingError('HOST', `is "${given}"`, 'give an IP address of this machine, such as 127.0.0.1 or 0.0.0.0');
  }
  return given;
}

function trustProxy(settings: Settings): false | number | string[] {
  const given = settings.text('TRUST_PROXY');
  if (given === null || given === 'false' || given === '0') return false;
  if (/^[1-9]$/.test(given)) return Number(given);
  const addresses = given.split(',').map((address) => address.trim());
  if (addresses.every(isNetwork)) return addresses;
  throw new SettingError(
    'TRUST_PROXY',
    `is "${given}"`,
    'give how many proxies stand in front (1 to 9), their addresses with commas between, or false',
  );
}

function isNetwork(text: string): boolean {
  const [address, bits, ...more] = text.split('/');
  const family = isIP(address ?? '');
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function issuers(settings: Settings, audience: string, embeddedDataDir: string | null): TrustedIssuer[] {
  const issuer = settings.address('OIDC_ISSUER', { asGiven: true });
  const url = settings.address('OIDC_JWKS_URL', { asGiven: true });
  const algorithms = settings.list('OIDC_ALGORITHMS', SIGNATURE_ALGORITHMS, ['RS256', 'ES256']);
  if ((issuer === null) !== (url === null)) {
    const missing = issuer === null ? 'OIDC_ISSUER' : 'OIDC_JWKS_URL';
    throw new SettingError(missing, 'is not set', 'give both OIDC_ISSUER and OIDC_JWKS_URL, or neither');
  }
  const trusted: TrustedIssuer[] = issuer && url ? [{ issuer, audience, algorithms, keys: { url } }] : [];
  if (embeddedDataDir === null) return trusted;
  const file = join(embeddedDataDir, 'issuer', 'jwks.json');
  return [...trusted, { issuer: DEVELOPMENT_ISSUER, audience, algorithms: ['ES256'], keys: { file } }];
}

function secrets(settings: Settings, embeddedDataDir: string | null): Pick<Config, 'keyRing' | 'serviceSecret'> {
  const secret = settings.text('SERVICE_SECRET');
  if (secret !== null && secret.length < 32) {
    throw new SettingError(
      'SERVICE_SECRET',
      `has ${secret.length} characters`,
      'give at least 32, for example from: openssl rand -base64 48',
    );
  }
  const ring = settings.text('KEY_RING');
  const given = { keyRing: ring === null ? null : keyRing(ring), serviceSecret: secret };
  if (embeddedDataDir !== null) return keptSecrets(embeddedDataDir, given);
  if (given.keyRing === null) {
    throw new SettingError(
      'KEY_RING',
      'is not set',
      'give the key ring, or the path of its file, when DATABASE_URL is set (see .env.example)',
    );
  }
  if (given.serviceSecret === null) {
    throw new SettingError(
      'SERVICE_SECRET',
      'is not set',
      'give at least 32 random characters when DATABASE_URL is set',
    );
  }
  return { keyRing: given.keyRing, serviceSecret: given.serviceSecret };
}

function keyRing(given: string): KeyRing {
  if (given.trimStart().startsWith('{')) return parseKeyRing(given, 'the text given');
  try {
    return parseKeyRing(readFileSync(given, 'utf8'), `the file ${given}`);
  } catch (error) {
    if (error instanceof SettingError) throw error;
    throw new SettingError(
      'KEY_RING',
      `names the file "${given}", which cannot be read`,
      'give the path of a file that the service may read, or the JSON itself',
    );
  }
}
