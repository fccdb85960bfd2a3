import type { PublishedRelease } from '../../release/published';
import { SHORTHAND } from '../figures';
import { TIDY_COLUMNS, TidyColumn } from './columns';

const LICENCE = 'https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/';
const STATUSES = Object.keys(SHORTHAND).join('');

/**
 * What a program needs to read a CSV file beside it (W3C "CSV on the Web"): types, which columns may be empty, what each means.
 * `url` is the file's name, in the same folder.
 */
export function csvwMetadata(release: PublishedRelease, url: string): object {
  return {
    '@context': ['http://www.w3.org/ns/csvw', { '@language': 'en' }],
    url,
    'dc:title': release.title,
    'dc:identifier': release.id,
    'dc:date': { '@value': release.snapshotOn, '@type': 'xsd:date' },
    'dc:license': { '@id': LICENCE },
    'rdfs:comment': release.notes,
    dialect: { encoding: 'utf-8', delimiter: ',', header: true, lineTerminators: ['\r\n'], quoteChar: '"' },
    tableSchema: {
      primaryKey: ['release', 'table', 'unit', 'ethnicGroup', 'category'],
      columns: TIDY_COLUMNS.map(columnOf),
    },
  };
}

const columnOf = (column: TidyColumn): object => ({
  name: column.name,
  titles: column.name,
  'dc:title': column.title,
  'dc:description': column.means,
  datatype: datatypeOf(column),
  required: column.optional !== true,
  null: '',
});

function datatypeOf({ name, type }: TidyColumn): object {
  if (name === 'status') return { base: 'string', format: `[${STATUSES}]` };
  return type === 'integer' ? { base: 'integer', minimum: 0 } : { base: type };
}
