import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, SettingError } from '../../src/kernel/config';

const RING = JSON.stringify({ current: 'a', keys: { a: Buffer.alloc(32, 1).toString('base64') } });
const OUTSIDE = {
  DATABASE_URL: 'postgres://app:secret@db.example.org:5432/partnerships',
  DATABASE_OWNER_URL: 'postgres://owner:secret@db.example.org:5432/partnerships',
  DIVERSITY_DATABASE_URL: 'postgres://diversity:secret@db.example.org:5432/partnerships',
  DIVERSITY_KEY: Buffer.alloc(32, 2).toString('base64'),
  KEY_RING: RING,
  SERVICE_SECRET: 's'.repeat(32),
};

describe('settings', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'partnerships-settings-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('need nothing: the embedded database, this machine only', () => {
    const config = loadConfig({ DATA_DIR: folder });
    expect(config).toMatchObject({
      ...{ port: 3000, host: '127.0.0.1', publicUrl: 'http://localhost:3000', metricsPort: 9464, trustProxy: false },
      database: { embedded: true, url: '', ownerUrl: null, migrateOnStart: true },
      issuers: [
        {
          issuer: 'https://development-issuer.invalid',
          algorithms: ['ES256'],
          keys: { file: join(folder, 'issuer', 'jwks.json') },
        },
      ],
    });
  });

  it('treat an empty value as not set', () => {
    expect(loadConfig({ DATA_DIR: folder, PORT: '', DATABASE_URL: ' ' }).port).toBe(3000);
  });

  it('keep the secrets made for the embedded database, for this user only', () => {
    const first = loadConfig({ DATA_DIR: folder });
    const second = loadConfig({ DATA_DIR: folder });
    expect(second.keyRing).toEqual(first.keyRing);
    expect(second.serviceSecret).toBe(first.serviceSecret);
    expect(first.serviceSecret.length).toBeGreaterThanOrEqual(32);
    expect(second.diversity).toEqual(first.diversity);
    expect(first.diversity.key).toHaveLength(32);
    for (const file of ['key-ring.json', 'service.secret', 'diversity.key'])
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });

  it('trust no development issuer with an outside database', () => {
    const config = loadConfig({
      ...OUTSIDE,
      OIDC_ISSUER: 'https://id.example.org/',
      OIDC_JWKS_URL: 'https://id.example.org/jwks',
    });
    expect(config.issuers).toEqual([
      {
        ...{ issuer: 'https://id.example.org/', audience: 'public-partnerships-api', algorithms: ['RS256', 'ES256'] },
        keys: { url: 'https://id.example.org/jwks' },
      },
    ]);
    expect(config.database).toMatchObject({ embedded: false, migrateOnStart: false, url: OUTSIDE.DATABASE_URL });
  });

  it('read the key ring from a file', () => {
    const path = join(folder, 'ring.json');
    writeFileSync(path, RING);
    expect(loadConfig({ ...OUTSIDE, KEY_RING: path }).keyRing.keys.a).toEqual(Buffer.alloc(32, 1));
  });

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ['words for a port', { PORT: 'abc' }, 'PORT is "abc": give a whole number from 1 to 65535.'],
    ['a port out of range', { PORT: '70000' }, 'PORT is "70000": give a whole number from 1 to 65535.'],
    ['a part of a port', { PORT: '30.5' }, 'PORT is "30.5": '],
    ['a name for the host', { HOST: 'my host' }, 'HOST is "my host": '],
    ['an address without a scheme', { PUBLIC_URL: 'example.org' }, 'PUBLIC_URL is "example.org": '],
    [
      'a password in an address',
      { PUBLIC_URL: 'https://me:hunter2@example.org' },
      'PUBLIC_URL is "https://***@example.org": ',
    ],
    ['an unknown log level', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud": give one of trace, debug,'],
    ['yes for true', { ...OUTSIDE, MIGRATE_ON_START: 'yes' }, 'MIGRATE_ON_START is "yes": give one of true, false.'],
    ['the same port twice', { PORT: '9464' }, 'METRICS_PORT is "9464", the same as PORT: '],
    [
      'words for the metrics port',
      { METRICS_PORT: 'none' },
      'METRICS_PORT is "none": give a port from 1 to 65535, or "off".',
    ],
    ['no pool', { DATABASE_POOL: '0' }, 'DATABASE_POOL is "0": '],
    ['another database', { DATABASE_URL: 'mysql://me:secret@host/db' }, 'DATABASE_URL is not a database address: '],
    [
      'an owner alone',
      { DATABASE_OWNER_URL: OUTSIDE.DATABASE_OWNER_URL },
      'DATABASE_OWNER_URL is set but DATABASE_URL is not: ',
    ],
    [
      'migrating without an owner',
      { ...OUTSIDE, DATABASE_OWNER_URL: '', MIGRATE_ON_START: 'true' },
      'DATABASE_OWNER_URL is not set: ',
    ],
    ['an outside database without keys', { ...OUTSIDE, KEY_RING: '' }, 'KEY_RING is not set: '],
    ['an outside database without a secret', { ...OUTSIDE, SERVICE_SECRET: '' }, 'SERVICE_SECRET is not set: '],
    [
      'an outside database without the login for diversity answers',
      { ...OUTSIDE, DIVERSITY_DATABASE_URL: '' },
      'DIVERSITY_DATABASE_URL is not set: ',
    ],
    [
      'a login for diversity answers alone',
      { DIVERSITY_DATABASE_URL: OUTSIDE.DIVERSITY_DATABASE_URL },
      'DIVERSITY_DATABASE_URL is set but DATABASE_URL is not: ',
    ],
    [
      'an outside database without a key of pseudonyms',
      { ...OUTSIDE, DIVERSITY_KEY: '' },
      'DIVERSITY_KEY is not set: ',
    ],
    ['a short key of pseudonyms', { ...OUTSIDE, DIVERSITY_KEY: 'c2hvcnQ=' }, 'DIVERSITY_KEY has 5 bytes: '],
    ['a short secret', { ...OUTSIDE, SERVICE_SECRET: 'short' }, 'SERVICE_SECRET has 5 characters: '],
    ['a key ring that is not JSON', { ...OUTSIDE, KEY_RING: '{oops' }, 'KEY_RING (the text given) is not JSON: '],
    [
      'a short key',
      { ...OUTSIDE, KEY_RING: '{"current":"a","keys":{"a":"c2hvcnQ="}}' },
      'KEY_RING (the text given) has a key "a" that is not 32 bytes: ',
    ],
    [
      'a current key that is not there',
      { ...OUTSIDE, KEY_RING: RING.replace('"a",', '"b",') },
      'KEY_RING (the text given) names a current key',
    ],
    [
      'a key ring file that is not there',
      { ...OUTSIDE, KEY_RING: '/nowhere/ring.json' },
      'KEY_RING names the file "/nowhere/ring.json", which cannot be read: ',
    ],
    ['an issuer without keys', { OIDC_ISSUER: 'https://id.example.org' }, 'OIDC_JWKS_URL is not set: '],
    ['a shared-secret algorithm', { OIDC_ALGORITHMS: 'RS256,HS256' }, 'OIDC_ALGORITHMS has "HS256": '],
    ['a proxy that is no address', { TRUST_PROXY: 'everyone' }, 'TRUST_PROXY is "everyone": '],
    ['a limit of nothing', { RATE_LIMIT_PUBLIC: '0' }, 'RATE_LIMIT_PUBLIC is "0": '],
    ['a negative deadline', { STOP_DEADLINE_SECONDS: '-1' }, 'STOP_DEADLINE_SECONDS is "-1": '],
  ])('refuse %s in one line that names the setting', (_, env, line) => {
    const load = (): unknown => loadConfig({ DATA_DIR: folder, ...env });
    expect(load).toThrow(SettingError);
    expect(load).toThrow(line);
    expect(load).not.toThrow(/\n|secret@|hunter2|c2hvcnQ=/);
  });

  it.each([
    ['false', false],
    ['1', 1],
    ['10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
  ])('read TRUST_PROXY=%s', (given, expected) => {
    expect(loadConfig({ DATA_DIR: folder, TRUST_PROXY: given }).trustProxy).toEqual(expected);
  });

  it('are all documented in .env.example', () => {
    const code = readFileSync(join(__dirname, '../../src/kernel/config.ts'), 'utf8');
    const read = [...code.matchAll(/settings\.\w+\('([A-Z_]+)'/g)].map((match) => match[1]);
    const documented = [...readFileSync(join(__dirname, '../../.env.example'), 'utf8').matchAll(/^#([A-Z_]+)=/gm)].map(
      (match) => match[1],
    );
    expect([...new Set(documented)].sort()).toEqual([...new Set(read)].sort());
  });
});
