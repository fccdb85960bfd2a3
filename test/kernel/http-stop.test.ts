import { Agent, request } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Db } from '../../src/kernel/db/db';
import { stopGracefully, Traffic } from '../../src/kernel/http/stop';
import { cloneDatabase, ClonedDatabase } from '../support/database';
import { AS_ANNE, HttpApp, rawConnection, startHttpApp } from './http-app';

let database: ClonedDatabase;
let http: HttpApp;

beforeAll(async () => (database = await cloneDatabase()));
afterAll(() => database.drop());
beforeEach(async () => (http = await startHttpApp(database.serviceUrl)));

const never = new Promise<void>(() => undefined);

async function refused(): Promise<boolean> {
  const { ended, socket } = await rawConnection(http.port).catch(() => ({
    ended: Promise.resolve(''),
    socket: undefined,
  }));
  socket?.destroy();
  await ended;
  return socket === undefined;
}

describe('told to stop', () => {
  it('finishes what is under way, takes nothing new, closes connections that only wait, and then closes the pool', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const get = async (path: string): Promise<IncomingMessage> => {
      const asked = request({ port: http.port, host: '127.0.0.1', path, agent, headers: AS_ANNE }).end();
      return ((await once(asked, 'response')) as [IncomingMessage])[0];
    };
    const idle = await rawConnection(http.port);
    idle.socket.write('GET /v1/notes HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(idle.socket, 'data');
    const warm = await get('/v1/notes');
    warm.resume();
    await once(warm, 'end');

    const slow = get('/v1/notes/slow');
    await http.probe.reached;
    const { pool } = http.app.get(Db, { strict: false });
    const stopping = stopGracefully(http.app, never);
    await idle.ended;
    expect(await refused()).toBe(true);
    expect(pool.ended).toBe(false);

    http.probe.letGo();
    const answer = await slow;
    expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close']);
    answer.resume();
    await once(answer, 'end');
    expect(await stopping).toBe(0);
    expect(pool.ended).toBe(true);
    agent.destroy();
  });

  it('cuts a body that is half sent, and an answer that never comes, when time is up', async () => {
    const half = await rawConnection(http.port);
    half.socket.write(
      'POST /v1/notes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer anne\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"te',
    );
    const stuck = await rawConnection(http.port);
    stuck.socket.write('GET /v1/notes/slow HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer anne\r\n\r\n');
    await http.probe.reached;
    // The half-sent request counts from its headers on; both were written before the second one was reached, or it comes now.
    const traffic = http.app.get(Traffic, { strict: false });
    while (traffic.underWay < 2) await once(http.app.getHttpServer(), 'request');

    let timeIsUp: () => void = () => undefined;
    const stopping = stopGracefully(http.app, new Promise<void>((resolve) => (timeIsUp = resolve)));
    timeIsUp();
    expect(await stopping).toBe(2);
    expect([await half.ended, await stuck.ended]).toEqual(['', '']);
    http.probe.letGo();
  });

  it('cuts headers that are half sent', async () => {
    const half = await rawConnection(http.port);
    await new Promise<void>((sent) => half.socket.write('GET /v1/notes HTTP/1.1\r\nHost:', () => sent()));
    expect(await stopGracefully(http.app, Promise.resolve())).toBe(0);
    expect(await half.ended).toBe('');
  });

  it('does not wait for the deadline when nothing is under way', async () => {
    expect(await stopGracefully(http.app, 2_147_000_000)).toBe(0);
  });
});
