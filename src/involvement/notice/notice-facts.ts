import { Injectable } from '@nestjs/common';
import type { Query } from '../../kernel/privacy/query';
import { InterestKeys } from '../interest/interest-keys';
import { InterestParts } from '../interest/interest-parts';
import type { Notice, NoticeKind, NoticeLanguage } from './notice.entity';
import type { EndReason } from '../involvement/involvement.entity';
import type { WayToApply } from '../opportunity/opportunity-parts';
import { Contact, whomToAsk } from './notice-contact';
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
  title: string | null;
  welsh_title: string | null;
  project: string | null;
  contact: Contact | null;
  how_to_apply: WayToApply[] | null;
  organisation: string;
  answer_by: string | null;
  person_sealed: Buffer | null;
  reason_sealed: Buffer | null;
  place: number | null;
  places: number | null;
  among: number | null;
  reference_hash: Buffer | null;
  ended: 'ended' | 'cancelled' | null;
  end_reason: EndReason | null;
  until: string | null;
}

const FACTS = `
  SELECT n.id, n.kind, n.language, n.contributor_id, n.interest_id, o.title, o.welsh->>'title' AS welsh_title,
    p.title AS project, o.contact, o.how_to_apply, g.name AS organisation,
    i.answer_by, i.person_sealed, i.reason_sealed, i.reference_hash,
    v.state AS ended, v.end_reason, v.until, array_position(d.interest_ids, i.id) AS place, d.places, cardinality(d.interest_ids) AS among
  FROM involvement.notice n
  LEFT JOIN involvement.opportunity o ON o.id = n.opportunity_id
  JOIN people.organisation g ON g.id = n.organisation_id
  LEFT JOIN involvement.interest i ON i.id = n.interest_id
  LEFT JOIN involvement.involvement v ON v.id = n.involvement_id AND n.kind = 'involvement-ended'
  LEFT JOIN involvement.project p ON p.id = coalesce(o.project_id, v.project_id)
  LEFT JOIN involvement.draw d ON d.opportunity_id = n.opportunity_id AND n.kind = 'drawn'
  WHERE n.id = ANY($1::uuid[])`;

/** Finds and opens what notices speak of, many at once. */
@Injectable()
export class NoticeFactsFinder {
  constructor(
    private readonly parts: InterestParts,
    private readonly recipients: Recipients,
    private readonly keys: InterestKeys,
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
    const { welsh_title, organisation, place, places, among } = row;
    const title = row.title ?? row.project ?? organisation;
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
      ask: whomToAsk(row.contact, row.how_to_apply ?? [], organisation),
      reference:
        row.interest_id && row.reference_hash && row.kind === 'interest-received'
          ? this.keys.referenceIf(row.interest_id, row.reference_hash)
          : null,
      ended: row.ended && { cancelled: row.ended === 'cancelled', because: row.end_reason, until: row.until },
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
