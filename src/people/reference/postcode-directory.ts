import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { Db } from '../../kernel/db/db';
import type { Actor } from '../../kernel/access/actor';

/** What came of loading a postcode directory. */
export interface Loaded {
  /** Live postcodes with a position that were read. */
  postcodes: number;
  /** Outward postcodes whose point was stored. */
  districts: number;
}

interface Sum {
  latitude: number;
  longitude: number;
  count: number;
  regions: Map<string, number>;
}

/** A row without a position has this latitude, or one beyond (ONS Postcode Directory user guide). */
const NO_POSITION = 99;
const PSEUDO = /^[LM]99999999$|^E9/;

/**
 * Loads the centre points of postcode districts from the CSV of the ONS Postcode Directory (columns pcds, lat, long, doterm, and rgn…/ctry…,
 * whatever year their names carry). The point of a district is the mean of its live postcodes. All of it is stored, or nothing.
 * @throws Error naming the column that the file lacks
 */
export async function loadPostcodeDirectory(db: Db, who: Actor, csv: Readable, source: string): Promise<Loaded> {
  const sums = new Map<string, Sum>();
  let postcodes = 0;
  let column: ((name: string) => string) | undefined;
  for await (const row of csv.pipe(
    parse({ columns: (names: string[]) => names.map((n) => n.toLowerCase()), bom: true, relax_column_count: true }),
  ) as AsyncIterable<Record<string, string>>) {
    column ??= columnFinder(Object.keys(row));
    const latitude = Number(row[column('lat')]);
    const outward = (row[column('pcds')] ?? '').split(' ')[0] ?? '';
    if (row[column('doterm')] || !(latitude < NO_POSITION) || !/^[A-Z]{1,2}[0-9][0-9A-Z]?$/.test(outward)) continue;
    const sum = sums.get(outward) ?? { latitude: 0, longitude: 0, count: 0, regions: new Map<string, number>() };
    sum.latitude += latitude;
    sum.longitude += Number(row[column('long')]);
    sum.count++;
    const region = row[column('rgn')] ?? '';
    const code = PSEUDO.test(region) || region === '' ? (row[column('ctry')] ?? '') : region;
    sum.regions.set(code, (sum.regions.get(code) ?? 0) + 1);
    sums.set(outward, sum);
    postcodes++;
  }
  const points = [...sums].map(([outward, s]) => ({
    outward,
    latitude: s.latitude / s.count,
    longitude: s.longitude / s.count,
    region: mostOf(s.regions),
  }));
  await db.write(who, async (tx) => {
    await tx.query(STORE, [JSON.stringify(points), source]);
    tx.audit('loaded', 'postcode_district', null, { after: { districts: points.length, source } });
  });
  return { postcodes, districts: points.length };
}

const STORE = `
  INSERT INTO people.postcode_district (outward, latitude, longitude, region_code, source)
  SELECT p.outward, p.latitude, p.longitude, r.code, $2
  FROM jsonb_to_recordset($1::jsonb) AS p(outward text, latitude double precision, longitude double precision, region text)
  LEFT JOIN people.region r ON r.code = p.region
  ON CONFLICT (outward) DO UPDATE SET latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude, region_code = EXCLUDED.region_code,
    source = EXCLUDED.source, loaded_at = now()`;

/** Column names by how they begin: the codes' columns carry the year of the boundaries (rgn, rgn21cd, rgn25cd). */
function columnFinder(names: string[]): (name: string) => string {
  return (name) => {
    const found =
      names.find((n) => n === name) ?? names.find((n) => n.startsWith(name) && /^\d\dcd$/.test(n.slice(name.length)));
    if (found === undefined)
      throw new Error(`The file has no column "${name}". It should be the ONS Postcode Directory's CSV.`);
    return found;
  };
}

const mostOf = (counts: Map<string, number>): string => [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
