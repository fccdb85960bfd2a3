import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { EventBench } from './events-support';

const POINTS = ['before-commit', 'after-commit', 'after-numbering', 'before-effect', 'after-effect', 'after-noting'];

let bench: EventBench;
beforeAll(async () => {
  bench = await EventBench.open();
  await bench.owner.query(`
    CREATE TABLE kernel.given (event_id uuid NOT NULL, number bigint GENERATED ALWAYS AS IDENTITY);
    CREATE TABLE kernel.taken (event_id uuid PRIMARY KEY, number bigint GENERATED ALWAYS AS IDENTITY);
    GRANT ALL ON kernel.given, kernel.taken TO partnerships_service`);
});
afterAll(() => bench.close());

/** Runs a process that dies at a point; answers how it ended: `SIGKILL`, or what it said. */
function run(dies: string): Promise<string> {
  const child = spawn(process.execPath, [join(__dirname, 'events-victim.js')], {
    cwd: join(__dirname, '..', '..'),
    env: { PATH: process.env.PATH, VICTIM_DIES: dies, VICTIM_DATABASE: bench.database.serviceUrl },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => child.once('close', (_, signal) => resolve(signal ?? said)));
}

const column = async (sql: string): Promise<string[]> =>
  (await bench.owner.query<{ id: string }>(sql)).rows.map((row) => row.id);

it('loses nothing when processes are killed at any point between commit and delivery', async () => {
  for (const point of [...POINTS, ...POINTS]) expect(`${point}: ${await run(point)}`).toBe(`${point}: SIGKILL`);
  expect(await run('none')).toBe('done');

  const log = await bench.log();
  // Of each round all but the one that died before its commit have written their two events.
  expect(log).toHaveLength(2 * 2 * (POINTS.length - 1));
  expect(log.map((event) => Number(event.position))).toEqual(log.map((_, i) => i + 1));
  const taken = await column('SELECT event_id AS id FROM kernel.taken ORDER BY number');
  expect(taken).toEqual(log.map((event) => event.id));
  const given = await column('SELECT event_id AS id FROM kernel.given ORDER BY number');
  expect(given.length).toBeGreaterThan(taken.length);
  expect([...new Set(given)]).toEqual(taken);
}, 90_000);
