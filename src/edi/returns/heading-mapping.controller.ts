import { Body, Controller, Get, HttpCode, Put } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { ApiId, Id, IfMatchGiven } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { READ_COLLECTIONS, SEND_RETURNS } from '../permissions';
import { HeadingMapping } from './heading-mapping.entity';
import { HeadingMappingService, MappingBody } from './heading-mapping.service';

const NORTH_WEST = fixedId('organisation', 'rrdn-north-west');
/** A network that has mapped nothing yet in the demonstration. */
const SOUTH_EAST = fixedId('organisation', 'rrdn-south-east');

@ApiTags('Diversity: returns')
@Controller('v1/diversity/heading-mappings')
export class HeadingMappingController {
  constructor(private readonly mappings: HeadingMappingService) {}

  @Get(':organisation')
  @Can(READ_COLLECTIONS)
  @ApiId(NORTH_WEST, 'organisation', 'Id of the organisation.')
  @ApiOperation({
    summary: 'Read what an organisation’s own headings and codes mean',
    description: 'As it was mapped once; files are read with it.',
  })
  @ApiOkResponse({ type: HeadingMapping })
  get(@Who() who: Actor, @Id('organisation') organisation: string): Promise<HeadingMapping> {
    return this.mappings.get(who, organisation);
  }

  @Put(':organisation')
  @HttpCode(200)
  @Can(SEND_RETURNS)
  @ApiId(SOUTH_EAST, 'organisation', 'Id of the organisation.')
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag of the mapping as you last read it; needed where there is one already.',
    schema: { type: 'string', maxLength: 100, example: '"1-json"' },
  })
  @ApiOperation({
    summary: 'Map your headings and codes once',
    description:
      'The whole mapping takes the place of the one there is. What a file’s heading or code does not say by itself is then looked up here.',
  })
  @ApiOkResponse({ type: HeadingMapping })
  put(
    @Who() who: Actor,
    @Id('organisation') organisation: string,
    @IfMatchGiven() version: number | undefined,
    @Body() body: MappingBody,
  ): Promise<HeadingMapping> {
    return this.mappings.put(who, organisation, version, body);
  }
}
