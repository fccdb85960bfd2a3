import { Global, Module } from '@nestjs/common';
import { Directory } from '../kernel/access/directory';
import { AccessGrantService } from './access-need/access-grant.service';
import {
  AccessGrantController,
  AccessNeedController,
  SharedNeedController,
} from './access-need/access-need.controller';
import { AccessNeedService } from './access-need/access-need.service';
import { LivedExperienceController } from './access-need/lived-experience.controller';
import { LivedExperienceService } from './access-need/lived-experience.service';
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
import { ConsentController, ObjectionController, PurposeController } from './consent/consent.controller';
import { ConsentService } from './consent/consent.service';
import { RestingOnConsent } from './consent/resting-on-consent';
import { ImportController } from './contributor-import/import.controller';
import { ImportService } from './contributor-import/import.service';
import { AccountLink } from './contributor/account-link';
import { ContactSeal } from './contributor/contact';
import { ContributorController, OwnContributorController } from './contributor/contributor.controller';
import { ContributorService } from './contributor/contributor.service';
import { WorksWithService } from './contributor/works-with.service';
import { DuplicateController } from './duplicate/duplicate.controller';
import { DuplicateService } from './duplicate/duplicate.service';
import './events';
import { ContributorExport } from './export/contributor-export';
import { ContributorExportController } from './export/contributor-export.controller';
import { ApplicationController } from './organisation/application.controller';
import { ApplicationService } from './organisation/application.service';
import { OrganisationController } from './organisation/organisation.controller';
import { OrganisationService } from './organisation/organisation.service';
import { ErasureReceiptController, PersonController } from './person/person.controller';
import { PersonService } from './person/person.service';
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
    OwnContributorController,
    ContributorExportController,
    ImportController,
    DuplicateController,
    ContributorController,
    AccessNeedController,
    AccessGrantController,
    SharedNeedController,
    LivedExperienceController,
    PurposeController,
    ConsentController,
    ObjectionController,
    PersonController,
    ErasureReceiptController,
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
    ContactSeal,
    AccountLink,
    ContributorService,
    ContributorExport,
    ImportService,
    DuplicateService,
    WorksWithService,
    RestingOnConsent,
    AccessNeedService,
    AccessGrantService,
    LivedExperienceService,
    ConsentService,
    PersonService,
  ],
  exports: [Directory],
})
export class PeopleModule {}
