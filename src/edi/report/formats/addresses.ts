import type { PublishedRelease, PublishedTable } from '../../release/published';

/** Where things of a release are, below the service's own address. They name the release by its id and so never change. */
export const pageOfRelease = (release: PublishedRelease): string => `/reports/diversity/releases/${release.id}`;

export const pageOfTable = (release: PublishedRelease, table: PublishedTable): string =>
  `${pageOfRelease(release)}/${table.key}`;

export const dataOfRelease = (release: PublishedRelease): string => `/v1/diversity/releases/${release.id}`;

export const dataOfTable = (release: PublishedRelease, table: PublishedTable): string =>
  `${dataOfRelease(release)}/tables/${table.key}`;

export const STYLE_ADDRESS = '/reports/diversity/style.css';

/** Name of the file of reach by quarters. */
export const REACH_FILE = 'reach.csv';

/** Formats of a table by the name that `?format=` gives them, with the media type and the end of the file's name. */
export const TABLE_FORMATS = {
  csv: { label: 'CSV', mediaType: 'text/csv; charset=utf-8', suffix: 'csv' },
  xlsx: {
    label: 'Excel workbook',
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    suffix: 'xlsx',
  },
  json: { label: 'JSON', mediaType: 'application/json; charset=utf-8', suffix: 'json' },
  'json-stat': {
    label: 'JSON-stat',
    mediaType: 'application/vnd.json-stat+json; charset=utf-8',
    suffix: 'jsonstat.json',
  },
  svg: { label: 'Chart as SVG', mediaType: 'image/svg+xml; charset=utf-8', suffix: 'svg' },
  html: { label: 'Web page', mediaType: 'text/html; charset=utf-8', suffix: 'html' },
} as const;
export type TableFormat = keyof typeof TABLE_FORMATS;

/** The name of a table's file in a format. */
export const tableFile = (key: string, format: TableFormat): string => `tables/${key}.${TABLE_FORMATS[format].suffix}`;
