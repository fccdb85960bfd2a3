import { applyDecorators, Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { CodeSent, ConfirmContact, Follow, InterestStanding } from './interest.dto';
import { Attempt, FollowLimit, Taken, TakeAttempt } from './follow.guard';
import { FollowService } from './follow.service';

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
/** Public, proven by a reference: all that does not fit is the same 404. */
const ByReference = (): MethodDecorator =>
  applyDecorators(
    HttpCode(200),
    Public(),
    ApiResponse({ status: 404, description: 'No interest fits what you sent.', content: PROBLEM }),
  );

@ApiTags('Interests')
@UseGuards(FollowLimit)
@Controller('v1/interests')
export class FollowController {
  constructor(private readonly following: FollowService) {}

  @Post('follow')
  @ByReference()
  @ApiOperation({
    summary: 'Follow an interest by its reference',
    description:
      'Without an account: with the reference, and the e-mail address or telephone number that was given. In ten minutes, twenty such calls with one reference and thirty by one caller (3,000 by a site).',
  })
  @ApiOkResponse({ type: InterestStanding })
  follow(@Who() who: Actor, @Body() body: Follow): Promise<InterestStanding> {
    return this.following.follow(who, body);
  }

  @Post('withdraw-by-reference')
  @ByReference()
  @ApiOperation({
    summary: 'Take an interest back by its reference',
    description: 'Without an account, as for following.',
  })
  @ApiOkResponse({ type: InterestStanding })
  withdraw(@Who() who: Actor, @Body() body: Follow): Promise<InterestStanding> {
    return this.following.withdraw(who, body);
  }

  @Post('send-code')
  @ByReference()
  @ApiOperation({
    summary: 'Have a new code sent',
    description: 'To the contact that was given. Codes before it are no longer good; five are sent at the most.',
  })
  @ApiOkResponse({ type: CodeSent })
  sendCode(@Who() who: Actor, @Body() body: Follow): Promise<CodeSent> {
    return this.following.sendCode(who, body);
  }

  @Post('confirm')
  @UseGuards(TakeAttempt)
  @ByReference()
  @ApiOperation({
    summary: 'Confirm a contact by the code that was sent',
    description: 'A code works for 30 minutes and can be tried five times.',
  })
  @ApiOkResponse({ type: InterestStanding })
  confirm(
    @Who() who: Actor,
    @Body() body: ConfirmContact,
    @Taken() attempt: Attempt | undefined,
  ): Promise<InterestStanding> {
    return this.following.confirm(who, body.code, attempt);
  }
}
