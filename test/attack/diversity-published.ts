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
