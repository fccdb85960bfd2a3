import { Injectable } from '@nestjs/common';
import { Db } from '../../kernel/db/db';
import { NotFound } from '../../kernel/errors/problem';
import { REACH_FILE } from '../report/formats/addresses';
import { ReleaseFile, Releases } from '../report/releases';
import type { PublishedRelease } from './published';
import { Release } from './release.entity';
import { ReleaseStore } from './release-store';

const MOST_KEPT = 12;

/** Published releases, as reports and anybody may read them. They never change, so some are kept in memory. */
@Injectable()
export class ReleasedService extends Releases {
  private readonly kept = new Map<string, PublishedRelease>();

  constructor(
    private readonly db: Db,
    private readonly store: ReleaseStore,
  ) {
    super();
  }

  async published(which: string): Promise<PublishedRelease> {
    const id = await this.idOf(which);
    const known = this.kept.get(id);
    if (known) return known;
    const release = await this.db.one(Release, id);
    const published = await this.store.asPublished(release, release.number ?? 0);
    this.kept.set(id, published);
    for (const [oldest] of this.kept) {
      if (this.kept.size <= MOST_KEPT) break;
      this.kept.delete(oldest);
    }
    return published;
  }

  async all(): Promise<PublishedRelease[]> {
    const rows = await this.db.query<{ id: string }>(
      `SELECT id FROM edi.release WHERE state IN ('published', 'superseded') ORDER BY number`,
    );
    const releases: PublishedRelease[] = [];
    for (const { id } of rows) releases.push(await this.published(id));
    return releases;
  }

  async file(which: string, name: string): Promise<ReleaseFile & { sha256: string }> {
    const [found] = await this.db.query<ReleaseFile & { sha256: string }>(
      'SELECT name, media_type AS "mediaType", bytes, sha256 FROM edi.release_file WHERE release_id = $1 AND name = $2',
      [await this.idOf(which), name],
    );
    if (!found)
      throw new NotFound(
        name === REACH_FILE
          ? 'This release has no such file: its period holds no whole quarter, and reach is told of whole quarters only.'
          : 'This release has no such file.',
      );
    return found;
  }

  /** Names, sizes and checksums of all files of a release. */
  async files(which: string): Promise<{ name: string; mediaType: string; size: number; sha256: string }[]> {
    return this.db.query(
      'SELECT name, media_type AS "mediaType", size, sha256 FROM edi.release_file WHERE release_id = $1 ORDER BY name',
      [await this.idOf(which)],
    );
  }

  /** The id of a published release; NotFound for every other. */
  async idOf(which: string): Promise<string> {
    if (which !== 'latest' && this.kept.has(which)) return which;
    const [row] = await this.db.query<{ id: string }>(
      which === 'latest'
        ? `SELECT id FROM edi.release WHERE state = 'published'`
        : `SELECT id FROM edi.release WHERE id = $1 AND state IN ('published', 'superseded')`,
      which === 'latest' ? [] : [which],
    );
    if (!row) throw new NotFound(which === 'latest' ? 'No release has been published yet.' : undefined);
    return row.id;
  }
}
