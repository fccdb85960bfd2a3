import { PickType } from '@nestjs/swagger';
import { Text } from '../../kernel/db/fields';
import { ReminderMailbox } from './mailbox.entity';

/** The checks of an address for reminders. */
export const MAILBOX = {
  virtual: true,
  pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  patternSays: 'Send one e-mail address, such as name@example.org.',
} as const;

const EMAIL = 'E-mail address. Give a shared one of the team that sends the return, not one of a person.';

/** Where reminders are to go. */
export class MailboxBody {
  @Text(254, EMAIL, { ...MAILBOX, example: 'involvement-returns@example.org' })
  email: string;
}

/** Where reminders of a late return reach an organisation. */
export class MailboxDetails extends PickType(ReminderMailbox, [
  'id',
  'createdAt',
  'updatedAt',
  'version',
  'organisationId',
] as const) {
  @Text(254, EMAIL, { ...MAILBOX, example: 'involvement-returns@example.org' })
  email: string;
}
