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

/** How long a closed opportunity can still be read by its id. */
export const CLOSED_READABLE = '12 months';

/**
 * Where a row of the view `involvement.public_opportunity` stands at a moment: 'open', 'paused', 'closed', or 'scheduled' before its time.
 * @param o alias of the view; `at` is the placeholder of the moment, from the Clock: `$1`
 */
export const publicStatus = (o: string, at: string): string =>
  `involvement.opportunity_status(${o}.state, ${o}.publish_at, ${o}.closes_at, ${at}::timestamptz)`;

/** Condition that a row of the view is in the catalogue: people may apply now. */
export const isOpen = (o: string, at: string): string =>
  `(${o}.state IN ('published', 'scheduled') AND ${o}.publish_at <= ${at}::timestamptz AND ${o}.closes_at > ${at}::timestamptz)`;

/** Condition that a row of the view can be read by its id: open, paused, or closed for no more than twelve months. */
export const isReadable = (o: string, at: string): string =>
  `(${o}.publish_at <= ${at}::timestamptz AND LEAST(COALESCE(${o}.closed_at, ${o}.closes_at), ${o}.closes_at) > ${at}::timestamptz - interval '${CLOSED_READABLE}')`;

const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
const MOMENTS = new Set(['createdAt', 'updatedAt', 'closesAt', 'closedAt', 'publishAt']);
const NAMES = [
  'id', 'createdAt', 'updatedAt', 'version', 'organisationId', 'organisationName', 'organisationSlug', 'projectId', 'projectTitle',
  ...CONTENT_FIELDS, 'paid', 'closesAt', 'closedAt', 'publishAt', 'publishedVersion', 'materialVersion',
] as const; // prettier-ignore

/**
 * Columns of `PublicOpportunity` as SQL, named as the API names them, for `SELECT ${publicColumns('o', '$1')} FROM
 * involvement.public_opportunity o`. Moments are written as RFC 3339 texts in UTC, so that `row_to_json` of the row is the answer.
 */
export const publicColumns = (o: string, at: string): string =>
  [
    ...NAMES.map((name) => `${MOMENTS.has(name) ? utc(`${o}.${snake(name)}`) : `${o}.${snake(name)}`} AS "${name}"`),
    `${publicStatus(o, at)} AS "status"`,
  ].join(', ');

/** One row of the view as the JSON of `PublicOpportunity`. */
export const publicJson = (o: string, at: string): string =>
  `(SELECT row_to_json(one) FROM (SELECT ${publicColumns(o, at)}) AS one)`;

const utc = (sql: string): string => `to_char(${sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
