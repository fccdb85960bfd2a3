import { Column, Entity } from 'typeorm';
import { Instant, Ref } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import type { Tx } from '../../kernel/db/tx';
import { constraint } from '../../kernel/errors/describe';
import { forgetMessages } from '../../kernel/messages/local-outbox';
import { personalTable } from '../../kernel/privacy/personal';
import { sealedColumn } from '../../kernel/privacy/sealed-columns';
import { fixedId } from '../../people';

/** Where reminders of a late return reach an organisation. One for all its collections; sealed, since it may be one person's address. */
@Entity({ schema: 'edi', name: 'reminder_mailbox' })
export class ReminderMailbox extends StoredRecord {
  @Ref('The organisation.', { readOnly: true, example: fixedId('organisation', 'rrdn-south-west-peninsula') })
  organisationId: string;

  @Column({ type: 'bytea' })
  emailSealed: Buffer;

  @Ref('The account of the organisation that gave it; null where a data steward did.', {
    optional: true,
    readOnly: true,
  })
  givenByAccountId: string | null;

  @Instant('When it was last needed.', { readOnly: true })
  neededAt: Date;
}

export const MAILBOX_TABLE = 'edi.reminder_mailbox';
sealedColumn(MAILBOX_TABLE, 'email_sealed');

constraint(
  'reminder_mailbox_once',
  409,
  'mailbox_meanwhile',
  'Somebody gave an address for this organisation at the same moment. Read it, then send yours with its ETag.',
);

/** Deletes mailboxes by their ids, with what a trial run kept of messages to them. */
export async function forgetMailboxes(tx: Tx, ids: readonly string[]): Promise<void> {
  await forgetMessages(tx, ids);
  await tx.query('DELETE FROM edi.reminder_mailbox WHERE id = ANY($1::uuid[])', [ids]);
}

personalTable({
  table: MAILBOX_TABLE,
  person: 'given_by_account_id',
  key: 'account',
  heading: 'Addresses for reminders that you gave',
  holds: 'E-mail addresses to which an organisation of yours has reminders of its diversity return sent',
  shown: { without: ['needed_at'], named: { organisation_id: 'people.organisation.name' } },
  erase: async (tx, id) => {
    const given = await tx.query<{ id: string }>(
      'SELECT id FROM edi.reminder_mailbox WHERE given_by_account_id = $1 FOR UPDATE',
      [id],
    );
    await forgetMailboxes(
      tx,
      given.map((one) => one.id),
    );
    return { went: given.length, stayed: [] };
  },
  keptFor: 'Until it is taken out, or two years after the last collection of the organisation was closed',
  rule: 'UK GDPR Article 5(1)(e): for as long as the organisation is to be reminded',
  order: 413,
  retention: {
    from: 'needed_at',
    after: 'P2Y',
    where: `NOT EXISTS (SELECT FROM edi.collection_organisation m JOIN edi.collection c ON c.id = m.collection_id
      WHERE m.organisation_id = r.organisation_id AND c.state <> 'closed')`,
    then: forgetMailboxes,
  },
});
