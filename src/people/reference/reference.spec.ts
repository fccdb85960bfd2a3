import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  ReferenceFile,
  ReferenceHealthCategory,
  ReferenceLanguage,
  ReferenceOrganisation,
  ReferencePostcodeArea,
  ReferencePurpose,
  ReferenceRegion,
} from './shapes';

function rowsOf<Row>(name: string): Row[] {
  return (JSON.parse(readFileSync(join(__dirname, name), 'utf8')) as ReferenceFile<Row>).rows;
}

const organisations = rowsOf<ReferenceOrganisation>('organisations.json');
const regions = rowsOf<ReferenceRegion>('regions.json');
const areas = rowsOf<ReferencePostcodeArea>('postcode-areas.json');
const regionCodes = new Set(regions.map((region) => region.code));

/** South, north, west and east of a region: generous bounds, from general knowledge. */
const bounds: Record<string, [number, number, number, number]> = {
  E12000001: [54.3, 55.9, -2.8, -0.7],
  E12000002: [52.9, 55.3, -3.7, -1.8],
  E12000003: [53.2, 54.8, -2.6, 0.2],
  E12000004: [51.9, 53.7, -2.1, 0.4],
  E12000005: [51.8, 53.3, -3.3, -1.1],
  E12000006: [51.4, 53.0, -0.8, 1.8],
  E12000007: [51.28, 51.7, -0.52, 0.34],
  E12000008: [50.5, 52.3, -2.0, 1.5],
  E12000009: [49.9, 52.2, -6.4, -1.4],
  W92000004: [51.3, 53.5, -5.4, -2.6],
  S92000003: [54.6, 60.9, -7.8, -0.7],
  N92000002: [54.0, 55.4, -8.2, -5.4],
};

describe('organisations', () => {
  it('have unique slugs', () => {
    expect(new Set(organisations.map((row) => row.slug)).size).toBe(organisations.length);
  });

  it('name hosts and predecessors that stand earlier in the file', () => {
    const seen = new Set<string>();
    for (const row of organisations) {
      const named = [...(row.host ? [row.host] : []), ...row.predecessors.map((predecessor) => predecessor.slug)];
      expect(named.filter((slug) => !seen.has(slug))).toEqual([]);
      seen.add(row.slug);
    }
  });

  it('have 15 networks until October 2024 and 12 from then, each of the 15 with a successor', () => {
    const networks = organisations.filter((row) => row.kind === 'regional-network');
    const before = networks.filter((row) => row.until === '2024-10-01');
    const after = networks.filter((row) => row.from === '2024-10-01');
    expect([before.length, after.length, networks.length]).toEqual([15, 12, 27]);
    const followed = new Set(after.flatMap((row) => row.predecessors.map((predecessor) => predecessor.slug)));
    expect(before.filter((row) => !followed.has(row.slug))).toEqual([]);
    expect(after.filter((row) => row.host === null)).toEqual([]);
  });

  it('count as verified only with an address that was read', () => {
    expect(organisations.filter((row) => row.verified && !row.source.startsWith('https://'))).toEqual([]);
  });

  it('lie in known regions and nations', () => {
    expect(organisations.filter((row) => !regionCodes.has(row.nation))).toEqual([]);
    expect(organisations.filter((row) => row.region !== null && !regionCodes.has(row.region))).toEqual([]);
  });
});

describe('postcode areas', () => {
  it('are the 121 of the United Kingdom, each once, without the Crown dependencies', () => {
    const codes = areas.map((row) => row.area);
    expect(new Set(codes).size).toBe(121);
    expect(codes).toHaveLength(121);
    expect(codes.filter((code) => ['GY', 'JE', 'IM'].includes(code))).toEqual([]);
  });

  it('have points inside the bounds of their region', () => {
    const outside = areas.filter((row) => {
      const box = bounds[row.region];
      if (!box) return true;
      const [south, north, west, east] = box;
      return row.latitude < south || row.latitude > north || row.longitude < west || row.longitude > east;
    });
    expect(outside).toEqual([]);
  });

  it('have no two areas on the same point', () => {
    expect(new Set(areas.map((row) => `${row.latitude} ${row.longitude}`)).size).toBe(areas.length);
  });
});

describe('small lists', () => {
  it('has four nations and nine English regions', () => {
    expect(regions.filter((row) => row.kind === 'nation')).toHaveLength(4);
    expect(regions.filter((row) => row.kind === 'english-region')).toHaveLength(9);
  });

  it('has 21 health categories, each once', () => {
    const slugs = rowsOf<ReferenceHealthCategory>('health-categories.json').map((row) => row.slug);
    expect(new Set(slugs).size).toBe(21);
    expect(slugs).toHaveLength(21);
  });

  it('has languages by well-formed codes, Welsh right after English', () => {
    const codes = rowsOf<ReferenceLanguage>('languages.json').map((row) => row.code);
    expect(codes.slice(0, 3)).toEqual(['en', 'cy', 'bfi']);
    expect(codes.filter((code) => Intl.getCanonicalLocales(code)[0] !== code)).toEqual([]);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('lets a purpose that rests on consent be withdrawn rather than objected to', () => {
    const purposes = rowsOf<ReferencePurpose>('purposes.json');
    expect(purposes.filter((row) => row.consentBased && row.objectionAllowed)).toEqual([]);
    expect(purposes.filter((row) => row.consentBased !== row.lawfulBasis.includes('6(1)(a)'))).toEqual([]);
    expect(purposes.filter((row) => !/^P\d+[YM]$/.test(row.retention.duration))).toEqual([]);
  });
});
