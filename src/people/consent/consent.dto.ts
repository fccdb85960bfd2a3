import { ApiProperty } from '@nestjs/swagger';
import { Choice, Instant, Text } from '../../kernel/db/fields';
import { SaidHow } from '../../kernel/privacy/consents';

const SLUG = {
  pattern: /^[a-z][a-z0-9-]{1,59}$/,
  patternSays: 'Send the short name of a purpose; GET /v1/purposes lists them.',
};

class KeptFor {
  @ApiProperty({ description: 'ISO 8601 duration.', example: 'P1Y' })
  duration: string;

  @ApiProperty({ description: 'The event from which it runs.', example: 'last-activity' })
  after: string;
}

/** Why personal data are used, in its newest wording. */
export class PurposeTold {
  @ApiProperty({ description: 'Short name.', example: 'access-needs' })
  slug: string;

  @ApiProperty({ description: 'The purpose in a few words.' })
  name: string;

  @ApiProperty({ description: 'What the data are used to do.' })
  purpose: string;

  @ApiProperty({ description: 'Who decides about the use of the data.' })
  controller: string;

  @ApiProperty({ description: 'Lawful basis, with its place in UK GDPR.' })
  lawfulBasis: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Condition for special-category data; null where none are used.',
  })
  specialCategoryCondition: string | null;

  @ApiProperty({ description: 'Whether the data may be used only while consent stands.' })
  consentBased: boolean;

  @ApiProperty({ description: 'Whether an objection ends the use.' })
  objectionAllowed: boolean;

  @ApiProperty({ type: KeptFor, description: 'How long the data are kept.' })
  retention: KeptFor;

  @ApiProperty({ description: 'Version of the wording.', example: '1.0' })
  wordingVersion: string;

  @ApiProperty({ description: 'What people are told.' })
  wording: string;

  @ApiProperty({ description: "Whether the controller's data protection officer has confirmed it." })
  verified: boolean;

  @ApiProperty({ description: 'Where it comes from.' })
  source: string;
}

export class PurposeList {
  @ApiProperty({ type: PurposeTold, isArray: true, description: 'Every purpose.' })
  data: PurposeTold[];
}

export class NewConsent {
  @Text(60, 'The purpose, by its slug.', { ...SLUG, virtual: true, example: 'access-needs' })
  purpose: string;

  @Choice(SaidHow, 'SaidHow', 'The way in which the person said so.', { virtual: true, example: 'phone' })
  how: SaidHow;

  @Text(9, 'The wording that the person was shown; left out: the newest.', {
    virtual: true,
    optional: true,
    example: '1.0',
    pattern: /^[1-9][0-9]{0,3}\.[0-9]{1,4}$/,
    patternSays: 'Send a wording version such as 1.0.',
  })
  wordingVersion?: string | null;

  @Instant('When the person said so, such as the date on a paper form; left out: now.', {
    virtual: true,
    optional: true,
    example: '2026-11-20T10:00:00.000Z',
  })
  givenAt?: Date | null;
}

/** Consent that was given. */
export class Consent {
  @ApiProperty({ format: 'uuid', description: 'Identifier.' })
  id: string;

  @ApiProperty({ type: 'integer', description: 'Rises by one with every change.' })
  version: number;

  @ApiProperty({ format: 'uuid', description: 'The contributor.' })
  contributorId: string;

  @ApiProperty({ description: 'The purpose, by its slug.' })
  purpose: string;

  @ApiProperty({ description: 'The wording that the person was shown.' })
  wordingVersion: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it was given.' })
  givenAt: Date;

  @ApiProperty({
    enum: Object.values(SaidHow),
    enumName: 'SaidHow',
    description: 'The way in which the person said so.',
  })
  how: SaidHow;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When it ended; null while it stands.',
  })
  withdrawnAt: Date | null;

  @ApiProperty({
    type: 'string',
    enum: ['withdrawn', 'renewed'],
    nullable: true,
    description: 'Whether it was withdrawn, or replaced by consent to a newer wording.',
  })
  endedBecause: 'withdrawn' | 'renewed' | null;
}

export class ConsentList {
  @ApiProperty({ type: Consent, isArray: true, description: 'Newest first; ended ones too.' })
  data: Consent[];
}

export class NewObjection {
  @Text(60, 'The purpose, by its slug.', { ...SLUG, virtual: true, example: 'reporting' })
  purpose: string;

  @Choice(SaidHow, 'SaidHow', 'The way in which the person said so.', { virtual: true, example: 'email' })
  how: SaidHow;

  @Text(2000, 'The reason, if the person gave one; none is needed.', {
    virtual: true,
    optional: true,
    example: 'I do not want to be counted.',
  })
  reason?: string | null;
}

/** An objection that was made. */
export class Objection {
  @ApiProperty({ format: 'uuid', description: 'Identifier.' })
  id: string;

  @ApiProperty({ type: 'integer', description: 'Rises by one with every change.' })
  version: number;

  @ApiProperty({ format: 'uuid', description: 'The contributor.' })
  contributorId: string;

  @ApiProperty({ description: 'The purpose, by its slug.' })
  purpose: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it was made.' })
  at: Date;

  @ApiProperty({
    enum: Object.values(SaidHow),
    enumName: 'SaidHow',
    description: 'The way in which the person said so.',
  })
  how: SaidHow;

  @ApiProperty({ type: 'string', nullable: true, description: 'The reason, if the person gave one.' })
  reason: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When it was taken back; null while it stands.',
  })
  withdrawnAt: Date | null;
}

export class ObjectionList {
  @ApiProperty({ type: Objection, isArray: true, description: 'Newest first; those taken back too.' })
  data: Objection[];
}
