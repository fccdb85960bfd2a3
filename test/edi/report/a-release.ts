import type {
  Population,
  PublishedCharacteristic,
  PublishedFigure,
  PublishedRelease,
  PublishedTable,
  PublishedUnit,
} from '../../../src/edi/release/published';

/** Releases written by hand, small and as they come out of the engine: rounded to 5, small counts withheld. */

const category = (code: string, label: string, unknown = false) => ({ code, label, unknown });
const NO_ANSWER = [
  category('prefer-not-to-say', 'Prefers not to say', true),
  category('not-known', 'Not asked or left blank', true),
];

export const ETHNIC_GROUP: PublishedCharacteristic = {
  key: 'ethnic-group',
  label: 'Ethnic group',
  question: 'What is your ethnic group?',
  categories: [
    category('asian', 'Asian, Asian British or Asian Welsh'),
    category('black', 'Black, Black British, Black Welsh, Caribbean or African'),
    category('mixed', 'Mixed or multiple ethnic groups'),
    category('white', 'White'),
    category('other', 'Other ethnic group'),
    ...NO_ANSWER,
  ],
};
export const SEX: PublishedCharacteristic = {
  key: 'sex',
  label: 'Sex',
  question: 'What is your sex?',
  categories: [category('female', 'Female'), category('male', 'Male'), ...NO_ANSWER],
};
export const ORIENTATION: PublishedCharacteristic = {
  key: 'sexual-orientation',
  label: 'Sexual orientation',
  question: 'Which of these best describes your sexual orientation?',
  categories: [
    category('heterosexual', 'Straight or heterosexual'),
    category('gay-or-lesbian', 'Gay or lesbian'),
    category('bisexual', 'Bisexual'),
    category('other', 'Other sexual orientation'),
    ...NO_ANSWER,
  ],
};

export const ALL: PublishedUnit = {
  key: 'all',
  level: 'all',
  name: 'England',
  areaCode: 'E92000001',
  parent: null,
  organisationId: null,
  held: false,
};
const NETWORKS: PublishedUnit = {
  ...ALL,
  key: 'regional-networks',
  level: 'group',
  name: 'Regional networks',
  areaCode: null,
  parent: 'all',
};
const CENTRES: PublishedUnit = { ...NETWORKS, key: 'national-centres', name: 'National centres', held: true };

type Counts = readonly (number | 'c')[];

/** The figures of a row: the characteristic's categories in their order, then everybody. */
export function figuresOf(
  unit: string,
  hub: string | null,
  of: PublishedCharacteristic,
  counts: Counts,
): PublishedFigure[] {
  if (counts.length !== of.categories.length + 1) throw new Error(`${of.key} needs ${of.categories.length + 1} counts`);
  return counts.map((count, i) => ({
    unit,
    hub,
    category: of.categories[i]?.code ?? null,
    value: count === 'c' ? null : count,
    status: count === 'c' ? 'c' : '',
  }));
}

/** A one-way table of one level: a row of counts for each unit. */
export function oneWayTable(
  level: PublishedUnit['level'],
  population: Population,
  of: PublishedCharacteristic,
  rows: Record<string, Counts>,
): PublishedTable {
  const where = level === 'all' ? 'all' : `${level}s`;
  return {
    key: `${where}-${population}-${of.key}`,
    title: `${population === 'registered' ? 'Registered contributors' : `Contributors who ${population.replace('-', ' ')}`} by ${of.label.toLowerCase()}`,
    level,
    population,
    characteristic: of.key,
    byHub: false,
    figures: Object.entries(rows).flatMap(([unit, counts]) => figuresOf(unit, null, of, counts)),
    notes: [],
  };
}

