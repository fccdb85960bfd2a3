import { Column, Entity } from 'typeorm';
import { Choice, Instant, Ref } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import type { Fields } from '../../kernel/db/tx';
import { Conflict } from '../../kernel/errors/problem';
import { sealedColumn } from '../../kernel/privacy/sealed-columns';
import { fixedId } from '../../people';
import { ReplyBy } from '../interest/interest-state';

export const NoticeKind = {
  InterestReceived: 'interest-received',
  Shortlisted: 'shortlisted',
  Reserve: 'reserve',
  Offered: 'offered',
  Accepted: 'accepted',
  NotSelected: 'not-selected',
  Lapsed: 'lapsed',
  Drawn: 'drawn',
  OpportunityChanged: 'opportunity-changed',
  OpportunityWithdrawn: 'opportunity-withdrawn',
  OpportunityHidden: 'opportunity-hidden',
  OpportunityShownAgain: 'opportunity-shown-again',
  InvolvementEnded: 'involvement-ended',
} as const;
export type NoticeKind = (typeof NoticeKind)[keyof typeof NoticeKind];

export const NoticeState = { Owed: 'owed', Sent: 'sent', Told: 'told', Dropped: 'dropped' } as const;
export type NoticeState = (typeof NoticeState)[keyof typeof NoticeState];

/** Languages in which the service has words. */
export const NoticeLanguage = { English: 'en', Welsh: 'cy' } as const;
export type NoticeLanguage = (typeof NoticeLanguage)[keyof typeof NoticeLanguage];

const set = { readOnly: true } as const;
const maySet = { optional: true, readOnly: true } as const;

/** Word that somebody is owed. The words themselves are made when it is sent, and not stored. */
@Entity({ schema: 'involvement', name: 'notice' })
export class Notice extends StoredRecord {
  @Ref('The opportunity that it is about; null for an involvement that came from none.', {
    ...maySet,
    example: fixedId('opportunity', 'dialysis-guide-readers'),
  })
  opportunityId: string | null;

  @Ref('The organisation that owes it.', { ...set, example: fixedId('organisation', 'castlebridge-hospitals') })
  organisationId: string;

  @Ref('The interest that it is about.', { ...maySet, example: null })
  interestId: string | null;

  @Ref('The involvement that it is about: one that began without an interest, or one that has ended.', {
    ...maySet,
    example: null,
  })
  involvementId: string | null;

  @Ref('To whom; null for somebody without a record.', { ...maySet, example: null })
  contributorId: string | null;

  @Choice(NoticeKind, 'NoticeKind', 'What it tells.', { ...set, example: 'offered' })
  kind: NoticeKind;

  @Choice(ReplyBy, 'ReplyBy', 'How the person wants to be told.', { ...set, example: 'phone' })
  channel: ReplyBy;

  @Choice(NoticeLanguage, 'NoticeLanguage', 'In which language.', { ...set, example: 'en' })
  language: NoticeLanguage;

  @Choice(
    NoticeState,
    'NoticeState',
    'Owed; sent by the service; told by somebody; or dropped, because nothing is left to say.',
    { ...set, example: 'owed' },
  )
  state: NoticeState;

  @Instant('When it is overdue.', { ...set, example: '2026-11-28T12:00:00.000Z' })
  dueAt: Date;

  @Ref('The event that made it, where one did.', { ...maySet, example: null })
  eventId: string | null;

  @Instant('When the service sent it.', { ...maySet, example: null })
  sentAt: Date | null;

  @Instant('When somebody told the person.', { ...maySet, example: null })
  toldAt: Date | null;

  @Ref('The account that recorded so.', { ...maySet, example: null })
  toldByAccountId: string | null;

  @Choice(ReplyBy, 'ReplyBy', 'How the person was told.', { ...maySet, example: null })
  toldHow: ReplyBy | null;

  @Column({ type: 'bytea', nullable: true })
  noteSealed: Buffer | null;

  /** Somebody told the person. What the service has sent can be told again by somebody, but once is enough on record. */
  told(at: Date, by: string | null, how: ReplyBy, noteSealed: Buffer | null): Fields<Notice> {
    if (this.state !== 'owed')
      throw new Conflict('notice_closed', `This notice is not owed any more: it is ${this.state}.`);
    return { state: 'told', toldAt: at, toldByAccountId: by, toldHow: how, noteSealed };
  }
}

export const NOTICE_TABLE = 'involvement.notice';
sealedColumn(NOTICE_TABLE, 'note_sealed');
