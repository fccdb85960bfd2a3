import { Db } from '../../src/kernel/db/db';
import { startApp, TestApp } from '../support/app';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.stop());

const stream = (sql: string): AsyncGenerator<{ n: number }> =>
  t.app.get(Db, { strict: false }).stream<{ n: number }>(sql);

describe('rows by a cursor', () => {
  it('are made as they are wanted: no more than a few hundred wait for a slow reader', async () => {
    await t.db.query('CREATE SEQUENCE people.made_rows');
    const rows = stream(`SELECT nextval('people.made_rows')::int AS n FROM generate_series(1, 100000)`);
    const read: number[] = [];
    const made: number[] = [];
    for await (const { n } of rows) {
      read.push(n);
      const { rows: told } = await t.db.query<{ made: number }>('SELECT last_value::int AS made FROM people.made_rows');
      made.push((told[0]?.made ?? Infinity) - n);
      if (n === 1000) break;
    }
    expect(read).toHaveLength(1000);
    expect(Math.max(...made)).toBeLessThan(300);
  });

  it('are those of the moment at which it was opened, all of them and once each', async () => {
    await t.db.query('CREATE TABLE people.ship AS SELECT n FROM generate_series(1, 1234) AS n');
    const read: number[] = [];
    for await (const { n } of stream('SELECT n FROM people.ship ORDER BY n')) {
      if (read.length === 0)
        await t.db.query('UPDATE people.ship SET n = n + 5000; INSERT INTO people.ship VALUES (9999)');
      read.push(n);
    }
    expect(read).toEqual(Array.from({ length: 1234 }, (_, at) => at + 1));
  });

  it('give their connection back when the reader stops, so that the next has one', async () => {
    for (let round = 0; round < 50; round++) {
      const rows = stream('SELECT n FROM generate_series(1, 100000) AS n');
      expect(await rows.next()).toEqual({ done: false, value: { n: 1 } });
      await rows.return(undefined);
    }
    expect(t.app.get(Db, { strict: false }).pool.waitingCount).toBe(0);
  });
});
