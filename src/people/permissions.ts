import { permission } from '../kernel/access/permission';

// Organisations, accounts and keys
export const CHANGE_ORGANISATION = permission(
  'people.organisation.write',
  'Add and change organisations, and verify those that applied',
);
export const SET_ORGANISATION = permission(
  'people.organisation.set',
  'Choose the organisation’s own settings, such as a second approver',
);
export const READ_MEMBERSHIPS = permission('people.membership.read', 'See who has which role');
export const CHANGE_MEMBERSHIPS = permission('people.membership.write', 'Give and end any role');
export const INVITE_MEMBERS = permission(
  'people.membership.invite',
  'Give and end the roles researcher and contributor',
);
export const MANAGE_KEYS = permission('people.api-key.manage', 'Make, see and revoke API keys of the organisation');

// Contributors
export const READ_CONTRIBUTORS = permission('people.contributor.read', 'See contributors');
export const CHANGE_CONTRIBUTORS = permission('people.contributor.write', 'Add and change contributors');
export const IMPORT_CONTRIBUTORS = permission('people.contributor.import', 'Import contributors from CSV');
export const EXPORT_CONTRIBUTORS = permission(
  'people.contributor.export',
  'Export the organisation’s contributors as CSV',
);
export const MERGE_CONTRIBUTORS = permission('people.contributor.merge', 'See possible duplicates and merge them');

// Sensitive by nature
export const KEEP_ACCESS_NEEDS = permission(
  'people.access-need.keep',
  'Keep access needs and lived experience, and share them',
);
export const RECORD_ACCESS_NEEDS = permission(
  'people.access-need.record',
  'Record access needs that a contributor told',
);
export const READ_SHARED_NEEDS = permission('people.access-need.read', 'Read access needs that a contributor shared');
export const CHANGE_CONSENT = permission('people.consent.write', 'Record consent, objection and withdrawal');
export const EXPORT_PERSON = permission('people.person.export', 'Get everything that is held about a person');
export const ERASE_PERSON = permission('people.person.erase', 'Erase a person');
export const READ_LEDGER = permission('people.read-ledger.read', 'See who read a person’s data');
export const READ_AUDIT = permission('people.audit.read', 'Read the audit trail');
