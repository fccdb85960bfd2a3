import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Produces } from '../../kernel/http/route-catalogue';
import { AlsoAnswers } from '../contributor/also-answers';
import { EXPORT_CONTRIBUTORS } from '../permissions';
import { ContributorExport, ExportFilter } from './contributor-export';

@ApiTags('Contributors')
@Controller('v1/contributors.csv')
export class ContributorExportController {
  constructor(private readonly file: ContributorExport) {}

  @Get()
  @Can(EXPORT_CONTRIBUTORS)
  @Produces('text/csv')
  @ApiOperation({
    summary: "Get the organisation's contributors as CSV",
    description:
      'With contact points; the import reads the same columns. Each person in it sees that the file was made. A cell that a spreadsheet would take for a formula begins with an apostrophe.',
  })
  @ApiOkResponse({ description: 'The file, in UTF-8.', content: { 'text/csv': { schema: { type: 'string' } } } })
  @AlsoAnswers(404, 'No organisation of yours has this id.')
  async csv(
    @Query() filter: ExportFilter,
    @Who() who: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const file = await this.file.csv(who, filter);
    void reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="contributors.csv"')
      .header('cache-control', 'no-store');
    return file;
  }
}
