import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { Config, CONFIG, TrustedIssuer } from '../config';
import { NotSignedIn, Unavailable } from '../errors/problem';

/** Whom a verified token speaks for. */
export interface Identity {
  issuer: string;
  subject: string;
}

const SKEW_SECONDS = 30;
/** How long a token that was found good is taken without another look at its signature. Roles are read anew at every request. */
const TRUSTED_MS = 10_000;
const MOST_TRUSTED = 5_000;
const FILE_RECHECK_MS = 1_000;

/** Checks bearer tokens: signature, algorithm, issuer, audience, type, expiry. An ID token is not an access token. */
@Injectable()
export class Tokens {
  private readonly issuers: Map<string, { trusted: TrustedIssuer; keys: JWTVerifyGetKey }>;
  /** Good tokens by their hash. */
  private readonly good = new Map<string, { identity: Identity; until: number }>();

  constructor(@Inject(CONFIG) config: Config) {
    this.issuers = new Map(config.issuers.map((t) => [t.issuer, { trusted: t, keys: keySource(t.keys) }]));
  }

  /** Whom the token speaks for; NotSignedIn when it is not good, with words that help without telling a forger what was wrong. */
  async verify(token: string): Promise<Identity> {
    const key = hash('sha256', token, 'base64url');
    const known = this.good.get(key);
    if (known && Date.now() < known.until) return known.identity;
    const { identity, expires } = await this.checked(token);
    if (this.good.size >= MOST_TRUSTED) this.good.clear();
    this.good.set(key, { identity, until: Math.min(expires, Date.now() + TRUSTED_MS) });
    return identity;
  }

  private async checked(token: string): Promise<{ identity: Identity; expires: number }> {
    const found = this.issuers.get(claimedIssuer(token) ?? '');
    if (!found) throw invalid();
    const { trusted, keys } = found;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: trusted.issuer,
        audience: trusted.audience,
        algorithms: trusted.algorithms,
        typ: 'at+jwt',
        requiredClaims: ['exp', 'sub', 'iat'],
        clockTolerance: SKEW_SECONDS,
      });
      if (!payload.sub || payload.sub.length > 255) throw invalid();
      return { identity: { issuer: trusted.issuer, subject: payload.sub }, expires: (payload.exp ?? 0) * 1000 };
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw new NotSignedIn('token_expired', 'The bearer token has expired. Get a new one and try again.');
      if (isAway(error))
        throw new Unavailable('The sign-in service cannot be reached now. Try again in a moment.', 5, error);
      throw error instanceof NotSignedIn ? error : invalid(error);
    }
  }
}

/** The keys could not be fetched: no answer, no connection, or (jose's general error) an answer that holds no keys. */
const isAway = (error: unknown): boolean =>
  error instanceof errors.JWKSTimeout ||
  error instanceof TypeError ||
  (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC');

const invalid = (cause?: unknown): NotSignedIn => {
  const problem = new NotSignedIn(
    'invalid_token',
    'The bearer token is not one that this service accepts. Get a new one and try again.',
  );
  problem.cause = cause;
  return problem;
};

/** The issuer that a token claims, unverified: it only chooses whose keys it is then checked against. */
function claimedIssuer(token: string): string | undefined {
  const [, body] = token.split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(body ?? '', 'base64url').toString('utf8'));
    const issuer = typeof claims === 'object' && claims !== null && 'iss' in claims ? claims.iss : undefined;
    return typeof issuer === 'string' ? issuer : undefined;
  } catch {
    return undefined;
  }
}

/** Keys by key id; new ones are fetched when a token names one that is not known, so the issuer can rotate them. */
function keySource(where: TrustedIssuer['keys']): JWTVerifyGetKey {
  if ('url' in where)
    return createRemoteJWKSet(new URL(where.url), { cooldownDuration: 10_000, timeoutDuration: 3_000 });
  let read = 0;
  let keys: JWTVerifyGetKey | undefined;
  return async (header, token) => {
    if (!keys || Date.now() - read > FILE_RECHECK_MS) {
      keys = createLocalJWKSet(JSON.parse(await readFile(where.file, 'utf8')) as JSONWebKeySet);
      read = Date.now();
    }
    return keys(header, token);
  };
}
