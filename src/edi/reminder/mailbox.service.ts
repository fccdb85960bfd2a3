import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { BadInput, Conflict, NotFound, Problem } from '../../kernel/errors/problem';
import { normalEmail } from '../../kernel/privacy/blind-index';
import { forgetMessages } from '../../kernel/messages/local-outbox';
import { Sealer } from '../../kernel/privacy/sealer';
import { holdAccount } from '../../people';
import { KEEP_MAILBOXES } from '../permissions';
import type { MailboxBody, MailboxDetails } from './mailbox.dto';
import { MAILBOX_TABLE, ReminderMailbox } from './mailbox.entity';

/** What is said of an organisation where it is put on the list of a collection. */
interface Given {
  organisationId: string;
  mailbox?: string | null;
}

/** Where an organisation is written to. */
export interface Held {
  id: string;
  email: string;
}

/** Addresses for reminders: read and changed by the organisation itself and by data stewards, by nobody else. */
@Injectable()
export class ReminderMailboxes {
  constructor(
    private readonly db: Db,
    private readonly sealer: Sealer,
  ) {}

  /** The address. That it was read is recorded. */
  get(who: Actor, organisationId: string): Promise<MailboxDetails> {
    mustBeOwn(who, organisationId);
    return this.db.write(who, async (tx) => {
      const found = await this.found(tx, organisationId);
      tx.audit('read', 'reminder_mailbox', found.id, { organisationId });
      return this.opened(found);
    });
  }

  /** Gives an address, or puts this one in the place of the one there is; then the version that was read must be said. */
  put(
    who: Actor,
    organisationId: string,
    version: number | undefined,
    { email }: MailboxBody,
  ): Promise<MailboxDetails> {
    mustBeOwn(who, organisationId);
    mustBeAddress(email, '/email');
    return this.db.write(who, async (tx) => {
      const there = await this.stored(tx, organisationId);
      if (!there) {
        if (version !== undefined)
          throw new Conflict('no_mailbox_yet', 'There is no address yet. Send it without If-Match.');
        const known = await tx.query(`SELECT 1 FROM people.organisation WHERE id = $1 AND state = 'verified'`, [
          organisationId,
        ]);
        if (known.length === 0) throw unknownOrganisation();
        return this.opened(await this.made(tx, organisationId, email));
      }
      if (version === undefined)
        throw new Problem(
          428,
          'if_match_needed',
          'There is an address already. Read it, and send its ETag in an If-Match header.',
        );
      return this.opened(await this.changed(tx, there, email, version));
    });
  }

  /** Takes the address out; the organisation is then reminded by nobody. */
  remove(who: Actor, organisationId: string, version: number): Promise<void> {
    mustBeOwn(who, organisationId);
    return this.db.write(who, async (tx) => {
      const found = await this.found(tx, organisationId);
      await tx.remove(found, version, { organisationId });
      await forgetMessages(tx, [found.id]);
    });
  }

  /** Keeps what a list of organisations says of their addresses: one that is not mentioned stays as it is, null takes it out. */
  async give(tx: Tx, list: readonly Given[]): Promise<void> {
    list.forEach(({ mailbox }, at) => mailbox && mustBeAddress(mailbox, `/organisations/${at}/mailbox`));
    const said = list.filter(({ mailbox }) => mailbox !== undefined);
    // In one order, so that two lists at once do not wait for each other.
    for (const { organisationId, mailbox } of said.sort((a, b) => (a.organisationId < b.organisationId ? -1 : 1))) {
      const there = await this.stored(tx, organisationId);
      if (mailbox && !there) await this.made(tx, organisationId, mailbox);
      else if (mailbox && there && this.opened(there).email !== mailbox) await this.changed(tx, there, mailbox);
      else if (mailbox === null && there) {
        await tx.remove(there, there.version, { organisationId });
        await forgetMessages(tx, [there.id]);
      }
    }
  }

  /** The address, which nobody changes or takes out till the transaction ends; null where there is none. */
  async held(tx: Tx, organisationId: string): Promise<Held | null> {
    const [row] = await tx.query<{ id: string; email_sealed: Buffer }>(
      'SELECT id, email_sealed FROM edi.reminder_mailbox WHERE organisation_id = $1 FOR SHARE',
      [organisationId],
    );
    return row ? { id: row.id, email: this.sealer.open(place(row.id), row.email_sealed) } : null;
  }

  /** From now, two years are counted till an address is deleted that no collection needs. */
  async neededUntilNow(tx: Tx, collectionId: string): Promise<void> {
    await tx.query(
      `UPDATE edi.reminder_mailbox b SET needed_at = $2 FROM edi.collection_organisation m
       WHERE m.collection_id = $1 AND b.organisation_id = m.organisation_id`,
      [collectionId, tx.at],
    );
  }

  private async stored(tx: Tx, organisationId: string): Promise<ReminderMailbox | undefined> {
    const [row] = await tx.query<{ id: string }>(
      'SELECT id FROM edi.reminder_mailbox WHERE organisation_id = $1 FOR NO KEY UPDATE',
      [organisationId],
    );
    return row && tx.get(ReminderMailbox, row.id);
  }

  private async found(tx: Tx, organisationId: string): Promise<ReminderMailbox> {
    const there = await this.stored(tx, organisationId);
    if (!there) throw new NotFound('No address for reminders is known of this organisation.');
    return there;
  }

  private async made(tx: Tx, organisationId: string, email: string): Promise<ReminderMailbox> {
    const id = await this.sealer.rowId(tx);
    return tx.insert(
      ReminderMailbox,
      {
        ...{ id, organisationId, neededAt: tx.at },
        emailSealed: this.sealer.seal(place(id), email),
        givenByAccountId: await giver(tx),
      },
      { organisationId },
    );
  }

  private async changed(tx: Tx, there: ReminderMailbox, email: string, version?: number): Promise<ReminderMailbox> {
    const { id, organisationId } = there;
    const patch = {
      emailSealed: this.sealer.seal(place(id), email),
      givenByAccountId: await giver(tx),
      neededAt: tx.at,
    };
    const changed = await tx.change(there, patch, version, { organisationId });
    await forgetMessages(tx, [id]);
    return changed;
  }

  private opened({ id, createdAt, updatedAt, version, organisationId, emailSealed }: ReminderMailbox): MailboxDetails {
    return { id, createdAt, updatedAt, version, organisationId, email: this.sealer.open(place(id), emailSealed) };
  }
}

const place = (row: string) => ({ table: MAILBOX_TABLE, row, column: 'email_sealed' });

const unknownOrganisation = (): NotFound => new NotFound('No organisation of yours has this id.');

function mustBeOwn(who: Actor, organisationId: string): void {
  if (!who.mayFor(KEEP_MAILBOXES, organisationId)) throw unknownOrganisation();
}

function mustBeAddress(email: string, at: string): void {
  if (normalEmail(email) === null)
    throw new BadInput([
      { in: 'body', at, code: 'not_an_email', message: 'Send one e-mail address, such as name@example.org.' },
    ]);
}

/** The account that the address goes with, should it be erased: one of the organisation's own staff, whose address it may be. */
async function giver(tx: Tx): Promise<string | null> {
  const { accountId } = tx.actor;
  if (tx.actor.reach(KEEP_MAILBOXES).everywhere) return null;
  await holdAccount(tx, accountId);
  return accountId;
}
