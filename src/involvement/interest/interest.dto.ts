import { ApiProperty, PickType } from '@nestjs/swagger';
import { ChangeOf, Choice, Day, Flag, Instant, Json, JsonList, Ref, Text, Whole } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice, InFlag, InRef, InText } from '../../kernel/http/query';
import { fixedId } from '../../people';
import { AnswerWay } from '../opportunity/opportunity-choices';
import { Interest } from './interest.entity';
import { AssistedBy, InterestChannel, InterestState, ReplyBy } from './interest-state';

const part = { virtual: true } as const;
const perhaps = { virtual: true, optional: true } as const;
const EMAIL = {
  pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  patternSays: 'Send one e-mail address, such as name@example.org.',
};
const PHONE = {
  pattern: /^\+?[0-9 ()\-.]{7,30}$/,
  patternSays: 'Send one telephone number: digits, spaces and hyphens, with + before a country code.',
};

/** An answer to one of the organiser's questions. */
export class InterestAnswer {
  @Text(40, 'Key of the question.', { ...part, example: 'question-1' })
  key: string;

  @Choice(AnswerWay, 'AnswerWay', 'How it is answered.', { ...part, example: 'text' })
  way: AnswerWay;

  @Text(20_000, 'The answer, where it is a text. The question may limit how many words it has.', {
    ...perhaps,
    example: 'My mother fell twice last winter.',
  })
  text?: string | null;

  @Text(500, 'Where the recording or letter is: a link, or where it is kept.', { ...perhaps, example: null })
  where?: string | null;
}

/** The person through whom somebody is reached. */
export class InterestSupporter {
  @Text(200, 'Name.', { ...part, example: 'Keith Maughan' })
  name: string;

  @Text(300, 'E-mail address, telephone number or postal address.', { ...part, example: '01632 960304' })
  contact: string;
}

/** Somebody who has no record yet. Sealed, and removed once it is not needed. */
export class InterestPerson {
  @Text(200, 'Name.', { ...part, example: 'Rosalind Achterberg' })
  name: string;

  @Text(254, 'E-mail address.', { ...perhaps, example: 'rosalind@example.org', ...EMAIL })
  email?: string | null;

  @Text(31, 'Telephone number; without a country code it is read as one of the UK.', {
    ...perhaps,
    example: '020 7946 0018',
    ...PHONE,
  })
  phone?: string | null;

  @Text(500, 'Postal address, lines separated by line feeds.', { ...perhaps, example: null })
  address?: string | null;

  @Json(() => InterestSupporter, 'Through whom they are reached, where that is how they want to be told.', perhaps)
  supporter?: InterestSupporter | null;

  @Choice(ReplyBy, 'ReplyBy', 'How they want to be told what came of it.', { ...part, example: 'email' })
  replyBy: ReplyBy;
}

/** A group that would take part together. */
export class InterestGroup {
  @Text(200, 'Name of the group.', { ...part, example: 'Tuesday walking group' })
  name: string;

  @Whole({ min: 2, max: 500 }, 'How many people it is; each takes a place.', { ...part, example: 4 })
  size: number;
}

/** Somebody who helped. */
export class InterestHelp {
  @Text(200, 'Name of the helper.', { ...part, example: 'Sam Whitcombe' })
  name: string;

  @Text(100, 'Who they are to the person.', { ...perhaps, example: 'neighbour' })
  relation?: string | null;

  @Choice(AssistedBy, 'AssistedBy', 'How the two spoke.', { ...part, example: 'phone' })
  by: AssistedBy;
}

/** What can be said in any interest. */
export class InterestFields extends PickType(Interest, ['howHeard', 'keepOnFile', 'language'] as const) {
  @JsonList(() => InterestAnswer, { items: 20 }, 'Answers to the organiser’s questions.', { ...part, default: [] })
  answers?: InterestAnswer[];

  @Text(2000, 'When the person could take part, in words.', { ...perhaps, example: 'Tuesday and Thursday mornings' })
  availability?: string | null;

  @Text(300, 'How the person heard of it, in their own words.', {
    ...perhaps,
    example: 'My daughter saw a poster at the surgery',
  })
  howHeardWords?: string | null;

  @Json(() => InterestGroup, 'The group, where it is one that would take part together.', perhaps)
  group?: InterestGroup | null;

  @Json(() => InterestHelp, 'Who helped, where somebody did.', perhaps)
  help?: InterestHelp | null;
}

export class NewInterest extends InterestFields {
  @Json(
    () => InterestPerson,
    'Whose interest it is, where a site sends it for somebody without an account. Left out by contributors.',
    perhaps,
  )
  person?: InterestPerson | null;
}

export class RecordedInterest extends InterestFields {
  @Choice(InterestChannel, 'InterestChannel', 'How it came.', { ...part, example: 'phone' })
  channel: InterestChannel;

  @Ref('Whose interest it is, where they have a record with your organisation.', {
    ...perhaps,
    example: fixedId('contributor', 'margaret-lloyd'),
  })
  contributorId?: string | null;

  @Json(() => InterestPerson, 'Whose interest it is, where they have no record.', perhaps)
  person?: InterestPerson | null;

