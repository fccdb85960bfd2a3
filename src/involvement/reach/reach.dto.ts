import { ApiProperty } from '@nestjs/swagger';
import { InChoice, InDay, InRef } from '../../kernel/http/query';
import { fixedId } from '../../people';
import { Why } from './disclosure';

/** By what the figures can be broken down. */
export const ReachBy = {
  Kind: 'kind',
  Stage: 'stage',
  Channel: 'channel',
  Mode: 'mode',
  Month: 'month',
  Organisation: 'organisation',
} as const;
export type ReachBy = (typeof ReachBy)[keyof typeof ReachBy];

export const FIGURES = ['reached', 'interested', 'selected', 'tookPart'] as const;
export type Figure = (typeof FIGURES)[number];

export class ReachQuery {
  @InDay('First day counted, in UK time.', { required: true, example: '2026-07-01' })
  from: string;

  @InDay('Last day counted, in UK time.', { required: true, example: '2026-09-30' })
  to: string;

  @InChoice(
    Object.values(ReachBy),
    'Breaks the figures down by one thing: kind, stage and mode of the opportunity, channel (whether somebody helped), month or organisation.',
  )
  by?: ReachBy;

  @InRef(
    'Exact figures of this organisation, for those who may see them. Without it the figures are national, and those of the release that covers the quarter.',
    {
      example: fixedId('organisation', 'castlebridge-hospitals'),
    },
  )
  organisation?: string;
}

/** Why a figure is not told. */
export class ReachGap {
  @ApiProperty({ enum: FIGURES, enumName: 'ReachFigure', description: 'The figure.' })
  figure: Figure;

  @ApiProperty({ enum: Object.values(Why), enumName: 'ReachWhy', description: 'Why it is null, for programs.' })
  why: Why;

  @ApiProperty({
    type: 'string',
    description: 'Why it is null, in plain English.',
    example: 'This is a number from 1 to 7, which is withheld so that nobody can be picked out.',
  })
  says: string;
}

const figure = (description: string) =>
  ApiProperty({ type: 'integer', minimum: 0, maximum: 9_007_199_254_740_991, nullable: true, description });

/** One line of the report. */
export class ReachRow {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Value of what it is broken down by; null in the total.',
    example: 'advisory-group',
  })
  value: string | null;

  @ApiProperty({ type: 'string', description: 'The same in words.', example: 'Advisory group' })
  label: string;

  @figure('How often sites showed opportunities.')
  reached: number | null;

  @figure('How many interests came.')
  interested: number | null;

  @figure('How many of those interested were offered a place.')
  selected: number | null;

  @figure('How many took part in at least one activity.')
  tookPart: number | null;

  @ApiProperty({ type: ReachGap, isArray: true, description: 'Each figure of this line that is null, and why.' })
  gaps: ReachGap[];
}

/** The release with which figures were told. */
export class ReachRelease {
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    description: 'The release.',
    example: fixedId('release', 'second'),
  })
  id: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Its number.', example: 2 })
  number: number;

  @ApiProperty({
    type: 'string',
    format: 'date',
    description: 'The day on which it was published, in UK time.',
    example: '2026-10-27',
  })
  releasedOn: string;
}

/** What each figure means. */
export class ReachDefinitions implements Record<Figure, string> {
  @ApiProperty({ type: 'string', description: 'What "reached" counts.' })
  reached: string;

  @ApiProperty({ type: 'string', description: 'What "interested" counts.' })
  interested: string;

  @ApiProperty({ type: 'string', description: 'What "selected" counts.' })
  selected: string;

  @ApiProperty({ type: 'string', description: 'What "took part" counts.' })
  tookPart: string;
}

/** How many were reached, interested, selected and took part. */
export class ReachReport {
  @ApiProperty({ type: 'string', format: 'date', description: 'First day counted.' })
  from: string;

  @ApiProperty({ type: 'string', format: 'date', description: 'Last day counted.' })
  to: string;

  @ApiProperty({
    enum: Object.values(ReachBy),
    enumName: 'ReachBy',
    nullable: true,
    description: 'What it is broken down by; null where it is not.',
  })
  by: ReachBy | null;

  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'The one organisation that it is about; null where it is not about one.',
  })
  organisationId: string | null;

  @ApiProperty({
    type: 'boolean',
    description: 'Whether the figures are exact. Otherwise they are rounded to 5, and small ones are withheld.',
  })
  exact: boolean;

  @ApiProperty({
    type: ReachRelease,
    nullable: true,
    description:
      'The release with which the figures were told; they never change after that. Null where the figures are exact: those are counted now.',
  })
  release: ReachRelease | null;

  @ApiProperty({ type: 'string', description: 'How the figures were protected, in plain English.' })
  disclosure: string;

  @ApiProperty({ type: ReachDefinitions, description: 'What each figure means.' })
  definitions: ReachDefinitions;

  @ApiProperty({ type: ReachRow, description: 'All together.' })
  total: ReachRow;

  @ApiProperty({ type: ReachRow, isArray: true, description: 'The breakdown; empty where none was asked for.' })
  rows: ReachRow[];
}
