import { Injectable } from '@nestjs/common';
import { Db } from '../../kernel/db/db';
import { NotFound } from '../../kernel/errors/problem';
import { CHARACTERISTICS } from '../release/catalogue';
import type { Population, PublishedRelease } from '../release/published';
import type { FunnelQuery, RepresentationQuery, TrendQuery } from './comparisons.dto';
import { representation, Representation } from './comparison/representation';
import { HUB } from './figures';
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
    mustBeKnown([release], characteristic);
    const area = ask.area ?? found.areaCode ?? ENGLAND;
    const [benchmark] = await this.figures.benchmarks({ characteristic, area, source: ask.source });
    if (!benchmark)
      throw new NotFound(
        `There are no population figures of ${characteristic} in the area ${area}${ask.source === undefined ? '' : ' from this source'}. /v1/diversity/population-figures lists those that there are.`,
      );
    const compared = representation(release, { unit, population, benchmark });
    if (!compared) throw noTable(release, population, characteristic);
    return compared;
  }

  async funnel(which: string, ask: FunnelQuery): Promise<Funnel> {
    const release = await this.releases.published(which);
    mustHave(release, ask.unit);
    mustBeKnown([release], ask.characteristic);
    const found = funnel(release, ask);
    if (!found) throw noTable(release, 'registered', ask.characteristic);
    return found;
  }

  async trend({ ethnicGroup, category, ...ask }: TrendQuery): Promise<Trend> {
    const releases = await this.releases.all();
    const found = trend(
      releases,
      { ...ask, category: category ?? null, hub: ethnicGroup ?? null },
      await this.successions(),
    );
    if (found) return found;
    mustBeKnown(releases, ask.characteristic, category, ethnicGroup);
    throw new NotFound(
      'No release has a table that tells this of this unit. /v1/diversity/dictionary lists the tables, and each release its units.',
    );
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
  if (!found) {
    const told = new Set(release.tables.flatMap((table) => table.figures.map((figure) => figure.unit)));
    const units = release.units.filter((unit) => told.has(unit.key)).map((unit) => unit.key);
    throw new NotFound(`This release has no such unit. It has tables of these: ${units.join(', ')}.`);
  }
  return found;
}

/** A name that no release knows is told from a table that no release has. */
function mustBeKnown(
  releases: readonly PublishedRelease[],
  characteristic: string,
  category?: string,
  ethnicGroup?: string,
): void {
  const has = (key: string, code?: string): boolean =>
    releases.some(({ characteristics }) =>
      characteristics.some(
        (one) => one.key === key && (code === undefined || one.categories.some((category) => category.code === code)),
      ),
    );
  if (!CHARACTERISTICS.includes(characteristic) && !has(characteristic))
    throw new NotFound(
      `There is no characteristic “${characteristic}”. /v1/diversity/dictionary has their names, such as ${CHARACTERISTICS.slice(0, 3).join(', ')}.`,
    );
  for (const [key, code] of [
    [characteristic, category],
    [HUB, ethnicGroup],
  ] as const)
    if (code !== undefined && !has(key, code))
      throw new NotFound(
        `${key} has no category “${code}”. /v1/diversity/dictionary has the categories of each characteristic.`,
      );
}

/** There is no such table: which units have one, if any. */
function noTable({ tables, units }: PublishedRelease, population: Population, characteristic: string): NotFound {
  const told = new Set(
    tables
      .filter((one) => !one.byHub && one.population === population && one.characteristic === characteristic)
      .flatMap((table) => table.figures.map((figure) => figure.unit)),
  );
  const of = units.filter(({ key }) => told.has(key)).map(({ key }) => key);
  return new NotFound(
    [
      'The release has no table of this population, characteristic and unit, and none is ever computed on request.',
      ...(of.length === 0 ? [] : [`It has one of these units: ${of.join(', ')}.`]),
      '/v1/diversity/dictionary lists its tables.',
    ].join(' '),
  );
}
