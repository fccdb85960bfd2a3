import { ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { Choice, JsonList, Ref, says, Text, Texts, Whole } from '../../kernel/db/fields';
import { fixedId } from '../../people';
import { InDay } from '../../kernel/http/query';

/** Three states that are never taken for each other. */
export const AnswerState = {
  Answered: 'answered',
  PrefersNotToSay: 'prefer-not-to-say',
  NotAsked: 'not-asked',
} as const;
export type AnswerState = (typeof AnswerState)[keyof typeof AnswerState];

/** Why diversity answers may be held. */
export const AnswerBasis = { Monitoring: 'equality-monitoring', Consent: 'diversity-by-consent' } as const;
export type AnswerBasis = (typeof AnswerBasis)[keyof typeof AnswerBasis];

/** How answers came. */
export const AnswerChannel = { Person: 'person', Supporter: 'supporter', Site: 'site' } as const;
export type AnswerChannel = (typeof AnswerChannel)[keyof typeof AnswerChannel];

const part = { virtual: true } as const;
const CODE = /^[A-Za-z0-9][A-Za-z0-9-]{0,79}$/;

/** One answer to one question. */
export class NewAnswer {
  @Text(80, 'linkId of the question in the questionnaire.', { ...part, example: 'sex' })
  question: string;

  @Choice(AnswerState, 'AnswerState', 'Answered, prefers not to say, or not asked.', { ...part, example: 'answered' })
  state: AnswerState;

  @Texts({ max: 80, items: 20 }, 'What was chosen, by code; one, unless the question takes several.', {
    ...part,
    optional: true,
    example: ['female'],
    pattern: CODE,
    patternSays: 'Send codes of the list, without anything else.',
  })
  codes?: string[] | null;

  @Text(90, 'The list that it was chosen from, with its version, where the question has several.', {
    ...part,
    optional: true,
    example: null,
  })
  list?: string | null;

  @Whole({ min: 1, max: 9999 }, 'Year of birth, for that question only.', { ...part, optional: true, example: null })
  yearOfBirth?: number | null;

  @Text(4, 'First half of the postcode, for that question only. Just the region is kept.', {
    ...part,
    optional: true,
    example: null,
  })
  outwardPostcode?: string | null;
}

/** Answers to a version of the questionnaire. */
export class NewAnswers {
  @Text(80, 'Key of the questionnaire.', { ...part, example: 'diversity' })
  questionnaire: string;

  @Whole({ min: 1, max: 1_000_000 }, 'Its version.', { ...part, example: 1 })
  questionnaireVersion: number;

  @Choice(AnswerBasis, 'AnswerBasis', 'Why the answers may be held, by the slug of a purpose.', {
    ...part,
    default: 'equality-monitoring',
    example: 'equality-monitoring',
  })
  basis?: AnswerBasis;

  @JsonList(() => NewAnswer, { items: 40 }, 'The answers, each question once.', {
    ...part,
    example: [
      { question: 'sex', state: 'answered', codes: ['female'] },
      { question: 'year-of-birth', state: 'answered', yearOfBirth: 1961 },
      { question: 'religion', state: 'prefer-not-to-say' },
    ],
  })
  answers: NewAnswer[];
}

/** One question, as it stands for the person. */
export class Answer {
  @ApiProperty({ description: 'linkId of the question.', example: 'sex' })
  question: string;

  @ApiProperty({ enum: Object.values(AnswerState), enumName: 'AnswerState', description: 'Where it stands.' })
  state: AnswerState;

  @ApiProperty({ type: 'string', isArray: true, description: 'What was chosen, by code.' })
  codes: string[];

  @ApiProperty({ type: 'string', nullable: true, description: 'The list that it was chosen from, with its version.' })
  list: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Year of birth, for that question only.' })
  yearOfBirth: number | null;
}

/** What a person is counted as in statistics. */
export class CountedAs {
  @ApiProperty({ description: 'The characteristic.', example: 'ethnic-group' })
  characteristic: string;

  @ApiProperty({ type: 'string', isArray: true, description: 'Its codes; not-known where it was not answered.' })
  codes: string[];
}

/** What is kept, until when, and what the person can do: where the person reads their answers. */
export class Kept {
  @ApiProperty({ enum: Object.values(AnswerBasis), enumName: 'AnswerBasis', description: 'Slug of the purpose.' })
  purpose: AnswerBasis;

  @ApiProperty({ description: 'Wording of the purpose that is in force.', example: '1.0' })
  wordingVersion: string;

  @ApiProperty({ description: 'What people are told, in plain English.' })
  wording: string;

  @ApiProperty({ description: 'Lawful basis.' })
  lawfulBasis: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'Condition for special-category data.' })
  condition: string | null;

  @ApiProperty({ description: 'Until when the answers are kept.' })
  until: string;

  @ApiProperty({ description: 'What is kept after a withdrawal or an objection.' })
  afterwards: string;

  @ApiProperty({ description: 'Who can see them.' })
  seenBy: string;
}

