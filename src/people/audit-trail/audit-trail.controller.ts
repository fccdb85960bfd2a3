import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import { Actor } from '../../kernel/access/actor';
import type { Page } from '../../kernel/http/page';
import { READ_AUDIT } from '../permissions';
import { AuditEntry, AuditPage, AuditQuery } from './audit-trail.dto';
import { AuditTrailService } from './audit-trail.service';

@ApiTags('Audit')
@Controller('v1/audit-entries')
export class AuditTrailController {
  constructor(private readonly trail: AuditTrailService) {}

  @Get()
  @Can(READ_AUDIT)
  @ApiOperation({
    summary: 'Read the audit trail',
    description: 'Who did what, when, to which record; newest first. Private values are masked.',
  })
  @ApiOkResponse({ type: AuditPage })
  list(@Who() who: Actor, @Query() query: AuditQuery): Promise<Page<AuditEntry>> {
    return this.trail.list(who, query);
  }
}
