import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
export const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
export const dist = (path) => require(join(root, 'dist', path));

/** A file of the tests in TypeScript, compiled with the source that it uses as the service is, in a folder that goes when this process ends. */
export function compiled(path) {
  const folder = mkdtempSync(join(tmpdir(), 'partnerships-bench-compiled-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const swc = join(root, 'node_modules', '.bin', 'swc');
  const done = spawnSync(swc, ['src', dirname(path), '-d', folder, '--copy-files', '-q'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (done.status !== 0) throw new Error(`${path} could not be compiled`);
  return require(join(folder, path.replace(/\.ts$/, '.js')));
}

export const freePort = () =>
  new Promise((done) => {
    const server = require('node:net').createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/**
 * A server in a temporary folder, migrated and filled, with the service on it twice (with and without its cache) and room for the baseline.
 * @param filled fills the database, given the settings of the service and the server
 */
export async function ground(filled) {
  const folder = mkdtempSync(join(tmpdir(), 'partnerships-bench-'));
  chmodSync(folder, 0o755);
  const { startEmbedded } = dist('kernel/db/embedded.js');
  const { migrate } = dist('database.js');
  const server = await startEmbedded(join(folder, 'db'), { temporary: true });
  const { signer, env } = await settings(server, folder);
  const running = [];
  const last = [];
  const stop = async () => {
    for (const work of last) await work();
    for (const child of running) child.kill('SIGTERM');
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await migrate(server.ownerUrl, { service: 'service', diversity: 'diversity' });
    const start = async (extra = {}) => {
      const port = await freePort();
      const child = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
        env: { ...env, PORT: String(port), ...extra },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      running.push(child);
      const address = `http://127.0.0.1:${port}`;
      await ready(`${address}/health/ready`, child);
      return { child, address };
    };
    const uncached = await start({ PUBLIC_CACHE: 'false' }); // its start loads the reference data that the filling needs
    await filled(env, server);
    const cached = await start();
    const barePort = await freePort();
    const bare = `http://127.0.0.1:${barePort}`;
    const baseline = async (facts) => {
      const child = spawn(process.execPath, [join(root, 'test', 'bench', 'baseline.mjs')], {
        env: { ...env, PORT: String(barePort), STATEMENTS: facts.file, NODE_ENV: 'production' },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      running.push(child);
      await ready(`${bare}/ready`, child);
    };
    return {
      server,
      env,
      folder,
      signer,
      start,
      stop,
      baseline,
      onStop: (work) => last.push(work),
      addresses: { uncached: uncached.address, cached: cached.address, bare },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function settings(server, folder) {
  const { generateKeyPair, exportJWK, SignJWT } = await import('jose');
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }] });
  const keys = require('node:http').createServer((_, answer) =>
    answer.setHeader('content-type', 'application/json').end(jwks),
  );
  await new Promise((done) => keys.listen(0, '127.0.0.1', done));
  keys.unref();
  const issuer = 'https://bench.invalid';
  const signer = (sub) =>
    new SignJWT({ iss: issuer, aud: 'public-partnerships-api', sub })
      .setIssuedAt()
      .setExpirationTime('2h')
      .setProtectedHeader({ alg: 'ES256', kid: 'bench', typ: 'at+jwt' })
      .sign(privateKey);
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    DATABASE_URL: server.serviceUrl,
    DIVERSITY_DATABASE_URL: server.doorUrls.diversity,
    DIVERSITY_KEY: randomBytes(32).toString('base64'),
    DATABASE_POOL: '10',
    DATA_DIR: join(folder, 'data'),
    METRICS_PORT: 'off',
    LOG_LEVEL: 'warn',
    OIDC_ISSUER: issuer,
    OIDC_JWKS_URL: `http://127.0.0.1:${keys.address().port}/jwks.json`,
    OIDC_ALGORITHMS: 'ES256',
    SERVICE_SECRET: randomBytes(32).toString('hex'),
    KEY_RING: JSON.stringify({ current: 'bench', keys: { bench: randomBytes(32).toString('base64') } }),
    RATE_LIMIT_PUBLIC: '1000000',
    RATE_LIMIT_KEY: '1000000',
    RATE_LIMIT_SIGNED_IN: '1000000',
  };
  return { signer, env: { ...env, BENCH_ISSUER: issuer } };
}

/** Fills a database with made-up rows by the command that is there for it. */
export function seeded(env, opportunities, contributors) {
  const done = spawnSync(
    process.execPath,
    [
      join(root, 'dist', 'commands', 'seed.js'),
      '--opportunities',
      String(opportunities),
      '--contributors',
      String(contributors),
    ],
    {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (done.status !== 0) throw new Error('The database could not be filled');
}

async function ready(url, child) {
  for (let tries = 0; tries < 600 && child.exitCode === null; tries++) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`${url} did not come up`);
}
