import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';
import { DEVELOPMENT_ISSUER, keptFile, writeKept } from './config-secrets';

/** How long a development token is good for. */
const VALID_HOURS = 8;

/**
 * The keys of the development issuer, in DATA_DIR/issuer: `private.json` to sign with and `jwks.json`, the public half
 * that the service checks tokens by. Made on the first start of the embedded database.
 */
export async function developmentKeys(dataDir: string): Promise<JWK> {
  const folder = join(dataDir, 'issuer');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const made = await newKey();
  const key = JSON.parse(keptFile(folder, 'private.json', () => JSON.stringify(made))) as JWK;
  const { kty, crv, x, y, kid, alg } = key;
  writeKept(join(folder, 'jwks.json'), JSON.stringify({ keys: [{ kty, crv, x, y, kid, alg, use: 'sig' }] }));
  return key;
}

/** A bearer token for one account of the development issuer. */
export async function developmentToken(dataDir: string, audience: string, subject: string): Promise<string> {
  const key = await developmentKeys(dataDir);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'at+jwt' })
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(`${VALID_HOURS}h`)
    .sign(await importJWK(key, 'ES256'));
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: 'ES256', kid: `development-${Date.now().toString(36)}` };
}
