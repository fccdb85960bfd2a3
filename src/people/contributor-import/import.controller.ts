import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { BodyLimit, Consumes } from '../../kernel/http/route-catalogue';
import { AlsoAnswers } from '../contributor/also-answers';
import { IMPORT_CONTRIBUTORS } from '../permissions';
import { IMPORT_COLUMNS } from './columns';
import { IMPORT_BYTES, ImportQuery, ImportReport } from './import.dto';
import { ImportService } from './import.service';

const COLUMN_LIST = Object.entries(IMPORT_COLUMNS)
  .map(([name, column]) => `- \`${name}\`${column.needed ? ' (needed)' : ''}: ${column.says}`)
  .join('\n');

@ApiTags('Contributors')
@Controller('v1/contributors/imports')
export class ImportController {
  constructor(private readonly imports: ImportService) {}

  @Post()
  @HttpCode(200)
  @Can(IMPORT_CONTRIBUTORS)
  @Consumes('text/csv')
  @BodyLimit(IMPORT_BYTES)
  @ApiBody({
    description: 'The file, in UTF-8.',
    schema: {
      type: 'string',
      example:
        'reference,name,email,preferred_channel,age_group\nP-00417,Rosalind Achterberg,rosalind@example.org,email,adult\n',
    },
  })
  @ApiOperation({
    summary: 'Import contributors from CSV',
    description: `Up to 64 MiB of UTF-8, with or without a byte order mark, headings in any order. Somebody with a reference that your organisation uses already is changed: columns that the file lacks stay as they are, empty cells clear. All rows are stored or none, unless partial=true.\n\n${COLUMN_LIST}`,
  })
  @ApiOkResponse({ type: ImportReport })
  @AlsoAnswers(404, 'No organisation of yours has this id.')
  import(@Query() query: ImportQuery, @Body() file: string, @Who() who: Actor): Promise<ImportReport> {
    return this.imports.import(who, query, file);
  }
}
