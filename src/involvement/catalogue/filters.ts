import type { Bind } from '../../kernel/db/sql';
import type { SortKey } from '../../kernel/http/page';
import type { CatalogueQuery, Facet, Sort } from './catalogue.dto';

/** A point to measure distances from. */
export interface Point {
  latitude: number;
  longitude: number;
  accuracyKm: number;
}

/** A filter as SQL over catalogue_entry `c`. */
export interface Filter {
  sql: string;
}

/** The words asked for: in English by their stems, in Welsh as they stand. */
const english = (place: string): string => `websearch_to_tsquery('english', ${place})`;
const welsh = (place: string): string => `websearch_to_tsquery('simple', ${place})`;

export const distance = (point: Point, bind: Bind): string =>
  `people.distance_km(c.latitude, c.longitude, ${bind(point.latitude)}, ${bind(point.longitude)})`;

const KM_PER_DEGREE = 111.2;

/**
 * What is open at a moment: public, before its closing, not paused. A page that begins after a row has the list's own bound on the
 * column it is sorted by; with two bounds Postgres begins at the earlier one and walks all pages before, so the moment only filters.
 */
export const openAt = (now: string, walked?: 'closes_at' | 'publish_at'): string => {
  const bound = (column: 'closes_at' | 'publish_at', is: string): string =>
    column === walked ? `(c.${column} ${is} ${now}) IS TRUE` : `c.${column} ${is} ${now}`;
  return `c.state IN ('scheduled', 'published') AND ${bound('publish_at', '<=')} AND ${bound('closes_at', '>')}`;
};

/** The column by which a sort walks an index. */
const WALKED: Partial<Record<Sort, 'closes_at' | 'publish_at'>> = { 'closing-soon': 'closes_at', newest: 'publish_at' };

/** The filters that a query asks for. Names of columns stand here and nowhere else; values are always bound. `walked`: the sort of a page that a cursor begins. */
export function filters(
  ask: CatalogueQuery,
  now: Date,
  endOfDayBefore: Date | undefined,
  point: Point | undefined,
  bind: Bind,
  walked?: Sort,
): Filter[] {
  const list: Filter[] = [{ sql: openAt(`${bind(now)}::timestamptz`, walked && WALKED[walked]) }];
  const add = (value: unknown, sql: (place: string) => string): void => {
    if (value !== undefined) list.push({ sql: sql(bind(value)) });
  };
  add(ask.q, (p) => `(c.search @@ ${english(p)} OR c.search_welsh @@ ${welsh(p)})`);
  add(ask.kind, (p) => `c.kind = ANY(${p}::text[])`);
  add(ask.stage, (p) => `c.stage = ANY(${p}::text[])`);
  add(ask.mode, (p) => `c.mode = ANY(${p}::text[])`);
  add(
    ask.region,
    (
      p,
    ) => `(c.region_code IS NULL OR c.region_code = ANY(${p}::text[]) OR c.region_code IN (SELECT r.nation_code FROM people.region r WHERE r.code = ANY(${p}::text[]))
    OR c.region_code IN (SELECT r.code FROM people.region r WHERE r.nation_code = ANY(${p}::text[])))`,
  );
  add(ask.healthCategory, (p) => `c.health_categories && ${p}::text[]`);
  add(ask.condition?.toLowerCase(), (p) => `c.conditions @> ARRAY[${p}::text]`);
  add(ask.paid, (p) => `c.paid = ${p}`);
  add(ask.noExperienceNeeded, (p) => `c.no_experience_needed = ${p}`);
  add(ask.accessProvision, (p) => `c.access_provision @> ${p}::text[]`);
  add(ask.language, (p) => `c.languages @> ARRAY[${p}::text]`);
  add(ask.age, (p) => `${p}::integer BETWEEN c.min_age AND c.max_age`);
  add(endOfDayBefore, (p) => `c.closes_at <= ${p}::timestamptz`);
  add(ask.organisation, (p) => `c.organisation_id = ${p}::uuid`);
  add(ask.project, (p) => `c.project_id = ${p}::uuid`);
  if (point && ask.within !== undefined)
    list.push({ sql: nearby(point, ask.within, ask.orFromAnywhere ?? false, bind) });
  return list;
}

/** Within so many kilometres: a box first, which an index can serve, then the distance itself. */
function nearby(point: Point, km: number, orFromAnywhere: boolean, bind: Bind): string {
  const north = km / KM_PER_DEGREE;
  const east = km / (KM_PER_DEGREE * Math.cos((Math.min(85, Math.abs(point.latitude) + north) * Math.PI) / 180));
  const box = `c.latitude BETWEEN ${bind(point.latitude - north)} AND ${bind(point.latitude + north)}
    AND c.longitude BETWEEN ${bind(point.longitude - east)} AND ${bind(point.longitude + east)}`;
  const near = `(${box} AND ${distance(point, bind)} <= ${bind(km)})`;
  return orFromAnywhere ? `(c.mode IN ('online', 'phone', 'post') OR ${near})` : near;
}

/** Sort keys by name; ties are broken by the id, so that pages never overlap. */
export function sortKeys(sort: Sort, ask: CatalogueQuery, point: Point | undefined, bind: Bind): SortKey[] {
  const id = (direction: 'asc' | 'desc'): SortKey => ({ sql: 'c.opportunity_id', direction, type: 'uuid' });
  switch (sort) {
    case 'newest':
      return [{ sql: 'c.publish_at', direction: 'desc', type: 'timestamptz' }, id('desc')];
    case 'nearest': {
      const sql = point ? `coalesce(${distance(point, bind)}, 1e9)` : '1e9';
      return [{ sql, direction: 'asc', type: 'double precision' }, id('asc')];
    }
    case 'best-match': {
      const q = bind(ask.q ?? '');
      const sql = `(ts_rank_cd(c.search, ${english(q)}) + coalesce(ts_rank_cd(c.search_welsh, ${welsh(q)}), 0))`;
      return [{ sql, direction: 'desc', type: 'real' }, id('desc')];
    }
    case 'closing-soon':
      return [{ sql: 'c.closes_at', direction: 'asc', type: 'timestamptz' }, id('asc')];
  }
}

/** SQL of the values by which each facet counts; `value` of a list counts each of its members. */
export const FACET_VALUES: Record<Facet, { value: string; from?: string }> = {
  kind: { value: 'c.kind' },
  stage: { value: 'c.stage' },
  mode: { value: 'c.mode' },
  region: { value: `coalesce(c.region_code, 'everywhere')` },
  healthCategory: { value: 'v', from: 'unnest(c.health_categories) AS v' },
  accessProvision: { value: 'v', from: 'unnest(c.access_provision) AS v' },
  language: { value: 'v', from: 'unnest(c.languages) AS v' },
  paid: { value: 'c.paid::text' },
};
