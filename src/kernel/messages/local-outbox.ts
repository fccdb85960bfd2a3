import type { Pool } from 'pg';
import type { Tx } from '../db/tx';
import { personalTable } from '../privacy/personal';
import { Channel, Delivery, Message, Sender } from './sender';

/** A message as the outbox shows it. */
export interface OutboxMessage extends Omit<Message, 'ref' | 'html'> {
  readonly html: string | null;
  readonly ref: string | null;
  readonly madeAt: Date;
}

/** Sends nothing: keeps each message so that it can be read in a browser. For the embedded database only. */
export class LocalOutbox extends Sender {
  constructor(private readonly database: { readonly pool: Pool }) {
    super();
  }

  reaches(_: Channel): boolean {
    return true;
  }

  async deliver(message: Message): Promise<Delivery> {
    const { id, channel, to, subject, text, html, language, personId, ref } = message;
    const { rowCount } = await this.database.pool.query(
      `INSERT INTO kernel.outbox_message (id, channel, recipient, subject, body, body_html, language, person_id, ref)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
      [id, channel, to, subject, text, html ?? null, language, personId, ref ?? null],
    );
    return { sent: rowCount === 1 };
  }

  /** The newest messages, at most so many. */
  async newest(limit: number): Promise<OutboxMessage[]> {
    const { rows } = await this.database.pool.query<OutboxMessage>(
      `${SELECT} ORDER BY made_at DESC, id DESC LIMIT $1`,
      [limit],
    );
    return rows;
  }

  async one(id: string): Promise<OutboxMessage | undefined> {
    const { rows } = await this.database.pool.query<OutboxMessage>(`${SELECT} WHERE id = $1`, [id]);
    return rows[0];
  }
}

const SELECT = `
  SELECT id, channel, recipient AS "to", subject, body AS text, body_html AS html, language, person_id AS "personId", ref,
    made_at AS "madeAt"
  FROM kernel.outbox_message`;

/** Deletes messages about these records to somebody who was not on record, once their contact is not to be kept there any more. */
export async function forgetMessages(tx: Pick<Tx, 'query'>, refs: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM kernel.outbox_message WHERE person_id IS NULL AND ref = ANY($1::text[])', [refs]);
}

personalTable({
  table: 'kernel.outbox_message',
  person: 'person_id',
  heading: 'Messages to you',
  holds: 'Messages that this trial service made for you: address, subject and words',
  erase: 'delete',
  keptFor: '30 days, in a trial service only',
  rule: 'UK GDPR Article 5(1)(e)',
  order: 50,
  retention: { from: 'made_at', after: 'P30D' },
});
