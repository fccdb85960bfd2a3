import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode, SettingError } from './config-settings';

/** `iss` of the tokens that `npm run token` makes. The name can never be registered, so nobody else can own it. */
export const DEVELOPMENT_ISSUER = 'https://development-issuer.invalid';

/** Keys for private columns: `current` names the one that encrypts; the others can still decrypt. 32 bytes each. */
export interface KeyRing {
  current: string;
  keys: Record<string, Buffer>;
}

interface Secrets {
  keyRing: KeyRing;
  serviceSecret: string;
}

/**
 * Reads `{"current": "<id>", "keys": {"<id>": "<base64 of 32 bytes>"}}`.
 * @throws SettingError for KEY_RING; the text itself is never repeated
 */
export function parseKeyRing(text: string, source: string): KeyRing {
  const wrong = (problem: string): SettingError =>
    new SettingError(
      'KEY_RING',
      `(${source}) ${problem}`,
      'give {"current": "<id>", "keys": {"<id>": "<base64 of 32 bytes>"}}',
    );
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw wrong('is not JSON');
  }
  if (!isRecord(read) || typeof read.current !== 'string' || !isRecord(read.keys))
    throw wrong('has no "current" and "keys"');
  const keys: Record<string, Buffer> = {};
  for (const [id, value] of Object.entries(read.keys)) {
    const key = Buffer.from(typeof value === 'string' ? value : '', 'base64');
    if (!/^[A-Za-z0-9_-]{1,40}$/.test(id)) throw wrong('has a key id that is not 1 to 40 letters, digits, - or _');
    if (key.length !== 32) throw wrong(`has a key "${id}" that is not 32 bytes`);
    keys[id] = key;
  }
  if (!Object.hasOwn(keys, read.current)) throw wrong('names a current key that it does not hold');
  return { current: read.current, keys };
}

/** What was given wins; what was not is read from DATA_DIR, or made there for this and all later starts. */
export function keptSecrets(
  dataDir: string,
  given: { keyRing: KeyRing | null; serviceSecret: string | null },
): Secrets {
  makeDataDir(dataDir);
  const secret = (): string => keptFile(dataDir, 'service.secret', () => randomBytes(48).toString('base64')).trim();
  const ring = (): KeyRing =>
    parseKeyRing(keptFile(dataDir, 'key-ring.json', newKeyRing), `the file ${join(dataDir, 'key-ring.json')}`);
  return { keyRing: given.keyRing ?? ring(), serviceSecret: given.serviceSecret ?? secret() };
}

/**
 * The key of pseudonyms: as given, or kept in DATA_DIR on the embedded server.
 * @throws SettingError for DIVERSITY_KEY; the key itself is never repeated
 */
export function diversityKey(given: string | null, embeddedDataDir: string | null): Buffer {
  if (given === null && embeddedDataDir === null) {
    throw new SettingError(
      'DIVERSITY_KEY',
      'is not set',
      'give 32 random bytes in base64 when DATABASE_URL is set (openssl rand -base64 32)',
    );
  }
  if (embeddedDataDir !== null) makeDataDir(embeddedDataDir);
  const text = given ?? keptFile(embeddedDataDir ?? '', 'diversity.key', () => randomBytes(32).toString('base64'));
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === 32) return key;
  throw new SettingError(
    'DIVERSITY_KEY',
    `has ${key.length} bytes`,
    'give 32 random bytes in base64 (openssl rand -base64 32)',
  );
}

/** Makes DATA_DIR. Others may pass through it (the database's user must) but not list it. */
export function makeDataDir(dataDir: string): void {
  try {
    makeFolders(dataDir);
    const probe = join(dataDir, `.probe-${process.pid}`);
    mkdirSync(probe);
    rmdirSync(probe);
  } catch {
    throw new SettingError(
      'DATA_DIR',
      `is "${dataDir}", which cannot be written to`,
      'give a folder that this user may write to',
    );
  }
}

/** Node's own recursive mkdir never ends where a folder cannot be made in one that is there, as in /proc. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  makeFolders(dirname(path));
  mkdirSync(path, { mode: 0o711 });
}

/** A file in DATA_DIR that only this user may read; made when it is not there, whole or not at all. */
export function keptFile(dataDir: string, name: string, make: () => string): string {
  const path = join(dataDir, name);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!isMissing(error)) {
      throw new SettingError(
        'DATA_DIR',
        `holds "${path}", which cannot be read`,
        'let this user read it, or give another folder',
      );
    }
  }
  const text = make();
  writeKept(path, text);
  return text;
}

/** Writes a private file whole: a crash leaves the old one or the new one. */
export function writeKept(path: string, text: string): void {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, `${text}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

export function isMissing(error: unknown): boolean {
  return errorCode(error) === 'ENOENT';
}

function newKeyRing(): string {
  const id = `k${new Date().getUTCFullYear()}`;
  return JSON.stringify({ current: id, keys: { [id]: randomBytes(32).toString('base64') } });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
