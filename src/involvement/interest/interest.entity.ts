import { Column, Entity } from 'typeorm';
import { Choice, Day, Flag, Instant, Ref, Text, Whole } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import type { Fields } from '../../kernel/db/tx';
import { constraint } from '../../kernel/errors/describe';
import { Conflict, Refused } from '../../kernel/errors/problem';
import { sealedColumn } from '../../kernel/privacy/sealed-columns';
import { fixedId } from '../../people';
import {
  AssistedBy,
  ConfirmedHow,
  FOLLOWS,
  HowHeard,
  InterestChannel,
  InterestState,
  LIVE,
  Party,
  ReplyBy,
} from './interest-state';

const set = { readOnly: true } as const;
const maySet = { optional: true, readOnly: true } as const;

/** States in words. */
const SAID: Record<InterestState, string> = {
  received: 'received',
  shortlisted: 'on the shortlist',
  reserve: 'kept in reserve',
  offered: 'offered a place',
  accepted: 'accepted',
  declined: 'declined',
  lapsed: 'lapsed',
  'not-selected': 'not selected',
  withdrawn: 'withdrawn',
};

/** Longest time that an offer stays open, in days. */
export const LONGEST_OFFER_DAYS = 120;

/** That a person or a group would like to take part in an opportunity. Who they are and what they say is sealed. */
@Entity({ schema: 'involvement', name: 'interest' })
export class Interest extends StoredRecord {
  @Ref('The opportunity.', { ...set, example: fixedId('opportunity', 'gofal-gwledig-village-groups') })
  opportunityId: string;

  @Ref('The organisation that offers it.', { ...set, example: fixedId('organisation', 'castlebridge-hospitals') })
  organisationId: string;

  @Ref('Whose interest it is; null for somebody who has no record yet.', {
    ...maySet,
    example: fixedId('contributor', 'margaret-lloyd'),
  })
  contributorId: string | null;

  @Ref('The account that sent or recorded it.', { ...maySet, example: null })
  sentByAccountId: string | null;

  @Ref('The organisation whose site sent it; null where no site did.', { ...maySet, example: null })
  siteOrganisationId: string | null;

  @Ref(
    'The first interest of the same contact, where a site sent another: shown to the organiser. One of them may fill a place.',
    {
      ...maySet,
      example: null,
    },
  )
  duplicateOf: string | null;

  @Choice(InterestState, 'InterestState', 'How far it is.', { ...set, default: 'received', example: 'received' })
  state: InterestState;

  @Choice(Party, 'Party', 'One person, or a group that would take part together.', {
    ...set,
    default: 'person',
    example: 'person',
  })
  party: Party;

  @Whole({ min: 2, max: 500 }, 'How many people the group is; each takes a place.', { ...maySet, example: null })
  groupSize: number | null;

  @Flag('Whether somebody helped the person.', { ...set, default: false, example: false })
  assisted: boolean;

  @Choice(AssistedBy, 'AssistedBy', 'How the helper and the person spoke.', { ...maySet, example: null })
  assistedByChannel: AssistedBy | null;

  @Column({ type: 'bytea', nullable: true })
  personSealed: Buffer | null;

  @Column({ type: 'bytea', nullable: true })
  answersSealed: Buffer | null;

  @Choice(HowHeard, 'HowHeard', 'How the person heard of it.', { optional: true, example: 'newsletter' })
  howHeard: HowHeard | null;

  @Flag('Whether the person would like to hear of similar opportunities if not chosen.', {
    default: false,
    example: true,
  })
  keepOnFile: boolean;

  @Choice(InterestChannel, 'InterestChannel', 'How the interest came.', { example: 'online' })
  channel: InterestChannel;

  @Text(35, 'Language in which the person would like to be answered, as a BCP 47 tag.', {
    default: 'en',
    example: 'en',
    pattern: /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/,
    patternSays: 'Send a language tag such as en, cy or bfi.',
  })
  language: string;

  @Choice(ReplyBy, 'ReplyBy', 'How somebody without a record wants to be told.', { ...maySet, example: null })
  replyBy: ReplyBy | null;

  @Column({ type: 'bytea', nullable: true })
  contactDigest: Buffer | null;

  @Instant('When the contact was confirmed; null until then, and where a contributor’s record stands for it.', {
    ...maySet,
    example: null,
  })
  contactConfirmedAt: Date | null;

  @Choice(ConfirmedHow, 'ConfirmedHow', 'How it was confirmed.', { ...maySet, example: null })
  contactConfirmedHow: ConfirmedHow | null;

  @Column({ type: 'integer', default: 0 })
  codeIssue: number;

  @Column({ type: 'timestamptz', nullable: true })
  codeExpiresAt: Date | null;

  @Column({ type: 'integer', default: 0 })
  codeAttempts: number;

  @Column({ type: 'bytea' })
  referenceHash: Buffer;

  @Text(4, 'Last four characters of the reference.', { ...set, example: '9QXM' })
  referenceEnd: string;

  @Instant('When the interest reached the organiser.', { ...set, example: '2026-11-23T12:00:00.000Z' })
  receivedAt: Date;

