import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/access/actor';
import { Db } from '../../../kernel/db/db';
import { CHARACTERISTICS } from '../../release/catalogue';
import { CONTRIBUTORS_ARE, type Benchmark } from '../comparison/benchmark';
import { readPopulation } from './import';
import { benchmarksOf, type PopulationFigure, type PopulationSource } from './population-rows';
import { storePopulation } from './store';

/** Which benchmarks to read; whatever is left out may be anything. */
export interface BenchmarkAsk {
  characteristic?: string;
  area?: string;
  source?: string;
}

/** Characteristics whose code list is called otherwise. */
const LISTS: Readonly<Record<string, string>> = { 'age-band': 'age', area: 'region' };

/** What contributors can be compared by: what releases tell. */
const COMPARABLE = new Set(CHARACTERISTICS);

/** Figures about the population, read and brought in. */
@Injectable()
export class PopulationFigures {
  constructor(private readonly db: Db) {}

  /** Benchmarks that fit; first those of people like contributors, then the newest. */
  async benchmarks(ask: BenchmarkAsk = {}): Promise<Benchmark[]> {
    const { characteristic = null, area = null, source = null } = ask;
    const rows = await this.db.query<Omit<PopulationSource, 'figures'> & PopulationFigure>(BENCHMARKS, [
      ...[characteristic, area, source, CONTRIBUTORS_ARE],
    ]);
    const sources = new Map<string, PopulationSource>();
    for (const { areaCode, areaName, category, label, people, of, sureness, ...source } of rows) {
      const known = sources.get(source.key) ?? { ...source, figures: [] };
      known.figures.push({ areaCode, areaName, category, label, people, of, sureness });
      sources.set(source.key, known);
    }
    return [...sources.values()].flatMap(benchmarksOf);
  }

  /**
   * Takes a file of figures, all of it or nothing; a source that was brought in before is replaced.
   * @throws PopulationFaults with every fault by line
   */
  async bringIn(who: Actor, csv: Buffer): Promise<{ sources: string[]; figures: number }> {
    const sources = readPopulation(csv, await this.codes());
    const told = { sources: sources.map((source) => source.key), figures: 0 };
    for (const source of sources) told.figures += source.figures.length;
    await this.db.write(who, async (tx) => {
      await storePopulation(tx, sources, 'steward');
      tx.audit('loaded', 'population_source', null, { after: told });
    });
    return told;
  }

  /** The codes of each characteristic: those of its newest code list. */
  private async codes(): Promise<Map<string, Set<string>>> {
    const rows = await this.db.query<{ list: string; codes: string[] }>(
      `SELECT c.list, array_agg(c.code) AS codes FROM instruments.code c
       WHERE NOT c.unknown AND c.list_version = (SELECT max(l.version) FROM instruments.code_list l WHERE l.key = c.list)
       GROUP BY c.list ORDER BY c.list`,
    );
    const named = rows.map(({ list, codes }) => ({ key: LISTS[list] ?? list, codes: new Set(codes) }));
    return new Map(named.filter(({ key }) => COMPARABLE.has(key)).map(({ key, codes }) => [key, codes]));
  }
}

const BENCHMARKS = `
  SELECT s.key, s.title, s.publisher, s.licence, s.table_id AS "tableId", s.origin, s.reference_day AS "referenceDay", s.characteristic,
    s.age_range AS "ageRange", s.reservation, s.caution, f.area_code AS "areaCode", f.area_name AS "areaName", f.category, f.label,
    f.people, f.stands_for AS "of", f.sureness
  FROM edi.population_source s JOIN edi.population_figure f ON f.source_id = s.id
  WHERE ($1::text IS NULL OR s.characteristic = $1) AND ($2::text IS NULL OR f.area_code = $2) AND ($3::text IS NULL OR s.key = $3)
  ORDER BY s.characteristic, s.age_range = $4 DESC, s.reference_day DESC, s.key, f.area_code, f.place`;