/** A person's own diversity answers. */
export class OwnAnswers {
  @ApiProperty({ format: 'uuid', description: 'The contributor.' })
  id: string;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Rises by one with every change; 0 where nothing is held. Send it back as If-Match.',
  })
  version: number;

  @ApiProperty({ type: 'string', nullable: true, description: 'The questionnaire that was answered.' })
  questionnaire: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Its version.' })
  questionnaireVersion: number | null;

  @ApiProperty({ type: 'string', format: 'date', nullable: true, description: 'First day on which they stood so.' })
  from: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date',
    nullable: true,
    description: 'First day on which they no longer stood so; null while they stand.',
  })
  until: string | null;

  @ApiProperty({
    type: 'string',
    enum: Object.values(AnswerChannel),
    nullable: true,
    description: 'How they came: from you, from somebody who wrote them down for you, or from a site.',
  })
  channel: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date',
    nullable: true,
    description: 'Since when an objection stands; null where none does.',
  })
  objectedOn: string | null;

  @ApiProperty({
    type: Answer,
    isArray: true,
    description: 'Every question, answered or not; none where nothing is held.',
  })
  answers: Answer[];

  @ApiProperty({
    type: CountedAs,
    isArray: true,
    description: 'What that makes you count as; none where nothing is held.',
  })
  countedAs: CountedAs[];

  @ApiProperty({ type: Kept, description: 'Why they may be held, until when, and what you can do.' })
  kept: Kept;
}

export class OwnAnswersQuery {
  @InDay('As they stood on this day; today unless given.', { example: '2026-11-23' })
  on?: string;
}

/** That an objection stands, or no longer does. */
export class AnswersObjection {
  @ApiProperty({ format: 'uuid', description: 'The contributor.' })
  contributorId: string;

  @ApiProperty({ description: 'Whether an objection to equality monitoring stands.' })
  objected: boolean;
}

/** Answers in the shape of Be Part of Research. */
export class SiteAnswers {
  @Ref('An interest that the site sent, of a person who has a record.', {
    ...part,
    example: fixedId('interest', 'samuel-patterson-for-dialysis-guide-readers'),
  })
  interestId: string;

  @Choice(AnswerBasis, 'AnswerBasis', 'Why the answers may be held, by the slug of a purpose.', {
    ...part,
    default: 'equality-monitoring',
    example: 'equality-monitoring',
  })
  basis?: AnswerBasis;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'The volunteer as Be Part of Research has them: sexRegisteredAtBirth, genderIsSameAsSexRegisteredAtBirth, ethnicGroup, ethnicBackground, disability, disabilityDescription, dateOfBirth, selectedLocale. Other fields are not read, and not kept.',
    example: {
      sexRegisteredAtBirth: 'female',
      genderIsSameAsSexRegisteredAtBirth: true,
      ethnicGroup: 'black',
      ethnicBackground: 'Black British',
      disability: false,
      selectedLocale: 'en-GB',
    },
  })
  @IsObject(says('not_an_object', 'Send an object here.'))
  volunteer: Record<string, unknown>;
}

export class NotMapped {
  @ApiProperty({ description: 'Name of the field.', example: 'ethnicBackground' })
  field: string;

  @ApiProperty({ enum: ['cannot_be_mapped', 'unknown_value'], description: 'Why, for programs.' })
  code: string;

  @ApiProperty({ description: 'Why, in plain English. What was answered is not repeated.' })
  message: string;
}

/** What became of answers that a site sent. Holds no answer. */
export class SiteReceipt {
  @ApiProperty({ type: 'string', isArray: true, description: 'Questions for which an answer was kept.' })
  kept: string[];

  @ApiProperty({ type: NotMapped, isArray: true, description: 'Fields whose answer could not be mapped.' })
  notMapped: NotMapped[];

  @ApiProperty({ type: 'string', isArray: true, description: 'Fields that were not read.' })
  notRead: string[];
}
