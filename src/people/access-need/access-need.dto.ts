import { ApiProperty, PickType } from '@nestjs/swagger';
import { ChangeOf, Choice, Instant, Json, Text } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { SaidHow } from '../../kernel/privacy/consents';
import { AccessGrant, AccessNeed } from './access-need.entity';
import { LivedExperience } from './lived-experience.entity';

/** Consent that comes together with what it is about. */
export class ConsentNow {
  @Choice(SaidHow, 'SaidHow', 'The way in which they agreed.', { virtual: true, example: 'phone' })
  how: SaidHow;

  @Instant('When they agreed; left out: now.', { virtual: true, optional: true, example: '2026-11-20T10:00:00.000Z' })
  givenAt?: Date | null;
}

const CONSENT_HERE = 'Consent, where none stands yet. Without consent nothing is kept.';

class NeedFields extends PickType(AccessNeed, ['category', 'toldBy', 'reviewOn'] as const) {
  @Text(2000, "The need, in the person's words.", {
    virtual: true,
    example: 'A British Sign Language interpreter, booked two weeks ahead.',
  })
  detail: string;
}

export class NewAccessNeed extends NeedFields {
  @Json(() => ConsentNow, CONSENT_HERE, { virtual: true, optional: true })
  consent?: ConsentNow | null;
}

export class AccessNeedChange extends ChangeOf(NeedFields) {}

/** That a need is on record, and nothing of what it says: what anybody sees after recording it. */
export class AccessNeedReceipt extends PickType(AccessNeed, [
  'id',
  'createdAt',
  'updatedAt',
  'version',
  'contributorId',
] as const) {}

/** A need as the contributor, or an organiser with whom it is shared, reads it. */
export class AccessNeedTold extends PickType(AccessNeed, [
  'id',
  'createdAt',
  'updatedAt',
  'version',
  'contributorId',
  'category',
  'toldBy',
  'reviewOn',
] as const) {
  @ApiProperty({
    description: "The need, in the person's words.",
    example: 'A British Sign Language interpreter, booked two weeks ahead.',
  })
  detail: string;
}

export class AccessNeedPage extends PageOf(AccessNeedTold) {}
export class AccessNeedFilter extends PageQuery {}

/** Needs that an organiser may read now. */
export class SharedNeeds {
  @ApiProperty({ format: 'uuid', description: 'The involvement for which they are shared.' })
  involvementId: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'When the leave to read them ends by itself.' })
  expiresAt: Date;

  @ApiProperty({ type: AccessNeedTold, isArray: true, description: 'The needs.' })
  needs: AccessNeedTold[];
}

export class NewAccessGrant extends PickType(AccessGrant, [
  'involvementId',
  'organisationId',
  'needs',
  'expiresAt',
] as const) {}
export class AccessGrantPage extends PageOf(AccessGrant) {}

export class NewLivedExperience {
  @Text(5000, 'The statement.', {
    virtual: true,
    example: 'I have lived with chronic pain for eleven years and care for my mother.',
  })
  statement: string;

  @Json(() => ConsentNow, CONSENT_HERE, { virtual: true, optional: true })
  consent?: ConsentNow | null;
}

export class LivedExperienceChange extends ChangeOf(PickType(NewLivedExperience, ['statement'] as const)) {}

/** A statement, readable. */
export class LivedExperienceTold extends PickType(LivedExperience, [
  'id',
  'createdAt',
  'updatedAt',
  'version',
  'contributorId',
] as const) {
  @ApiProperty({
    description: 'The statement.',
    example: 'I have lived with chronic pain for eleven years and care for my mother.',
  })
  statement: string;
}

export class LivedExperiencePage extends PageOf(LivedExperienceTold) {}
