import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { Pool } from 'pg';
import request from 'supertest';
import { createApp } from '../../src/app';
import { Config, loadConfig } from '../../src/kernel/config';
import { FixedClock } from '../../src/kernel/clock';
import { ApiDocument } from '../../src/kernel/http/version.controller';
import { Contract } from './contract';
import { cloneDatabase, testServer } from './database';

/** Monday noon, UK winter time: the moment at which every test begins. */
export const NOON = '2026-11-23T12:00:00.000Z';
export const ISSUER = 'https://sign-in.test';

export interface TestApp {
  app: NestFastifyApplication;
  config: Config;
  clock: FixedClock;
  /** The database with the owner's rights, for looking and for setting up what no route can. */
  db: Pool;
  /** Calls over real HTTP. Every answer is held against the OpenAPI document. */
  api: ReturnType<typeof request.agent>;
  /** Headers of an account with this role in this organisation (slug); the same each time for the same pair. `who` tells apart several. */
  as(role: string, organisation?: string, who?: string): Promise<{ authorization: string }>;
  /** The account behind `as`. */
  account(role: string, organisation?: string, who?: string): Promise<{ id: string; organisationId: string }>;
  /** A token with any claims, by the trusted issuer unless the claims say otherwise. */
  token(claims: JWTPayload, header?: Record<string, unknown>): Promise<string>;
  /** Id of an organisation by slug. */
  organisation(slug: string): Promise<string>;
  address: string;
  stop(): Promise<void>;
}

/** Two organisations that are in the reference data, for tests that need "ours" and "another". */
export const OURS = 'rrdn-north-west';
export const THEIRS = 'rrdn-south-west-central';

/** The whole application over its own copy of the migrated template, listening on loopback. One a test file. */
export async function startApp(
  settings: Record<string, string> = {},
  given: { background?: boolean; issuers?: Config['issuers'] } = {},
): Promise<TestApp> {
  const database = await cloneDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'partnerships-app-'));
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  writeFileSync(
    join(folder, 'jwks.json'),
    JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' }] }),
  );
  const config: Config = {
    ...loadConfig({
      DATABASE_URL: database.serviceUrl,
      DIVERSITY_DATABASE_URL: database.diversityUrl,
      DIVERSITY_KEY: randomBytes(32).toString('base64'),
      KEY_RING: JSON.stringify({ current: 'test', keys: { test: randomBytes(32).toString('base64') } }),
      SERVICE_SECRET: randomBytes(32).toString('hex'),
      DATA_DIR: folder,
      LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
      METRICS_PORT: 'off',
      RATE_LIMIT_PUBLIC: '1000000',
      RATE_LIMIT_KEY: '1000000',
      RATE_LIMIT_SIGNED_IN: '1000000',
      ...settings,
    }),
  };
  config.database.embedded = true;
  config.issuers = [
    { issuer: ISSUER, audience: config.audience, algorithms: ['ES256'], keys: { file: join(folder, 'jwks.json') } },
    ...(given.issuers ?? []),
  ];
  const clock = new FixedClock(NOON);
  const app = await createApp(config, { clock, background: given.background ?? false, ...keptDocument() });
  const document = app.get(ApiDocument, { strict: false }).get();
  keepDocument(document);
  await app.listen(0, '127.0.0.1');
  const db = new Pool({ connectionString: database.ownerUrl, max: 4 });
  const address = await app.getUrl();
  const contract = new Contract(document);

  const token = (claims: JWTPayload, header: Record<string, unknown> = {}): Promise<string> =>
    new SignJWT({
      iss: ISSUER,
      aud: config.audience,
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 3600,
      jti: randomUUID(),
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: 'at+jwt', ...header })
      .sign(privateKey);

  const organisation = async (slug: string): Promise<string> => {
    const { rows } = await db.query<{ id: string }>('SELECT id FROM people.organisation WHERE slug = $1', [slug]);
    if (!rows[0]) throw new Error(`There is no organisation ${slug} in the reference data`);
    return rows[0].id;
  };

  const account = async (role: string, slug = OURS, who = ''): Promise<{ id: string; organisationId: string }> => {
    const organisationId = await organisation(slug);
    const subject = `${role}@${slug}${who && `#${who}`}`;
    const kind = role === 'site' ? 'system' : 'person';
    const { rows } = await db.query<{ id: string; fresh: boolean }>(
      `INSERT INTO people.account (issuer, subject, name, kind) VALUES ($1, $2, $2, $3)
       ON CONFLICT (issuer, subject) DO UPDATE SET name = EXCLUDED.name RETURNING id, (xmax = 0) AS fresh`,
      [ISSUER, subject, kind],
    );
    const [row] = rows;
    if (!row) throw new Error('no account came back');
    if (row.fresh)
      await db.query(
        `INSERT INTO people.membership (account_id, organisation_id, role, "from") VALUES ($1, $2, $3, '2025-01-01')`,
        [row.id, organisationId, role],
      );
    return { id: row.id, organisationId };
  };

  const stop = async (): Promise<void> => {
    await app.close();
    await db.end();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  };

  return {
    app,
    config,
    clock,
    db,
    address,
    token,
    organisation,
    account,
    stop,
    api: contract.watch(request.agent(address)),
    as: async (role, slug = OURS, who = '') => {
      await account(role, slug, who);
      return { authorization: `Bearer ${await token({ sub: `${role}@${slug}${who && `#${who}`}` })}` };
    },
  };
}

const documentFile = (): string => join(testServer().folder, 'openapi.json');

/** The document that another file of this run has made of the same code: making it is half of what a start costs. */
function keptDocument(): { document?: OpenAPIObject } {
  if (!existsSync(documentFile())) return {};
  return { document: JSON.parse(readFileSync(documentFile(), 'utf8')) as OpenAPIObject };
}

function keepDocument(document: OpenAPIObject): void {
  if (existsSync(documentFile())) return;
  const made = `${documentFile()}.${process.pid}`;
  writeFileSync(made, JSON.stringify(document));
  renameSync(made, documentFile());
}
