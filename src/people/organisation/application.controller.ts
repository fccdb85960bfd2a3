import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, SignedIn, Who } from '../../kernel/access/access';
import { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import type { Page } from '../../kernel/http/page';
import { ApiId, Id } from '../../kernel/http/parameters';
import { CHANGE_ORGANISATION } from '../permissions';
import { fixedId } from '../reference/fixed-id';
import {
  ApplicationPage,
  ApplicationQuery,
  NewApplication,
  OrganisationApplication,
  Refusal,
  Verification,
} from './application.dto';
import { ApplicationService } from './application.service';

const EXAMPLE = fixedId('organisation', 'tyneside-elders-lunch-club');

@ApiTags('Organisations')
@Controller('v1')
export class ApplicationController {
  constructor(private readonly applications: ApplicationService) {}

  @Get('organisation-applications')
  @Can(CHANGE_ORGANISATION)
  @ApiOperation({
    summary: 'List applications of organisations',
    description: 'Newest first; without `state` those that wait.',
  })
  @ApiOkResponse({ type: ApplicationPage })
  list(@Query() query: ApplicationQuery): Promise<Page<OrganisationApplication>> {
    return this.applications.list(query);
  }

  @Post('organisation-applications')
  @SignedIn()
  @PrivateAnswer()
  @Made('/v1/organisation-applications/:id')
  @ApiOperation({
    summary: 'Apply for an organisation that is not listed',
    description:
      'It waits until an administrator verifies it; then you coordinate it. The answer names organisations with a name much like it.',
  })
  @ApiCreatedResponse({ type: OrganisationApplication })
  apply(@Who() who: Actor, @Body() body: NewApplication): Promise<OrganisationApplication> {
    return this.applications.apply(who, body);
  }

  @Get('organisation-applications/:id')
  @SignedIn()
  @ApiId(EXAMPLE)
  @ApiOperation({ summary: 'Get an application', description: 'For administrators and whoever applied.' })
  @ApiOkResponse({ type: OrganisationApplication })
  get(@Who() who: Actor, @Id() id: string): Promise<OrganisationApplication> {
    return this.applications.get(who, id);
  }

  @Post('organisations/:id/verify')
  @Can(CHANGE_ORGANISATION)
  @HttpCode(200)
  @PrivateAnswer()
  @Made('/v1/organisation-applications/:id')
  @ApiId(EXAMPLE)
  @ApiOperation({
    summary: 'Verify an organisation that applied',
    description: 'It counts from now on, and whoever applied gets the role coordinator in it.',
  })
  @ApiOkResponse({ type: Verification })
  verify(@Who() who: Actor, @Id() id: string): Promise<Verification> {
    return this.applications.verify(who, id);
  }

  @Post('organisations/:id/refuse')
  @Can(CHANGE_ORGANISATION)
  @HttpCode(200)
  @PrivateAnswer()
  @Made('/v1/organisation-applications/:id')
  @ApiId(EXAMPLE)
  @ApiOperation({
    summary: 'Refuse an organisation that applied',
    description: 'The reason is shown to whoever applied.',
  })
  @ApiOkResponse({ type: OrganisationApplication })
  refuse(@Who() who: Actor, @Id() id: string, @Body() body: Refusal): Promise<OrganisationApplication> {
    return this.applications.refuse(who, id, body);
  }
}
