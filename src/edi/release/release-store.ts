import { Injectable } from '@nestjs/common';
import { type Actor, theService } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { ReleaseEvent } from '../events';
import type { PublishedRelease, PublishedTable } from './published';
import { Release, ReleaseContent, ReleaseState, ReleaseStep } from './release.entity';
import type { Certificate } from './release-parts';

/** What a release becomes once it is proven. */
export interface Proven {
  content: ReleaseContent;
  tables: readonly PublishedTable[];
  certificate: Certificate;
  certificateHash: string;
  snapshotOn: string;
}

/** First of two numbers that name the lock of one release. */
const RELEASE_LOCK = 731_055;

const INSERT_TABLES = `
  INSERT INTO edi.release_table (release_id, position, key, title, level, population, characteristic, by_hub, notes, figures)
  SELECT $1, t.position, t.key, t.title, t.level, t.population, t.characteristic, t.by_hub, t.notes, t.figures
  FROM jsonb_to_recordset($2::jsonb) AS t(position integer, key text, title text, level text, population text, characteristic text,
    by_hub boolean, notes jsonb, figures jsonb)`;

const TABLES = `
  SELECT key, title, level, population, characteristic, by_hub AS "byHub", figures, notes
  FROM edi.release_table WHERE release_id = $1 ORDER BY position`;

/** Moves releases from state to state, each in one transaction with its event and audit row. */
@Injectable()
export class ReleaseStore {
  constructor(private readonly db: Db) {}

  /** Does the work while no other process works at this release; answers false, and does nothing, where one does. */
  async alone(id: string, work: () => Promise<void>): Promise<boolean> {
    const client = await this.db.pool.connect();
    let failed: Error | undefined;
    // It does nothing for a long time, so that it may be cut unseen; the lock is gone then, and the connection not given back.
    const cut = (error: Error): void => void (failed = error);
    client.on('error', cut);
    try {
      const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS mine', [
        RELEASE_LOCK,
        id,
      ]);
      if (!rows[0]?.mine) return false;
      try {
        await work();
      } finally {
        await client.query('SELECT pg_advisory_unlock($1, hashtext($2))', [RELEASE_LOCK, id]).catch((lost: unknown) => {
          failed = lost as Error;
        });
      }
      return true;
    } finally {
      client.off('error', cut);
      client.release(failed);
    }
  }

  /** Begins, or begins again; undefined where there is nothing to do. What was begun too often is refused. */
  async begin(id: string, mostAttempts: number): Promise<Release | undefined> {
    return this.db.write(theService(), async (tx) => {
      const release = await tx.get(Release, id);
      if (release.state !== ReleaseState.Queued && release.state !== ReleaseState.Running) return undefined;
      if (release.attempt >= mostAttempts) {
        await this.refuseIn(tx, release, {
          code: 'interrupted',
          message: 'The work was interrupted again and again, and was given up. Nothing was published.',
          table: null,
        });
        return undefined;
      }
      await tx.query('DELETE FROM edi.release_table WHERE release_id = $1', [id]);
      return tx.change(release, {
        state: ReleaseState.Running,
        step: ReleaseStep.Snapshot,
        progress: 0,
        attempt: release.attempt + 1,
      });
    });
  }

  /** How far it has come. No change of the record that anybody must have seen. */
  async tell(id: string, step: ReleaseStep, progress: number): Promise<void> {
    await this.db.query(`UPDATE edi.release SET step = $2, progress = $3 WHERE id = $1 AND state = 'running'`, [
      id,
      step,
      progress,
    ]);
  }

  /** It is proven and waits for a signature. */
  async ready(id: string, { tables, ...proven }: Proven): Promise<void> {
    await this.db.write(theService(), async (tx) => {
      const release = await tx.get(Release, id);
      if (release.state !== ReleaseState.Running) return;
      await tx.query(INSERT_TABLES, [
        id,
        JSON.stringify(tables.map(({ byHub, ...table }, position) => ({ ...table, by_hub: byHub, position }))),
      ]);
      const ready = await tx.change(release, {
        ...proven,
        state: ReleaseState.Ready,
        step: ReleaseStep.Signature,
        progress: 100,
      });
      tx.emit({ type: ReleaseEvent.Ready, subject: 'release', subjectId: id, version: ready.version });
    });
  }

  /** Nothing comes of it; nothing of it is published. */
  async refuse(
    who: Actor,
    id: string,
    reason: { code: string; message: string; table: string | null },
  ): Promise<Release> {
    return this.db.write(who, async (tx) => this.refuseIn(tx, await tx.get(Release, id), reason));
  }

  async refuseIn(
    tx: Tx,
    release: Release,
    { code, message, table }: { code: string; message: string; table: string | null },
  ): Promise<Release> {
    await tx.query('DELETE FROM edi.release_table WHERE release_id = $1', [release.id]);
    const refused = await tx.change(release, {
      state: ReleaseState.Refused,
      step: ReleaseStep.Done,
      refusalCode: code,
      refusalDetail: message,
      refusalTable: table,
    });
    tx.emit({
      type: ReleaseEvent.Refused,
      subject: 'release',
      subjectId: release.id,
      version: refused.version,
      data: { code },
    });
    return refused;
  }

  /** A proven release as it is, or will be, published under a number. */
  async asPublished(release: Release, number: number): Promise<PublishedRelease> {
    const { content, snapshotOn } = release;
    if (!content || snapshotOn === null) throw new Error('A release that was not proven cannot be shown');
    const tables = await this.db.query<PublishedTable>(TABLES, [release.id]);
    return {
      id: release.id,
      number,
      title: release.title,
      period: { from: release.from, until: release.until },
      snapshotOn,
      previousNumber: content.previousNumber,
      threshold: release.threshold,
      thresholds: content.thresholds,
      base: release.base,
      characteristics: content.characteristics,
      units: content.units,
      tables,
      notes: content.notes,
    };
  }
}
