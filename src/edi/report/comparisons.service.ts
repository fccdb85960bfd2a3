import { Injectable } from '@nestjs/common';
import { Db } from '../../kernel/db/db';
import { NotFound } from '../../kernel/errors/problem';
import type { PublishedRelease } from '../release/published';
import type { FunnelQuery, RepresentationQuery, TrendQuery } from './comparisons.dto';
import { representation, Representation } from './comparison/representation';
import { Funnel, funnel } from './funnel';
import { PopulationFigures } from './population/population.service';
import { Releases } from './releases';
import { Succession, Trend, trend } from './trend';

const ENGLAND = 'E92000001';

/** Comparisons worked out at each reading, from published counts alone. */
@Injectable()
export class Comparisons {
  constructor(
    private readonly db: Db,
    private readonly releases: Releases,
    private readonly figures: PopulationFigures,
  ) {}

  async representation(
    which: string,
    { unit, population, characteristic, ...ask }: RepresentationQuery,
  ): Promise<Representation> {
    const release = await this.releases.published(which);
    const found = mustHave(release, unit);
    const area = ask.area ?? found.areaCode ?? ENGLAND;
    const [benchmark] = await this.figures.benchmarks({ characteristic, area, source: ask.source });
    if (!benchmark)
      throw new NotFound(
        'There are no population figures of this characteristic and area. /v1/diversity/population-figures lists those that there are.',
      );
    const compared = representation(release, { unit, population, benchmark });
    if (!compared) throw noTable();
    return compared;
  }

  async funnel(which: string, ask: FunnelQuery): Promise<Funnel> {
    const release = await this.releases.published(which);
    mustHave(release, ask.unit);
    const found = funnel(release, ask);
    if (!found) throw noTable();
    return found;
  }

  async trend({ ethnicGroup, category, ...ask }: TrendQuery): Promise<Trend> {
    const releases = await this.releases.all();
    const found = trend(
      releases,
      { ...ask, category: category ?? null, hub: ethnicGroup ?? null },
      await this.successions(),
    );
    if (!found)
      throw new NotFound('No release has a table that tells this. /v1/diversity/dictionary lists the tables.');
    return found;
  }

  /** Organisations that took over from others, from the first day of the one that goes on. */
  private successions(): Promise<Succession[]> {
    return this.db.query<Succession>(
      `SELECT s.slug AS unit, array_agg(b.name ORDER BY b.name) AS "from", s."from" AS "on"
       FROM people.organisation_predecessor p JOIN people.organisation s ON s.id = p.successor_id
       JOIN people.organisation b ON b.id = p.predecessor_id
       WHERE s."from" IS NOT NULL GROUP BY s.slug, s."from" ORDER BY s.slug`,
    );
  }
}

function mustHave(release: PublishedRelease, key: string): PublishedRelease['units'][number] {
  const found = release.units.find((unit) => unit.key === key);
  if (!found)
    throw new NotFound(
      `This release has no such unit. It has these: ${release.units.map((unit) => unit.key).join(', ')}.`,
    );
  return found;
}

const noTable = (): NotFound =>
  new NotFound(
    'The release has no table of this population, characteristic and unit, and none is ever computed on request. /v1/diversity/dictionary lists its tables.',
  );
