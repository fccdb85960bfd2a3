import { ApiProperty, PickType } from '@nestjs/swagger';
import { Text } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice, InRef, InText, InWhole } from '../../kernel/http/query';
import { fixedId } from '../../people';
import { ReturnForm } from '../collection/collection.entity';
import { MOST_FAULTS, ReadingFault } from './reading/fault';
import { Return, ReturnState, SharingBasis } from './return.entity';

const NORTH_WEST = fixedId('organisation', 'rrdn-north-west');

/** Most bytes of a return. */
export const RETURN_BYTES = 48 * 1024 * 1024;

export class CheckQuery {
  @InRef('The organisation that returns.', { required: true, example: NORTH_WEST })
  organisation: string;

  @InChoice(Object.values(ReturnForm), 'The form of the return.', { required: true, example: 'anonymous-rows' })
  form: ReturnForm;

  @InWhole({ min: 2, max: 20 }, 'For counts with stars: below which number your tables put a star.', { example: 5 })
  suppressedBelow?: number;
}

export class SendQuery extends CheckQuery {
  @InChoice(Object.values(SharingBasis), 'On what ground you share it.', {
    required: true,
    example: 'data-sharing-agreement',
  })
  basis: SharingBasis;

  @InText(
    200,
    'What the ground is named by: the number of the agreement, your policy, the form or notice by which people agreed, or a word on the counts.',
    {
      required: true,
      missingSays:
        'Write what the ground is named by: the number of the agreement (data-sharing-agreement), your policy (equality-monitoring), the form or notice by which people agreed (explicit-consent), or a word on where the counts come from (not-personal-data).',
      example: 'DSA-2026-014',
    },
  )
  basisReference: string;
}

export class ReturnQuery extends PageQuery {
  @InRef('Only those to this collection.')
  collection?: string;

  @InRef('Only those of this organisation.')
  organisation?: string;

  @InChoice(Object.values(ReturnState), 'Only those in this state.')
  state?: ReturnState;
}

/** What is wrong with one place of the file. */
export class ReturnFault implements ReadingFault {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The row as the spreadsheet numbers it; null where the file as a whole is meant.',
  })
  row: number | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The column by its heading, or its letter; null where the row as a whole is meant.',
  })
  column: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The cell, such as C14; null where no one cell is meant.',
  })
  cell: string | null;

  @ApiProperty({ description: 'For programs; stable.' })
  code: string;

  @ApiProperty({ description: 'What to do, in plain English.' })
  message: string;
}

/** What a return in this form can be used for. */
export class Supports {
  @ApiProperty({ description: 'Whether people who are in several returns can be counted once.' })
  deduplication: boolean;

  @ApiProperty({ description: 'Whether tables of two questions can include these people.' })
  twoWayTables: boolean;

  @ApiProperty({ type: 'string', isArray: true, description: 'What it cannot support, in plain English.' })
  cannot: string[];
}

/** What came of checking a file. Nothing of it was stored. */
export class ReturnCheck {
  @ApiProperty({ description: 'Whether it would be accepted.' })
  acceptable: boolean;

  @ApiProperty({ type: 'integer', description: 'Rows of the file that hold something, without the heading.' })
  rows: number;

  @ApiProperty({ type: 'integer', description: 'Rows with faults.' })
  faultyRows: number;

  @ApiProperty({ type: 'integer', description: 'All faults, more than are listed where there are many.' })
  faultCount: number;

  @ApiProperty({ type: ReturnFault, isArray: true, description: `The faults, at most ${MOST_FAULTS}.` })
  faults: ReturnFault[];

  @ApiProperty({ type: 'string', isArray: true, description: 'What you should know though it is no fault.' })
  notes: string[];

  @ApiProperty({ type: Supports })
  supports: Supports;

  @ApiProperty({ description: 'Whether the last day is over.' })
  late: boolean;

  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, description: 'The return whose place it would take.' })
  replacesId: string | null;
}

/** What was received, told once to whoever sent it. */
export class Received extends PickType(ReturnCheck, ['rows', 'notes'] as const) {}

/** A return, and what it can be used for. */
export class ReturnDetails extends Return {
  @ApiProperty({ type: Supports })
  supports: Supports;

  @ApiProperty({
    type: Received,
    nullable: true,
    description: 'What was received; told in the answer to sending it, null later.',
  })
  received: Received | null;
}

export class ReturnPage extends PageOf(ReturnDetails) {}

/** Why a return is opened again. */
export class Reopening {
  @Text(1000, 'Why, as the organisation may read it.', {
    virtual: true,
    example: 'You found that the answers of one site were left out.',
  })
  because: string;
}
