import { Body, Controller, Get, HttpStatus, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Can, Public, Who } from '../../kernel/access/access';
import { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { Cached } from '../../kernel/http/cached';
import type { Page } from '../../kernel/http/page';
import { ApiId, Id, IfMatch, IfMatchGiven, NeedsIfMatch } from '../../kernel/http/parameters';
import { CHANGE_ORGANISATION, SET_ORGANISATION } from '../permissions';
import { fixedId } from '../reference/fixed-id';
import {
  IDENTIFIER,
  IdentifierScheme,
  NewOrganisation,
  OrganisationChange,
  OrganisationDetails,
  OrganisationOwn,
  OrganisationPage,
  OrganisationQuery,
  OrganisationSettings,
} from './organisation.dto';
import { IdentifierParameter } from './identifier-parameter';
import { OrganisationService } from './organisation.service';

const EXAMPLE = fixedId('organisation', 'leeds-teaching-hospitals');

/** What everybody sees may be kept by whoever asks again each time; what only the caller may see is kept by nobody. */
const mayBeKept = (who: Actor, reply: FastifyReply): void =>
  void reply.headers({
    'cache-control': who.kind === 'anonymous' ? 'public, no-cache' : 'no-store',
    vary: 'Authorization',
  });

@ApiTags('Organisations')
@Controller('v1/organisations')
export class OrganisationController {
  constructor(private readonly organisations: OrganisationService) {}

  @Get()
  @Public()
  @Cached()
  @ApiOperation({ summary: 'List organisations', description: 'By name. Without `state` only verified ones.' })
  @ApiOkResponse({ type: OrganisationPage })
  list(
    @Who() who: Actor,
    @Query() query: OrganisationQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<OrganisationDetails>> {
    mayBeKept(who, reply);
    return this.organisations.list(who, query);
  }

  @Get(':id')
  @Public()
  @Cached()
  @ApiId(EXAMPLE)
  @ApiOperation({
    summary: 'Get an organisation',
    description: 'With its host, its identifiers in other registers, and which organisations came before and after it.',
  })
  @ApiOkResponse({ type: OrganisationDetails })
  get(
    @Who() who: Actor,
    @Id() id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrganisationDetails> {
    mayBeKept(who, reply);
    return this.organisations.get(who, id);
  }

  @Post()
  @Can(CHANGE_ORGANISATION)
  @Made('/v1/organisations/:id')
  @ApiOperation({ summary: 'Add an organisation', description: 'It counts as verified at once.' })
  @ApiCreatedResponse({ type: OrganisationDetails })
  add(@Who() who: Actor, @Body() body: NewOrganisation): Promise<OrganisationDetails> {
    return this.organisations.add(who, body);
  }

  @Put('by-identifier/:scheme/:value')
  @Can(CHANGE_ORGANISATION)
  @ApiParam({
    name: 'scheme',
    schema: { type: 'string', enum: Object.values(IdentifierScheme), example: 'charity' },
    description: 'Register.',
  })
  @ApiParam({
    name: 'value',
    schema: { type: 'string', maxLength: 100, pattern: IDENTIFIER.pattern.source, example: '1099998' },
    description: 'The identifier in that register.',
  })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag as you last read it; needed where the organisation is there already.',
    schema: { type: 'string', maxLength: 100 },
  })
  @ApiOperation({
    summary: 'Add or change the organisation with an outside identifier',
    description:
      'Adds it (201) where no organisation has the identifier, else replaces its details (200); the slug stays. For keeping in step with another register.',
  })
  @ApiOkResponse({ type: OrganisationDetails })
  @ApiCreatedResponse({ type: OrganisationDetails })
  async put(
    @Who() who: Actor,
    @Param('scheme') scheme: string,
    @Param('value') value: string,
    @IfMatchGiven() version: number | undefined,
    @Body() body: NewOrganisation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrganisationDetails> {
    const { made, organisation } = await this.organisations.put(
      who,
      IdentifierParameter.read(scheme, value),
      version,
      body,
    );
    void reply.status(made ? HttpStatus.CREATED : HttpStatus.OK);
    if (made) void reply.header('location', `/v1/organisations/${organisation.id}`);
    return organisation;
  }

  @Patch(':id')
  @Can(CHANGE_ORGANISATION)
  @NeedsIfMatch()
  @ApiId(EXAMPLE)
  @ApiOperation({
    summary: 'Change an organisation',
    description: 'Identifiers and predecessors, where sent, replace those there are.',
  })
  @ApiOkResponse({ type: OrganisationDetails })
  change(
    @Who() who: Actor,
    @Id() id: string,
    @IfMatch() version: number,
    @Body() body: OrganisationChange,
  ): Promise<OrganisationDetails> {
    return this.organisations.change(who, id, version, body);
  }

  @Get(':id/settings')
  @Can(SET_ORGANISATION)
  @ApiId(EXAMPLE)
  @ApiOperation({
    summary: "Get an organisation's own choices",
    description:
      'Whether a second person approves opportunities, and when a guardian must agree. The public does not see them.',
  })
  @ApiOkResponse({ type: OrganisationOwn })
  settings(@Who() who: Actor, @Id() id: string): Promise<OrganisationOwn> {
    return this.organisations.settings(who, id);
  }

  @Patch(':id/settings')
  @Can(SET_ORGANISATION)
  @NeedsIfMatch()
  @ApiId(EXAMPLE)
  @ApiOperation({
    summary: "Change an organisation's own choices",
    description:
      'Whether a second person approves opportunities, when a guardian must agree, and how it presents itself.',
  })
  @ApiOkResponse({ type: OrganisationOwn })
  set(
    @Who() who: Actor,
    @Id() id: string,
    @IfMatch() version: number,
    @Body() body: OrganisationSettings,
  ): Promise<OrganisationOwn> {
    return this.organisations.set(who, id, version, body);
  }
}
