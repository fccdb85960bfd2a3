import { createHash } from 'node:crypto';
import { ReleaseEvent } from '../../../src/edi/events';
import { releaseFiles } from '../../../src/edi/report/formats/files';
import type { PublishedRelease } from '../../../src/edi/release/published';
import { theService } from '../../../src/kernel/access/actor';
import { Db } from '../../../src/kernel/db/db';
import type { TestApp } from '../../support/app';

/** Puts a release that was written by hand where published ones are; the one published before is superseded. */
export async function publish(t: TestApp, release: PublishedRelease): Promise<void> {
  const { id, number, title, period, snapshotOn, threshold, base, tables, ...rest } = release;
  const { characteristics, units, notes, thresholds, previousNumber } = rest;
  const content = { characteristics, units, notes, thresholds, previousNumber };
  await t.db.query(
    `INSERT INTO edi.release (id, title, "from", until, state, step, progress, threshold, base, catalogue, catalogue_hash, snapshot_on,
       content, certificate, certificate_hash)
     VALUES ($1, $2, $3, $4, 'ready', 'signature', 100, $5, $6, '{"minimumLeafSize": 25, "tables": [{"level": "all", "population": "registered", "by": ["each"]}]}', $7, $8, $9, '{}', $7)`,
    [id, title, period.from, period.until, threshold, base, 'ab'.repeat(32), snapshotOn, JSON.stringify(content)],
  );
  for (const [i, table] of tables.entries())
    await t.db.query(
      `INSERT INTO edi.release_table (release_id, position, key, title, level, population, characteristic, by_hub, notes, figures)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        ...[id, i, table.key, table.title, table.level, table.population, table.characteristic, table.byHub],
        ...[JSON.stringify(table.notes), JSON.stringify(table.figures)],
      ],
    );
  for (const { name, mediaType, bytes } of await releaseFiles(release))
    await t.db.query(
      'INSERT INTO edi.release_file (release_id, name, media_type, bytes, size, sha256) VALUES ($1, $2, $3, $4, $5, $6)',
      [id, name, mediaType, bytes, bytes.length, createHash('sha256').update(bytes).digest('hex')],
    );
  await t.db.query(`UPDATE edi.release SET state = 'superseded', superseded_at = now() WHERE state = 'published'`);
  await t.db.query(
    `UPDATE edi.release SET state = 'published', step = 'done', number = $2, signed_at = now(), published_at = now() WHERE id = $1`,
    [id, number],
  );
  // As the service tells it, so that nothing is answered from memory any more.
  await t.app.get(Db).write(theService(), async (tx) => {
    tx.emit({ type: ReleaseEvent.Published, subject: 'release', subjectId: id, version: 1, data: { number } });
  });
}
