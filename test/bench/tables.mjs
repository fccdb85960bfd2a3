// Reading a table of a published release, which never changes: the service answers from memory, the baseline asks the database each time.
import { deepStrictEqual } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { dist, ground } from './ground.mjs';

/** The table with most figures. */
const LARGEST = `
  SELECT r.id, t.key FROM edi.release r JOIN edi.release_table t ON t.release_id = r.id
  WHERE r.state = 'published' ORDER BY jsonb_array_length(t.figures) DESC, t.key LIMIT 1`;

/** The figures as a plain table has them, so that the baseline need not take JSON apart. */
const FIGURES = `
  CREATE SCHEMA bench;
  CREATE TABLE bench.figure (table_key text, position integer, unit text, "ethnicGroup" text, category text, value integer, status text,
    share double precision, "shareStatus" text, PRIMARY KEY (table_key, position));
  GRANT USAGE ON SCHEMA bench TO partnerships_service;
  GRANT SELECT ON bench.figure TO partnerships_service`;
const FILL = `
  INSERT INTO bench.figure SELECT $1, f.* FROM jsonb_to_recordset($2::jsonb) AS f(position integer, unit text, "ethnicGroup" text,
    category text, value integer, status text, share double precision, "shareStatus" text)`;
const ROWS = `
  SELECT unit, "ethnicGroup", category, value, status, share, "shareStatus" FROM bench.figure WHERE table_key = $1 ORDER BY position`;
const FILE = 'SELECT bytes FROM edi.release_file WHERE release_id = $1 AND name = $2';

/** The two made-up releases of the demonstration, made as every release is. */
async function released(env) {
  const { createApp } = dist('app.js');
  const { FixedClock } = dist('kernel/clock.js');
  const clock = new FixedClock(new Date());
  const app = await createApp(dist('kernel/config.js').loadConfig(env), { background: false, clock });
  try {
    await app.init();
    const { DiversityDemonstration } = dist('edi/demonstration/diversity-demonstration.js');
    await app.get(DiversityDemonstration, { strict: false }).load(clock);
  } finally {
    await app.close();
  }
}

/** @param compare takes what is measured, the aim, our target and theirs */
export async function tableNumbers(compare) {
  const g = await ground(released);
  try {
    const owner = new pg.Client(g.server.ownerUrl);
    await owner.connect();
    g.onStop(() => owner.end());
    const { id, key } = (await owner.query(LARGEST)).rows[0];
    const path = `/v1/diversity/releases/latest/tables/${key}`;
    const { figures, ...head } = await (await fetch(g.addresses.uncached + path)).json();
    await owner.query(FIGURES);
    await owner.query(FILL, [key, JSON.stringify(figures.map((figure, position) => ({ position, ...figure })))]);
    await owner.query('ANALYZE bench.figure');
    const file = join(g.folder, 'table.json');
    const table = {
      head,
      rows: { text: ROWS, values: [key] },
      file: { text: FILE, values: [id, `tables/${key}.json`] },
    };
    writeFileSync(file, JSON.stringify({ table }));
    await g.baseline({ file });

    const ours = { url: g.addresses.cached + path };
    const rows = { url: `${g.addresses.bare}/table/rows` };
    const stored = { url: `${g.addresses.bare}/table/file` };
    const answers = await Promise.all([ours, rows, stored].map(async ({ url }) => (await fetch(url)).json()));
    for (const answer of answers) deepStrictEqual(answer, { ...head, figures });
    await compare(`a published table of ${figures.length} figures, against its rows`, 3, ours, rows);
    await compare('the same published table, against its stored file', 'printed', ours, stored);
  } finally {
    await g.stop();
  }
}
