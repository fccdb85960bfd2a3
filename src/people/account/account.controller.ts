import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, SignedIn, Who } from '../../kernel/access/access';
import { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import type { Page } from '../../kernel/http/page';
import { ApiId, Id } from '../../kernel/http/parameters';
import { CHANGE_MEMBERSHIPS, ERASE_PERSON, READ_MEMBERSHIPS } from '../permissions';
import { EraseRequest, ErasureReceipt } from '../person/person.dto';
import { fixedId } from '../reference/fixed-id';
import { AccountDetails, AccountPage, AccountQuery, Me, NewAccount } from './account.dto';
import { AccountService } from './account.service';

const EXAMPLE = fixedId('account', 'coordinator');

@ApiTags('Accounts and roles')
@Controller('v1')
export class AccountController {
  constructor(private readonly accounts: AccountService) {}

  @Get('me')
  @SignedIn()
  @ApiOperation({
    summary: 'See who you are here',
    description: 'Your account, your roles and what they let you do. Reading it registers nothing.',
  })
  @ApiOkResponse({ type: Me })
  me(@Who() who: Actor): Promise<Me> {
    return this.accounts.me(who);
  }

  @Post('me')
  @SignedIn()
  @PrivateAnswer()
  @Made('/v1/me')
  @ApiOperation({
    summary: 'Open your account',
    description:
      'Once, after signing in for the first time. Somebody then gives it a role, or you apply for an organisation.',
  })
  @ApiCreatedResponse({ type: Me })
  open(@Who() who: Actor, @Body() body: NewAccount): Promise<Me> {
    return this.accounts.open(who, body);
  }

  @Get('accounts')
  @Can(READ_MEMBERSHIPS)
  @ApiOperation({
    summary: 'List accounts',
    description: 'Newest first: those with a role in an organisation whose roles you may see.',
  })
  @ApiOkResponse({ type: AccountPage })
  list(@Who() who: Actor, @Query() query: AccountQuery): Promise<Page<AccountDetails>> {
    return this.accounts.list(who, query);
  }

  @Get('accounts/:id')
  @Can(READ_MEMBERSHIPS)
  @ApiId(EXAMPLE)
  @ApiOperation({ summary: 'Get an account' })
  @ApiOkResponse({ type: AccountDetails })
  get(@Who() who: Actor, @Id() id: string): Promise<AccountDetails> {
    return this.accounts.get(who, id);
  }

  @Post('accounts/:id/suspend')
  @Can(CHANGE_MEMBERSHIPS)
  @HttpCode(200)
  @PrivateAnswer()
  @Made('/v1/accounts/:id')
  @ApiId(EXAMPLE)
  @ApiOperation({
    summary: 'Suspend an account',
    description: 'It cannot sign in from its next request on. Its roles stay for the day it is let in again.',
  })
  @ApiOkResponse({ type: AccountDetails })
  suspend(@Who() who: Actor, @Id() id: string): Promise<AccountDetails> {
    return this.accounts.suspend(who, id, true);
  }

  @Post('accounts/:id/restore')
  @Can(CHANGE_MEMBERSHIPS)
  @HttpCode(200)
  @PrivateAnswer()
  @Made('/v1/accounts/:id')
  @ApiId(EXAMPLE)
  @ApiOperation({ summary: 'Let a suspended account in again' })
  @ApiOkResponse({ type: AccountDetails })
  restore(@Who() who: Actor, @Id() id: string): Promise<AccountDetails> {
    return this.accounts.suspend(who, id, false);
  }

  @Post('accounts/:id/erase')
  @HttpCode(200)
  @Can(ERASE_PERSON)
  @ApiId(EXAMPLE)
  @ApiOperation({
    summary: 'Erase an account',
    description:
      'Of somebody who works here, or of a system: its name and how it signs in go, its roles end today. What it did stays on record under its number, which then leads to nobody. Somebody with a contributor’s record is erased as a person.',
  })
  @ApiOkResponse({ type: ErasureReceipt })
  erase(@Who() who: Actor, @Id() id: string, @Body() body: EraseRequest): Promise<ErasureReceipt> {
    return this.accounts.erase(who, id, body.because);
  }
}
