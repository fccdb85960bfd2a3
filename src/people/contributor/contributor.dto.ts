import { ApiProperty, PickType } from '@nestjs/swagger';
import { ChangeOf, Choice, Flag, Instant, Json, Ref, Text } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice, InRef, InText } from '../../kernel/http/query';
import { SaidHow } from '../../kernel/privacy/consents';
import { fixedId } from '../reference/fixed-id';
import { Channel, Contributor, ContributorState, HealthCategory, LANGUAGE, REGION } from './contributor.entity';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE = /^\+?[0-9 ()\-.]{7,30}$/;

/** The person through whom somebody is reached. */
export class Supporter {
  @Text(200, 'Name.', { virtual: true, example: 'Keith Maughan' })
  name: string;

  @Text(300, 'E-mail address, telephone number or postal address.', { virtual: true, example: '01632 960304' })
  contact: string;

  @Text(100, 'Who they are to the contributor.', { virtual: true, optional: true, example: 'husband' })
  relation?: string | null;
}

/** A guardian, and their agreement. */
export class Guardian {
  @Text(200, 'Name.', { virtual: true, example: 'Anwen Rees' })
  name: string;

  @Text(300, 'E-mail address, telephone number or postal address.', { virtual: true, example: '07700 900311' })
  contact: string;

  @Instant('When the agreement was given.', { virtual: true, example: '2026-11-20T10:00:00.000Z' })
  agreedAt: Date;

  @Choice(SaidHow, 'SaidHow', 'The way in which it was given.', { virtual: true, example: 'phone' })
  agreedHow: SaidHow;

  @Text(200, 'Who gave it, where it was not the guardian named here.', { virtual: true, optional: true, example: null })
  agreedBy?: string | null;
}

/** Whom to call when somebody under 18 may come to harm. */
export class SafeguardingContact {
  @Text(200, 'Name.', { virtual: true, example: 'Safeguarding lead, Ysgol Glan Taf' })
  name: string;

  @Text(300, 'Telephone number or e-mail address.', { virtual: true, example: '01632 960320' })
  contact: string;
}

/** What may be said about a contributor. */
export class ContributorFields extends PickType(Contributor, [
  ...([
    'name',
    'knownAs',
    'preferredChannel',
    'languages',
    'correspondenceLanguage',
    'topics',
    'healthCategories',
  ] as const),
  ...(['outwardPostcode', 'regionCode', 'ageGroup', 'keepInTouch'] as const),
]) {
  @Text(254, 'E-mail address.', {
    virtual: true,
    optional: true,
    example: 'rosalind@example.org',
    pattern: EMAIL,
    patternSays: 'Send one e-mail address, such as name@example.org.',
  })
  email?: string | null;

  @Text(31, 'Telephone number; without a country code it is read as one of the UK.', {
    virtual: true,
    optional: true,
    example: '020 7946 0018',
    pattern: PHONE,
    patternSays: 'Send one telephone number: digits, spaces and hyphens, with + before a country code.',
  })
  phone?: string | null;

  @Text(500, 'Postal address, lines separated by line feeds.', {
    virtual: true,
    optional: true,
    example: '4 Mill Lane\nHeadingley\nLeeds\nLS6 3AA',
  })
  address?: string | null;

  @Json(() => Supporter, 'The person through whom they are reached, where the preferred channel is supporter.', {
    virtual: true,
    optional: true,
  })
  supporter?: Supporter | null;

  @Json(
    () => Guardian,
    "Guardian with their agreement: needed under 16, and at 16 and 17 unless the home organisation's policy is under-16.",
    { virtual: true, optional: true },
  )
  guardian?: Guardian | null;

  @Json(() => SafeguardingContact, 'Needed for everybody under 18.', { virtual: true, optional: true })
  safeguardingContact?: SafeguardingContact | null;
}

export class NewContributor extends ContributorFields {
  @Ref('The organisation that they work with, which becomes their home.', {
    virtual: true,
    example: fixedId('organisation', 'rrdn-north-west'),
  })
  organisationId: string;

  @Text(100, "The organisation's own number or name for them.", { virtual: true, optional: true, example: 'P-00417' })
  reference?: string | null;

  @Flag('true: you register yourself, as a contributor of that organisation.', {
    virtual: true,
    default: false,
    example: false,
  })
  myself?: boolean;
}

export class ContributorChange extends ChangeOf(ContributorFields) {}

/** An organisation that a contributor works with. */
export class WorksWith {
  @Ref('Id of the record that ties the two.', { virtual: true })
  id: string;

  @Ref('The organisation.', { virtual: true })
  organisationId: string;

