import { Injectable } from '@nestjs/common';
import { DiversityDb } from '../door/diversity-db';
import type { Catalogue, Merge, Outcome, Parameters, Release, System, Unit, Witness } from '../disclosure/model';

/**
 * The releases but one that count any of some instances, or share one with a release that does, and so on, oldest first. What a release
 * counts is read off its units alone; all of it, which is mostly its proof, is read of those that are found only.
 */
const SHARING = `
  WITH RECURSIVE counted AS MATERIALIZED (
    SELECT DISTINCT p.release_id, leaf FROM edi_snapshot.protected p
    CROSS JOIN LATERAL jsonb_array_elements(p.release -> 'units') unit CROSS JOIN LATERAL jsonb_array_elements_text(unit -> 'leaves') leaf
    WHERE p.release_id <> $1
  ), linked AS (
    SELECT release_id FROM counted WHERE leaf = ANY($2::text[])
    UNION
    SELECT other.release_id FROM linked
    JOIN counted one ON one.release_id = linked.release_id JOIN counted other ON other.leaf = one.leaf
  )
  SELECT p.release FROM edi_snapshot.protected p JOIN edi.release r ON r.id = p.release_id
  WHERE p.release_id IN (SELECT release_id FROM linked) ORDER BY r.created_at, r.id`;

/** A release as it is kept for those that come after it. */
interface Kept {
  id: string;
  units: Unit[];
  catalogue: Catalogue;
  parameters: Parameters;
  merges: Merge[];
  figures: [string, Outcome][];
  /** The worlds that proved it, and the earlier ones together with it. */
  proof: Proof;
}

/** Witnesses, with the lists that their positions are of. */
interface Proof {
  leaves: readonly string[];
  stages: readonly string[];
  hubs: readonly string[];
  characteristics: readonly { id: string; categories: readonly string[] }[];
  /** `release` is an id here. */
  witnesses: { release: string; figure: string; margin: string; kind: Witness['kind']; changes: readonly number[] }[];
}

/** The releases that are protected together with a new one, and how they were proven. */
export interface Linked {
  releases: Release[];
  /** Witnesses of those releases, as positions in a system: `release` is the position in `releases`. */
  witnesses(system: System): Witness[];
}

/**
 * Releases that somebody has seen, as later ones are protected together with them: the published ones, and drafts that a steward could
 * read before they were given up. Without the drafts, a few of them with other rules would tell a steward the true counts.
 */
@Injectable()
export class EarlierReleases {
  constructor(private readonly diversity: DiversityDb) {}

  /** Keeps what is going to be shown; again replaces it. From then on it counts for those that come after it. */
  async keep(releaseId: string, release: Release, system: System, witnesses: readonly Witness[]): Promise<void> {
    const proof: Proof = {
      leaves: system.leaves,
      stages: system.stages,
      hubs: system.hub.categories,
      characteristics: system.characteristics,
      witnesses: witnesses.map((one) => ({ ...one, release: system.earlier[one.release]?.id ?? releaseId })),
    };
    await this.diversity.query(
      `INSERT INTO edi_snapshot.protected (release_id, release) VALUES ($1, $2)
       ON CONFLICT (release_id) DO UPDATE SET release = EXCLUDED.release`,
      [releaseId, JSON.stringify({ ...release, figures: [...release.figures], proof })],
    );
  }

  /** All releases that were shown to anybody but this one, the newest first: what changed is measured against their counts. */
  shown(releaseId: string): Promise<{ id: string; parameters: Parameters }[]> {
    return this.diversity.query<{ id: string; parameters: Parameters }>(
      `SELECT p.release_id AS id, p.release -> 'parameters' AS parameters FROM edi_snapshot.protected p JOIN edi.release r ON r.id = p.release_id
       WHERE p.release_id <> $1 ORDER BY r.created_at DESC, r.id DESC`,
      [releaseId],
    );
  }

  /**
   * The releases but this one that count any of these instances, and those that share an instance with one of them, and so on: what they
   * told and what is told now is one system. Others count other people, as far as an attacker can know.
   */
  async sharing(releaseId: string, instances: readonly string[]): Promise<Linked> {
    const kept = (await this.diversity.query<{ release: Kept }>(SHARING, [releaseId, instances])).map(
      (row) => row.release,
    );
    return {
      releases: kept.map(({ id, units, catalogue, parameters, merges, figures }) => ({
        ...{ id, units, catalogue, parameters, merges },
        figures: new Map(figures),
      })),
      witnesses: (system) => witnessesIn(kept, system),
    };
  }
}

/** The newest proof of each figure: it was made together with all releases that were linked then. */
function witnessesIn(kept: readonly Kept[], system: System): Witness[] {
  const found = new Map<string, Witness>();
  for (const { proof } of kept)
    for (const { release, figure, margin, kind, changes } of proof.witnesses) {
      const position = kept.findIndex((one) => one.id === release);
      const moved = position < 0 ? undefined : translated(changes, proof, system);
      if (moved)
        found.set(`${release}|${kind}|${margin}|${figure}`, {
          release: position,
          figure,
          margin,
          kind,
          changes: moved,
        });
    }
  return [...found.values()];
}

/** Changes as positions in another system; undefined where it lacks what they name. */
function translated(changes: readonly number[], from: Proof, to: System): number[] | undefined {
  const moved: number[] = [];
  for (let i = 0; i < changes.length; i += 6) {
    const [leaf = -1, stage = -1, hub = -1, characteristic = -1, category = -1, by = 0] = changes.slice(i, i + 6);
    const of = from.characteristics[characteristic];
    const now = of ? to.characteristics.findIndex((one) => one.id === of.id) : -1;
    const place = [
      to.leaves.indexOf(from.leaves[leaf] ?? ''),
      to.stages.indexOf(from.stages[stage] ?? ''),
      to.hub.categories.indexOf(from.hubs[hub] ?? ''),
    ];
    const answer = of ? (to.characteristics[now]?.categories.indexOf(of.categories[category] ?? '') ?? -1) : -1;
    if (place.some((at) => at < 0) || (of && (now < 0 || answer < 0))) return undefined;
    moved.push(...place, now, answer, by);
  }
  return moved;
}
