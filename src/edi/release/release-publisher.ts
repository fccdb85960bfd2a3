import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { Conflict } from '../../kernel/errors/problem';
import { quartersIn, releaseReach } from '../../involvement';
import { ReleaseEvent } from '../events';
import { reachCsv, releaseFiles } from '../report/formats/files';
import { PopulationFigures } from '../report/population/population.service';
import type { ReleaseFile } from '../report/releases';
import { Release, ReleaseState, ReleaseStep } from './release.entity';
import { reachWithheld } from './reach-withheld';
import { ReleaseStore } from './release-store';

const INSERT_FILE = `
  INSERT INTO edi.release_file (release_id, name, media_type, bytes, size, sha256) VALUES ($1, $2, $3, $4, $5, $6)`;

/** Publishes what was signed: makes every file once, tells the reach of its quarters, and lets the release before step back. */
@Injectable()
export class ReleasePublisher {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly store: ReleaseStore,
    private readonly figures: PopulationFigures,
  ) {}

  /** The number that the next release will have. */
  async nextNumber(): Promise<number> {
    const [row] = await this.db.query<{ next: number }>('SELECT coalesce(max(number), 0) + 1 AS next FROM edi.release');
    return row?.next ?? 1;
  }

  async publish(who: Actor, ready: Release): Promise<Release> {
    const number = await this.nextNumber();
    const published = await this.store.asPublished(ready, number);
    const files = await releaseFiles(published, {
      benchmarks: await this.figures.benchmarks(),
      reach: quartersIn(published.period).some((quarter) => quarter.to < this.clock.today()),
    });
    return this.db.write(who, async (tx) => {
      const release = await tx.get(Release, ready.id);
      release.mustWaitForSignature();
      if (release.version !== ready.version)
        throw new Conflict('release_not_ready', 'The release has changed since. Read it again.');
      for (const file of files) await addFile(tx, release.id, file);
      // Counted here and not before, so that nobody can know these figures earlier than everybody.
      const { id, from, until } = release;
      const withheld = await reachWithheld(tx, id);
      const reach = await releaseReach(tx, { id, number, from, until, withheld });
      if (reach !== undefined) await addFile(tx, release.id, reachCsv(reach));
      await this.supersede(tx, number);
      const done = await tx.change(release, {
        number,
        state: ReleaseState.Published,
        step: ReleaseStep.Done,
        signedBy: who.accountId,
        signedAt: tx.at,
        publishedAt: tx.at,
      });
      tx.emit({
        type: ReleaseEvent.Published,
        subject: 'release',
        subjectId: release.id,
        version: done.version,
        data: { number, from: release.from, until: release.until },
      });
      return done;
    });
  }

  private async supersede(tx: Tx, by: number): Promise<void> {
    const [row] = await tx.query<{ id: string }>(`SELECT id FROM edi.release WHERE state = 'published'`);
    if (!row) return;
    const former = await tx.get(Release, row.id);
    const gone = await tx.change(former, { state: ReleaseState.Superseded, supersededAt: tx.at });
    tx.emit({
      type: ReleaseEvent.Superseded,
      subject: 'release',
      subjectId: former.id,
      version: gone.version,
      data: { by },
    });
  }
}

const addFile = (tx: Tx, releaseId: string, { name, mediaType, bytes }: ReleaseFile): Promise<unknown> =>
  tx.query(INSERT_FILE, [
    releaseId,
    name,
    mediaType,
    bytes,
    bytes.length,
    createHash('sha256').update(bytes).digest('hex'),
  ]);
