import { PickType } from '@nestjs/swagger';
import { Choice, Text } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice, InRef } from '../../kernel/http/query';
import { fixedId } from '../../people';
import { OpportunityReport, ReportOutcome, ReportState } from './opportunity-report.entity';

const words = { virtual: true, optional: true } as const;

/** What is wrong with an opportunity. No account is needed. */
export class NewReport extends PickType(OpportunityReport, ['reason'] as const) {
  @Text(2000, 'What is wrong, in your words.', { ...words, example: 'It asks people to pay for the training first.' })
  text?: string | null;

  @Text(300, 'How you can be reached, if you want to be. Sealed, and deleted a year after the report is settled.', {
    ...words,
    example: '01632 960199',
  })
  contact?: string | null;
}

/** What the reporter gets: that the report has arrived. */
export class ReportReceipt extends PickType(OpportunityReport, [
  'id',
  'createdAt',
  'opportunityId',
  'reason',
  'state',
] as const) {}

/** A report as an administrator reads it. */
export class ReceivedReport extends PickType(OpportunityReport, [
  'id',
  'createdAt',
  'updatedAt',
  'version',
  'opportunityId',
  'organisationId',
  'reason',
  'state',
  'outcome',
  'outcomeNote',
  'settledAt',
  'settledBy',
] as const) {
  // prettier-ignore
  @Text(2000, 'What is wrong, in the words of the reporter.', { ...words, readOnly: true, example: 'It asks people to pay for the training first.' })
  text: string | null;

  @Text(300, 'How the reporter can be reached; null where they did not say.', {
    ...words,
    readOnly: true,
    example: '01632 960199',
  })
  contact: string | null;
}

export class ReceivedReportPage extends PageOf(ReceivedReport) {}

/** Which reports to list. */
export class ReportQuery extends PageQuery {
  @InChoice(Object.values(ReportState), 'Only those in this state.')
  state?: ReportState;

  @InRef('Only those about this opportunity.', { example: fixedId('opportunity', 'steady-steps-advisory-group') })
  opportunity?: string;
}

/** What came of a report. To hide the opportunity as well, use its own route. */
export class ReportSettlement {
  @Choice(ReportOutcome, 'ReportOutcome', 'What was done.', { virtual: true, example: 'changed' })
  outcome: ReportOutcome;

  @Text(2000, 'What was done, in words.', { ...words, example: 'The organiser corrected the payment.' })
  outcomeNote?: string | null;
}
