import { Controller, Get, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../kernel/access/access';
import { NotFound } from '../../kernel/errors/problem';
import { JsonOrText } from '../../kernel/http/json-or-text';
import { ApiWhich, Which } from '../release/which';
import { FunnelQuery, RepresentationQuery, TrendQuery } from './comparisons.dto';
import { Comparisons } from './comparisons.service';
import { comparisonSvg } from './formats/svg';
import { FunnelBody, RepresentationBody, TrendBody } from './report.dto';

/** Published counts beside the population, from stage to stage, and over time. */
@ApiTags('Diversity: reports')
@Controller('v1/diversity')
export class ComparisonController {
  constructor(private readonly comparisons: Comparisons) {}

  @Get('releases/:release/representation')
  @Public()
  @ApiWhich()
  @JsonOrText(RepresentationBody, 'The comparison.', { mediaType: 'image/svg+xml', write: chartOf })
  @ApiOperation({
    summary: 'Contributors beside the population',
    description:
      'Shares, representation ratios and differences with 95% intervals, as numbers and sentences, or a chart. No verdict where age, area or question differ; no percentage on fewer than 25 people or from a withheld count.',
  })
  representation(@Which() which: string, @Query() query: RepresentationQuery): Promise<RepresentationBody> {
    return this.comparisons.representation(which, query);
  }

  @Get('releases/:release/funnel')
  @Public()
  @ApiWhich()
  @ApiOperation({
    summary: 'The equity funnel',
    description:
      'How many of each group came on from registered to interested, selected and taking part, against everybody else, and the first step at which a group is lost.',
  })
  @ApiOkResponse({ type: FunnelBody })
  funnel(@Which() which: string, @Query() query: FunnelQuery): Promise<FunnelBody> {
    return this.comparisons.funnel(which, query);
  }

  @Get('trends')
  @Public()
  @ApiOperation({
    summary: 'A figure over releases',
    description: 'Published counts and shares, oldest first, with every break in the series marked and explained.',
  })
  @ApiOkResponse({ type: TrendBody })
  @ApiNotFoundResponse({
    description: 'No release has a table that tells this.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  })
  trend(@Query() query: TrendQuery): Promise<TrendBody> {
    return this.comparisons.trend(query);
  }
}

function chartOf(compared: RepresentationBody): string {
  const chart = comparisonSvg(compared);
  if (chart === undefined) throw new NotFound('No share can be shown here, so there is no chart. Ask for JSON.');
  return chart;
}
