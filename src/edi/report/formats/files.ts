import type { PublishedRelease, PublishedTable } from '../../release/published';
import type { Benchmark } from '../comparison/benchmark';
import type { ReleaseFile } from '../releases';
import { REACH_FILE, TABLE_FORMATS, tableFile, TableFormat } from './addresses';
import { csvwMetadata } from './csvw';
import { indexPage } from './index-page';
import { releaseJson, tableJson } from './json';
import { tableJsonStat } from './json-stat';
import { tableSvg } from './svg';
import { tablePage } from './table-page';
import { tidyCsv } from './tidy-csv';
import { releaseXlsx } from './xlsx';

/** What pages are made with beside the release. */
export interface Surroundings {
  /** Population figures of the areas that units stand for, as they are on the day of publication. */
  benchmarks?: readonly Benchmark[];
  /** Whether the reach of quarters will be among its files. */
  reach?: boolean;
}

/**
 * Every file of a release, made once when it is published. The same release and surroundings give the same bytes, so a checksum
 * taken then holds for ever.
 */
export async function releaseFiles(
  release: PublishedRelease,
  { benchmarks = [], reach = false }: Surroundings = {},
): Promise<ReleaseFile[]> {
  const made = [
    file('all.csv', TABLE_FORMATS.csv.mediaType, tidyCsv(release)),
    json('all.csv-metadata.json', csvwMetadata(release, 'all.csv'), 'application/csvm+json; charset=utf-8'),
    json('release.json', releaseJson(release)),
    file('release.xlsx', TABLE_FORMATS.xlsx.mediaType, await releaseXlsx(release)),
    file('index.html', TABLE_FORMATS.html.mediaType, indexPage(release, reach)),
  ];
  for (const table of release.tables) made.push(...(await tableFiles(release, table, benchmarks)));
  return made;
}

/** The file of reach by quarters. Its text is that of `releaseReach`, which is counted while the release is published. */
export const reachCsv = (text: string): ReleaseFile => file(REACH_FILE, TABLE_FORMATS.csv.mediaType, text);

async function tableFiles(
  release: PublishedRelease,
  table: PublishedTable,
  benchmarks: readonly Benchmark[],
): Promise<ReleaseFile[]> {
  const content: Record<TableFormat, string | Buffer> = {
    csv: tidyCsv(release, [table]),
    xlsx: await releaseXlsx({ ...release, tables: [table] }),
    json: asText(tableJson(release, table)),
    'json-stat': asText(tableJsonStat(release, table)),
    svg: tableSvg(release, table),
    html: tablePage(release, table, benchmarks),
  };
  return (Object.keys(content) as TableFormat[]).map((format) =>
    file(tableFile(table.key, format), TABLE_FORMATS[format].mediaType, content[format]),
  );
}

const asText = (content: object): string => `${JSON.stringify(content)}\n`;

const json = (name: string, content: object, mediaType: string = TABLE_FORMATS.json.mediaType): ReleaseFile =>
  file(name, mediaType, asText(content));

const file = (name: string, mediaType: string, content: string | Buffer): ReleaseFile => ({
  name,
  mediaType,
  bytes: typeof content === 'string' ? Buffer.from(content, 'utf8') : content,
});
