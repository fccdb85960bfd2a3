import { ApiProperty, PickType } from '@nestjs/swagger';
import { Text } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice, InRef } from '../../kernel/http/query';
import { fixedId } from '../../people';
import { DerivedFigure, ReleaseName } from '../report/report.dto';
import { Gap, GapProgress, GapState } from './gap.entity';
import type { GapChange, GapOutcome } from './outcome';

/** A gap to record. */
export class NewGap extends PickType(Gap, [
  'releaseId',
  'tableKey',
  'unit',
  'ethnicGroup',
  'category',
  'measure',
  'direction',
  'what',
  'action',
  'organisationId',
  'dueOn',
  'checkBy',
] as const) {}

/** What was done about a gap. */
export class NewGapProgress extends PickType(GapProgress, ['text'] as const) {}

/** How a gap is closed. */
export class GapClosing {
  @Text(2000, 'What was done, or why it ceases. Everybody can read it: name no person.', {
    virtual: true,
    example: 'Every invitation says it, and panels give their reasons.',
  })
  closing: string;
}

export class GapProgressEntry extends PickType(GapProgress, ['on', 'text'] as const) {}

/** What a later release says of a gap. */
export class GapOutcomeBody implements GapOutcome {
  @ApiProperty({ type: () => ReleaseName, description: 'The later release.' })
  release: ReleaseName;

  @ApiProperty({
    type: () => DerivedFigure,
    description: 'The share or rate in the release that showed the gap, 0 to 1.',
  })
  before: DerivedFigure;

  @ApiProperty({ type: () => DerivedFigure, description: 'The same in the later release.' })
  after: DerivedFigure;

  @ApiProperty({
    enum: ['closing', 'widening', 'no-clear-change', 'cannot-be-told'],
    enumName: 'GapChange',
    description: 'What became of it, beyond chance and rounding.',
  })
  change: GapChange;

  @ApiProperty({
    type: 'string',
    description: 'In words.',
    example: '6.2% in release 1, 7.7% in release 2: no change beyond chance and rounding.',
  })
  sentence: string;
}
Object.defineProperty(GapOutcomeBody, 'name', { value: 'GapOutcome' });

/** A gap with what its owner said and what later releases say. */
export class GapView extends Gap {
  @ApiProperty({ type: GapProgressEntry, isArray: true, description: 'What the owner said was done, oldest first.' })
  progress: GapProgressEntry[];

  @ApiProperty({
    type: GapOutcomeBody,
    nullable: true,
    description: 'What the newest later release says, up to the one that it is checked by; null while there is none.',
  })
  outcome: GapOutcomeBody | null;

  @ApiProperty({
    type: 'boolean',
    description: 'Whether the outcome is of the release that the gap was to be checked by.',
  })
  checked: boolean;
}

export class GapPage extends PageOf(GapView) {}

/** Which gaps to list. */
export class GapQuery extends PageQuery {
  @InChoice(Object.values(GapState), 'Only those in this state.')
  state?: GapState;

  @InRef('Only those that this release shows.', { example: fixedId('release', 'second') })
  release?: string;

  @InRef('Only those that this organisation owns.', { example: fixedId('organisation', 'rrdn-north-west') })
  organisation?: string;
}
