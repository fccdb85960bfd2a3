import { ApiExtraModels, ApiProperty, getSchemaPath, PickType } from '@nestjs/swagger';
import { Opportunity } from '../opportunity/opportunity.entity';

/** Where an opportunity stands for the public. */
export const PUBLIC_STATUSES = ['open', 'paused', 'closed', 'scheduled'] as const;

/** An opportunity as lists show it. Its own address has all of it. */
export class OpportunityCard extends PickType(Opportunity, [
  'id',
  'version',
  'title',
  'summary',
  'kind',
  'stage',
  'mode',
  'startsOn',
  'endsOn',
  'closesOn',
  'place',
  'regionCode',
  'payment',
  'expensesPaid',
  'noExperienceNeeded',
  'minAge',
  'maxAge',
  'openToUnder18',
  'accessProvision',
  'languages',
  'healthCategories',
  'conditions',
  'sessions',
  'totalHours',
  'placesAvailable',
] as const) {
  @ApiProperty({ enum: PUBLIC_STATUSES, description: 'Where it stands at the moment of the answer.' })
  status: (typeof PUBLIC_STATUSES)[number];

  @ApiProperty({ type: 'string', format: 'uuid', description: 'The organisation that offers it.' })
  organisationId: string;

  @ApiProperty({ description: 'Name of the organisation.' })
  organisationName: string;

  @ApiProperty({ description: 'Short name of the organisation.' })
  organisationSlug: string;

  @ApiProperty({ type: 'string', format: 'uuid', description: 'The project that it belongs to.' })
  projectId: string;

  @ApiProperty({ description: 'Title of the project.' })
  projectTitle: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'The moment at which its closing day is over in the UK.',
  })
  closesAt: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it became public.' })
  publishedAt: string;

  @ApiProperty({ type: 'boolean', description: 'Whether people are paid.' })
  paid: boolean;

  @ApiProperty({ type: 'boolean', description: 'Whether there is a Welsh version.' })
  hasWelsh: boolean;

  @ApiProperty({ type: 'boolean', description: 'Whether there is an Easy Read version.' })
  hasEasyRead: boolean;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Number of the newest version in which something changed that people rely on.',
  })
  materialVersion: number | null;

  @ApiProperty({
    type: 'number',
    nullable: true,
    required: false,
    description:
      'Kilometres from the point that was asked for, to the nearest one; null where it has no place. Only where a point was given.',
  })
  distanceKm?: number | null;
}

/** How many were found, by one value of a facet. */
export class FacetCount {
  @ApiProperty({ description: 'A value of the facet; for region also "everywhere".' })
  value: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many opportunities have it.' })
  count: number;
}

/** From where distances were measured. */
export class MeasuredFrom {
  @ApiProperty({ type: 'number', description: 'Degrees north.' })
  latitude: number;

  @ApiProperty({ type: 'number', description: 'Degrees east.' })
  longitude: number;

  @ApiProperty({
    type: 'number',
    description:
      'How far off the point may be, in kilometres. About 25 where only the middle of a postcode area is known.',
  })
  accuracyKm: number;
}

@ApiExtraModels(FacetCount)
export class CatalogueMeta {
  @ApiProperty({ type: 'integer', description: 'The limit that was used.' })
  limit: number;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Send it as cursor to get the next page; null on the last page.',
  })
  nextCursor: string | null;

  @ApiProperty({
    type: MeasuredFrom,
    required: false,
    description: 'Where distances are measured from, where a point was given.',
  })
  near?: MeasuredFrom;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { $ref: getSchemaPath(FacetCount) } },
    selfRequired: false,
    description: 'Counts by facet, where they were asked for. Each is counted without its own filter.',
  })
  facets?: Record<string, FacetCount[]>;
}

export class CataloguePage {
  @ApiProperty({ type: OpportunityCard, isArray: true, description: 'Open opportunities, in the order asked for.' })
  data: OpportunityCard[];

  @ApiProperty({ type: CatalogueMeta })
  meta: CatalogueMeta;
}
