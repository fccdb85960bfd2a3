import { Column, Entity } from 'typeorm';
import { ApiProperty } from '@nestjs/swagger';
import { Flag, Instant, Ref, Texts, Whole } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { personalTable } from '../../kernel/privacy/personal';
import { fixedId } from '../../people';
import type { Content } from './opportunity-content';

/** One version of an opportunity as the public could read it. Rows are added, never altered. */
@Entity({ schema: 'involvement', name: 'opportunity_version' })
export class OpportunityVersion extends StoredRecord {
  @Ref('The opportunity.', { readOnly: true, example: fixedId('opportunity', 'steady-steps-advisory-group') })
  opportunityId: string;

  @Ref('The organisation of the opportunity at the time.', {
    readOnly: true,
    example: fixedId('organisation', 'castlebridge-hospitals'),
  })
  organisationId: string;

  @Whole({ min: 1, max: 1_000_000 }, '1 for the first version that was published, then upward.', {
    readOnly: true,
    example: 1,
  })
  number: number;

  @Column({ type: 'jsonb' })
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    readOnly: true,
    description: 'The content as the public could read it, field by field.',
  })
  body: Content;

  @Flag(
    'Whether something changed that people rely on: dates, place, payment, mode, sessions, closing, who is wanted.',
    { readOnly: true, example: true },
  )
  material: boolean;

  @Texts({ max: 60, items: 60 }, 'Names of the fields that changed since the version before.', {
    readOnly: true,
    example: ['closesOn'],
  })
  changes: string[];

  @Instant('When it became public.', { readOnly: true, example: '2026-11-24T09:00:00.000Z' })
  at: Date;

  @Ref('The account that made the change; null where the service did.', {
    readOnly: true,
    optional: true,
    example: null,
  })
  accountId: string | null;
}

personalTable({
  table: 'involvement.opportunity_version',
  person: 'account_id',
  key: 'account',
  heading: 'Versions of opportunities that you published',
  holds: 'Which versions of an opportunity your account made public, and when',
  export: (q, id) =>
    q.query(
      'SELECT at, opportunity_id AS opportunity, number FROM involvement.opportunity_version WHERE account_id = $1 ORDER BY at, id',
      [id],
    ),
  erase: { anonymise: { account_id: null } },
  keptFor: 'The number of the account: until the account is erased. The public text itself is kept',
  rule: 'UK GDPR Article 5(1)(c): the number of the account is taken out when it is no longer needed',
  order: 400,
});
