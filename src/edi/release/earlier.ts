import { Injectable } from '@nestjs/common';
import { DiversityDb } from '../door/diversity-db';
import type { Catalogue, Merge, Outcome, Parameters, Release, Unit } from '../disclosure/model';

/** A release as it is kept for those that come after it. */
interface Kept {
  id: string;
  units: Unit[];
  catalogue: Catalogue;
  parameters: Parameters;
  merges: Merge[];
  figures: [string, Outcome][];
}

/** Published releases, as later ones are protected together with them. */
@Injectable()
export class EarlierReleases {
  constructor(private readonly diversity: DiversityDb) {}

  /** Keeps what is going to be published; again replaces it. It counts once the release is published. */
  async keep(releaseId: string, release: Release): Promise<void> {
    await this.diversity.query(
      `INSERT INTO edi_snapshot.protected (release_id, release) VALUES ($1, $2)
       ON CONFLICT (release_id) DO UPDATE SET release = EXCLUDED.release`,
      [releaseId, JSON.stringify({ ...release, figures: [...release.figures] })],
    );
  }

  /**
   * The published releases that count any of these instances, and those that share an instance with one of them, and so on: what they
   * told and what is told now is one system. Others count other people, as far as an attacker can know.
   */
  async sharing(instances: readonly string[]): Promise<Release[]> {
    const rows = await this.diversity.query<{ release: Kept }>(
      `SELECT p.release FROM edi_snapshot.protected p
       JOIN edi.release r ON r.id = p.release_id AND r.state IN ('published', 'superseded') ORDER BY r.number`,
    );
    const known = new Set(instances);
    const linked = new Set<Kept>();
    for (let grew = true; grew;) {
      grew = false;
      for (const { release } of rows) {
        const leaves = release.units.flatMap((unit) => unit.leaves);
        if (linked.has(release) || !leaves.some((leaf) => known.has(leaf))) continue;
        linked.add(release);
        for (const leaf of leaves) known.add(leaf);
        grew = true;
      }
    }
    return rows
      .filter(({ release }) => linked.has(release))
      .map(({ release }) => ({ ...release, figures: new Map(release.figures) }));
  }
}
