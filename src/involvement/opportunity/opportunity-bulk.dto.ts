import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray } from 'class-validator';
import { ChangeOf, Choice, Ref, says, Text, Whole } from '../../kernel/db/fields';
import type { Fault } from '../../kernel/errors/problem';
import { InFlag } from '../../kernel/http/query';
import { fixedId } from '../../people';
import { NewOpportunity } from './opportunity.dto';

/** Most opportunities in one bulk write. */
export const MOST_AT_ONCE = 1000;
/** Bytes of one bulk write: 8 MiB. */
export const BULK_BYTES = 8 * 1024 * 1024;

/** One opportunity of a bulk write. `identifiers` says which it is; a new one needs projectId, kind and title too. */
export class BulkOpportunity extends ChangeOf(NewOpportunity) {}

/** Opportunities to add or change. Each is checked by itself. */
export class BulkOpportunities {
  @ApiProperty({
    type: BulkOpportunity,
    isArray: true,
    minItems: 1,
    maxItems: MOST_AT_ONCE,
    description: 'The opportunities.',
  })
  @IsArray(says('not_a_list', 'Send a list.'))
  @ArrayMinSize(1, says('too_few', 'Send at least 1.'))
  @ArrayMaxSize(MOST_AT_ONCE, says('too_many', `Send at most ${MOST_AT_ONCE} at once.`))
  items: unknown[];
}

export class BulkQuery {
  @InFlag('Store all or nothing: one that is refused refuses all.', { default: false })
  atomic: boolean = false;
}

export const BulkOutcome = { Made: 'made', Changed: 'changed', Unchanged: 'unchanged', Refused: 'refused' } as const;
export type BulkOutcome = (typeof BulkOutcome)[keyof typeof BulkOutcome];

const told = { virtual: true, readOnly: true } as const;
const perhaps = { virtual: true, readOnly: true, optional: true } as const;

/** What is wrong with one item. */
class BulkFault implements Fault {
  @ApiProperty({ enum: ['body'], description: 'Always the body.' })
  in: 'body';

  @ApiProperty({
    type: 'string',
    maxLength: 500,
    description: 'JSON Pointer inside the item.',
    example: '/payment/pence',
  })
  at: string;

  @Text(60, 'Code for programs.', { ...told, example: 'not_whole' })
  code: string;

  @Text(2000, 'What to do.', { ...told, example: 'Send a whole number, without quotes.' })
  message: string;
}

/** What became of one item. */
export class BulkResult {
  @Whole({ min: 0, max: MOST_AT_ONCE }, 'Place in the list, from 0.', { ...told, example: 0 })
  index: number;

  @Whole({ min: 1, max: 10_000_000 }, 'Line of the CSV file in which the row begins; null for JSON.', {
    ...perhaps,
    example: null,
  })
  line: number | null;

  @Choice(BulkOutcome, 'BulkOutcome', 'Made, changed, unchanged or refused.', { ...told, example: 'made' })
  result: BulkOutcome;

  @Ref('The opportunity; null where a new one was refused.', {
    ...perhaps,
    example: fixedId('opportunity', 'steady-steps-advisory-group'),
  })
  id: string | null;

  @Whole({ min: 1, max: 2_147_483_647 }, 'Its version now; null where refused.', { ...perhaps, example: 1 })
  version: number | null;

  @Text(60, 'Why it was refused, for programs.', { ...perhaps, example: null })
  code: string | null;

  @Text(2000, 'Why it was refused, for people.', { ...perhaps, example: null })
  detail: string | null;

  @ApiProperty({ type: BulkFault, isArray: true, description: 'Each fault of a refused item.', example: [] })
  errors: BulkFault[];
}

/** How many came to what. */
class BulkCounts {
  @Whole({ min: 0, max: MOST_AT_ONCE }, 'Made.', { ...told, example: 1 })
  made: number;

  @Whole({ min: 0, max: MOST_AT_ONCE }, 'Changed.', { ...told, example: 0 })
  changed: number;

  @Whole({ min: 0, max: MOST_AT_ONCE }, 'Unchanged.', { ...told, example: 0 })
  unchanged: number;

  @Whole({ min: 0, max: MOST_AT_ONCE }, 'Refused.', { ...told, example: 0 })
  refused: number;
}

/** What became of a bulk write: a result an item, in the order given. */
export class BulkAnswer {
  @ApiProperty({ type: BulkResult, isArray: true, description: 'A result an item.' })
  data: BulkResult[];

  @ApiProperty({ type: BulkCounts })
  meta: BulkCounts;
}
