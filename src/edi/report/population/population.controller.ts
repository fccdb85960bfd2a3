import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../../kernel/access/access';
import { Format } from '../../../kernel/http/negotiation';
import { Produces } from '../../../kernel/http/route-catalogue';
import { populationCsv } from './population-csv';
import { PopulationBenchmarkList, PopulationQuery, withShares } from './population.dto';
import { PopulationFigures } from './population.service';

/** What contributors are compared with. */
@ApiTags('Diversity: reports')
@Controller('v1/diversity/population-figures')
export class PopulationController {
  constructor(private readonly figures: PopulationFigures) {}

  @Get()
  @Public()
  @Header('Cache-Control', 'public, max-age=3600')
  @ApiExtraModels(PopulationBenchmarkList)
  @Produces('application/json', 'text/csv')
  @ApiOperation({
    summary: 'List population figures',
    description:
      'How many people of a nation or region are of each category, with source, licence and cautions: first those of people aged 16 and over, as contributors are, then the newest. Censuses of the four nations are never mixed. Answered whole.',
  })
  @ApiOkResponse({
    description: 'The figures.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(PopulationBenchmarkList) } },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  async list(
    @Query() query: PopulationQuery,
    @Format() format: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PopulationBenchmarkList | string> {
    const data = (await this.figures.benchmarks(query)).map(withShares);
    if (format !== 'text/csv') return { data };
    void reply.type('text/csv; charset=utf-8');
    return populationCsv(data);
  }
}
