import type { PublishedUnit } from './published';
import { publishedTables } from './published-tables';
import { RECORDS_UNIT } from './units';

const unit = (key: string, name: string, parent: string | null = null): PublishedUnit => ({
  ...{ key, level: 'all', name, areaCode: null, parent, organisationId: null, held: false },
});
const AGE = {
  key: 'age',
  label: 'Age',
  question: 'How old are you?',
  categories: [
    { code: 'young', label: 'Young', unknown: false },
    { code: 'old', label: 'Old', unknown: false },
  ],
};
const GROUP = { ...AGE, key: 'ethnic-group', label: 'Ethnic group' };
const AXIS = (id: string) => ({ id, categories: ['young', 'old'] });
const merged = (of: string) => ({
  ...({ kind: 'categories', unit: of, characteristic: 'age', categories: ['young', 'old'] } as const),
});

describe('the notes of a table', () => {
  const tables = publishedTables(
    {
      minimumLeafSize: 25,
      tables: [
        { level: 'all', population: 'registered', by: ['age'] },
        { level: 'all', population: 'registered', by: ['hub', 'age'] },
      ],
    },
    {
      engine: [],
      published: [unit('all', 'All organisations'), unit(RECORDS_UNIT, 'All organisations with rows', 'all')],
      characteristics: { hub: AXIS('ethnic-group'), characteristics: [AXIS('age')] },
      labels: [GROUP, AGE],
    },
    {
      figures: new Map([
        ['all|registered|*|*|*', 100],
        [`${RECORDS_UNIT}|registered|*|*|*`, 80],
      ]),
      merges: [merged('all'), merged(RECORDS_UNIT)],
    },
  );

  it('are of its own units: of organisations with rows in crossed tables, of all in the others', () => {
    expect(tables.map(({ key, figures, notes }) => [key, [...new Set(figures.map((one) => one.unit))], notes])).toEqual(
      [
        ['all-registered-age', ['all'], [expect.stringMatching(/^All organisations: Young, Old are counted together/)]],
        [
          'all-registered-ethnic-group-by-age',
          [RECORDS_UNIT],
          [expect.stringMatching(/^All organisations with rows: Young, Old are counted together/)],
        ],
      ],
    );
  });
});
