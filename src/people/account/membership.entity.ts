import { Entity } from 'typeorm';
import { Choice, Day, Ref } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { fixedId } from '../reference/fixed-id';

/** The roles that a membership can give. What each may do is decided by the application. */
export const Role = {
  NationalAdministrator: 'national-administrator',
  Coordinator: 'coordinator',
  PaymentApprover: 'payment-approver',
  FinanceOfficer: 'finance-officer',
  DiversityAnalyst: 'diversity-analyst',
  DataSteward: 'data-steward',
  Researcher: 'researcher',
  Contributor: 'contributor',
  Site: 'site',
  Auditor: 'auditor',
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** The roles that an organisation may give without a national administrator. */
export const INVITED_ROLES: readonly Role[] = [Role.Researcher, Role.Contributor];

/** A role that an account has in an organisation for a time. */
@Entity({ schema: 'people', name: 'membership' })
export class Membership extends StoredRecord {
  @Ref('The account.', { example: fixedId('account', 'coordinator') })
  accountId: string;

  @Ref('The organisation in which it has the role.', { example: fixedId('organisation', 'leeds-teaching-hospitals') })
  organisationId: string;

  @Choice(Role, 'Role', 'The role.', { example: 'researcher' })
  role: Role;

  @Day('First day, UK time.', { example: '2026-11-22' })
  from: string;

  @Day('First day on which it no longer holds; null while it is open.', { optional: true, example: '2027-11-22' })
  until: string | null;
}

constraint(
  'membership_once_at_a_time',
  409,
  'membership_overlaps',
  'This account has that role in that organisation on some of these days already.',
);
constraint(
  'membership_ends_after_it_began',
  422,
  'ends_before_it_began',
  'A membership cannot end before its first day.',
);
constraint(
  'membership_account',
  422,
  'unknown_account',
  'There is no account with this id. Its owner makes it by signing in and sending POST /v1/me.',
);
