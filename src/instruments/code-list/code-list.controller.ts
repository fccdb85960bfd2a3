import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Public } from '../../kernel/access/access';
import { CodeList, CodeListList, CodeListQuery, MappingList, MappingQuery } from './code-list.dto';
import { CodeListService } from './code-list.service';

const FOR_AN_HOUR = 'public, max-age=3600';
const KEY = { name: 'key', description: 'Key of the list.', schema: { type: 'string', example: 'ethnic-background' } };

@ApiTags('Questionnaires and code lists')
@Controller('v1/code-lists')
export class CodeListController {
  constructor(private readonly lists: CodeListService) {}

  @Get()
  @Public()
  @Header('Cache-Control', FOR_AN_HOUR)
  @ApiOperation({
    summary: 'List the code lists',
    description: 'Every version of every list, with its source and whether it was checked.',
  })
  @ApiOkResponse({ type: CodeListList })
  all(): Promise<CodeListList> {
    return this.lists.all();
  }

  @Get(':key')
  @Public()
  @Header('Cache-Control', FOR_AN_HOUR)
  @ApiParam(KEY)
  @ApiOperation({ summary: 'Read a code list', description: 'The newest version, unless another is asked for.' })
  @ApiOkResponse({ type: CodeList })
  one(@Param('key') key: string, @Query() { version }: CodeListQuery): Promise<CodeList> {
    return this.lists.one(key, version);
  }

  @Get(':key/mappings')
  @Public()
  @Header('Cache-Control', FOR_AN_HOUR)
  @ApiParam(KEY)
  @ApiOperation({
    summary: 'Read what the codes of a list are in other lists',
    description: 'That a code cannot be mapped is an answer too: toCode is then null, and the note says why.',
  })
  @ApiOkResponse({ type: MappingList })
  mappings(@Param('key') key: string, @Query() query: MappingQuery): Promise<MappingList> {
    return this.lists.mappings(key, query);
  }
}
