import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '../../kernel/access/access';
import { Db } from '../../kernel/db/db';

/** A day on which a release was published, or will be. */
export class CalendarEntry {
  @ApiProperty({ type: String, format: 'date', description: 'The day.', example: '2026-10-27' })
  on: string;

  @ApiProperty({
    enum: ['announced', 'published'],
    enumName: 'CalendarState',
    description: 'Announced by a collection, or published.',
    example: 'published',
  })
  state: 'announced' | 'published';

  @ApiProperty({
    type: String,
    description: 'What it is about.',
    example: 'Public contributors, July to September 2026',
  })
  title: string;

  @ApiProperty({ type: String, format: 'date', description: 'First day that it is about.', example: '2026-07-01' })
  from: string;

  @ApiProperty({ type: String, format: 'date', description: 'First day that it is not about.', example: '2026-10-01' })
  until: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The release; null while it is announced.',
  })
  releaseId: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Its number; null while it is announced.', example: 2 })
  number: number | null;
}

export class Calendar {
  @ApiProperty({
    type: [CalendarEntry],
    description: 'Latest day first: announced days, then those of releases.',
  })
  data: CalendarEntry[];
}

const ENTRIES = `
  SELECT * FROM (
    SELECT c.release_on::text AS "on", 'announced' AS state, c.title, c."from"::text, c.until::text, NULL::uuid AS "releaseId", NULL::integer AS number
    FROM edi.collection c
    WHERE c.state <> 'draft' AND NOT EXISTS (
      SELECT FROM edi.release r WHERE r.collection_id = c.id AND r.state IN ('published', 'superseded'))
    UNION ALL
    SELECT (r.published_at AT TIME ZONE 'Europe/London')::date::text, 'published', r.title, r."from"::text, r.until::text, r.id, r.number
    FROM edi.release r WHERE r.state IN ('published', 'superseded')
  ) entries
  ORDER BY "on" DESC, number DESC NULLS FIRST, title`;

/** When releases come. */
@ApiTags('Diversity: releases')
@Controller('v1/diversity/calendar')
export class CalendarController {
  constructor(private readonly db: Db) {}

  @Get()
  @Public()
  @ApiOperation({
    summary: 'When releases were published and the next ones come',
    description: 'Collections announce the day of their release when they open.',
  })
  @ApiOkResponse({ type: Calendar })
  async calendar(): Promise<Calendar> {
    return { data: await this.db.query<CalendarEntry>(ENTRIES) };
  }
}
