import { Entity } from 'typeorm';
import { Choice, Day, Instant, Ref } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';

/** What became of a reminder. */
export const ReminderState = {
  Owed: 'owed',
  Sent: 'sent',
  NoMailbox: 'no-mailbox',
  Failed: 'failed',
  Dropped: 'dropped',
} as const;
export type ReminderState = (typeof ReminderState)[keyof typeof ReminderState];

/** That an organisation was to be reminded of its return on a day: at most one a day. Its id is the id of the e-mail. */
@Entity({ schema: 'edi', name: 'reminder' })
export class Reminder extends StoredRecord {
  @Ref('The organisation in the collection.', { readOnly: true })
  collectionOrganisationId: string;

  @Day('The day, in UK time.', { readOnly: true })
  day: string;

  @Choice(ReminderState, 'ReminderState', 'What became of it.', { readOnly: true, default: 'owed' })
  state: ReminderState;

  @Instant('When it was sent.', { optional: true, readOnly: true })
  sentAt: Date | null;

  /** Whether it may still be sent, on its day. */
  get isOpen(): boolean {
    return this.state !== ReminderState.Sent && this.state !== ReminderState.Dropped;
  }
}
