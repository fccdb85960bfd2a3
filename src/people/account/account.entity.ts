import { Entity } from 'typeorm';
import { Choice, Instant, Ref, Text } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';

/** Who signs in. */
export const AccountKind = { Person: 'person', System: 'system' } as const;
export type AccountKind = (typeof AccountKind)[keyof typeof AccountKind];

/** Stands for the identity provider of an account that was erased: no provider has this name, so nobody signs in with it. */
export const ERASED_ISSUER = 'erased';

/** Somebody or something that signs in. An account alone may do nothing; memberships give roles. */
@Entity({ schema: 'people', name: 'account' })
export class Account extends StoredRecord {
  @Text(500, 'The identity provider that knows it.', {
    readOnly: true,
    personal: true,
    example: 'https://id.example.org',
  })
  issuer: string;

  @Text(255, 'Who it is at that provider.', { readOnly: true, personal: true, example: 'c7a1e0' })
  subject: string;

  @Text(200, 'Name shown to colleagues.', { personal: true, example: 'Nadia Whitfield' })
  name: string;

  @Choice(AccountKind, 'AccountKind', 'A person, or a system such as a website that sends interests.', {
    default: 'person',
    example: 'person',
  })
  kind: AccountKind;

  @Ref('The contributor whose account it is; null for staff and systems.', { optional: true, readOnly: true })
  contributorId: string | null;

  @Instant('Since when it may not sign in; null while it may.', { optional: true, readOnly: true })
  suspendedAt: Date | null;
}

constraint('account_identity_once', 409, 'account_exists', 'You have an account already. GET /v1/me shows it.');
constraint(
  'account_one_per_record',
  409,
  'has_account',
  'This record has another account already. A record is one account’s: suspend the other first.',
);
