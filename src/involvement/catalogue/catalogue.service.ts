import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { binder } from '../../kernel/db/sql';
import { BadInput, Fault, NotFound } from '../../kernel/errors/problem';
import { JsonText } from '../../kernel/http/answer';
import { beyond, Cursors, keyColumns, orderBy } from '../../kernel/http/page';
import { CLOSED_READABLE } from '../opportunity/public-opportunity';
import { CatalogueQuery, Facet, Sort } from './catalogue.dto';
import { FACET_VALUES, Filter, filters, distance, Point, sortKeys } from './filters';

/** What the public finds. Postgres writes the JSON; the service passes it on. */
@Injectable()
export class CatalogueService {
  constructor(
    private readonly db: Db,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  /** A page of open opportunities. */
  async search(ask: CatalogueQuery): Promise<JsonText> {
    await this.mustBeListed(ask);
    const point = await this.point(ask);
    const sort = sortOf(ask, point);
    const { params, bind } = binder();
    const walked = ask.cursor === undefined ? undefined : sort;
    const asked = filters(ask, this.clock.now(), this.closingBefore(ask), point, bind, walked);
    const keys = sortKeys(sort, ask, point, bind);
    const list = `catalogue ${sort}`;
    const after = ask.cursor === undefined ? 'TRUE' : beyond(keys, this.cursors.read(list, ask.cursor), bind);
    const km = point ? `,"distanceKm":' || coalesce(round(${distance(point, bind)})::text, 'null') || '` : '';
    const rows = await this.db.query<{ card: string; sort_key: string[] }>(
      `SELECT '{"status":"open"${km},' || substr(c.card::text, 2) AS card, ${keyColumns(keys)}
       FROM involvement.catalogue_entry c WHERE ${where(asked)} AND ${after}
       ORDER BY ${orderBy(keys)} LIMIT ${bind(ask.limit + 1)}`,
      params,
    );
    const shown = rows.slice(0, ask.limit);
    const last = shown.at(-1);
    const nextCursor = rows.length > ask.limit && last ? this.cursors.after(list, last.sort_key) : null;
    const facets = ask.facets?.length ? await this.facets(ask, ask.facets, point) : undefined;
    const meta = JSON.stringify({
      limit: ask.limit,
      nextCursor,
      ...(point ? { near: point } : {}),
      ...(facets ? { facets } : {}),
    });
    return new JsonText(`{"data":[${shown.map((row) => row.card).join(',')}],"meta":${meta}}`, {
      next: nextCursor === null ? undefined : { cursor: nextCursor },
    });
  }

  /** All that the public may know of one opportunity. */
  async one(id: string): Promise<JsonText> {
    const [row] = await this.db.query<{ body: string; version: number }>(ONE, [id, this.clock.now()]);
    if (!row) throw new NotFound('There is no such opportunity, or it is not public any more.');
    return new JsonText(row.body, { version: row.version });
  }

  /** The public records of these ids as JSON text; those that are not public are missing. */
  async bodies(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.db.query<{ id: string; body: string }>(BODIES, [ids, this.clock.now()]);
    return new Map(rows.map((row) => [row.id, row.body]));
  }

  /** The next moment at which something opens, closes or leaves the catalogue by the clock alone. */
  async nextBoundary(now: Date): Promise<Date | null> {
    const [row] = await this.db.query<{ at: Date | null }>(BOUNDARY, [now]);
    return row?.at ?? null;
  }

  /** Regions and health categories are lists that an administrator can replace, so they are looked up. */
  private async mustBeListed({ region, healthCategory }: CatalogueQuery): Promise<void> {
    if (!region && !healthCategory) return;
    const [unlisted] = await this.db.query<{ at: string; value: string }>(UNLISTED, [
      region ?? [],
      healthCategory ?? [],
    ]);
    if (unlisted)
      throw wrong(
        unlisted.at,
        unlisted.at === 'region' ? 'unknown_region' : 'unknown_health_category',
        `"${unlisted.value}" is not in the list. GET /v1/${unlisted.at === 'region' ? 'regions' : 'health-categories'} shows it.`,
      );
  }

  private closingBefore(ask: CatalogueQuery): Date | undefined {
    return ask.closingBefore === undefined ? undefined : this.clock.startOfDay(ask.closingBefore);
  }

  private async point(ask: CatalogueQuery): Promise<Point | undefined> {
    if (ask.latitude !== undefined && ask.longitude !== undefined)
      return { latitude: ask.latitude, longitude: ask.longitude, accuracyKm: 0 };
    if (ask.latitude !== undefined || ask.longitude !== undefined)
      throw wrong(
        ask.latitude === undefined ? 'latitude' : 'longitude',
        'value_missing',
        'Send latitude and longitude together.',
      );
    if (ask.near === undefined) {
      if (ask.within !== undefined)
        throw wrong('within', 'point_missing', 'Send near, or latitude and longitude, with within.');
      return undefined;
    }
    const [found] = await this.db.query<{ latitude: number | null; longitude: number; accuracyKm: number }>(
      `SELECT round(latitude::numeric, 4)::float8 AS latitude, round(longitude::numeric, 4)::float8 AS longitude, accuracy_km AS "accuracyKm" FROM people.locate($1)`,
      [ask.near],
    );
    if (!found || found.latitude === null)
      throw wrong(
        'near',
        'unknown_postcode',
        'This is not the first part of a UK postcode that is known here. Try latitude and longitude.',
      );
    return { latitude: found.latitude, longitude: found.longitude, accuracyKm: found.accuracyKm };
  }

  private async facets(
    ask: CatalogueQuery,
    names: readonly Facet[],
    point: Point | undefined,
  ): Promise<Record<string, { value: string; count: number }[]>> {
    const { params, bind } = binder();
    const now = this.clock.now();
    const parts = names.map((name) => {
      const { value, from } = FACET_VALUES[name];
      // A facet counts what its own filter would leave out; a value that no condition uses must not be bound at all.
      const asked = filters({ ...ask, [name]: undefined }, now, this.closingBefore(ask), point, bind);
      return `SELECT '${name}' AS facet, ${value} AS value, count(*)::integer AS count FROM involvement.catalogue_entry c${from ? `, ${from}` : ''}
        WHERE ${where(asked)} GROUP BY 2`;
    });
    const rows = await this.db.query<{ facet: string; value: string; count: number }>(
      `${parts.join(' UNION ALL ')} ORDER BY 1, 3 DESC, 2`,
      params,
    );
    return Object.fromEntries(
      names.map((name) => [name, rows.filter((r) => r.facet === name).map(({ value, count }) => ({ value, count }))]),
    );
  }
}

const where = (list: readonly Filter[]): string => list.map((f) => f.sql).join(' AND ');

function sortOf(ask: CatalogueQuery, point: Point | undefined): Sort {
  const sort = ask.sort ?? (ask.q === undefined ? 'closing-soon' : 'best-match');
  if (sort === 'nearest' && !point)
    throw wrong('sort', 'point_missing', 'Send near, or latitude and longitude, to sort by distance.');
  if (sort === 'best-match' && ask.q === undefined)
    throw wrong('sort', 'words_missing', 'Send q, the words to look for, to sort by best match.');
  return sort;
}

const wrong = (at: string, code: string, message: string): BadInput => {
  const fault: Fault = { in: 'query', at, code, message };
  return new BadInput([fault]);
};

const UNLISTED = `
  SELECT 'region' AS at, v AS value FROM unnest($1::text[]) AS v WHERE NOT EXISTS (SELECT FROM people.region r WHERE r.code = v)
  UNION ALL
  SELECT 'healthCategory', v FROM unnest($2::text[]) AS v WHERE NOT EXISTS (SELECT FROM people.health_category h WHERE h.slug = v)
  LIMIT 1`;
const STATUS = `involvement.opportunity_status(c.state, c.publish_at, c.closes_at, $2)`;
const READABLE = `${STATUS} <> 'scheduled' AND c.closes_at > $2::timestamptz - interval '${CLOSED_READABLE}'`;
const BODY = `'{"status":"' || ${STATUS} || '",' || substr(c.body::text, 2) AS body`;
const ONE = `SELECT ${BODY}, c.version FROM involvement.catalogue_entry c WHERE c.opportunity_id = $1 AND ${READABLE}`;
const BODIES = `SELECT c.opportunity_id AS id, ${BODY} FROM involvement.catalogue_entry c WHERE c.opportunity_id = ANY($1::uuid[]) AND ${READABLE}`;
const BOUNDARY = `
  SELECT least(
    (SELECT min(closes_at) FROM involvement.catalogue_entry WHERE state IN ('scheduled', 'published') AND closes_at > $1),
    (SELECT min(publish_at) FROM involvement.catalogue_entry WHERE state IN ('scheduled', 'published') AND publish_at > $1),
    (SELECT min(closes_at) + interval '${CLOSED_READABLE}' FROM involvement.catalogue_entry WHERE closes_at > $1::timestamptz - interval '${CLOSED_READABLE}')
  ) AS at`;
