import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyRing } from '../config-secrets';

/** Where a sealed value lives. It is part of what is authenticated: a value carried anywhere else does not open. */
export interface Place {
  /** Table with its schema, `people.access_need`. */
  table: string;
  /** Id of the row. */
  row: string;
  /** Column, `detail_sealed`. */
  column: string;
}

/** A sealed value that does not open: damaged, moved, or wrapped by a key that is not in the ring. Never says the value. */
export class Unopenable extends Error {
  constructor(place: Place, why: string) {
    super(`The sealed value in ${place.table}.${place.column} of row ${place.row} does not open: ${why}`);
    this.name = 'Unopenable';
  }
}

/*
 * Stored form, version 1:
 *   1 byte   version
 *   1 byte   length of the key id, n
 *   n bytes  key id
 *   60 bytes the value's own data key, wrapped by the ring's key:   12 nonce, 16 tag, 32 ciphertext
 *   28+ bytes the value, encrypted with that data key:              12 nonce, 16 tag, ciphertext
 * Both layers are AES-256-GCM and both authenticate the header and the place. A data key seals one value once, and a
 * ring key wraps with a random 96-bit nonce, so a ring key is good for some 2^32 values (NIST SP 800-38D, 8.3).
 */
const VERSION = 1;
const ALGORITHM = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;
const DATA_KEY = 32;
const WRAPPED = NONCE + TAG + DATA_KEY;

/** Seals a text under the ring's current key. The same text seals differently every time. */
export function seal(ring: KeyRing, place: Place, text: string): Buffer {
  const header = headerOf(ring.current);
  const bound = binding(header, place);
  const dataKey = randomBytes(DATA_KEY);
  const sealed = [header, encrypt(currentKey(ring), bound, dataKey)];
  sealed.push(encrypt(dataKey, bound, Buffer.from(text, 'utf8')));
  dataKey.fill(0);
  return Buffer.concat(sealed);
}

/** Opens what `seal` made for this very place. Throws `Unopenable` for anything else. */
export function open(ring: KeyRing, place: Place, stored: Buffer): string {
  const id = keyIdOf(stored);
  if (id === null) throw new Unopenable(place, 'it is not in a form this version reads');
  const key = Object.hasOwn(ring.keys, id) ? ring.keys[id] : undefined;
  if (!key) throw new Unopenable(place, 'its key is not in the key ring');
  const header = headerOf(id);
  const bound = binding(header, place);
  const body = stored.subarray(header.length);
  try {
    const dataKey = decrypt(key, bound, body.subarray(0, WRAPPED));
    const text = decrypt(dataKey, bound, body.subarray(WRAPPED)).toString('utf8');
    dataKey.fill(0);
    return text;
  } catch {
    throw new Unopenable(place, 'it is damaged, or was sealed for another place or key');
  }
}

/** Id of the key a stored value was wrapped with; null where the bytes are not a sealed value. */
export function keyIdOf(stored: Buffer): string | null {
  const length = stored[1] ?? 0;
  if (stored[0] !== VERSION || length === 0 || stored.length < 2 + length + WRAPPED + NONCE + TAG) return null;
  return stored.subarray(2, 2 + length).toString('latin1');
}

/** The first bytes of every value wrapped by this key: what tells, in SQL too, which key a value waits for. */
export function headerOf(keyId: string): Buffer {
  return Buffer.concat([Buffer.from([VERSION, keyId.length]), Buffer.from(keyId, 'latin1')]);
}

function currentKey(ring: KeyRing): Buffer {
  const key = ring.keys[ring.current];
  if (!key) throw new Error(`The key ring does not hold its current key, ${ring.current}`);
  return key;
}

function binding(header: Buffer, place: Place): Buffer {
  // JSON keeps the three parts apart whatever they contain.
  return Buffer.concat([header, Buffer.from(JSON.stringify([place.table, place.row, place.column]), 'utf8')]);
}

function encrypt(key: Buffer, bound: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG }).setAAD(bound);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function decrypt(key: Buffer, bound: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE), { authTagLength: TAG }).setAAD(bound);
  decipher.setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
}
