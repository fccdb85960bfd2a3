/** Whom figures about the population count. */
export const AgeRange = { AllAges: 'all-ages', SixteenAndOver: '16-and-over', EighteenAndOver: '18-and-over' } as const;
export type AgeRange = (typeof AgeRange)[keyof typeof AgeRange];

export const AGE_RANGES: Readonly<Record<AgeRange, string>> = {
  'all-ages': 'people of all ages',
  '16-and-over': 'people aged 16 and over',
  '18-and-over': 'people aged 18 and over',
};

/** Whom the releases count: contributors may register from 16. */
export const CONTRIBUTORS_ARE: AgeRange = '16-and-over';

/** How sure the figures about the population are. */
export const Sureness = {
  Published: 'published',
  Summed: 'summed',
  Derived: 'derived',
  Unchecked: 'unchecked',
} as const;
export type Sureness = (typeof Sureness)[keyof typeof Sureness];

export const SURENESS: Readonly<Record<Sureness, string>> = {
  published: 'Read from what the publisher published for this area.',
  summed:
    'Summed by us from the publisher’s figures for smaller areas, which differ by a few people from the table for the whole area.',
  derived: 'Worked out by us from sums of several of the publisher’s tables.',
  unchecked: 'Brought in by a data steward; not checked against the publisher’s own table by this service.',
};

/** Population figures of one characteristic in one area from one source: what contributors are compared with. */
export interface Benchmark {
  /** Stable key of the source, such as `census-2021-ts021`. */
  source: string;
  /** Such as "Census 2021, ethnic group". */
  title: string;
  publisher: string;
  licence: string;
  /** The publisher's name of the table, such as TS021. */
  tableId: string;
  /** The day that the figures are about, YYYY-MM-DD. */
  referenceDay: string;
  characteristic: string;
  area: { code: string; name: string };
  ageRange: AgeRange;
  /** How its question differs from ours; null where both ask the same. */
  reservation: string | null;
  /** What to mind; null where there is nothing. */
  caution: string | null;
  sureness: Sureness;
  figures: BenchmarkFigure[];
}

export interface BenchmarkFigure {
  /** The source's category, as a code of ours. */
  category: string;
  label: string;
  people: number;
  /** The categories of our characteristic that together are this one; none where the people did not answer. */
  of: string[];
}

/** Why a comparison gives no verdict, each as a sentence. None: it may give one. */
export function mismatches(benchmark: Benchmark, unit: { name: string; areaCode: string | null }): string[] {
  const reasons: string[] = [];
  if (benchmark.ageRange !== CONTRIBUTORS_ARE)
    reasons.push(
      `The population figures are of ${AGE_RANGES[benchmark.ageRange]}, while contributors are ${AGE_RANGES[CONTRIBUTORS_ARE]}.`,
    );
  if (unit.areaCode === null) reasons.push(`${unit.name}: there is no one area whose population is known.`);
  else if (unit.areaCode !== benchmark.area.code)
    reasons.push(`The population figures are of ${benchmark.area.name}, which is not the area of ${unit.name}.`);
  if (benchmark.reservation !== null) reasons.push(benchmark.reservation);
  return reasons;
}
