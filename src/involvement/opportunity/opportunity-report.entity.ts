import { Column, Entity } from 'typeorm';
import { Choice, Instant, Ref, Text } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { Conflict } from '../../kernel/errors/problem';
import { personalTable } from '../../kernel/privacy/personal';
import { sealedColumn } from '../../kernel/privacy/sealed-columns';
import { fixedId } from '../../people';

/** What can be wrong with an opportunity. */
export const ReportReason = {
  Misleading: 'misleading',
  Discriminating: 'discriminating',
  Unsafe: 'unsafe',
  AsksForMoney: 'asks-for-money',
  PersonalData: 'personal-data',
  OutOfDate: 'out-of-date',
  NotInvolvement: 'not-involvement',
  Other: 'other',
} as const;
export type ReportReason = (typeof ReportReason)[keyof typeof ReportReason];

export const ReportState = { Open: 'open', Settled: 'settled' } as const;
export type ReportState = (typeof ReportState)[keyof typeof ReportState];

/** What came of a report. */
export const ReportOutcome = { Hidden: 'hidden', Changed: 'changed', NoAction: 'no-action' } as const;
export type ReportOutcome = (typeof ReportOutcome)[keyof typeof ReportOutcome];

/** What somebody said is wrong with a published opportunity. The words and the contact are sealed. */
@Entity({ schema: 'involvement', name: 'opportunity_report' })
export class OpportunityReport extends StoredRecord {
  @Ref('The opportunity.', { readOnly: true, example: fixedId('opportunity', 'steady-steps-advisory-group') })
  opportunityId: string;

  @Ref('The organisation of the opportunity.', {
    readOnly: true,
    example: fixedId('organisation', 'castlebridge-hospitals'),
  })
  organisationId: string;

  @Choice(ReportReason, 'ReportReason', 'What is wrong.', { example: 'misleading' })
  reason: ReportReason;

  @Column({ type: 'bytea', nullable: true })
  textSealed: Buffer | null;

  @Column({ type: 'bytea', nullable: true })
  contactSealed: Buffer | null;

  @Ref('The account of the reporter; null where they had none.', { optional: true, readOnly: true, example: null })
  accountId: string | null;

  @Choice(ReportState, 'ReportState', 'Whether somebody has dealt with it.', {
    readOnly: true,
    default: 'open',
    example: 'open',
  })
  state: ReportState;

  @Choice(ReportOutcome, 'ReportOutcome', 'What was done; null while it is open.', {
    optional: true,
    example: 'changed',
  })
  outcome: ReportOutcome | null;

  @Text(2000, 'What was done, in words.', {
    optional: true,
    personal: true,
    example: 'The organiser corrected the payment.',
  })
  outcomeNote: string | null;

  @Instant('When it was dealt with.', { optional: true, readOnly: true, example: null })
  settledAt: Date | null;

  @Ref('The account that dealt with it.', { optional: true, readOnly: true, example: null })
  settledBy: string | null;

  /** Refuses to settle a report twice. */
  mustBeOpen(): void {
    if (this.state !== 'open') throw new Conflict('already_settled', 'Somebody has settled this report before.');
  }
}

export const REPORT_TABLE = 'involvement.opportunity_report';
sealedColumn(REPORT_TABLE, 'text_sealed');
sealedColumn(REPORT_TABLE, 'contact_sealed');

constraint('opportunity_report_settled_is_whole', 422, 'outcome_needed', 'Say what came of the report: outcome.');

personalTable({
  table: REPORT_TABLE,
  person: 'account_id',
  key: 'account',
  heading: 'Opportunities that you reported',
  holds: 'What you said was wrong with an opportunity, and how you could be reached',
  erase: 'delete',
  keptFor: 'One year after the report was settled',
  rule: 'UK GDPR Article 5(1)(e): for as long as the report may be asked about',
  order: 310,
  retention: { from: 'settled_at', after: 'P1Y' },
});

personalTable({
  table: REPORT_TABLE,
  person: 'settled_by',
  key: 'account',
  heading: 'Reports that you settled',
  holds: 'Which reports about opportunities your account settled, and when',
  export: (q, id) =>
    q.query(`SELECT settled_at AS "settledAt", outcome FROM ${REPORT_TABLE} WHERE settled_by = $1 ORDER BY id`, [id]),
  erase: { anonymise: { settled_by: null } },
  keptFor: 'As long as the report, or until your account is erased',
  rule: 'UK GDPR Article 5(2): who acted for the service',
  order: 311,
});