  @Text(200, 'Its name.', { virtual: true })
  organisationName: string;

  @ApiProperty({ type: 'string', format: 'date', description: 'First day.' })
  from: string;

  @ApiProperty({
    type: 'string',
    format: 'date',
    nullable: true,
    description: 'First day on which it no longer holds; null while it does.',
  })
  until: string | null;

  @ApiProperty({ description: 'Whether it is the home organisation.' })
  home: boolean;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      "The organisation's own number or name for them; shown only to that organisation and to the contributor.",
  })
  reference: string | null;
}

/** A contributor with contact points, for those who may see them. */
export class ContributorDetails extends PickType(Contributor, [
  ...([
    'id',
    'createdAt',
    'updatedAt',
    'version',
    'name',
    'knownAs',
    'preferredChannel',
    'languages',
    'correspondenceLanguage',
  ] as const),
  ...([
    'topics',
    'healthCategories',
    'outwardPostcode',
    'regionCode',
    'ageGroup',
    'keepInTouch',
    'state',
    'leftAt',
  ] as const),
]) {
  @ApiProperty({ type: 'string', nullable: true, description: 'E-mail address.' })
  email: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Telephone number.' })
  phone: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Postal address.' })
  address: string | null;

  @ApiProperty({ type: Supporter, nullable: true, description: 'The person through whom they are reached.' })
  supporter: Supporter | null;

  @ApiProperty({ type: Guardian, nullable: true, description: 'Guardian with their agreement.' })
  guardian: Guardian | null;

  @ApiProperty({ type: SafeguardingContact, nullable: true, description: 'Whom to call when they may come to harm.' })
  safeguardingContact: SafeguardingContact | null;

  @ApiProperty({
    type: WorksWith,
    isArray: true,
    description: 'Organisations that they work or worked with, newest first.',
  })
  organisations: WorksWith[];
}

/** A contributor in a list: no contact points. */
export class ContributorSummary extends PickType(Contributor, [
  ...([
    'id',
    'version',
    'updatedAt',
    'name',
    'knownAs',
    'preferredChannel',
    'languages',
    'correspondenceLanguage',
  ] as const),
  ...(['topics', 'healthCategories', 'outwardPostcode', 'regionCode', 'ageGroup', 'keepInTouch', 'state'] as const),
]) {}

export class ContributorPage extends PageOf(ContributorSummary) {}

export class ContributorFilter extends PageQuery {
  @InText(100, 'Beginning of the name, without regard to case or accents.', { example: 'ros' })
  q?: string;

  @InText(80, 'A topic that interests them, exactly as written.', { example: 'walking after a stroke' })
  topic?: string;

  @InChoice(Object.keys(HealthCategory), 'A health category that interests them.', { example: 'stroke' })
  healthCategory?: string;

  @InText(9, 'GSS code of their region or nation.', {
    pattern: REGION,
    patternSays: 'Send a GSS code such as E12000003; GET /v1/regions lists them.',
    example: 'E12000003',
  })
  region?: string;

  @InText(35, 'A language that they use.', {
    pattern: LANGUAGE,
    patternSays: 'Send a language tag such as en, cy or bfi.',
    example: 'cy',
  })
  language?: string;

  @InChoice(Object.values(Channel), 'How they want to be reached.', { example: 'phone' })
  channel?: Channel;

  @InRef('An organisation that they work with now.', { example: fixedId('organisation', 'rrdn-north-west') })
  organisation?: string;

  @InChoice([ContributorState.Active, ContributorState.Left], 'Active, or left.', { example: 'active' })
  state?: ContributorState;
}

export class JoinOrganisation {
  @Ref('The organisation.', { virtual: true, example: fixedId('organisation', 'rrdn-yorkshire-and-humber') })
  organisationId: string;

  @Flag('Whether it becomes the home organisation.', { virtual: true, default: false, example: false })
  home?: boolean;

  @Text(100, "The organisation's own number or name for the contributor.", {
    virtual: true,
    optional: true,
    example: 'P-00417',
  })
  reference?: string | null;
}

/** A code that is shown once. */
export class LinkCode {
  @ApiProperty({ description: 'The contributor whose record it opens.', format: 'uuid' })
  contributorId: string;

  @ApiProperty({
    description: 'The code. It is shown this once: give it to the contributor.',
    example: 'K7QM-2XRT-9WFB',
  })
  code: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it stops working.' })
  expiresAt: Date;
}

export class UseLinkCode {
  @Text(20, 'The code that your coordinator gave you; case and hyphens do not matter.', {
    virtual: true,
    example: 'K7QM-2XRT-9WFB',
  })
  code: string;
}
