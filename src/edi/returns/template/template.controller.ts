import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply } from 'fastify';
import { Can, Who } from '../../../kernel/access/access';
import { Actor } from '../../../kernel/access/actor';
import { Db } from '../../../kernel/db/db';
import { Format } from '../../../kernel/http/negotiation';
import { ApiId, Id } from '../../../kernel/http/parameters';
import { InChoice } from '../../../kernel/http/query';
import { Produces } from '../../../kernel/http/route-catalogue';
import { COLLECTION } from '../../collection/collection.controller';
import { Collection } from '../../collection/collection.entity';
import { readable } from '../../collection/collection.service';
import { READ_COLLECTIONS } from '../../permissions';
import { readVocabulary } from '../question-set';
import { CSV, XLSX } from '../return-file';
import { FileForm, templateOf } from './template';
import { templateXlsx } from './template-xlsx';

class TemplateQuery {
  @InChoice(['identified-rows', 'anonymous-rows', 'counts'], 'The form of return.', {
    required: true,
    example: 'counts',
  })
  form: FileForm;
}

@ApiTags('Diversity: collections')
@Controller('v1/diversity/collections')
export class TemplateController {
  constructor(private readonly db: Db) {}

  @Get(':id/template')
  @Can(READ_COLLECTIONS)
  @ApiId(COLLECTION)
  @Produces(XLSX, CSV)
  @ApiOperation({
    summary: 'Get a template to fill in',
    description:
      'As a workbook with the answers as lists, or as CSV. For rows it has a heading for each question; for counts a row for each answer.',
  })
  @ApiOkResponse({
    description: 'The template.',
    content: { [XLSX]: { schema: { type: 'string', format: 'binary' } }, [CSV]: { schema: { type: 'string' } } },
  })
  async template(
    @Who() who: Actor,
    @Id() id: string,
    @Query() { form }: TemplateQuery,
    @Format() format: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | string> {
    const collection = await this.db.one(Collection, id, readable(who));
    const template = templateOf(collection, form, await readVocabulary(this.db));
    const extension = format === XLSX ? 'xlsx' : 'csv';
    void reply.header('content-disposition', `attachment; filename="diversity-return-${form}.${extension}"`);
    if (format === XLSX) {
      void reply.type(XLSX);
      return templateXlsx(template, collection.until);
    }
    void reply.type('text/csv; charset=utf-8');
    return stringify([template.headings, ...template.rows], {
      record_delimiter: '\r\n',
      escape_formulas: true,
      bom: true,
    });
  }
}
