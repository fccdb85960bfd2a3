import { PickType } from '@nestjs/swagger';
import { Entity } from 'typeorm';
import { Day, Ref, Text, Whole } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { personalTable } from '../../kernel/privacy/personal';
import { fixedId } from '../../people';

/** How often a site showed an opportunity on a day. Nothing about who looked. */
@Entity({ schema: 'involvement', name: 'opportunity_view' })
export class OpportunityView extends StoredRecord {
  @Ref('The opportunity.', { readOnly: true, example: fixedId('opportunity', 'steady-steps-advisory-group') })
  opportunityId: string;

  @Ref('The account that told it.', { readOnly: true, optional: true, example: null })
  accountId: string | null;

  @Text(100, 'Which of your sites, where your account has several; main otherwise.', {
    default: 'main',
    example: 'local-pages',
  })
  site: string;

  @Day('The day, in UK time.', { example: '2026-11-20' })
  day: string;

  @Whole(
    { min: 0, max: 100_000_000 },
    'How often it was shown that day. What you tell again replaces what you told before.',
    { example: 140 },
  )
  count: number;
}

/** What a site tells. */
export class NewView extends PickType(OpportunityView, ['day', 'count', 'site'] as const) {}

personalTable({
  table: 'involvement.opportunity_view',
  person: 'account_id',
  key: 'account',
  heading: 'How often your site showed opportunities',
  holds: 'The counts that the account told, day by day',
  export: (q, id) =>
    q.query(
      'SELECT day, site, count, opportunity_id AS opportunity FROM involvement.opportunity_view WHERE account_id = $1 ORDER BY day, id',
      [id],
    ),
  erase: { anonymise: { account_id: null } },
  keptFor: 'The number of the account: until the account is erased. The counts themselves are kept',
  rule: 'UK GDPR Article 5(1)(c): the number of the account is taken out when it is no longer needed',
  order: 400,
});