  @Day(
    'The day on which it came, UK time; today where it is left out. After the closing day, what came in time can still be recorded.',
    { ...perhaps, example: null },
  )
  receivedOn?: string | null;

  @Flag('Whether you have spoken with the person at the contact given, so that it is confirmed.', {
    ...part,
    default: false,
    example: true,
  })
  confirmedByCall?: boolean;
}

export class InterestChange extends ChangeOf(PickType(InterestFields, ['answers', 'availability'] as const)) {}

/** An interest as the person, whoever sent it and the organiser see it. */
export class InterestDetails extends PickType(Interest, [
  ...([
    'id',
    'createdAt',
    'updatedAt',
    'version',
    'opportunityId',
    'organisationId',
    'contributorId',
    'siteOrganisationId',
    'duplicateOf',
    'state',
    'party',
    'groupSize',
  ] as const),
  ...([
    'assisted',
    'howHeard',
    'keepOnFile',
    'channel',
    'language',
    'replyBy',
    'contactConfirmedAt',
    'contactConfirmedHow',
  ] as const),
  ...([
    'referenceEnd',
    'receivedAt',
    'shortlistedAt',
    'reservedAt',
    'offeredAt',
    'answerBy',
    'answeredAt',
    'endedAt',
  ] as const),
]) {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The reference by which the person may follow or withdraw: shown to the account that sent it.',
    example: 'PPI-7K3F-9QXM-2RTW0',
  })
  reference: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Name of the person.' })
  name: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'E-mail address.' })
  email: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Telephone number.' })
  phone: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Postal address.' })
  address: string | null;

  @ApiProperty({ type: InterestSupporter, nullable: true, description: 'Through whom the person is reached.' })
  supporter: InterestSupporter | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Name of the group.' })
  groupName: string | null;

  @ApiProperty({ type: InterestHelp, nullable: true, description: 'Who helped.' })
  help: InterestHelp | null;

  @ApiProperty({ type: InterestAnswer, isArray: true, description: 'Answers to the organiser’s questions.' })
  answers: InterestAnswer[];

  @ApiProperty({ type: 'string', nullable: true, description: 'When the person could take part.' })
  availability: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'How the person heard of it, in their own words.' })
  howHeardWords: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why it was not selected, as the person is told.' })
  reason: string | null;
}

export class InterestPage extends PageOf(InterestDetails) {}

export class InterestFilter extends PageQuery {
  @InChoice(Object.values(InterestState), 'How far it is.', { example: 'received' })
  state?: InterestState;

  @InFlag('Whether somebody helped.', { example: true })
  assisted?: boolean;

  @InChoice(Object.values(InterestChannel), 'How it came.', { example: 'phone' })
  channel?: InterestChannel;
}

export class InterestSearch extends InterestFilter {
  @InText(40, 'The reference that the person tells. Case, blanks and hyphens do not matter.', {
    example: 'PPI-7K3F-9QXM-2RTW0',
  })
  reference?: string;

  @InRef('The opportunity.')
  opportunity?: string;
}

/** What a person proves: the reference, and a contact that they gave. */
export class Follow {
  @Text(40, 'The reference. Case, blanks and hyphens do not matter.', { ...part, example: 'PPI-7K3F-9QXM-2RTW0' })
  reference: string;

  @Text(254, 'The e-mail address or telephone number that was given.', { ...part, example: 'rosalind@example.org' })
  contact: string;
}

export class ConfirmContact {
  @Text(40, 'The reference. Case, blanks and hyphens do not matter.', { ...part, example: 'PPI-7K3F-9QXM-2RTW0' })
  reference: string;

  @Text(6, 'The six digits that were sent.', {
    ...part,
    example: '480213',
    pattern: /^[0-9]{6}$/,
    patternSays: 'Send the six digits.',
  })
  code: string;
}

/** What a person learns by the reference. */
export class InterestStanding {
  @ApiProperty({ enum: Object.values(InterestState), enumName: 'InterestState', description: 'How far it is.' })
  state: InterestState;

  @ApiProperty({ type: 'string', format: 'uuid', description: 'The opportunity.' })
  opportunityId: string;

  @ApiProperty({ type: 'string', description: 'Its title.' })
  opportunityTitle: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'When the interest came.' })
  receivedAt: Date;

  @ApiProperty({
    type: 'boolean',
    description: 'Whether the contact is confirmed. Until it is, no place can be offered.',
  })
  contactConfirmed: boolean;

  @ApiProperty({
    type: 'string',
    format: 'date',
    nullable: true,
    description: 'Last day to answer an offer, UK time; null where none is open.',
  })
  answerBy: string | null;
}

/** That a code is on its way. */
export class CodeSent {
  @ApiProperty({ enum: ['email', 'text'], description: 'By which way.' })
  by: 'email' | 'text';

  @Instant('Until when it may be used.', { virtual: true, readOnly: true })
  expiresAt: Date;
}

export class LinkContributor {
  @Ref('The contributor’s record, with your organisation.', {
    ...part,
    example: fixedId('contributor', 'margaret-lloyd'),
  })
  contributorId: string;
}