/** Ethnic group by sex, over everybody: the table that all two-way tables look like. */
const BY_SEX: PublishedTable = {
  key: 'all-registered-ethnic-group-by-sex',
  title: 'Registered contributors by ethnic group and sex',
  level: 'all',
  population: 'registered',
  characteristic: 'sex',
  byHub: true,
  figures: [
    ...figuresOf('all', 'asian', SEX, [50, 40, 'c', 'c', 90]),
    ...figuresOf('all', 'black', SEX, [20, 20, 0, 0, 40]),
    ...figuresOf('all', 'mixed', SEX, [20, 15, 0, 0, 35]),
    ...figuresOf('all', 'white', SEX, [500, 380, 5 * 2, 'c', 890]),
    ...figuresOf('all', 'other', SEX, [15, 10, 0, 0, 25]),
    ...figuresOf('all', 'prefer-not-to-say', SEX, [20, 15, 'c', 'c', 45]),
    ...figuresOf('all', 'not-known', SEX, [35, 30, 'c', 'c', 75]),
    ...figuresOf('all', null, SEX, [660, 510, 20, 10, 1200]),
  ],
  notes: [],
};

/** The whole release. Mixed people came on from interested to selected less often than others: that loss is planted. */
export const RELEASE: PublishedRelease = {
  id: '01984d6a-6f00-7000-8000-000000000002',
  number: 2,
  title: 'Public contributors, July to September 2026',
  period: { from: '2026-07-01', until: '2026-10-01' },
  snapshotOn: '2026-10-05',
  previousNumber: 1,
  threshold: 8,
  thresholds: { 'sexual-orientation': 10 },
  base: 5,
  characteristics: [ETHNIC_GROUP, SEX, ORIENTATION],
  units: [ALL, NETWORKS, CENTRES],
  tables: [
    oneWayTable('all', 'registered', ETHNIC_GROUP, { all: [90, 40, 120, 890, 25, 45, 75, 1285] }),
    oneWayTable('all', 'interested', ETHNIC_GROUP, { all: [60, 30, 100, 660, 20, 30, 40, 940] }),
    oneWayTable('all', 'selected', ETHNIC_GROUP, { all: [35, 15, 25, 400, 10, 15, 20, 520] }),
    oneWayTable('all', 'took-part', ETHNIC_GROUP, { all: [30, 10, 20, 335, 'c', 'c', 15, 425] }),
    oneWayTable('all', 'registered', SEX, { all: [660, 510, 20, 10, 1200] }),
    oneWayTable('all', 'registered', ORIENTATION, { all: [980, 10, 40, 'c', 100, 60, 1200] }),
    BY_SEX,
    oneWayTable('group', 'registered', SEX, {
      'regional-networks': [600, 460, 20, 10, 1090],
      'national-centres': [10, 'c', 'c', 0, 20],
    }),
  ],
  notes: ['National centres stand at the counts of release 1, because too few people came or left to show it safely.'],
};

/** The release before, with other rules, so that a series breaks visibly. */
export const BEFORE: PublishedRelease = {
  ...RELEASE,
  id: '01984d6a-6f00-7000-8000-000000000001',
  number: 1,
  title: 'Public contributors, April to June 2026',
  period: { from: '2026-04-01', until: '2026-07-01' },
  snapshotOn: '2026-07-06',
  previousNumber: null,
  threshold: 10,
  tables: [
    oneWayTable('all', 'registered', ETHNIC_GROUP, { all: [60, 35, 110, 860, 25, 45, 75, 1210] }),
    oneWayTable('all', 'interested', ETHNIC_GROUP, { all: [40, 25, 95, 580, 20, 30, 40, 830] }),
    oneWayTable('all', 'selected', ETHNIC_GROUP, { all: [25, 15, 25, 350, 10, 15, 20, 460] }),
    oneWayTable('all', 'registered', SEX, { all: [620, 500, 20, 10, 1150] }),
    oneWayTable('group', 'registered', SEX, {
      'regional-networks': [580, 450, 20, 10, 1060],
      'national-centres': [10, 'c', 'c', 0, 20],
    }),
  ],
  notes: [],
};
