import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Public, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { JsonText, Made } from '../../kernel/http/answer';
import { Cached } from '../../kernel/http/cached';
import type { Page } from '../../kernel/http/page';
import { ApiId, Id } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { MAKE_RELEASES, SIGN_RELEASES } from '../permissions';
import { NewRelease, ReleasePage, ReleaseQuery } from './release.dto';
import { Signature } from './release-parts';
import { ReleaseService } from './release.service';
import { ReleaseView } from './release-view';
import { DraftRelease } from './table-view';
import { ApiWhich, Which } from './which';

const RELEASE = fixedId('release', 'second');

@ApiTags('Diversity: releases')
@Controller('v1/diversity/releases')
export class ReleaseController {
  constructor(private readonly releases: ReleaseService) {}

  @Get()
  @Public()
  @Cached()
  @ApiOperation({
    summary: 'List releases',
    description: 'Newest first. Everybody sees those that were published; who makes releases sees all of them.',
  })
  @ApiOkResponse({ type: ReleasePage })
  list(@Who() who: Actor, @Query() query: ReleaseQuery): Promise<Page<ReleaseView>> {
    return this.releases.list(who, query);
  }

  @Post()
  @Can(MAKE_RELEASES)
  @Made('/v1/diversity/releases/:id')
  @ApiOperation({
    summary: 'Ask for a release',
    description:
      'A job freezes who is counted, holds back organisations with too few changes, protects the figures and proves it. Read the release to see how far it is. One release is made at a time. Nothing is published before it is signed.',
  })
  @ApiCreatedResponse({ type: ReleaseView })
  start(@Who() who: Actor, @Body() body: NewRelease): Promise<ReleaseView> {
    return this.releases.start(who, body);
  }

  @Get(':release')
  @Public()
  @ApiWhich()
  @ApiOperation({
    summary: 'One release',
    description: 'What it is about, its rules and its list of tables. Who makes releases sees its proof as well.',
  })
  @ApiOkResponse({ type: ReleaseView })
  one(@Who() who: Actor, @Which() which: string): Promise<JsonText> {
    return this.releases.one(who, which);
  }

  @Get(':id/draft')
  @Can(MAKE_RELEASES)
  @ApiId(RELEASE)
  @ApiOperation({
    summary: 'What a release would publish',
    description: 'The protected figures of a release that is ready, for whoever is to sign it. 409 for any other.',
  })
  @ApiOkResponse({ type: DraftRelease })
  @ApiConflictResponse({
    description: 'It is not ready, or was settled.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  })
  draft(@Id() id: string): Promise<DraftRelease> {
    return this.releases.draft(id);
  }

  @Post(':id/sign')
  @Can(SIGN_RELEASES)
  @HttpCode(200)
  @ApiId(RELEASE)
  @ApiOperation({
    summary: 'Sign a release and publish it',
    description:
      'The signature names the certificate that you read. Every file is made now and never again, and the reach of each quarter in its period is told if it was not before; the release before is superseded and can still be read.',
  })
  @ApiOkResponse({ type: ReleaseView })
  sign(@Who() who: Actor, @Id() id: string, @Body() body: Signature): Promise<ReleaseView> {
    return this.releases.sign(who, id, body.certificateHash);
  }

  @Post(':id/discard')
  @Can(SIGN_RELEASES)
  @HttpCode(200)
  @ApiId(RELEASE)
  @ApiOperation({
    summary: 'Give up a release that waits for a signature',
    description: 'It is refused, and nothing of it is published. Another can then be made.',
  })
  @ApiOkResponse({ type: ReleaseView })
  discard(@Who() who: Actor, @Id() id: string): Promise<ReleaseView> {
    return this.releases.discard(who, id);
  }
}
