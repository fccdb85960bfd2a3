import { IntersectionType, PickType } from '@nestjs/swagger';
import { Choice, Instant, Text, Whole } from '../../kernel/db/fields';
import { PublicStatus } from './opportunity-choices';
import { CONTENT_FIELDS } from './opportunity-content';
import { Opportunity } from './opportunity.entity';

/** What only the public form of an opportunity says. */
class PublicFacts {
  @Choice(PublicStatus, 'PublicStatus', 'Whether people may apply now: open, paused for a while, or closed.', {
    virtual: true,
    readOnly: true,
    example: 'open',
  })
  status: PublicStatus;

  @Text(200, 'Name of the organisation.', { virtual: true, readOnly: true, example: 'Castlebridge Hospitals' })
  organisationName: string;

  @Text(80, 'Short name of the organisation.', { virtual: true, readOnly: true, example: 'castlebridge-hospitals' })
  organisationSlug: string;

  @Text(300, 'Title of the project.', { virtual: true, readOnly: true, example: 'Steady Steps: falling less at home' })
  projectTitle: string;

  @Instant('When it became public.', { virtual: true, readOnly: true, example: '2026-11-24T09:00:00.000Z' })
  publishAt: Date;

  @Whole(
    { min: 1, max: 1_000_000 },
    'Number of its newest published version; null where a scheduled one has just become public.',
    {
      virtual: true,
      readOnly: true,
      optional: true,
      example: 1,
    },
  )
  publishedVersion: number | null;
}

/** An opportunity as everybody may read it. */
export class PublicOpportunity extends IntersectionType(
  PickType(Opportunity, [
    'id',
    'createdAt',
    'updatedAt',
    'version',
    'organisationId',
    'projectId',
    ...CONTENT_FIELDS,
    'closesAt',
    'closedAt',
    'materialVersion',
    'paid',
  ] as const),
  PublicFacts,
) {}

/** How long after its closing day an opportunity can still be read by its id. */
export const CLOSED_READABLE = '12 months';

/** Condition that a row of the view can be read by its id: open, paused, or closed, till twelve months after its closing day. */
export const isReadable = (o: string, at: string): string =>
  `(${o}.publish_at <= ${at}::timestamptz AND ${o}.closes_at > ${at}::timestamptz - interval '${CLOSED_READABLE}')`;
