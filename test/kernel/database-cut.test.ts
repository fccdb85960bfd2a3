import { theService } from '../../src/kernel/access/actor';
import { Db } from '../../src/kernel/db/db';
import { startApp, type TestApp } from '../support/app';

/** A server that restarts cuts every connection, those that wait between two statements as well. */
describe('a connection that is cut between two statements', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.stop());

  it('fails the transaction and not the process, and the next one works', async () => {
    const db = t.app.get(Db, { strict: false });
    await expect(
      db.write(theService(), async (tx) => {
        const [own] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        const killer = await db.pool.connect();
        await killer.query('SELECT pg_terminate_backend($1, 5000)', [own?.pid]);
        killer.release();
        await tx.query('SELECT 1');
      }),
    ).rejects.toThrow();
    expect(await db.query<{ one: number }>('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
