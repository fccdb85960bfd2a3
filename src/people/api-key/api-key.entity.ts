import { Column, Entity } from 'typeorm';
import { Instant, Ref, Text, Whole } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { fixedId } from '../reference/fixed-id';

/** A key with which a site reads public data at a higher rate. It identifies and gives no permission. */
@Entity({ schema: 'people', name: 'api_key' })
export class ApiKey extends StoredRecord {
  @Ref('The organisation that answers for its use.', { example: fixedId('organisation', 'leeds-teaching-hospitals') })
  organisationId: string;

  @Text(100, 'What the key is for, such as the name of the site.', { example: 'Involvement pages of our website' })
  name: string;

  @Whole({ min: 1, max: 2 }, 'First or second live key of its name.', { readOnly: true })
  slot: number;

  @Text(10, 'The first ten characters of the key, to tell keys apart.', { readOnly: true, example: 'ppk_Zx81a0' })
  prefix: string;

  /** SHA-256 of the key. */
  @Column({ type: 'bytea' })
  hash: Buffer;

  @Instant('When it was last used, to the minute; null where it never was.', { optional: true, readOnly: true })
  lastUsedAt: Date | null;

  @Instant('When it stops by itself; null where it does not.', { optional: true, example: '2027-11-22T00:00:00Z' })
  expiresAt: Date | null;

  @Instant('When it was revoked, or its expiry noted; null while it lives.', { optional: true, readOnly: true })
  revokedAt: Date | null;
}

constraint(
  'api_key_two_live',
  409,
  'two_keys_live',
  'Two keys of this name are live already, which is enough to change over. Revoke the one that is no longer used, or give another name.',
);
