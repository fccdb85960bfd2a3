import { Global, Module } from '@nestjs/common';
import { Directory } from '../kernel/access/directory';
import { AccountController } from './account/account.controller';
import './account/account.personal';
import { AccountService } from './account/account.service';
import { DirectoryService } from './account/directory.service';
import { MembershipController } from './account/membership.controller';
import { MembershipService } from './account/membership.service';
import { ApiKeyController } from './api-key/api-key.controller';
import { ApiKeyService } from './api-key/api-key.service';
import { AuditTrailController } from './audit-trail/audit-trail.controller';
import { AuditTrailService } from './audit-trail/audit-trail.service';
import './events';
import { ApplicationController } from './organisation/application.controller';
import { ApplicationService } from './organisation/application.service';
import { OrganisationController } from './organisation/organisation.controller';
import { OrganisationService } from './organisation/organisation.service';
import { ReferenceController } from './reference/reference.controller';
import { ReferenceService } from './reference/reference.service';

/** Organisations, contributors, accounts, consent, access needs. */
@Global()
@Module({
  controllers: [
    OrganisationController,
    ApplicationController,
    AccountController,
    MembershipController,
    ApiKeyController,
    AuditTrailController,
    ReferenceController,
  ],
  providers: [
    { provide: Directory, useClass: DirectoryService },
    OrganisationService,
    ApplicationService,
    AccountService,
    MembershipService,
    ApiKeyService,
    AuditTrailService,
    ReferenceService,
  ],
  exports: [Directory],
})
export class PeopleModule {}