  @Instant('When it was put on the shortlist.', { ...maySet, example: null })
  shortlistedAt: Date | null;

  @Instant('When it was put on the reserve list: the earliest is next.', { ...maySet, example: null })
  reservedAt: Date | null;

  @Instant('When a place was last offered.', { ...maySet, example: null })
  offeredAt: Date | null;

  @Day('Last day, UK time, on which the offer can be accepted.', { ...maySet, example: null })
  answerBy: string | null;

  @Instant('When the offer was accepted or declined.', { ...maySet, example: null })
  answeredAt: Date | null;

  @Instant('When it was declined, lapsed, not selected or withdrawn.', { ...maySet, example: null })
  endedAt: Date | null;

  @Column({ type: 'bytea', nullable: true })
  reasonSealed: Buffer | null;

  @Column({ type: 'timestamptz', nullable: true })
  erasedAt: Date | null;

  /** Whether something may still come of it. */
  get isLive(): boolean {
    return LIVE.includes(this.state);
  }

  /** Whether the person can be reached for certain: a contributor's record stands for the contact, or it was confirmed. */
  get isConfirmed(): boolean {
    return this.contributorId !== null || this.contactConfirmedAt !== null;
  }

  shortlist(at: Date): Fields<Interest> {
    return this.become('shortlisted', { shortlistedAt: at });
  }

  reserve(at: Date): Fields<Interest> {
    return this.become('reserve', { reservedAt: at });
  }

  /** Offers a place until the end of a day. A lapsed offer can be made anew. */
  offer(at: Date, today: string, answerBy: string): Fields<Interest> {
    const change = this.become('offered', { offeredAt: at, answerBy, endedAt: null });
    if (!this.isConfirmed)
      throw new Refused(
        'contact_not_confirmed',
        'The contact of this person is not confirmed yet. Ring them and record that, or have a code sent.',
      );
    if (answerBy < today || daysBetween(today, answerBy) > LONGEST_OFFER_DAYS)
      throw new Refused(
        'answer_by_out_of_range',
        `Choose a day from today to ${LONGEST_OFFER_DAYS} days ahead as answerBy.`,
      );
    return change;
  }

  /** The reason is what the person is told, sealed for this row. */
  turnDown(at: Date, reasonSealed: Buffer): Fields<Interest> {
    return this.become('not-selected', { endedAt: at, reasonSealed });
  }

  accept(at: Date, today: string): Fields<Interest> {
    const change = this.become('accepted', { answeredAt: at });
    if (this.isOver(today))
      throw new Refused(
        'offer_lapsed',
        'The last day to answer this offer is over. Ask the organiser to offer it again.',
      );
    if (this.contributorId === null)
      throw new Refused(
        'record_needed',
        'Somebody who takes part needs a contributor’s record. The organiser must first tie this interest to one.',
      );
    return change;
  }

  decline(at: Date): Fields<Interest> {
    return this.become('declined', { answeredAt: at, endedAt: at });
  }

  /** Lets an offer lapse whose last day is over. */
  lapse(at: Date, today: string): Fields<Interest> {
    if (!this.isOver(today)) throw new Conflict('offer_still_open', 'The last day to answer this offer is not over.');
    return this.become('lapsed', { endedAt: at });
  }

  withdraw(at: Date): Fields<Interest> {
    return this.become('withdrawn', { endedAt: at });
  }

  /** Whether the offer's last day is over. */
  isOver(today: string): boolean {
    return this.answerBy !== null && this.answerBy < today;
  }

  private become(state: InterestState, change: Fields<Interest>): Fields<Interest> {
    if (!FOLLOWS[this.state].includes(state))
      throw new Conflict('wrong_state', `This interest is ${SAID[this.state]}, so it cannot be ${SAID[state]} now.`);
    return { ...change, state };
  }
}

const DAY_MS = 86_400_000;
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

export const INTEREST_TABLE = 'involvement.interest';
sealedColumn(INTEREST_TABLE, 'person_sealed');
sealedColumn(INTEREST_TABLE, 'answers_sealed');
sealedColumn(INTEREST_TABLE, 'reason_sealed');

export const EXISTS_ALREADY =
  'This person has sent an interest in this opportunity already. Somebody else who shares the address or number can give another, or ring the organiser.';
constraint('interest_one_live_per_contributor', 409, 'interest_exists', EXISTS_ALREADY);
constraint('interest_one_live_per_contact', 409, 'interest_exists', EXISTS_ALREADY);
export const PLACED_ALREADY =
  'This person was offered a place, or has taken it, by another interest that they sent. Turn this one down.';
constraint('interest_one_place_per_person', 409, 'place_by_repeat', PLACED_ALREADY);
constraint(
  'interest_places_not_overfilled',
  409,
  'no_place_left',
  'All places are offered or taken. Put the person on the reserve list, or raise the number of places.',
);
constraint(
  'opportunity_places_cover_offers',
  409,
  'places_taken',
  'More places than that are offered or taken already.',
);
constraint('interest_transition_allowed', 409, 'wrong_state', 'The interest has moved on meanwhile. Read it again.');
constraint('interest_of_contributor', 422, 'unknown_contributor', 'There is no contributor with this id.');
