import { ApiProperty } from '@nestjs/swagger';

export class QuestionnaireSummary {
  @ApiProperty({ description: 'Short name, the same over all versions.', example: 'diversity' })
  key: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Version.', example: 1 })
  version: number;

  @ApiProperty({ description: 'Title, in plain English.' })
  title: string;

  @ApiProperty({ description: 'Where its questions come from.' })
  source: string;

  @ApiProperty({ description: 'Whether somebody has checked it against its source.' })
  verified: boolean;
}

export class QuestionnaireList {
  @ApiProperty({ type: QuestionnaireSummary, isArray: true, description: 'Every version of every questionnaire.' })
  data: QuestionnaireSummary[];
}

/** A FHIR R4 Questionnaire. Its own standard says what further members mean. */
export class Questionnaire {
  @ApiProperty({ enum: ['Questionnaire'], description: 'Kind of FHIR resource.' })
  resourceType: 'Questionnaire';

  @ApiProperty({ description: 'Key and version.', example: 'diversity-1' })
  id: string;

  @ApiProperty({ description: 'Name of the questionnaire over all its versions.' })
  url: string;

  @ApiProperty({ type: 'string', description: 'Version.', example: '1' })
  version: string;

  @ApiProperty({ description: 'Name for programs.' })
  name: string;

  @ApiProperty({ description: 'Title for people.' })
  title: string;

  @ApiProperty({ description: 'What it asks about.' })
  description: string;

  @ApiProperty({ enum: ['active'], description: 'Whether it is in use.' })
  status: 'active';

  @ApiProperty({ type: 'string', format: 'date', description: 'Day on which it was published.' })
  date: string;

  @ApiProperty({ type: 'string', isArray: true, description: 'Whom it is about.' })
  subjectType: string[];

  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'Its questions: linkId, text, type, what can be chosen, and what a question waits for.',
  })
  item: object[];
}
