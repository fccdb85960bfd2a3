import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { type Page, PageQuery } from '../../kernel/http/page';
import { ApiId, Id, IfMatch, NeedsIfMatch } from '../../kernel/http/parameters';
import { KEEP_ACCESS_NEEDS, READ_SHARED_NEEDS, RECORD_ACCESS_NEEDS } from '../permissions';
import { fixedId } from '../reference/fixed-id';
import { AccessGrantService } from './access-grant.service';
import {
  AccessGrantPage,
  AccessNeedChange,
  AccessNeedFilter,
  AccessNeedPage,
  AccessNeedReceipt,
  AccessNeedTold,
  NewAccessGrant,
  NewAccessNeed,
  SharedNeeds,
} from './access-need.dto';
import { AccessGrant } from './access-need.entity';
import { AccessNeedService } from './access-need.service';

const DEMO = fixedId('contributor', 'joan-pattinson');
const DEMO_NEED = fixedId('access_need', 'joan-pattinson-large-print');
const DEMO_GRANT = fixedId('access_grant', 'joan-pattinson');
const CONTRIBUTOR = 'Id of the contributor.';

@ApiTags('Access needs')
@Controller('v1/contributors/:contributor/access-needs')
export class AccessNeedController {
  constructor(private readonly needs: AccessNeedService) {}

  @Get()
  @Can(KEEP_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiOperation({
    summary: 'List your access needs',
    description: 'Your own only. Organisers read what you shared with them by its grant.',
  })
  @ApiOkResponse({ type: AccessNeedPage })
  list(
    @Id('contributor') contributor: string,
    @Query() page: AccessNeedFilter,
    @Who() who: Actor,
  ): Promise<Page<AccessNeedTold>> {
    return this.needs.list(who, contributor, page);
  }

  @Get(':id')
  @Can(KEEP_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiId(DEMO_NEED)
  @ApiOperation({ summary: 'Read one of your access needs' })
  @ApiOkResponse({ type: AccessNeedTold })
  get(@Id('contributor') contributor: string, @Id() id: string, @Who() who: Actor): Promise<AccessNeedTold> {
    return this.needs.get(who, contributor, id);
  }

  @Post()
  @Can(RECORD_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @Made('/v1/contributors/:contributorId/access-needs/:id')
  @ApiOperation({
    summary: 'Record an access need',
    description:
      'Told once, for everything that the contributor takes part in. Needs consent, which may come along. A coordinator may write down what they were told, but not read it back.',
  })
  @ApiCreatedResponse({ type: AccessNeedReceipt })
  add(
    @Id('contributor') contributor: string,
    @Body() body: NewAccessNeed,
    @Who() who: Actor,
  ): Promise<AccessNeedReceipt> {
    return this.needs.add(who, contributor, body);
  }

  @Patch(':id')
  @Can(KEEP_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiId(DEMO_NEED)
  @NeedsIfMatch()
  @ApiOperation({ summary: 'Change one of your access needs' })
  @ApiOkResponse({ type: AccessNeedTold })
  change(
    @Id('contributor') contributor: string,
    @Id() id: string,
    @Body() body: AccessNeedChange,
    @IfMatch() version: number,
    @Who() who: Actor,
  ): Promise<AccessNeedTold> {
    return this.needs.change(who, contributor, id, body, version);
  }

  @Delete(':id')
  @HttpCode(204)
  @Can(KEEP_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiId(DEMO_NEED)
  @NeedsIfMatch()
  @ApiOperation({ summary: 'Delete one of your access needs' })
  @ApiNoContentResponse()
  remove(
    @Id('contributor') contributor: string,
    @Id() id: string,
    @IfMatch() version: number,
    @Who() who: Actor,
  ): Promise<void> {
    return this.needs.remove(who, contributor, id, version);
  }
}

@ApiTags('Access needs')
@Controller('v1/contributors/:contributor/access-grants')
export class AccessGrantController {
  constructor(private readonly grants: AccessGrantService) {}

  @Get()
  @Can(KEEP_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiOperation({ summary: 'List with whom you shared your access needs' })
  @ApiOkResponse({ type: AccessGrantPage })
  list(
    @Id('contributor') contributor: string,
    @Query() page: PageQuery,
    @Who() who: Actor,
  ): Promise<Page<AccessGrant>> {
    return this.grants.list(who, contributor, page);
  }

  @Get(':id')
  @Can(KEEP_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiId(DEMO_GRANT)
  @ApiOperation({ summary: 'Read one of your grants' })
  @ApiOkResponse({ type: AccessGrant })
  get(@Id('contributor') contributor: string, @Id() id: string, @Who() who: Actor): Promise<AccessGrant> {
    return this.grants.get(who, contributor, id);
  }

  @Post()
  @Can(KEEP_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @Made('/v1/contributors/:contributorId/access-grants/:id')
  @ApiOperation({
    summary: 'Share your access needs for one involvement',
    description:
      'With the organisers of that involvement, until the day that you choose. You can take it back at any time.',
  })
  @ApiCreatedResponse({ type: AccessGrant })
  give(@Id('contributor') contributor: string, @Body() body: NewAccessGrant, @Who() who: Actor): Promise<AccessGrant> {
    return this.grants.give(who, contributor, body);
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @Can(KEEP_ACCESS_NEEDS)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiId(DEMO_GRANT)
  @ApiOperation({ summary: 'Take back a grant', description: 'From this moment nobody can read your needs by it.' })
  @ApiOkResponse({ type: AccessGrant })
  revoke(@Id('contributor') contributor: string, @Id() id: string, @Who() who: Actor): Promise<AccessGrant> {
    return this.grants.revoke(who, contributor, id);
  }
}

@ApiTags('Access needs')
@Controller('v1/access-grants')
export class SharedNeedController {
  constructor(private readonly grants: AccessGrantService) {}

  @Get(':id/needs')
  @Can(READ_SHARED_NEEDS)
  @ApiId(DEMO_GRANT)
  @ApiOperation({
    summary: 'Read access needs that were shared',
    description: 'While the grant lives. The contributor sees that you read each of them.',
  })
  @ApiOkResponse({ type: SharedNeeds })
  read(@Id() id: string, @Who() who: Actor): Promise<SharedNeeds> {
    return this.grants.read(who, id);
  }
}
