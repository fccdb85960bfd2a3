import type { AgeRange, Benchmark, Sureness } from '../comparison/benchmark';

/** One source with its figures, as files hold it and the database takes it. */
export interface PopulationSource {
  key: string;
  title: string;
  publisher: string;
  licence: string;
  tableId: string;
  /** Where the numbers were read. */
  origin: string;
  /** YYYY-MM-DD. */
  referenceDay: string;
  characteristic: string;
  ageRange: AgeRange;
  reservation: string | null;
  caution: string | null;
  figures: PopulationFigure[];
}

export interface PopulationFigure {
  areaCode: string;
  areaName: string;
  category: string;
  label: string;
  people: number;
  /** Codes of our answers that together are the category. */
  of: string[];
  sureness: Sureness;
}

/** The file that comes with the service. */
export interface PopulationFile {
  about: string;
  publisher: string;
  licence: string;
  source: string;
  sources: (Omit<PopulationSource, 'publisher' | 'licence' | 'origin' | 'figures'> & {
    categories: { code: string; label: string; of: string[] }[];
    /** The counts stand in the order of the categories. */
    areas: { code: string; name: string; sureness: Sureness; people: number[] }[];
  })[];
}

/** The sources of a file with their figures written out. */
export function sourcesOf(file: PopulationFile): PopulationSource[] {
  return file.sources.map(({ categories, areas, ...source }) => ({
    ...source,
    publisher: file.publisher,
    licence: file.licence,
    origin: file.source,
    figures: areas.flatMap((area) =>
      categories.map(({ code, label, of }, i) => ({
        areaCode: area.code,
        areaName: area.name,
        category: code,
        label,
        people: area.people[i] ?? Number.NaN,
        of,
        sureness: area.sureness,
      })),
    ),
  }));
}

const CERTAIN: readonly Sureness[] = ['published', 'summed', 'derived', 'unchecked'];

/** The benchmarks that a source makes: one for each area. */
export function benchmarksOf({ figures, key, origin: _origin, ...source }: PopulationSource): Benchmark[] {
  const areas = new Map<string, PopulationFigure[]>();
  for (const figure of figures) areas.set(figure.areaCode, [...(areas.get(figure.areaCode) ?? []), figure]);
  return [...areas].map(([code, rows]) => ({
    source: key,
    ...source,
    area: { code, name: rows[0]?.areaName ?? code },
    sureness: CERTAIN[Math.max(...rows.map((row) => CERTAIN.indexOf(row.sureness)))] ?? 'unchecked',
    figures: rows.map(({ category, label, people, of }) => ({ category, label, people, of })),
  }));
}
