import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../../kernel/access/access';
import { NotFound } from '../../../kernel/errors/problem';
import { Cached } from '../../../kernel/http/cached';
import type { PublishedRelease } from '../../release/published';
import { Releases } from '../releases';
import { dictionary } from './dictionary';
import { DiversityDictionary } from './dictionary.dto';

@ApiTags('Diversity: reports')
@Controller('v1/diversity/dictionary')
export class DictionaryController {
  constructor(private readonly releases: Releases) {}

  @Get()
  @Public()
  @Cached()
  @ApiOperation({
    summary: 'The data dictionary',
    description:
      'Every column, code, status, formula, question and table of the newest release, from the definitions that the files are made by.',
  })
  @ApiOkResponse({ type: DiversityDictionary })
  async read(): Promise<DiversityDictionary> {
    return dictionary(await latest(this.releases));
  }
}

/** The newest release, or null before the first. */
export const latest = (releases: Releases): Promise<PublishedRelease | null> =>
  releases.published('latest').catch((error: unknown) => {
    if (error instanceof NotFound) return null;
    throw error;
  });
