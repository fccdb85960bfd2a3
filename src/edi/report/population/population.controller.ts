import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../../kernel/access/access';
import { JsonOrText } from '../../../kernel/http/json-or-text';
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
  @JsonOrText(PopulationBenchmarkList, 'The figures.', {
    mediaType: 'text/csv',
    write: ({ data }) => populationCsv(data),
  })
  @ApiOperation({
    summary: 'List population figures',
    description:
      'How many people of a nation or region are of each category, with source, licence and cautions: first those of people aged 16 and over, as contributors are, then the newest. Censuses of the four nations are never mixed. Answered whole.',
  })
  async list(@Query() query: PopulationQuery): Promise<PopulationBenchmarkList> {
    return { data: (await this.figures.benchmarks(query)).map(withShares) };
  }
}
