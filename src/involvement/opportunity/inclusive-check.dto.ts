import { ApiProperty, PickType } from '@nestjs/swagger';
import { ChangeOf, Choice, Text } from '../../kernel/db/fields';
import type { InclusivePoint } from './inclusive-check';
import { CONTENT_FIELDS, ContentField } from './opportunity-content';
import { Opportunity } from './opportunity.entity';

const answer = { virtual: true, readOnly: true } as const;
const FINDING = { Met: 'met', NotSaid: 'not-said' } as const;
const FIELDS = Object.fromEntries(CONTENT_FIELDS.map((field) => [field, field])) as { [F in ContentField]: F };

/** One point of the check. */
export class CheckedPoint implements InclusivePoint {
  @Text(60, 'Short name of the point.', { ...answer, example: 'not-only-online' })
  point: string;

  @Text(300, 'What it asks.', { ...answer, example: 'People who are not online can apply.' })
  asks: string;

  @Choice(FINDING, 'CheckFinding', 'Whether the opportunity says it.', { ...answer, example: 'not-said' })
  found: 'met' | 'not-said';

  @Choice(FIELDS, 'OpportunityField', 'The field that says it, or would.', { ...answer, example: 'howToApply' })
  field: ContentField;

  @Text(300, 'How to meet it.', {
    ...answer,
    example: 'Add a way that is not digital: a telephone number, a postal address or a place to come to.',
  })
  howToMeet: string;
}

/** How an opportunity stands against "inclusive opportunities" of the UK Standards for Public Involvement. Helps its author; no score, no bar. */
export class InclusiveCheck {
  @ApiProperty({ type: CheckedPoint, isArray: true, description: 'Every point that applies.' })
  points: CheckedPoint[];
}

/** What is said so far; nothing is needed, nothing is kept. */
export class DraftToCheck extends ChangeOf(PickType(Opportunity, CONTENT_FIELDS)) {}
