import { ApiProperty, PickType } from '@nestjs/swagger';
import { Choice, Day, Flag, JsonList, Refs, Text } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice, InDay, InRef } from '../../kernel/http/query';
import { fixedId } from '../reference/fixed-id';
import { Account, AccountKind } from './account.entity';
import { Membership, Role } from './membership.entity';

/** An account as colleagues see it. */
export class AccountDetails extends PickType(Account, [
  'id',
  'createdAt',
  'updatedAt',
  'version',
  'name',
  'kind',
  'contributorId',
  'suspendedAt',
] as const) {}

export class AccountPage extends PageOf(AccountDetails) {}

/** One's own account, which nobody but its owner and the service sees whole. */
export class OwnAccount extends PickType(Account, [
  'id',
  'createdAt',
  'updatedAt',
  'version',
  'issuer',
  'subject',
  'name',
  'kind',
  'contributorId',
] as const) {}

/** An account to open. */
export class NewAccount extends PickType(Account, ['name'] as const) {
  @Choice(AccountKind, 'AccountKind', 'A person, or a system such as a website that sends interests.', {
    default: 'person',
    example: 'person',
    virtual: true,
  })
  kind?: AccountKind;
}

/** A role of one's own that holds today or later. */
export class OwnMembership extends PickType(Membership, ['id', 'organisationId', 'role', 'from', 'until'] as const) {
  @Text(80, 'Slug of the organisation.', { example: 'leeds-teaching-hospitals', virtual: true })
  organisationSlug: string;

  @Text(200, 'Name of the organisation.', { example: 'Leeds Teaching Hospitals NHS Trust', virtual: true })
  organisationName: string;
}

/** What one may do at present, and to which records. */
export class OwnPermission {
  @Text(200, 'Name of the permission.', { example: 'people.membership.read', virtual: true })
  name: string;

  @Text(500, 'What it allows.', { example: 'See who has which role', virtual: true })
  means: string;

  @Flag('Whether it reaches all records.', { example: false, virtual: true })
  everywhere: boolean;

  @Refs(1000, 'The organisations whose records it reaches.', {
    example: [fixedId('organisation', 'leeds-teaching-hospitals')],
    virtual: true,
  })
  organisations: string[];

  @Flag('Whether it reaches records that are your own.', { example: false, virtual: true })
  own: boolean;
}

/** Who is signed in. */
export class Me {
  @ApiProperty({
    type: OwnAccount,
    nullable: true,
    description: 'Your account; null until you open it with POST /v1/me.',
  })
  account: OwnAccount | null;

  @JsonList(() => OwnMembership, { items: 1000 }, 'Your roles that hold today or later.', { virtual: true })
  memberships: OwnMembership[];

  @JsonList(() => OwnPermission, { items: 1000 }, 'What your roles of today let you do.', { virtual: true })
  permissions: OwnPermission[];
}

export class AccountQuery extends PageQuery {
  @InRef('Only accounts that have, or will have, a role in this organisation.', {
    example: fixedId('organisation', 'leeds-teaching-hospitals'),
  })
  organisation?: string;
}

/** A role as those see it who may see who has which role: with the name of the account, which is personal. */
export class MembershipDetails extends PickType(Membership, [
  'id',
  'createdAt',
  'updatedAt',
  'version',
  'accountId',
  'organisationId',
  'role',
  'from',
  'until',
] as const) {
  @Text(200, 'Name of the account.', { example: 'Ada Onyango', virtual: true })
  accountName: string;
}

export class MembershipPage extends PageOf(MembershipDetails) {}

/** A role to give. Where its first day is today it counts at the next request. */
export class NewMembership extends PickType(Membership, ['accountId', 'organisationId', 'role'] as const) {
  @Day('First day, UK time; today where it is left out.', { optional: true, example: '2026-11-22', virtual: true })
  from?: string | null;

  @Day('First day on which it no longer holds; open where it is left out.', {
    optional: true,
    example: '2027-11-22',
    virtual: true,
  })
  until?: string | null;
}

export class EndOfMembership {
  @Day('First day on which it no longer holds; today where it is left out, so that it ends at once.', {
    optional: true,
    example: '2027-01-01',
    virtual: true,
  })
  until?: string | null;
}

export class MembershipQuery extends PageQuery {
  @InRef('Only in this organisation.', { example: fixedId('organisation', 'leeds-teaching-hospitals') })
  organisation?: string;

  @InRef('Only of this account.')
  account?: string;

  @InChoice(Object.values(Role), 'Only with this role.', { example: 'researcher' })
  role?: Role;

  @InDay('Only those that hold on this day.', { example: '2026-11-22' })
  at?: string;
}
