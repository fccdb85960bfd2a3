import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Public, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import { Made } from '../../kernel/http/answer';
import { ApiId, Id } from '../../kernel/http/parameters';
import { Purposes } from '../../kernel/privacy/purposes';
import { CHANGE_CONSENT } from '../permissions';
import { fixedId } from '../reference/fixed-id';
import { Consent, ConsentList, NewConsent, NewObjection, Objection, ObjectionList, PurposeList } from './consent.dto';
import { ConsentService } from './consent.service';

const DEMO = fixedId('contributor', 'joan-pattinson');
const DEMO_CONSENT = fixedId('consent', 'joan-pattinson');
const DEMO_OBJECTION = fixedId('objection', 'joan-pattinson');
const CONTRIBUTOR = 'Id of the contributor.';

@ApiTags('Consent')
@Controller('v1/purposes')
export class PurposeController {
  constructor(private readonly purposes: Purposes) {}

  @Get()
  @Public()
  @ApiOperation({
    summary: 'List why personal data are used',
    description: 'Each purpose with its lawful basis, the wording that people are shown, and how long data are kept.',
  })
  @ApiOkResponse({ type: PurposeList })
  async list(): Promise<PurposeList> {
    return { data: await this.purposes.all() };
  }
}

@ApiTags('Consent')
@Controller('v1/contributors/:contributor/consents')
export class ConsentController {
  constructor(private readonly consents: ConsentService) {}

  @Get()
  @Can(CHANGE_CONSENT)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiOperation({ summary: "List a contributor's consents" })
  @ApiOkResponse({ type: ConsentList })
  list(@Id('contributor') contributor: string, @Who() who: Actor): Promise<ConsentList> {
    return this.consents.consents(who, contributor);
  }

  @Post()
  @Can(CHANGE_CONSENT)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @Made('/v1/contributors/:contributorId/consents')
  @ApiOperation({
    summary: 'Record consent',
    description: 'Only for purposes that rest on consent. Saying the same again changes nothing.',
  })
  @ApiCreatedResponse({ type: Consent })
  give(@Id('contributor') contributor: string, @Body() body: NewConsent, @Who() who: Actor): Promise<Consent> {
    return this.consents.give(who, contributor, body);
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Can(CHANGE_CONSENT)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiId(DEMO_CONSENT)
  @ApiOperation({ summary: 'Withdraw consent', description: 'What was kept under it is deleted at once.' })
  @ApiOkResponse({ type: Consent })
  withdraw(@Id('contributor') contributor: string, @Id() id: string, @Who() who: Actor): Promise<Consent> {
    return this.consents.withdraw(who, contributor, id);
  }
}

@ApiTags('Consent')
@Controller('v1/contributors/:contributor/objections')
export class ObjectionController {
  constructor(private readonly consents: ConsentService) {}

  @Get()
  @Can(CHANGE_CONSENT)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiOperation({ summary: "List a contributor's objections" })
  @ApiOkResponse({ type: ObjectionList })
  list(@Id('contributor') contributor: string, @Who() who: Actor): Promise<ObjectionList> {
    return this.consents.objections(who, contributor);
  }

  @Post()
  @Can(CHANGE_CONSENT)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @Made('/v1/contributors/:contributorId/objections')
  @PrivateAnswer()
  @ApiOperation({
    summary: 'Record an objection',
    description: 'Only where the law lets people object; what rests on consent is withdrawn instead.',
  })
  @ApiCreatedResponse({ type: Objection })
  object(@Id('contributor') contributor: string, @Body() body: NewObjection, @Who() who: Actor): Promise<Objection> {
    return this.consents.object(who, contributor, body);
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Can(CHANGE_CONSENT)
  @ApiId(DEMO, 'contributor', CONTRIBUTOR)
  @ApiId(DEMO_OBJECTION)
  @Made('/v1/contributors/:contributorId/objections')
  @PrivateAnswer()
  @ApiOperation({ summary: 'Take an objection back' })
  @ApiOkResponse({ type: Objection })
  withdraw(@Id('contributor') contributor: string, @Id() id: string, @Who() who: Actor): Promise<Objection> {
    return this.consents.withdrawObjection(who, contributor, id);
  }
}
