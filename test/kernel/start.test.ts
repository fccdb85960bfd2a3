import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { readServerFile } from '../../src/kernel/db/embedded-cluster';
import { isAlive, runningServer, stopServer } from '../../src/kernel/db/embedded-process';
import { runningEmbedded } from '../../src/kernel/db/embedded';
import { userCan } from '../../src/kernel/db/embedded-user';
import { cloneDatabase } from '../support/database';
import { asRoot } from '../support/as-root';
import { buildService, freePort, Run } from '../support/built';
import { withOwner } from '../support/server';

jest.setTimeout(60_000);
const NOBODY = { uid: 65534, gid: 65534 };

/** What an outside database needs besides its address. */
const SECRETS = {
  KEY_RING: JSON.stringify({ current: 'a', keys: { a: Buffer.alloc(32, 7).toString('base64') } }),
  SERVICE_SECRET: 'x'.repeat(40),
  DIVERSITY_KEY: Buffer.alloc(32, 9).toString('base64'),
  DIVERSITY_DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none',
};

describe('the built service', () => {
  let built: ReturnType<typeof buildService>;
  let main: string;
  let migrateCommand: string;
  let tokenCommand: string;
  let folder: string;
  let data: string;
  let port: number;
  const run = (env: NodeJS.ProcessEnv = {}, as = {}): Run =>
    new Run(main, { env: { DATA_DIR: data, PORT: String(port), ...env }, ...as });
  const server = (): number => {
    const cluster = readServerFile(data)?.cluster;
    return (cluster && runningServer(cluster)?.pid) || 0;
  };
  const ask = <T>(sql: string): Promise<T[]> =>
    withOwner(runningEmbedded(data)?.ownerUrl ?? '', async (client) => (await client.query(sql)).rows as T[]);
  /** It ends by itself, with one line that begins so, and has started no database. */
  const refuses = async (started: Run, line: string | RegExp): Promise<void> => {
    expect(await started.ended).toBe(1);
    expect(started.err).toMatch(line);
    expect(started.err.trimEnd().split('\n')).toHaveLength(1);
    expect(started.out).toBe('');
  };

  beforeAll(async () => {
    built = buildService();
    main = built.program('main.js');
    migrateCommand = built.program('commands/migrate.js');
    tokenCommand = built.program('commands/token.js');
    folder = mkdtempSync(join(tmpdir(), 'partnerships-start-'));
    chmodSync(folder, 0o755);
    data = join(folder, 'data');
    port = await freePort();
  });

  afterEach(async () => {
    await Run.stopAll();
    if (server()) await stopServer(server());
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    built.remove();
  });

  describe('on the embedded database', () => {
    it('starts without a locale, says where everything is, and SIGTERM stops it and its server', async () => {
      const started = await run({ LANG: undefined, LC_ALL: undefined }).listening();
      for (const path of ['/docs', '/openapi.json', '/health/ready', '/outbox']) {
        expect(started.out).toContain(`http://localhost:${port}${path}`);
      }
      expect(started.out).toContain('npm run token -- --as coordinator --organisation <slug>');
      expect(started.out).toMatch(
        /^Making the database\. .*…\nLoading the demonstration data…\n(Protecting and proving .*…\n){2}\nPublic Partnerships API is/,
      );
      expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
      expect(await ask('SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
      await ask(`CREATE TABLE public.kept AS SELECT 'kept' AS word`);
      const pid = server();
      expect(await started.stop()).toBe(0);
      expect(isAlive(pid)).toBe(false);
    });

    it('keeps its passwords and keys for its own user', () => {
      const files = ['server.json', 'key-ring.json', 'service.secret', 'diversity.key', 'issuer/private.json'];
      expect(files.map((file) => statSync(join(data, file)).mode & 0o777)).toEqual(files.map(() => 0o600));
    });

    it('finds its data again, refuses a second process on them, and stops on Ctrl-C', async () => {
      const started = await run({ HOST: '0.0.0.0' }).listening();
      expect(await ask('SELECT word FROM public.kept')).toEqual([{ word: 'kept' }]);
      await refuses(run({ PORT: String(await freePort()) }), /^DATA_DIR is ".*", which process \d+ uses: /);
      expect(started.out).toMatch(/^\nPublic Partnerships API is/);
      expect(await started.stop('SIGINT')).toBe(0);
      expect(started.out).toMatch(/SIGINT: finishing .*\nStopped\.\n$/);
      expect(started.err).toMatch(/^HOST is "0\.0\.0\.0", so anybody .* \/outbox, [^\n]*\n$/);
      expect(server()).toBe(0);
    });

    it('takes up data of a version that had no login for diversity answers', async () => {
      const file = join(data, 'server.json');
      const before = JSON.parse(readFileSync(file, 'utf8')) as { doors?: object };
      writeFileSync(file, JSON.stringify({ ...before, doors: undefined }));
      rmSync(join(data, 'diversity.key'));
      const started = await run().listening();
      const ready = (await (await fetch(`http://127.0.0.1:${port}/health/ready`)).json()) as { checks: object };
      expect(ready.checks).toMatchObject({ database: 'ok', diversity: 'ok' });
      const after = JSON.parse(readFileSync(file, 'utf8')) as object;
      expect(after).toMatchObject({ doors: { diversity: expect.any(String) as string } });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(await started.stop()).toBe(0);
      expect(started.err).toBe('');
    });

    it('prints a token that its own keys verify, for an account with that role alone', async () => {
      const token = (args: string[], env: NodeJS.ProcessEnv = {}): Run =>
        new Run(tokenCommand, { args, env: { DATA_DIR: data, ...env } });
      const wanted = ['--as', 'coordinator', '--organisation', 'rrdn-north-west'];
      const early = token(wanted);
      expect(await early.ended).toBe(1);
      expect(early.err).toMatch(/^DATA_DIR is ".*", where no database runs: /);
      const started = await run().listening();
      const printed = token(wanted);
      expect([await printed.ended, printed.err]).toEqual([0, '']);
      const keys = createLocalJWKSet(
        JSON.parse(readFileSync(join(data, 'issuer', 'jwks.json'), 'utf8')) as JSONWebKeySet,
      );
      const { payload } = await jwtVerify(printed.out.trim(), keys, {
        typ: 'at+jwt',
        audience: 'public-partnerships-api',
      });
      expect(payload).toMatchObject({ iss: 'https://development-issuer.invalid', sub: 'coordinator@rrdn-north-west' });
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(8 * 3600);
      expect(await token(wanted).ended).toBe(0);
      const second = token([...wanted, '--person', '2']);
      expect([await second.ended, second.err]).toEqual([0, '']);
      expect(decodeJwt(second.out.trim()).sub).toBe('coordinator@rrdn-north-west#2');
      const held = `SELECT m.role, o.slug FROM people.account a JOIN people.membership m ON m.account_id = a.id
        JOIN people.organisation o ON o.id = m.organisation_id WHERE a.subject = 'coordinator@rrdn-north-west'`;
      expect(await ask(held)).toEqual([{ role: 'coordinator', slug: 'rrdn-north-west' }]);
      const misuses: [string[], RegExp, NodeJS.ProcessEnv?][] = [
        [['--as', 'boss', '--organisation', 'rrdn-north-west'], /^--as is "boss": give one of /],
        [['--as', 'coordinator'], /^--organisation is missing: /],
        [[...wanted, '--person', '0'], /^--person is "0": give a whole number /],
        [['--as', 'coordinator', '--organisation', 'nowhere'], /^--organisation is "nowhere": there is none /],
        [wanted, /^DATABASE_URL is set: /, { ...SECRETS, DATABASE_URL: 'postgres://a:b@localhost/c' }],
      ];
      for (const [args, line, env] of misuses) {
        const misused = token(args, env);
        expect([await misused.ended, misused.out]).toEqual([1, '']);
        expect(misused.err).toMatch(line);
      }
      await started.stop();
    });

    it('adopts the server that a killed process left', async () => {
      const killed = await run().listening();
      const left = server();
      await killed.stop('SIGKILL');
      expect(isAlive(left)).toBe(true);
      const next = await run().listening();
      expect(server()).toBe(left);
      expect(await ask('SELECT word FROM public.kept')).toEqual([{ word: 'kept' }]);
      expect(await next.stop()).toBe(0);
      expect(isAlive(left)).toBe(false);
    });

    it('recovers when its server was killed too, though another process has its number now', async () => {
      const killed = await run().listening();
      const left = server();
      await killed.stop('SIGKILL');
      process.kill(left, 'SIGKILL');
      while (isAlive(left)) await new Promise((done) => setImmediate(done));
      const pidFile = join(readServerFile(data)?.cluster ?? '', 'postmaster.pid');
      writeFileSync(pidFile, `${process.pid}\n${data}\n1\n1\n\n\n\nready\n`);
      writeFileSync(join(data, 'service.pid'), JSON.stringify({ pid: process.pid, started: 'long ago' }));
      const next = await run().listening();
      expect(await ask('SELECT word FROM public.kept')).toEqual([{ word: 'kept' }]);
      expect(await next.stop()).toBe(0);
    });

    it('does not wait any longer at the second signal, and leaves no server behind', async () => {
      const started = await run().listening();
      const pid = server();
      const slow = connect(port, '127.0.0.1');
      slow.on('error', () => undefined);
      slow.write(
        'POST /v1/nothing HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      );
      await new Promise((done) => slow.once('ready', done));
      await fetch(`http://127.0.0.1:${port}/health/live`);
      started.child.kill('SIGTERM');
      await new Promise((done) => started.child.stdout?.once('data', done));
      started.child.kill('SIGTERM');
      expect([143, 0]).toContain(await started.ended);
      slow.destroy();
      while (isAlive(pid)) await new Promise((done) => setImmediate(done));
    });

    it('begins again when the first start was killed half-way', async () => {
      const fresh = join(folder, 'half-way');
      const began = run({ DATA_DIR: fresh });
      while (!readdirSync(folder).includes('half-way') || !readdirSync(fresh).includes('server.new')) {
        await new Promise((done) => setImmediate(done));
      }
      await began.stop('SIGKILL');
      const next = await run({ DATA_DIR: fresh }).listening();
      expect(await next.stop()).toBe(0);
    });

    it('does not make a new database over one whose passwords are gone', async () => {
      renameSync(join(data, 'server.json'), join(data, 'server.json.aside'));
      await refuses(run(), /^DATA_DIR is ".*", which holds a database but not its server.json: /);
      renameSync(join(data, 'server.json.aside'), join(data, 'server.json'));
    });

    asRoot('starts as an ordinary user', async () => {
      if (!userCan(NOBODY, '-r', main))
        throw new Error(`The user nobody cannot read ${main}: run the tests in an open folder`);
      const own = join(folder, 'ordinary');
      mkdirSync(own);
      chownSync(own, NOBODY.uid, NOBODY.gid);
      const started = await run({ DATA_DIR: join(own, 'data') }, NOBODY).listening();
      expect(statSync(join(own, 'data', 'server')).uid).toBe(NOBODY.uid);
      expect(await started.stop()).toBe(0);
    });

    asRoot('starts as root below a closed home folder', async () => {
      const home = join(folder, 'home');
      mkdirSync(home, { mode: 0o700 });
      const closed = join(home, 'data');
      const started = await run({ DATA_DIR: closed }).listening();
      const cluster = readServerFile(closed)?.cluster ?? '';
      expect(cluster).toMatch(/^\/var\/lib\/public-partnerships-api\/[0-9a-f]{16}$/);
      expect(await started.stop()).toBe(0);
      rmSync(cluster, { recursive: true });
    });
  });

  describe('refuses in one line, within two seconds', () => {
    it('a bad setting', () => refuses(run({ PORT: 'abc' }), /^PORT is "abc": give a whole number from 1 to 65535\.$/m));

    it('a folder that cannot be written to', () =>
      refuses(run({ DATA_DIR: '/proc/nowhere' }), /^DATA_DIR is "\/proc\/nowhere", which cannot be written to: /));

    it('a port that is taken', async () => {
      const other = createServer();
      await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
      await refuses(run(), new RegExp(`^PORT is "${port}", which another program uses on 127.0.0.1: `));
      await refuses(run({ PORT: String(await freePort()), METRICS_PORT: String(port) }), /^METRICS_PORT is /);
      await new Promise((done) => other.close(done));
      expect(server()).toBe(0);
    });

    it('an address of another machine', () =>
      refuses(run({ HOST: '192.0.2.1' }), /^HOST is "192.0.2.1", which is no address/));

    it('a database that cannot be reached', async () => {
      const url = `postgres://app:secret@127.0.0.1:${await freePort()}/partnerships`;
      await refuses(
        run({ ...SECRETS, DATABASE_URL: url }),
        /^DATABASE_URL points to a database that cannot be reached \(.*ECONNREFUSED/,
      );
    });

    it('a server that is too old', async () => {
      const old = await oldServer('170005');
      const { port: oldPort } = old.address() as AddressInfo;
      const url = `postgres://app:secret@127.0.0.1:${oldPort}/partnerships`;
      await refuses(
        run({ ...SECRETS, DATABASE_URL: url }),
        /^DATABASE_URL points to PostgreSQL 17: give a server of version 18 or later\.$/m,
      );
      old.close();
    });

    it('a login that owns the database', async () => {
      const database = await cloneDatabase();
      const env = { ...SECRETS, DATABASE_URL: database.ownerUrl };
      await refuses(run(env), /^DATABASE_URL logs in as ".*", which (owns tables|is a superuser): /);
      await database.drop();
    });
  });

  describe('the migrate command', () => {
    it('says that nothing is left to do, or which setting it needs', async () => {
      const database = await cloneDatabase();
      const done = new Run(migrateCommand, {
        env: { DATABASE_OWNER_URL: database.ownerUrl, DATABASE_URL: database.serviceUrl },
      });
      expect(await done.ended).toBe(0);
      expect(done.out).toBe('The database is up to date.\n');
      await database.drop();
      const unset = new Run(migrateCommand, { env: {} });
      expect(await unset.ended).toBe(1);
      expect(unset.err).toMatch(/^DATABASE_OWNER_URL is not set: /);
    });
  });
});

/** Speaks as much of Postgres's protocol as a login and one question need, and says that it is of an old version. */
async function oldServer(version: string): Promise<Server> {
  const message = (type: string, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts);
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), length, body]);
  };
  const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');
  const ready = message('Z', Buffer.from('I'));
  const column = Buffer.concat([
    hex('0001'),
    Buffer.from('number\0'),
    hex('00000000000000000017'),
    hex('0004ffffffff0000'),
  ]);
  const value = Buffer.concat([hex('0001'), hex('00000006'), Buffer.from(version)]);
  const server = createServer((socket) => {
    let loggedIn = false;
    socket.on('error', () => undefined);
    socket.on('data', (sent) => {
      if (!loggedIn) socket.write(Buffer.concat([message('R', hex('00000000')), ready]));
      else if (sent.toString('latin1').startsWith('Q')) {
        socket.write(
          Buffer.concat([message('T', column), message('D', value), message('C', Buffer.from('SELECT 1\0')), ready]),
        );
      }
      loggedIn = true;
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}
