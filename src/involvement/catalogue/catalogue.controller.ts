import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../../kernel/access/access';
import type { JsonText } from '../../kernel/http/answer';
import { Cached } from '../../kernel/http/cached';
import { ApiId, Id } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { PublicOpportunity } from '../opportunity/public-opportunity';
import { CatalogueQuery } from './catalogue.dto';
import { CatalogueService } from './catalogue.service';
import { ChangesQuery, ChangesPage } from './change';
import { ChangesService } from './changes.service';
import { CataloguePage } from './opportunity-card';

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** Shared caches may keep an answer for a second: the service's own promise. */
const SHORT = 'public, max-age=1';

@ApiTags('Opportunities for the public')
@Controller('v1')
export class CatalogueController {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly changes: ChangesService,
  ) {}

  @Get('opportunities')
  @Public()
  @Cached()
  @Header('cache-control', SHORT)
  @ApiOperation({
    summary: 'Search open opportunities',
    description: 'Full-text search with filters. Distances are as good as `meta.near.accuracyKm` says.',
  })
  @ApiOkResponse({ type: CataloguePage })
  search(@Query() query: CatalogueQuery): Promise<JsonText> {
    return this.catalogue.search(query);
  }

  @Get('opportunities/:id')
  @Public()
  @Cached()
  @Header('cache-control', SHORT)
  @ApiOperation({
    summary: 'One opportunity, as the public sees it',
    description: 'What has closed stays readable for twelve months.',
  })
  @ApiId(fixedId('opportunity', 'steady-steps-advisory-group'))
  @ApiOkResponse({ type: PublicOpportunity })
  one(@Id() id: string): Promise<JsonText> {
    return this.catalogue.one(id);
  }

  @Get('changes')
  @Public()
  @Cached()
  @Header('cache-control', SHORT)
  @ApiOperation({
    summary: 'What has changed among public records',
    description:
      'Publications, changes and withdrawals in the order in which they were committed. Start with after=0, keep meta.after, and ask again from there: nothing ever appears at or below a position that you have read. Each change carries the record as it is now, or null once it is not public any more: then delete your copy.',
  })
  @ApiOkResponse({ type: ChangesPage })
  @ApiResponse({
    status: 409,
    description: 'The feed has not come so far: start again from 0 with an empty copy.',
    content: PROBLEM,
  })
  feed(@Query() query: ChangesQuery): Promise<JsonText> {
    return this.changes.after(query);
  }
}
