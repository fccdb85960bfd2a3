import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** A real identity provider in its own process, with one client. */
export async function startProvider(
  audience: string,
): Promise<{ issuer: string; keys: string; clientToken(): Promise<string>; stop(): void }> {
  const provider = spawn(process.execPath, [join(__dirname, 'identity-provider.mjs'), audience], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const [line] = (await once(provider.stdout, 'data')) as [Buffer];
  const { issuer } = JSON.parse(line.toString('utf8')) as { issuer: string };
  const discovery = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<
    string,
    string
  >;
  const clientToken = async (): Promise<string> => {
    const answer = await fetch(String(discovery.token_endpoint), {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('a-website:a-secret-of-the-website').toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: 'urn:partnerships' }),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  return { issuer, keys: String(discovery.jwks_uri), clientToken, stop: () => provider.stdin.end() };
}

/** An issuer whose keys can be changed while it runs. */
export interface ChangingIssuer {
  issuer: string;
  keys: string;
  /** Makes a new key and publishes it alone; answers a token signed by it. */
  rotate(): Promise<() => Promise<string>>;
  /** What it answers instead of its keys; null: its keys. */
  answer(status: number | null): void;
  /** How often its keys were asked for. */
  asked(): number;
  stop(): void;
}

export async function startChangingIssuer(audience: string): Promise<ChangingIssuer> {
  let published: JWK[] = [];
  let status: number | null = null;
  let asked = 0;
  let number = 0;
  const server = createServer((_, response) => {
    asked++;
    response
      .writeHead(status ?? 200, { 'content-type': 'application/json', connection: 'close' })
      .end(JSON.stringify({ keys: published }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    keys: `${issuer}/keys`,
    rotate: async () => {
      const { publicKey, privateKey } = await generateKeyPair('RS256');
      const kid = `key-${++number}`;
      published = [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }];
      return () =>
        new SignJWT({})
          .setProtectedHeader({ alg: 'RS256', kid, typ: 'at+jwt' })
          .setIssuer(issuer)
          .setAudience(audience)
          .setSubject('somebody')
          .setIssuedAt()
          .setExpirationTime('5m')
          .sign(privateKey);
    },
    answer: (given) => (status = given),
    asked: () => asked,
    stop: () => server.close(),
  };
}
