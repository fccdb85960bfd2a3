import { everywhere, ofOrganisation, ofOwn, Roles } from './kernel/access/permission';
import * as involvement from './involvement/permissions';
import { permissions as edi } from './edi';
import * as people from './people/permissions';

/**
 * Which permissions each role has, and over which rows: all, those of the organisation of the membership, or the account's own.
 * The guard, the OpenAPI document, the table in docs/permissions.md and the matrix test all come from this.
 */
export const roles: Roles = {
  'national-administrator': [
    ...everywhere(
      people.CHANGE_ORGANISATION,
      people.SET_ORGANISATION,
      people.READ_MEMBERSHIPS,
      people.CHANGE_MEMBERSHIPS,
      people.INVITE_MEMBERS,
      people.MANAGE_KEYS,
      involvement.READ_PROJECTS,
      involvement.READ_OPPORTUNITIES,
      involvement.HIDE_OPPORTUNITIES,
    ),
  ],
  coordinator: [
    ...ofOrganisation(
      people.SET_ORGANISATION,
      people.READ_MEMBERSHIPS,
      people.INVITE_MEMBERS,
      people.MANAGE_KEYS,
      people.READ_CONTRIBUTORS,
      people.CHANGE_CONTRIBUTORS,
      people.IMPORT_CONTRIBUTORS,
      people.EXPORT_CONTRIBUTORS,
      people.MERGE_CONTRIBUTORS,
      people.RECORD_ACCESS_NEEDS,
      people.READ_SHARED_NEEDS,
      people.CHANGE_CONSENT,
      involvement.READ_PROJECTS,
      involvement.CHANGE_PROJECTS,
      involvement.READ_OPPORTUNITIES,
      involvement.DRAFT_OPPORTUNITIES,
      involvement.PUBLISH_OPPORTUNITIES,
      involvement.RECORD_INTERESTS,
      involvement.READ_INTERESTS,
      involvement.SELECT_INTERESTS,
      involvement.ANSWER_OFFERS,
      involvement.READ_INVOLVEMENTS,
      involvement.CHANGE_INVOLVEMENTS,
      involvement.READ_NOTICES,
      involvement.GIVE_NOTICES,
      involvement.READ_EXACT_REACH,
      edi.RECORD_ANSWERS,
      edi.READ_COLLECTIONS,
      edi.SEND_RETURNS,
      edi.KEEP_MAILBOXES,
      edi.ANSWER_GAPS,
    ),
  ],
  'payment-approver': [...ofOrganisation(involvement.READ_INVOLVEMENTS)],
  'finance-officer': [...ofOrganisation(involvement.READ_INVOLVEMENTS)],
  'diversity-analyst': [
    ...ofOrganisation(
      involvement.READ_EXACT_REACH,
      edi.READ_COLLECTIONS,
      edi.SEND_RETURNS,
      edi.KEEP_MAILBOXES,
      edi.READ_OWN_FIGURES,
      edi.SIGN_RETURNS,
    ),
  ],
  'data-steward': [
    ...everywhere(
      people.MERGE_CONTRIBUTORS,
      people.EXPORT_PERSON,
      people.ERASE_PERSON,
      people.READ_LEDGER,
      edi.RUN_COLLECTIONS,
      edi.READ_COLLECTIONS,
      edi.KEEP_MAILBOXES,
      edi.MAKE_RELEASES,
      edi.SIGN_RELEASES,
      edi.RECORD_GAPS,
    ),
    ...ofOrganisation(involvement.READ_EXACT_REACH),
  ],
  researcher: [
    ...ofOwn(
      involvement.READ_PROJECTS,
      involvement.READ_OPPORTUNITIES,
      involvement.DRAFT_OPPORTUNITIES,
      involvement.READ_INTERESTS,
      involvement.SELECT_INTERESTS,
      involvement.READ_INVOLVEMENTS,
      involvement.CHANGE_INVOLVEMENTS,
      involvement.READ_NOTICES,
      people.READ_SHARED_NEEDS,
    ),
  ],
  contributor: [
    ...ofOwn(
      people.READ_CONTRIBUTORS,
      people.CHANGE_CONTRIBUTORS,
      people.KEEP_ACCESS_NEEDS,
      people.RECORD_ACCESS_NEEDS,
      people.CHANGE_CONSENT,
      people.EXPORT_PERSON,
      people.ERASE_PERSON,
      people.READ_LEDGER,
      involvement.SEND_INTERESTS,
      involvement.READ_INTERESTS,
      involvement.ANSWER_OFFERS,
      involvement.READ_INVOLVEMENTS,
      involvement.READ_NOTICES,
      edi.KEEP_ANSWERS,
    ),
  ],
  site: [
    ...everywhere(involvement.SEND_INTERESTS, involvement.TELL_REACH, edi.SEND_ANSWERS),
    ...ofOwn(involvement.READ_INTERESTS, involvement.ANSWER_OFFERS),
    ...ofOrganisation(people.MANAGE_KEYS),
  ],
  auditor: [...everywhere(people.READ_AUDIT, people.READ_LEDGER)],
};
