/**
 * A release as anybody may see it. Everything that is shown, drawn, compared or downloaded is made from this alone; true counts never
 * come near it.
 */
export interface PublishedRelease {
  id: string;
  /** 1 for the first release, then counting up. */
  number: number;
  title: string;
  /** The days the release is about, as YYYY-MM-DD; `until` is the first day that no longer belongs to it. */
  period: { from: string; until: string };
  /** The day the data were frozen. */
  snapshotOn: string;
  /** The number of the release before, or null for the first. */
  previousNumber: number | null;
  /** Counts from 1 to below this are withheld. */
  threshold: number;
  /** Characteristics with a threshold of their own. */
  thresholds: Record<string, number>;
  /** Other counts are rounded to the nearest multiple of this, each on its own. */
  base: number;
  characteristics: PublishedCharacteristic[];
  units: PublishedUnit[];
  tables: PublishedTable[];
  /** What a reader must know, in plain sentences: units held back, categories merged, returns that could not support a table. */
  notes: string[];
}

/** Furthest stage; each population counts everybody who came at least so far. */
export type Population = 'registered' | 'interested' | 'selected' | 'took-part';

export interface PublishedCharacteristic {
  /** Code, such as `age`. */
  key: string;
  /** Plain name, such as "Age". */
  label: string;
  /** The question as people were asked it. */
  question: string;
  /** The questions one by one, where it was asked by several. Not told by older releases. */
  questions?: string[];
  categories: PublishedCategory[];
}

export interface PublishedCategory {
  code: string;
  label: string;
  /** Whether this says that the answer is not known: prefers not to say, not asked or left blank. Such people are outside percentages. */
  unknown: boolean;
  /** Where the characteristic tells ethnic group more finely: the category of ethnic group that this one lies in. */
  within?: string;
}

export interface PublishedUnit {
  /** Stable key: `all`, a group's key, or the organisation's slug. */
  key: string;
  level: 'all' | 'group' | 'organisation';
  name: string;
  /** GSS code of the area it stands for, where there is one. */
  areaCode: string | null;
  /** Key of the unit it belongs to, or null for all. */
  parent: string | null;
  /** The organisation's id, for units of that level. */
  organisationId: string | null;
  /** Whether the unit's counts are those of the release before, because too few people came, left or changed to show it safely. */
  held: boolean;
  /** In which form an organisation's people came: with pseudonyms, as rows without, or as counts. Not told by older releases. */
  form?: 'records' | 'anonymous' | 'counts';
}

/** One table of the catalogue: a population by one characteristic, or by ethnic group and one characteristic, over units of one level. */
export interface PublishedTable {
  /** Stable key, such as `groups-registered-age` or `all-registered-ethnic-group-by-age`. */
  key: string;
  title: string;
  level: PublishedUnit['level'];
  population: Population;
  characteristic: string;
  /** Whether ethnic group, the characteristic that all two-way tables share, is crossed with it. */
  byHub: boolean;
  figures: PublishedFigure[];
  notes: string[];
}

/**
 * `''` published; `c` confidential; `u` low reliability (derived figures only); `x` not available; `z` does not apply; `r` revised.
 */
export type FigureStatus = '' | 'c' | 'u' | 'x' | 'z' | 'r';

export interface PublishedFigure {
  unit: string;
  /** Category of ethnic group, or null for everybody. */
  hub: string | null;
  /** Category of the table's characteristic, or null for everybody. */
  category: string | null;
  /** People, rounded; null exactly where the status is `c` or `x`. */
  value: number | null;
  status: FigureStatus;
}
