import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { ISSUER, startApp, TestApp } from '../support/app';
import { ChangingIssuer, startChangingIssuer, startProvider } from '../support/sign-in';

const AUDIENCE = 'public-partnerships-api';
/** Longer than the pause that is kept between two fetches of an issuer's keys. */
const PAUSE_MS = 11_000;

describe('Access', () => {
  let t: TestApp;
  let provider: Awaited<ReturnType<typeof startProvider>>;
  let changing: ChangingIssuer;

  beforeAll(async () => {
    [provider, changing] = await Promise.all([startProvider(AUDIENCE), startChangingIssuer(AUDIENCE)]);
    const trusted = ({ issuer, keys }: { issuer: string; keys: string }) => ({
      issuer,
      audience: AUDIENCE,
      algorithms: ['RS256'],
      keys: { url: keys },
    });
    t = await startApp({ OIDC_AUDIENCE: AUDIENCE }, { issuers: [trusted(provider), trusted(changing)] });
  });
  afterAll(async () => {
    provider.stop();
    changing.stop();
    await t.stop();
  });
  afterEach(() => jest.restoreAllMocks());

  const me = (token: string) => t.api.get('/v1/me').set('Authorization', `Bearer ${token}`);
  const later = (ms: number) => jest.spyOn(Date, 'now').mockReturnValue(new Date().getTime() + ms);
  const now = () => Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = (extra: JWTPayload = {}): JWTPayload => ({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'forger',
    iat: now(),
    exp: now() + 300,
    ...extra,
  });
  const publicKey = (): JWK =>
    (JSON.parse(readFileSync(join(t.config.dataDir, 'jwks.json'), 'utf8')) as { keys: [JWK] }).keys[0];

  it('takes a token of the trusted issuer, whatever the case of the scheme', async () => {
    const token = await t.token({ sub: 'ann' });
    await me(token).expect(200);
    await t.api.get('/v1/me').set('Authorization', `bearer ${token}`).expect(200);
  });

  it('takes a system by client credentials from a real identity provider', async () => {
    const token = await provider.clientToken();
    const stranger = await me(token).expect(200);
    expect(stranger.body.account).toBeNull();
    const { body } = await t.api
      .post('/v1/me')
      .set('Authorization', `Bearer ${token}`)
      .send({ name: 'A website', kind: 'system' })
      .expect(201);
    expect(body.account).toMatchObject({ issuer: provider.issuer, subject: 'a-website', kind: 'system' });
    const again = await me(await provider.clientToken()).expect(200);
    expect(again.body.account.id).toBe(body.account.id);
  });

  describe('refuses a token', () => {
    /** A token signed with the issuer's own key, with these claims only. */
    const exactly = async (given: JWTPayload): Promise<string> => {
      const blank = { iss: undefined, aud: undefined, sub: undefined, iat: undefined, exp: undefined, jti: undefined };
      return t.token({ ...blank, ...given });
    };
    const without = ({ [0]: name }: [keyof JWTPayload]): Promise<string> => exactly({ ...claims(), [name]: undefined });
    const byHmac = (secret: string): string => {
      const signed = `${part({ alg: 'HS256', typ: 'at+jwt', kid: 'test' })}.${part(claims())}`;
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
    };
    const byStranger = async (header: (key: JWK) => Record<string, unknown>, algorithm = 'ES256'): Promise<string> => {
      const { publicKey: own, privateKey } = await generateKeyPair(algorithm, { extractable: true });
      return new SignJWT(claims())
        .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', ...header(await exportJWK(own)) })
        .sign(privateKey);
    };
    const altered = async (change: (header: string, body: string, signature: string) => string): Promise<string> => {
      const [header = '', body = '', signature = ''] = (await t.token({ sub: 'ann' })).split('.');
      return change(header, body, signature);
    };

    const forged: [string, () => Promise<string> | string][] = [
      ['without a signature (alg none)', () => `${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims())}.`],
      [
        'that says alg none over a signature',
        () =>
          altered((_, body, signature) => `${part({ alg: 'none', typ: 'at+jwt', kid: 'test' })}.${body}.${signature}`),
      ],
      [
        'signed with the public key as a secret (HS256), as PEM',
        async () => byHmac(await exportSPKI((await importJWK(publicKey(), 'ES256')) as CryptoKey)),
      ],
      ['signed with the public key as a secret (HS256), as JWK', () => byHmac(JSON.stringify(publicKey()))],
      ['signed with an empty secret', () => byHmac('')],
      ['of a stranger’s key under a known key id', () => byStranger(() => ({ kid: 'test' }))],
      ['of a stranger’s key that it brings along (jwk)', () => byStranger((jwk) => ({ kid: 'test', jwk }))],
      [
        'of a stranger’s key at an address it names (jku)',
        () => byStranger(() => ({ kid: 'key-1', jku: changing.keys })),
      ],
      ['with an algorithm that is not allowed', () => byStranger(() => ({ kid: 'test' }), 'ES384')],
      ['with an unknown key id', () => t.token({ sub: 'ann' }, { kid: 'other' })],
      ['with a key id that looks like a path', () => t.token({ sub: 'ann' }, { kid: '../../etc/passwd' })],
      ['of an issuer that is not trusted', () => t.token({ sub: 'ann', iss: 'https://elsewhere.test' })],
      ['that names another trusted issuer than signed it', () => t.token({ sub: 'ann', iss: provider.issuer })],
      ['whose issuer has a slash too many', () => t.token({ sub: 'ann', iss: `${ISSUER}/` })],
      ['without an issuer', () => without(['iss'])],
      ['for another audience', () => t.token({ sub: 'ann', aud: 'another-api' })],
      ['without an audience', () => without(['aud'])],
      ['without an expiry', () => without(['exp'])],
      ['without the time it was issued', () => without(['iat'])],
      ['without a subject', () => without(['sub'])],
      ['with an empty subject', () => t.token({ sub: '' })],
      ['with a subject that is too long', () => t.token({ sub: 'x'.repeat(256) })],
      ['that is not valid yet', () => t.token({ sub: 'ann', nbf: now() + 300 })],
      ['that is an ID token', () => t.token({ sub: 'ann' }, { typ: 'JWT' })],
      ['without a type', () => t.token({ sub: 'ann' }, { typ: undefined })],
      [
        'whose claims were altered',
        () => altered((header, _, signature) => `${header}.${part(claims({ sub: 'admin' }))}.${signature}`),
      ],
      [
        'whose signature was cut short',
        () => altered((header, body, signature) => `${header}.${body}.${signature.slice(0, -4)}`),
      ],
      [
        'whose claims were cut short',
        () => altered((header, body, signature) => `${header}.${body.slice(0, -3)}.${signature}`),
      ],
      ['with a part missing', () => altered((header, body) => `${header}.${body}`)],
      [
        'with a part too many',
        () => altered((header, body, signature) => `${header}.${body}.${signature}.${signature}`),
      ],
      ['that is no token', () => 'let-me-in'],
      ['whose parts are not JSON', () => 'AAAA.AAAA.AAAA'],
    ];

    it.each(forged)('%s, on every route, saying no more than that', async (_, forge) => {
      const token = await forge();
      for (const path of ['/v1/me', '/v1/accounts', '/v1/organisations']) {
        const { body, headers } = await t.api.get(path).set('Authorization', `Bearer ${token}`).expect(401);
        expect(body.code).toBe('invalid_token');
        expect(headers['www-authenticate']).toBe('Bearer realm="partnerships", error="invalid_token"');
        expect(body.detail).toMatch(/^(The bearer token is not one that this service accepts|Send the token as)/);
      }
    });

    it('that has expired, and says so; half a minute is forgiven', async () => {
      const { body } = await me(await t.token({ sub: 'ann', exp: now() - 31 })).expect(401);
      expect(body.code).toBe('token_expired');
      await me(await t.token({ sub: 'ann', exp: now() - 20 })).expect(200);
    });

    it.each([['Basic YWRtaW46YWRtaW4='], ['Bearer'], ['Bearer  '], ['Token abc']])(
      'sent as %j',
      async (authorization) => {
        const { body } = await t.api.get('/v1/me').set('Authorization', authorization).expect(401);
        expect(body.code).toBe('invalid_token');
      },
    );

    it('sent in the address', async () => {
      await t.api.get(`/v1/organisations?access_token=${await t.token({ sub: 'ann' })}`).expect(400);
    });
  });

  describe('with keys that the issuer changes', () => {
    it('takes the new key without a restart, drops the old one, and asks at most once in a while for keys that nobody knows', async () => {
      const first = await changing.rotate();
      await me(await first()).expect(200);
      const second = await changing.rotate();
      later(PAUSE_MS);
      await me(await second()).expect(200);
      await me(await first()).expect(401);
      const before = changing.asked();
      const third = await changing.rotate();
      for (let i = 0; i < 5; i++) await me(await third()).expect(401);
      expect(changing.asked()).toBe(before);
      later(2 * PAUSE_MS);
      await me(await third()).expect(200);
    });

    it('answers 503 while the issuer cannot be asked, and goes on afterwards', async () => {
      const token = await changing.rotate();
      later(3 * PAUSE_MS);
      changing.answer(500);
      const { body, headers } = await me(await token()).expect(503);
      expect(body.code).toBe('unavailable');
      expect(headers['retry-after']).toBe('5');
      changing.answer(null);
      await me(await token()).expect(200);
    });
  });

  it('decides by the database at every request, not by the token', async () => {
    const as = await t.as('coordinator', undefined, 'moves');
    const { id } = await t.account('coordinator', undefined, 'moves');
    await t.api.get('/v1/api-keys').set(as).expect(200);
    await t.db.query('DELETE FROM people.membership WHERE account_id = $1', [id]);
    const { body } = await t.api.get('/v1/api-keys').set(as).expect(403);
    // Which roles may is public; it says so, rather than only that the caller's may not.
    expect((body as { detail: string }).detail).toBe(
      'None of your roles may do this: it needs one of the roles national-administrator, coordinator, site. Ask an administrator of your organisation.',
    );
  });
});
