import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import type { Page } from '../../kernel/http/page';
import { ApiId, Id } from '../../kernel/http/parameters';
import { INVITE_MEMBERS, READ_MEMBERSHIPS } from '../permissions';
import { fixedId } from '../reference/fixed-id';
import { EndOfMembership, MembershipDetails, MembershipPage, MembershipQuery, NewMembership } from './account.dto';
import { MembershipService } from './membership.service';

const EXAMPLE = fixedId('membership', 'coordinator');

@ApiTags('Accounts and roles')
@Controller('v1/memberships')
export class MembershipController {
  constructor(private readonly memberships: MembershipService) {}

  @Get()
  @Can(READ_MEMBERSHIPS)
  @ApiOperation({
    summary: 'List memberships',
    description: 'Who has which role where, newest first; past and future ones too, unless `at` is given.',
  })
  @ApiOkResponse({ type: MembershipPage })
  list(@Who() who: Actor, @Query() query: MembershipQuery): Promise<Page<MembershipDetails>> {
    return this.memberships.list(who, query);
  }

  @Get(':id')
  @Can(READ_MEMBERSHIPS)
  @ApiId(EXAMPLE)
  @ApiOperation({ summary: 'Get a membership' })
  @ApiOkResponse({ type: MembershipDetails })
  get(@Who() who: Actor, @Id() id: string): Promise<MembershipDetails> {
    return this.memberships.get(who, id);
  }

  @Post()
  @Can(INVITE_MEMBERS)
  @PrivateAnswer()
  @Made('/v1/memberships/:id')
  @ApiOperation({
    summary: 'Give an account a role',
    description:
      'Coordinators give the roles researcher and contributor in their own organisation; national administrators give any role anywhere.',
  })
  @ApiCreatedResponse({ type: MembershipDetails })
  give(@Who() who: Actor, @Body() body: NewMembership): Promise<MembershipDetails> {
    return this.memberships.give(who, body);
  }

  @Post(':id/end')
  @Can(INVITE_MEMBERS)
  @PrivateAnswer()
  @HttpCode(200)
  @ApiId(EXAMPLE)
  @ApiOperation({
    summary: 'End a membership',
    description: 'At once, or on a later day. It counts at the next request.',
  })
  @ApiOkResponse({ type: MembershipDetails })
  end(@Who() who: Actor, @Id() id: string, @Body() body: EndOfMembership): Promise<MembershipDetails> {
    return this.memberships.end(who, id, body);
  }
}
