import { startApp, type TestApp } from '../support/app';
import { Collecting } from '../edi/collection-support';

let t: TestApp;
let on: Collecting;
beforeAll(async () => {
  t = await startApp();
  on = await Collecting.at(t);
});
afterAll(() => t.stop());

/** Tables in which the text stands anywhere. */
async function tablesWith(text: string): Promise<string[]> {
  const { rows: tables } = await t.db.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'`,
  );
  expect(tables.length).toBeGreaterThan(40);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await t.db.query(`SELECT 1 FROM ${name} x WHERE x::text LIKE '%' || $1 || '%' LIMIT 1`, [text]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

describe('a check of a file whose columns slipped', () => {
  it.each([
    ['a cell', 'Email,Sex\nfemale,slipped.person@example.org\n'],
    ['a heading', 'slipped.person@example.org,Sex\nx,neither\n'],
    ['a number', 'Email,Sex\nsomebody@example.org,07700 900461\n'],
  ])('neither shows nor keeps what stood in %s', async (what, file) => {
    const collection = await on.open();
    const key = `slipped-${what.replace(' ', '-')}`;
    const check = () => on.check(collection, 'identified-rows', file).set('idempotency-key', key);
    const answer = await check();
    expect(answer.status === 200 ? (answer.body as { acceptable: boolean }).acceptable : answer.status).not.toBe(true);
    expect(answer.text).not.toMatch(/slipped\.person|900461/);
    expect(await tablesWith('slipped.person')).toEqual([]);
    expect(await tablesWith('900461')).toEqual([]);
    const { rows } = await t.db.query<{ answer: string | null }>(
      'SELECT answer FROM kernel.idempotency WHERE key = $1',
      [key],
    );
    expect(rows.map((row) => row.answer)).toEqual(answer.status === 200 ? [null] : []);
    expect((await check()).status).toBe(answer.status === 200 ? 204 : answer.status);
  });
});
