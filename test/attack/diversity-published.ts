/** What release.json says, as its readers may rely on it. Written down here anew, so that nothing is read by the code that wrote it. */
export interface Whole {
  release: {
    id: string;
    number: number;
    title: string;
    period: { from: string; until: string };
    snapshotOn: string;
    previousNumber: number | null;
    threshold: number;
    thresholds: Record<string, number>;
    base: number;
    notes: string[];
  };
  characteristics: Characteristic[];
  units: Unit[];
  statuses: Record<string, string>;
  tables: Table[];
}

export interface Characteristic {
  key: string;
  label: string;
  question: string;
  categories: Category[];
}

export interface Category {
  code: string;
  label: string;
  unknown: boolean;
  within?: string;
}

export interface Unit {
  key: string;
  level: 'all' | 'group' | 'organisation';
  name: string;
  areaCode: string | null;
  parent: string | null;
  organisationId: string | null;
  held: boolean;
  form?: 'records' | 'anonymous' | 'counts';
}

export interface Figure {
  unit: string;
  hub: string | null;
  category: string | null;
  value: number | null;
  status: string;
}

export interface Table {
  key: string;
  title: string;
  level: Unit['level'];
  population: string;
  characteristic: string;
  byHub: boolean;
  notes: string[];
  figures: Figure[];
}

/** Categories that a note tells the sum of, since they could not be shown apart: a published number like those in the tables. */
export interface Together {
  note: string;
  unit: string;
  population: string;
  characteristic: string;
  categories: string[];
  value: number;
}

const TOGETHER =
  /^(.+?): (.+) are counted together only, since apart they could not be shown safely: (\d+) together\.$/;

/** Every sum that the notes of a release tell. */
export function togetherIn({ characteristics, units, tables }: Whole): Together[] {
  return tables.flatMap(({ characteristic, population, notes, figures }) =>
    notes.flatMap((note): Together[] => {
      const [, name, labels, value] = TOGETHER.exec(note) ?? [];
      const unit = units.find((one) => one.name === name)?.key;
      const apart = new Set(
        figures.filter((one) => one.unit === unit && one.status === 'x').map((one) => one.category),
      );
      const of = characteristics
        .find((one) => one.key === characteristic)
        ?.categories.filter((category) => apart.has(category.code));
      // A name can hold commas, so the list is put together again and compared.
      if (!unit || !of || of.map((category) => category.label).join(', ') !== labels) return [];
      const categories = of.map((category) => category.code);
      return [{ note, unit, population, characteristic, categories, value: Number(value) }];
    }),
  );
}
