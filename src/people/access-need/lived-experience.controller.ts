import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import { type Page, PageQuery } from '../../kernel/http/page';
import { ApiId, Id, IfMatch, NeedsIfMatch } from '../../kernel/http/parameters';
import { KEEP_ACCESS_NEEDS } from '../permissions';
import { fixedId } from '../reference/fixed-id';
import { LivedExperienceChange, LivedExperiencePage, LivedExperienceTold, NewLivedExperience } from './access-need.dto';
import { LivedExperienceService } from './lived-experience.service';

const DEMO = fixedId('contributor', 'joan-pattinson');
const DEMO_STATEMENT = fixedId('lived_experience', 'joan-pattinson');
const CONTRIBUTOR = 'Id of the contributor.';

@ApiTags('Lived experience')
@Controller('v1/contributors/:contributor/lived-experience')
export class LivedExperienceController {
  constructor(private readonly statements: LivedExperienceService) {}

  @Get()
  @Can(KEEP_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiOperation({ summary: 'List what you wrote about your experience', description: 'Your own only.' })
  @ApiOkResponse({ type: LivedExperiencePage })
  list(
    @Id('contributor') contributor: string,
    @Query() page: PageQuery,
    @Who() who: Actor,
  ): Promise<Page<LivedExperienceTold>> {
    return this.statements.list(who, contributor, page);
  }

  @Get(':id')
  @Can(KEEP_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiId(DEMO_STATEMENT)
  @ApiOperation({ summary: 'Read one of your statements' })
  @ApiOkResponse({ type: LivedExperienceTold })
  get(@Id('contributor') contributor: string, @Id() id: string, @Who() who: Actor): Promise<LivedExperienceTold> {
    return this.statements.get(who, contributor, id);
  }

  @Post()
  @Can(KEEP_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @Made('/v1/contributors/:contributorId/lived-experience/:id')
  @PrivateAnswer()
  @ApiOperation({
    summary: 'Write about your experience',
    description: 'Needs your consent, which may come along; taking it back deletes every statement.',
  })
  @ApiCreatedResponse({ type: LivedExperienceTold })
  add(
    @Id('contributor') contributor: string,
    @Body() body: NewLivedExperience,
    @Who() who: Actor,
  ): Promise<LivedExperienceTold> {
    return this.statements.add(who, contributor, body);
  }

  @Patch(':id')
  @Can(KEEP_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiId(DEMO_STATEMENT)
  @NeedsIfMatch()
  @ApiOperation({ summary: 'Change one of your statements' })
  @ApiOkResponse({ type: LivedExperienceTold })
  change(
    @Id('contributor') contributor: string,
    @Id() id: string,
    @Body() body: LivedExperienceChange,
    @IfMatch() version: number,
    @Who() who: Actor,
  ): Promise<LivedExperienceTold> {
    return this.statements.change(who, contributor, id, body, version);
  }

  @Delete(':id')
  @HttpCode(204)
  @Can(KEEP_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiId(DEMO_STATEMENT)
  @NeedsIfMatch()
  @ApiOperation({ summary: 'Delete one of your statements' })
  @ApiNoContentResponse()
  remove(
    @Id('contributor') contributor: string,
    @Id() id: string,
    @IfMatch() version: number,
    @Who() who: Actor,
  ): Promise<void> {
    return this.statements.remove(who, contributor, id, version);
  }
}
