import { Column, Entity } from 'typeorm';
import { Choice, Day, Instant, Ref, Refs } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { fixedId } from '../reference/fixed-id';

/** Kinds of need. The first four are those of the Accessible Information Standard (NHS England, DAPB1605). */
export const NeedCategory = {
  ContactMethod: 'contact-method',
  InformationFormat: 'information-format',
  CommunicationProfessional: 'communication-professional',
  CommunicationSupport: 'communication-support',
  Physical: 'physical',
  Sensory: 'sensory',
  Time: 'time',
  Caring: 'caring',
  Digital: 'digital',
} as const;
export type NeedCategory = (typeof NeedCategory)[keyof typeof NeedCategory];

/** Who told it. */
export const ToldBy = { Contributor: 'contributor', Guardian: 'guardian', Supporter: 'supporter' } as const;
export type ToldBy = (typeof ToldBy)[keyof typeof ToldBy];

/** What a contributor needs in order to take part. Special-category data: sealed, and kept only while they consent. */
@Entity({ schema: 'people', name: 'access_need' })
export class AccessNeed extends StoredRecord {
  @Ref('Whose need it is.', { readOnly: true, example: fixedId('contributor', 'joan-pattinson') })
  contributorId: string;

  @Choice(NeedCategory, 'NeedCategory', 'Kind of need.', { personal: true, example: 'communication-professional' })
  category: NeedCategory;

  @Column({ type: 'bytea' })
  detailSealed: Buffer;

  @Choice(ToldBy, 'ToldBy', 'Who told it.', { default: 'contributor', example: 'contributor' })
  toldBy: ToldBy;

  @Ref('The account that wrote it down; null where it was erased.', { optional: true, readOnly: true })
  recordedBy: string | null;

  @Day('Day on which to ask whether it still holds.', { optional: true, example: '2027-11-22' })
  reviewOn: string | null;

  @Ref('The consent under which it is kept.', { readOnly: true })
  consentId: string;
}

/** A contributor's leave to read their needs for one involvement. */
@Entity({ schema: 'people', name: 'access_grant' })
export class AccessGrant extends StoredRecord {
  @Ref('Who shares.', { readOnly: true, example: fixedId('contributor', 'joan-pattinson') })
  contributorId: string;

  @Ref('The involvement for which the needs are shared.', {
    example: fixedId('involvement', 'joan-pattinson-in-steady-steps'),
  })
  involvementId: string;

  @Ref('The organisation whose organisers may read them.', { example: fixedId('organisation', 'rrdn-north-west') })
  organisationId: string;

  @Refs(50, 'Which needs are shared; null: all, those told later among them.', { optional: true, example: null })
  needs: string[] | null;

  @Instant('When it was given.', { readOnly: true, example: '2026-11-22T10:00:00.000Z' })
  grantedAt: Date;

  @Instant('When it ends by itself; two years from now at the latest.', { example: '2027-03-01T00:00:00.000Z' })
  expiresAt: Date;

  @Instant('When it was taken back; null if it was not.', { optional: true, readOnly: true, example: null })
  revokedAt: Date | null;
}

constraint(
  'access_grant_ends_after_it_began',
  422,
  'grant_too_long',
  'The grant must end in the future, and within two years.',
);
constraint('access_grant_needs_number', 422, 'no_needs', 'Name at least one need, or leave "needs" out to share all.');
constraint('access_grant_organisation', 422, 'unknown_organisation', 'There is no organisation with this id.');
