import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, SignedIn, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import type { Page } from '../../kernel/http/page';
import { ApiId, Id, IfMatch, NeedsIfMatch } from '../../kernel/http/parameters';
import { CHANGE_CONTRIBUTORS, READ_CONTRIBUTORS } from '../permissions';
import { fixedId } from '../reference/fixed-id';
import { AccountLink } from './account-link';
import { AlsoAnswers } from './also-answers';
import {
  ContributorChange,
  ContributorDetails,
  ContributorFilter,
  ContributorPage,
  ContributorSummary,
  JoinOrganisation,
  LinkCode,
  NewContributor,
  UseLinkCode,
} from './contributor.dto';
import { ContributorService } from './contributor.service';
import { WorksWithService } from './works-with.service';

const DEMO = fixedId('contributor', 'joan-pattinson');
const DEMO_TIE = fixedId('contributor_organisation', 'joan-pattinson');

@ApiTags('Contributors')
@Controller('v1/contributors')
export class ContributorController {
  constructor(
    private readonly contributors: ContributorService,
    private readonly ties: WorksWithService,
    private readonly links: AccountLink,
  ) {}

  @Get()
  @Can(READ_CONTRIBUTORS)
  @ApiOperation({
    summary: 'List contributors',
    description: 'Newest first, without contact points. That you read the list is put on record for each person in it.',
  })
  @ApiOkResponse({ type: ContributorPage })
  list(@Query() filter: ContributorFilter, @Who() who: Actor): Promise<Page<ContributorSummary>> {
    return this.contributors.list(who, filter);
  }

  @Get(':id')
  @Can(READ_CONTRIBUTORS)
  @ApiId(DEMO)
  @ApiOperation({
    summary: 'Read a contributor',
    description:
      'With contact points; the reading is put on record. A record that was merged into another answers 410 and says which.',
  })
  @ApiOkResponse({ type: ContributorDetails })
  @AlsoAnswers(410, 'The record was merged into another, which the Link header names.')
  get(@Id() id: string, @Who() who: Actor): Promise<ContributorDetails> {
    return this.contributors.get(who, id);
  }

  @Post()
  @SignedIn()
  @Made('/v1/contributors/:id')
  @PrivateAnswer()
  @ApiOperation({
    summary: 'Add a contributor, or register yourself',
    description:
      'With "myself": true you register yourself and become a contributor of the organisation; an account is made for you if you have none. Otherwise you need leave to add contributors for the organisation.',
  })
  @ApiCreatedResponse({ type: ContributorDetails })
  @AlsoAnswers(404, 'No organisation of yours has this id.')
  add(@Body() body: NewContributor, @Who() who: Actor): Promise<ContributorDetails> {
    return this.contributors.add(who, body);
  }

  @Patch(':id')
  @Can(CHANGE_CONTRIBUTORS)
  @ApiId(DEMO)
  @NeedsIfMatch()
  @ApiOperation({
    summary: 'Change a contributor',
    description: 'Fields that are absent stay as they are; null clears.',
  })
  @ApiOkResponse({ type: ContributorDetails })
  change(
    @Id() id: string,
    @Body() body: ContributorChange,
    @IfMatch() version: number,
    @Who() who: Actor,
  ): Promise<ContributorDetails> {
    return this.contributors.change(who, id, body, version);
  }

  @Post(':id/organisations')
  @Can(CHANGE_CONTRIBUTORS)
  @ApiId(DEMO)
  @Made('/v1/contributors/:id')
  @PrivateAnswer()
  @ApiOperation({
    summary: 'Tie a contributor to an organisation',
    description: 'From today. Contributors choose any verified organisation; coordinators one of their own.',
  })
  @ApiCreatedResponse({ type: ContributorDetails })
  join(@Id() id: string, @Body() body: JoinOrganisation, @Who() who: Actor): Promise<ContributorDetails> {
    return this.ties.join(who, id, body);
  }

  @Post(':id/organisations/:tie/end')
  @HttpCode(200)
  @Can(CHANGE_CONTRIBUTORS)
  @ApiId(DEMO)
  @ApiId(DEMO_TIE, 'tie', 'Id of the record that ties the contributor to the organisation.')
  @Made('/v1/contributors/:id')
  @PrivateAnswer()
  @ApiOperation({
    summary: 'End working with an organisation',
    description:
      'From today the organisation no longer sees the contributor. Where it was home, the one that has lasted longest becomes home.',
  })
  @ApiOkResponse({ type: ContributorDetails })
  end(@Id() id: string, @Id('tie') tie: string, @Who() who: Actor): Promise<ContributorDetails> {
    return this.ties.end(who, id, tie);
  }

  @Post(':id/organisations/:tie/make-home')
  @HttpCode(200)
  @Can(CHANGE_CONTRIBUTORS)
  @ApiId(DEMO)
  @ApiId(DEMO_TIE, 'tie', 'Id of the record that ties the contributor to the organisation.')
  @Made('/v1/contributors/:id')
  @PrivateAnswer()
  @ApiOperation({
    summary: 'Make an organisation the home',
    description: 'Its policies count for the contributor from now on, its policy on guardians among them.',
  })
  @ApiOkResponse({ type: ContributorDetails })
  makeHome(@Id() id: string, @Id('tie') tie: string, @Who() who: Actor): Promise<ContributorDetails> {
    return this.ties.makeHome(who, id, tie);
  }

  @Post(':id/link-code')
  @Can(CHANGE_CONTRIBUTORS)
  @ApiId(DEMO)
  @PrivateAnswer()
  @ApiOperation({
    summary: 'Make a code that ties an account to a contributor',
    description:
      'Give the code to the contributor, who sends it once signed in. It is shown this once, works once and for two weeks; an earlier code stops working.',
  })
  @ApiCreatedResponse({ type: LinkCode })
  makeCode(@Id() id: string, @Who() who: Actor): Promise<LinkCode> {
    return this.links.makeCode(who, id);
  }
}

@ApiTags('Contributors')
@Controller('v1/me/contributor')
export class OwnContributorController {
  constructor(private readonly contributors: ContributorService) {}

  @Get()
  @SignedIn()
  @ApiOperation({ summary: 'Read your own contributor record' })
  @ApiOkResponse({ type: ContributorDetails })
  @AlsoAnswers(404, 'No contributor record is tied to your account.')
  mine(@Who() who: Actor): Promise<ContributorDetails> {
    return this.contributors.mine(who);
  }

  @Post()
  @SignedIn()
  @Made('/v1/me/contributor')
  @PrivateAnswer()
  @ApiOperation({
    summary: 'Tie your account to your contributor record',
    description: 'With the code that your coordinator gave you.',
  })
  @ApiCreatedResponse({ type: ContributorDetails })
  useCode(@Body() body: UseLinkCode, @Who() who: Actor): Promise<ContributorDetails> {
    return this.contributors.useCode(who, body.code);
  }
}
