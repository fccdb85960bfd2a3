import { ApiProperty } from '@nestjs/swagger';
import { InText, InWhole } from '../../kernel/http/query';
import { PublicOpportunity } from '../opportunity/public-opportunity';

export class ChangesQuery {
  @InText(19, 'Position to go on from: meta.after of the answer before; 0 for the beginning.', {
    default: '0',
    pattern: /^\d{1,18}$/,
    patternSays: 'Send a position as this feed gave it, or 0.',
  })
  after: string = '0';

  @InWhole({ min: 1, max: 100 }, 'How many changes to answer at most.', { default: 20 })
  limit: number = 20;
}

/** Something that happened to a public record. */
export class Change {
  @ApiProperty({ description: 'Place in the feed; grows.', example: '42', pattern: '^[0-9]+$' })
  position: string;

  @ApiProperty({ type: 'string', format: 'uuid', description: 'The event. Drop one that you have had.' })
  eventId: string;

  @ApiProperty({ description: 'What happened; docs/events.md lists all.', example: 'opportunity.published' })
  type: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it happened.' })
  at: string;

  @ApiProperty({ type: 'string', format: 'uuid', description: 'The opportunity.' })
  id: string;

  @ApiProperty({ type: 'integer', description: 'Version of the record after it.' })
  version: number;

  @ApiProperty({
    type: 'boolean',
    description: 'Whether something changed that people rely on: dates, place, payment, who is wanted.',
  })
  material: boolean;

  @ApiProperty({ type: 'boolean', description: 'Whether the record is no longer public: delete your copy.' })
  gone: boolean;

  @ApiProperty({
    type: PublicOpportunity,
    nullable: true,
    description: 'The record as it is now, which may be newer than this change; null once it is not public.',
  })
  record: PublicOpportunity | null;
}

export class ChangesMeta {
  @ApiProperty({
    description: 'Position up to which you have now read. Ask from here next time.',
    example: '42',
    pattern: '^[0-9]+$',
  })
  after: string;

  @ApiProperty({ type: 'boolean', description: 'Whether there is more to read at once.' })
  more: boolean;
}

export class ChangesPage {
  @ApiProperty({ type: Change, isArray: true, description: 'Changes, oldest first.' })
  data: Change[];

  @ApiProperty({ type: ChangesMeta })
  meta: ChangesMeta;
}
