import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../kernel/access/access';
import { NotFound } from '../../kernel/errors/problem';
import { Cached } from '../../kernel/http/cached';
import { Format } from '../../kernel/http/negotiation';
import { Produces } from '../../kernel/http/route-catalogue';
import { REACH_FILE, TABLE_FORMATS, tableFile, TableFormat } from '../report/formats/addresses';
import { ReleasedService } from './released.service';
import { keepFor, storedAnswer } from './stored-answer';
import { FileEntry, Manifest, TableBody, TableList } from './table-view';
import { ApiTable, ApiWhich, TableKey, Which } from './which';

/** Media types as `Accept` names them, without parameters. */
const bare = (mediaType: string): string => mediaType.split(';')[0] ?? mediaType;
const FORMAT_NAMES = Object.keys(TABLE_FORMATS) as TableFormat[];
const OFFERED = [
  bare(TABLE_FORMATS.json.mediaType),
  ...FORMAT_NAMES.filter((name) => name !== 'json').map((name) => bare(TABLE_FORMATS[name].mediaType)),
];
const TEXT = { schema: { type: 'string' } } as const;
const OTHER_FORMATS = Object.fromEntries(
  OFFERED.slice(1).map((type) => [type, type.endsWith('+json') ? { schema: { type: 'object' } } : TEXT]),
);

@ApiTags('Diversity: releases')
@Controller('v1/diversity/releases/:release')
export class TableController {
  constructor(private readonly released: ReleasedService) {}

  @Get('tables')
  @Public()
  @Cached()
  @ApiWhich()
  @ApiOperation({
    summary: 'List the tables of a release',
    description: 'All there are. What is not listed cannot be asked for: no table is ever computed on request.',
  })
  @ApiOkResponse({ type: TableList })
  async tables(@Which() which: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<TableList> {
    const { tables } = await this.released.published(which);
    keepFor(reply, which);
    return { data: tables.map(({ figures, ...table }) => ({ ...table, figures: figures.length })) };
  }

  @Get('tables/:table')
  @Public()
  @Cached()
  @ApiWhich()
  @ApiTable()
  @ApiExtraModels(TableBody)
  @Produces(...OFFERED)
  @ApiOperation({
    summary: 'One table of a release',
    description:
      'As JSON, CSV, an Excel workbook, JSON-stat, a chart or a web page: by Accept or format. The bytes were made when the release was published. A table that is not in the list is 404, and the answer says which there are.',
  })
  @ApiOkResponse({
    description: 'The table.',
    content: { 'application/json': { schema: { $ref: getSchemaPath(TableBody) } }, ...OTHER_FORMATS },
  })
  async table(
    @Which() which: string,
    @TableKey() key: string,
    @Format() format: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const name = FORMAT_NAMES.find((one) => bare(TABLE_FORMATS[one].mediaType) === format) ?? 'json';
    const { tables } = await this.released.published(which);
    if (!tables.some((table) => table.key === key)) throw noTable(tables);
    storedAnswer(await this.released.file(which, tableFile(key, name)), which, request, reply);
  }

  @Get('all.csv')
  @Public()
  @Cached()
  @ApiWhich()
  @Produces('text/csv')
  @ApiOperation({
    summary: 'Every figure of a release as one CSV file',
    description:
      'One row for each figure. Of `latest` the address never changes, so R and Excel can read it as it is; all.csv-metadata.json beside it describes the columns (CSVW).',
  })
  @ApiOkResponse({ description: 'The file, in UTF-8.', content: { 'text/csv': TEXT } })
  async csv(@Which() which: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    storedAnswer(await this.released.file(which, 'all.csv'), which, request, reply);
  }

  @Get('all.csv-metadata.json')
  @Public()
  @Cached()
  @ApiWhich()
  @Produces('application/csvm+json')
  @ApiOperation({ summary: 'What the columns of the CSV file mean', description: 'CSV on the Web metadata.' })
  @ApiOkResponse({ description: 'The metadata.', content: { 'application/csvm+json': { schema: { type: 'object' } } } })
  async csvw(@Which() which: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    storedAnswer(await this.released.file(which, 'all.csv-metadata.json'), which, request, reply);
  }

  @Get('reach.csv')
  @Public()
  @Cached()
  @ApiWhich()
  @Produces('text/csv')
  @ApiOperation({
    summary: 'Reach, interest, selection and taking part in the quarters of a release',
    description:
      'National figures of each whole quarter in its period, in total and by each breakdown, as `/v1/reports/reach` gives them. A quarter that an earlier release told has the figures of that release. A release whose period holds no whole quarter has no such file.',
  })
  @ApiOkResponse({ description: 'The file, in UTF-8.', content: { 'text/csv': TEXT } })
  async reach(@Which() which: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    storedAnswer(await this.released.file(which, REACH_FILE), which, request, reply);
  }

  @Get('release.json')
  @Public()
  @Cached()
  @ApiWhich()
  @ApiOperation({
    summary: 'Every table of a release as one JSON file',
    description: 'Characteristics, units, and the tables with all their figures.',
  })
  @ApiOkResponse({ description: 'The file.', schema: { type: 'object', additionalProperties: true } })
  async json(@Which() which: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    storedAnswer(await this.released.file(which, 'release.json'), which, request, reply);
  }

  @Get('release.xlsx')
  @Public()
  @ApiWhich()
  @Produces(bare(TABLE_FORMATS.xlsx.mediaType))
  @ApiOperation({
    summary: 'Every table of a release as one Excel workbook',
    description: 'A cover, contents, notes, and one table a sheet.',
  })
  @ApiOkResponse({ description: 'The workbook.', content: { [bare(TABLE_FORMATS.xlsx.mediaType)]: TEXT } })
  async workbook(@Which() which: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    storedAnswer(await this.released.file(which, 'release.xlsx'), which, request, reply);
  }

  @Get('manifest')
  @Public()
  @Cached()
  @ApiWhich()
  @ApiOperation({
    summary: 'Every file of a release with its checksum',
    description: 'The bytes never change, also after people are erased: what you download has the checksum given here.',
  })
  @ApiOkResponse({ type: Manifest })
  async manifest(@Which() which: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Manifest> {
    const { id, number } = await this.released.published(which);
    keepFor(reply, which);
    const files = await this.released.files(id);
    return {
      release: id,
      number,
      files: files.map((file): FileEntry => ({ ...file, href: addressOf(id, file.name) })),
    };
  }
}

/** Where a file of a release can be had. */
function addressOf(release: string, name: string): string {
  const place = `/v1/diversity/releases/${release}`;
  const [, key, suffix] = /^tables\/([a-z0-9-]+)\.(.+)$/.exec(name) ?? [];
  const format = FORMAT_NAMES.find((one) => TABLE_FORMATS[one].suffix === suffix);
  if (key !== undefined && format !== undefined) return `${place}/tables/${key}?format=${format}`;
  if (name === 'index.html') return `/reports/diversity/releases/${release}`;
  return name === 'release.json' ? `${place}/release.json` : `${place}/${name}`;
}

function noTable(tables: readonly { key: string }[]): NotFound {
  return new NotFound(
    `This release has no such table, and none is ever computed on request. It has these: ${tables.map((one) => one.key).join(', ')}.`,
  );
}
