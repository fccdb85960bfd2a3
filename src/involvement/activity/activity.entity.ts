import { Column, Entity } from 'typeorm';
import { Choice, Day, Ref, Text, Whole } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { Refused } from '../../kernel/errors/problem';
import { OpportunityMode } from '../opportunity/opportunity-choices';

export const ActivityKind = {
  Meeting: 'meeting',
  Workshop: 'workshop',
  DocumentReview: 'document-review',
  Interview: 'interview',
  Survey: 'survey',
  Training: 'training',
  Event: 'event',
  CoWriting: 'co-writing',
  Panel: 'panel',
  Other: 'other',
} as const;
export type ActivityKind = (typeof ActivityKind)[keyof typeof ActivityKind];

export const Attendance = {
  Expected: 'expected',
  Attended: 'attended',
  Missed: 'missed',
  Cancelled: 'cancelled',
} as const;
export type Attendance = (typeof Attendance)[keyof typeof Attendance];

/** One thing that a contributor did or is to do within an involvement, on one day. Payment, feedback and impact refer to it. */
@Entity({ schema: 'involvement', name: 'activity' })
export class Activity extends StoredRecord {
  @Ref('The involvement that it belongs to.', { readOnly: true })
  involvementId: string;

  @Ref('Its organisation.', { readOnly: true })
  organisationId: string;

  @Day('The day.', { virtual: true, example: '2026-12-08' })
  @Column({ type: 'date', name: 'on_day' })
  on: string;

  @Choice(ActivityKind, 'ActivityKind', 'What it is.', { example: 'meeting' })
  kind: ActivityKind;

  @Text(200, 'Its name, where it has one.', { optional: true, personal: true, example: 'First meeting of the group' })
  title: string | null;

  @Choice(OpportunityMode, 'OpportunityMode', 'In which way the contributor takes part.', { example: 'in-person' })
  mode: OpportunityMode;

  @Whole({ min: 0, max: 1440 }, 'How long it lasts, in minutes.', { example: 120 })
  minutes: number;

  @Whole({ min: 0, max: 6000 }, 'Reading and other preparation, in minutes.', { default: 0, example: 60 })
  preparationMinutes: number;

  @Choice(Attendance, 'Attendance', 'Whether the contributor was there. It can be said from the day itself on.', {
    default: 'expected',
    example: 'expected',
  })
  attendance: Attendance;
}

/** Refuses attendance of what has not come yet. */
export function mustHaveCome(on: string, attendance: Attendance | undefined, today: string): void {
  if ((attendance === 'attended' || attendance === 'missed') && on > today)
    throw new Refused('not_yet', 'This activity lies in the future: who was there can be said from its day on.', [
      { in: 'body', at: '/attendance', code: 'not_yet', message: 'Send "expected" or "cancelled", or leave it out.' },
    ]);
}

constraint(
  'activity_within_involvement',
  422,
  'outside_involvement',
  'The day lies outside the days of the involvement.',
);
constraint('activity_takes_time', 422, 'no_time', 'Give minutes or preparationMinutes above 0.');
