import { Inject, Injectable, OnModuleInit } from '@nestjs/common';
import { theService } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { CONFIG, type Config } from '../../kernel/config';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { Jobs } from '../../kernel/jobs/jobs';
import { Sender } from '../../kernel/messages/sender';
import { ReturnEvent } from '../events';
import { ReminderMailboxes } from './mailbox.service';
import { Reminder, ReminderState } from './reminder.entity';
import { type ReminderFacts, reminderWords } from './reminder-words';

/** On working days in the morning; UTC. */
const WHEN = '0 8 * * 1-5';

interface Place {
  id: string;
  place_id: string;
  collection_id: string;
  organisation_id: string;
}

/** Of place `m` in collection `c`: whether its return is late on the day of the parameter, and still missing. */
const isLate = (day: string): string => `c.state = 'open' AND coalesce(m.due_on, c.due_on) < ${day}::date
    AND NOT EXISTS (SELECT FROM edi.return r WHERE r.collection_id = m.collection_id AND r.organisation_id = m.organisation_id AND r.state <> 'replaced')`;

/** All late organisations of open collections that have no reminder of this day yet; the day's row is what keeps a second run quiet. */
const REMIND = `
  INSERT INTO edi.reminder (collection_organisation_id, day)
  SELECT m.id, $1::date
  FROM edi.collection_organisation m JOIN edi.collection c ON c.id = m.collection_id
  WHERE ${isLate('$1')}
  ON CONFLICT ON CONSTRAINT reminder_once_a_day DO NOTHING
  RETURNING id, collection_organisation_id AS place_id,
    (SELECT collection_id FROM edi.collection_organisation m WHERE m.id = collection_organisation_id) AS collection_id,
    (SELECT organisation_id FROM edi.collection_organisation m WHERE m.id = collection_organisation_id) AS organisation_id`;

/** What of a day is not sent. One of an earlier day never is: the next has taken its place. */
const UNSENT = `
  SELECT n.id, m.id AS place_id, m.collection_id, m.organisation_id
  FROM edi.reminder n JOIN edi.collection_organisation m ON m.id = n.collection_organisation_id
  WHERE n.day = $1::date AND n.state IN ('owed', 'no-mailbox', 'failed') ORDER BY n.id`;

const FACTS = `
  SELECT c.id AS "collectionId", o.id AS "organisationId", o.name AS organisation, c.title, c."from", c.until,
    coalesce(m.due_on, c.due_on) AS "dueOn", c.forms, c.contact
  FROM edi.collection_organisation m JOIN edi.collection c ON c.id = m.collection_id JOIN people.organisation o ON o.id = m.organisation_id
  WHERE m.id = $1 AND ${isLate('$2')}`;

/**
 * Reminds organisations whose return is late, by e-mail: the queue `collection.remind`. At least once; a message has the reminder's id, by
 * which a sender knows a repeat.
 */
@Injectable()
export class Reminders implements OnModuleInit {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly sender: Sender,
    private readonly mailboxes: ReminderMailboxes,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  onModuleInit(): void {
    this.jobs.work('collection.remind', async () => {
      await this.remind();
    });
    this.jobs.every(WHEN, 'collection.remind');
  }

  /**
   * Reminds each late organisation once a day, however often it runs. Answers for how many a reminder was made now.
   * @throws what the sender threw, once all others are sent: the job then comes again, and sends what was not
   */
  async remind(): Promise<number> {
    const day = this.clock.today();
    const made = await this.make(day);
    const failed: Error[] = [];
    for (const place of await this.db.query<Place>(UNSENT, [day]))
      await this.sendOne(place, day).catch(async (error: unknown) => {
        failed.push(error instanceof Error ? error : new Error('not sent'));
        await this.db.write(theService(), (tx) => this.become(tx, place.id, ReminderState.Failed));
      });
    if (failed[0]) throw failed[0];
    return made;
  }

  private make(day: string): Promise<number> {
    return this.db.write(theService(), async (tx) => {
      const made = await tx.query<Place>(REMIND, [day]);
      for (const { id, place_id, collection_id, organisation_id } of made) {
        tx.emit({
          type: ReturnEvent.Reminded,
          subject: 'collection_organisation',
          subjectId: place_id,
          version: 1,
          organisationId: organisation_id,
          data: { collectionId: collection_id, day },
        });
        tx.audit('created', 'reminder', id, { organisationId: organisation_id, after: { day } });
      }
      return made.length;
    });
  }

  /**
   * Sends one, unless it is not needed any more. Until it is sent the place and the address are held, so that a return, a closing or a
   * change of the address comes before it, and is heeded, or after it. Where the process dies in between, the mark is lost and the same
   * message is delivered again under the same id, which sends nothing twice.
   */
  private sendOne({ id, place_id, collection_id, organisation_id }: Place, day: string): Promise<void> {
    return this.db.write(theService(), async (tx) => {
      await tx.query('SELECT 1 FROM edi.collection WHERE id = $1 FOR SHARE', [collection_id]);
      await tx.query('SELECT 1 FROM edi.collection_organisation WHERE id = $1 FOR SHARE', [place_id]);
      const open = await tx.query(
        `SELECT 1 FROM edi.reminder WHERE id = $1 AND state NOT IN ('sent', 'dropped') FOR NO KEY UPDATE`,
        [id],
      );
      if (open.length === 0) return;
      const [facts] = await tx.query<ReminderFacts>(FACTS, [place_id, day]);
      if (!facts) return this.become(tx, id, ReminderState.Dropped);
      const mailbox = await this.mailboxes.held(tx, organisation_id);
      if (!mailbox) return this.become(tx, id, ReminderState.NoMailbox);
      if (!this.sender.reaches('email')) return this.become(tx, id, ReminderState.Failed);
      await this.sender.deliver({
        ...{ id, channel: 'email', to: mailbox.email, language: 'en', personId: null, ref: mailbox.id },
        ...reminderWords(facts, this.config.publicUrl),
      });
      await this.become(tx, id, ReminderState.Sent);
    });
  }

  /** Notes what became of a reminder, where that is new and it is not settled. */
  private async become(tx: Tx, id: string, state: ReminderState): Promise<void> {
    const [there] = await tx.query(`SELECT 1 FROM edi.reminder WHERE id = $1 FOR NO KEY UPDATE`, [id]);
    if (!there) return;
    const reminder = await tx.get(Reminder, id);
    if (reminder.state === state || !reminder.isOpen) return;
    await tx.change(reminder, { state, sentAt: state === ReminderState.Sent ? tx.at : null });
  }
}
