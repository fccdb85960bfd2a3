import { Injectable } from '@nestjs/common';
import type { Query } from '../../kernel/privacy/query';
import { InterestParts } from '../interest/interest-parts';
import type { Notice, NoticeKind, NoticeLanguage } from './notice.entity';
import type { NoticeFacts } from './notice-words';
import { Recipient, Recipients } from './recipient';

/** What is known for one notice: what it speaks of, and how to reach the person. */
export interface Told {
  facts: NoticeFacts;
  recipient: Recipient | null;
}

interface Row {
  id: string;
  kind: NoticeKind;
  language: NoticeLanguage;
  contributor_id: string | null;
  interest_id: string | null;
  title: string;
  welsh_title: string | null;
  contact: { name: string; email?: string | null; phone?: string | null } | null;
  organisation: string;
  answer_by: string | null;
  person_sealed: Buffer | null;
  reason_sealed: Buffer | null;
  place: number | null;
  places: number | null;
  among: number | null;
}

const FACTS = `
  SELECT n.id, n.kind, n.language, n.contributor_id, n.interest_id, o.title, o.welsh->>'title' AS welsh_title, o.contact, g.name AS organisation,
    i.answer_by, i.person_sealed, i.reason_sealed, array_position(d.interest_ids, i.id) AS place, d.places, cardinality(d.interest_ids) AS among
  FROM involvement.notice n
  JOIN involvement.opportunity o ON o.id = n.opportunity_id
  JOIN people.organisation g ON g.id = n.organisation_id
  LEFT JOIN involvement.interest i ON i.id = n.interest_id
  LEFT JOIN involvement.draw d ON d.opportunity_id = n.opportunity_id AND n.kind = 'drawn'
  WHERE n.id = ANY($1::uuid[])`;

/** Finds and opens what notices speak of, many at once. */
@Injectable()
export class NoticeFactsFinder {
  constructor(
    private readonly parts: InterestParts,
    private readonly recipients: Recipients,
  ) {}

  async of(q: Query, notices: readonly Pick<Notice, 'id'>[]): Promise<Map<string, Told>> {
    const rows = await q.query<Row>(FACTS, [notices.map((notice) => notice.id)]);
    const contributors = await this.recipients.of(
      q,
      rows.flatMap((row) => row.contributor_id ?? []),
    );
    return new Map(rows.map((row) => [row.id, this.told(row, contributors)]));
  }

  private told(row: Row, contributors: ReadonlyMap<string, Recipient>): Told {
    const recipient = row.contributor_id ? (contributors.get(row.contributor_id) ?? null) : this.unrecorded(row);
    const { title, welsh_title, organisation, contact, place, places, among } = row;
    const facts: NoticeFacts = {
      name: recipient?.name ?? null,
      title: row.language === 'cy' ? (welsh_title ?? title) : title,
      organisation,
      answerBy: row.answer_by,
      reason:
        row.interest_id && row.kind === 'not-selected'
          ? this.parts.openReason({ id: row.interest_id, reasonSealed: row.reason_sealed })
          : null,
      drawn: place !== null && places !== null && among !== null ? { place, places, among } : null,
      ask: contact ? { name: contact.name, email: contact.email ?? null, phone: contact.phone ?? null } : null,
    };
    return { facts, recipient };
  }

  /** Somebody without a record: their contact is with the interest. */
  private unrecorded(row: Row): Recipient | null {
    if (!row.interest_id) return null;
    const { person } = this.parts.openPerson({ id: row.interest_id, personSealed: row.person_sealed });
    if (!person) return null;
    const { name, replyBy, email = null, phone = null, address = null, supporter = null } = person;
    return { name, channel: replyBy, language: row.language, email, phone, address, supporter };
  }
}
