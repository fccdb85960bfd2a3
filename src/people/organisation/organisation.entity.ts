import { Entity } from 'typeorm';
import { Choice, Day, Flag, Ref, Text } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { Conflict } from '../../kernel/errors/problem';
import { fixedId } from '../reference/fixed-id';

/** What sort of organisation it is. */
export const OrganisationKind = {
  CoordinatingCentre: 'coordinating-centre',
  RegionalNetwork: 'regional-network',
  BiomedicalResearchCentre: 'biomedical-research-centre',
  ResearchSupportHub: 'research-support-hub',
  FundingProgramme: 'funding-programme',
  University: 'university',
  NhsBody: 'nhs-body',
  Charity: 'charity',
  CommunityGroup: 'community-group',
  Other: 'other',
} as const;
export type OrganisationKind = (typeof OrganisationKind)[keyof typeof OrganisationKind];

/** Whether it counts yet. */
export const OrganisationState = { Applied: 'applied', Verified: 'verified', Refused: 'refused' } as const;
export type OrganisationState = (typeof OrganisationState)[keyof typeof OrganisationState];

/** Below which age a guardian's agreement is needed. */
export const GuardianPolicy = { Under16: 'under-16', Under18: 'under-18' } as const;
export type GuardianPolicy = (typeof GuardianPolicy)[keyof typeof GuardianPolicy];

/** Who keeps the details of a row that may come with the service. */
export const Maintainer = { Reference: 'reference', Administrator: 'administrator' } as const;
export type Maintainer = (typeof Maintainer)[keyof typeof Maintainer];

const GSS = {
  pattern: /^[A-Z][0-9]{8}$/,
  patternSays: 'Send a GSS code such as E12000003; GET /v1/regions lists them.',
};

/** An organisation that involves the public or supports it. */
@Entity({ schema: 'people', name: 'organisation' })
export class Organisation extends StoredRecord {
  @Text(80, 'Short name for addresses and commands; never changes.', {
    example: 'lantern-community-research-group',
    pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/,
    patternSays: 'Use small letters and digits, with single hyphens between words.',
  })
  slug: string;

  @Text(200, 'Name as the public knows it.', { example: 'Lantern Community Research Group' })
  name: string;

  @Choice(OrganisationKind, 'OrganisationKind', 'Kind of organisation.', { example: 'community-group' })
  kind: OrganisationKind;

  @Choice(
    OrganisationState,
    'OrganisationState',
    'Applied (waits for an administrator), verified (counts) or refused.',
    { readOnly: true, example: 'verified' },
  )
  state: OrganisationState;

  @Text(9, 'GSS code of its main English region; null where it has none or serves a whole nation.', {
    ...GSS,
    optional: true,
    example: 'E12000003',
  })
  regionCode: string | null;

  @Text(9, 'GSS code of its nation; null where it serves several.', { ...GSS, optional: true, example: 'E92000001' })
  nationCode: string | null;

  @Ref('The organisation that hosts it.', {
    optional: true,
    example: fixedId('organisation', 'castlebridge-hospitals'),
  })
  hostId: string | null;

  @Day('First day on which it existed; null where not known.', { optional: true, example: '2024-10-01' })
  from: string | null;

  @Day('First day on which it no longer exists; null while it does.', { optional: true, example: '2031-04-01' })
  until: string | null;

  @Text(500, 'Its own web address.', {
    optional: true,
    example: 'https://example.org/lantern',
    pattern: /^https?:\/\/[^\s]+$/,
    patternSays: 'Send a whole web address that begins with https:// or http://.',
  })
  website: string | null;

  @Text(2000, 'What it does, in plain English.', {
    optional: true,
    example: 'Neighbours who review research plans and say what would work locally.',
  })
  description: string | null;

  @Flag('Whether somebody other than the author must approve an opportunity before it is published.', {
    default: false,
    example: false,
  })
  secondApprover: boolean;

  @Choice(
    GuardianPolicy,
    'GuardianPolicy',
    "Below which age contributors who call it home need a guardian's agreement. Under 16 it is always needed.",
    { default: 'under-18', example: 'under-18' },
  )
  guardianPolicy: GuardianPolicy;

  @Ref('The account that applied for it.', { optional: true, readOnly: true })
  appliedBy: string | null;

  @Text(2000, 'Why it applied, in the words of who applied.', {
    optional: true,
    personal: true,
    example: 'We run a panel of twelve carers and want to list our opportunities.',
  })
  applicationReason: string | null;

  @Text(1000, 'Why it was refused, as the applicant may be told.', {
    optional: true,
    personal: true,
    example: 'It is already listed under another name.',
  })
  refusalReason: string | null;

  @Text(400, 'Where its details were read.', { optional: true, example: 'https://example.org/about' })
  source: string | null;

  @Flag('Whether its details were read in their source; false is general knowledge, to be checked.', {
    default: false,
    example: true,
  })
  factsChecked: boolean;

  @Text(1000, 'What is uncertain about its details.', { optional: true, example: 'The first day was not found.' })
  note: string | null;

  @Choice(
    Maintainer,
    'Maintainer',
    'Who keeps the details: the data that come with the service, or an administrator.',
    { readOnly: true, example: 'administrator' },
  )
  maintainedBy: Maintainer;

  /** Refuses unless it still waits for an administrator's decision. */
  mustWait(): void {
    if (this.state !== OrganisationState.Applied)
      throw new Conflict('already_decided', `This application was decided before: the organisation is ${this.state}.`);
  }
}

constraint('organisation_slug_once', 409, 'slug_taken', 'There is already an organisation with this slug.');
constraint(
  'organisation_ends_after_it_began',
  422,
  'ends_before_it_began',
  'The organisation cannot end on or before its first day. Change "from" or "until".',
);
constraint(
  'organisation_region',
  422,
  'unknown_region',
  'There is no region with this code. GET /v1/regions lists them.',
);
constraint(
  'organisation_nation',
  422,
  'unknown_region',
  'There is no nation with this code. GET /v1/regions lists them.',
);
constraint('organisation_host', 422, 'unknown_host', 'There is no organisation with the id given as hostId.');
constraint('organisation_not_its_own_host', 422, 'own_host', 'An organisation cannot host itself.');
constraint(
  'organisation_identifier_once',
  409,
  'identifier_taken',
  'Another organisation has this identifier already.',
);
constraint(
  'organisation_predecessor_of',
  422,
  'unknown_predecessor',
  'There is no organisation with the id given as a predecessor.',
);
constraint('organisation_predecessor_not_itself', 422, 'own_predecessor', 'An organisation cannot follow itself.');
