import { Column, Entity } from 'typeorm';
import { Choice, Choices, Instant, Text, Texts } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import type { SaidHow } from '../../kernel/privacy/consents';
import healthCategories from '../reference/health-categories.json';

/** How somebody wants to be reached. */
export const Channel = {
  Email: 'email',
  Phone: 'phone',
  Text: 'text',
  Post: 'post',
  InPerson: 'in-person',
  Supporter: 'supporter',
} as const;
export type Channel = (typeof Channel)[keyof typeof Channel];

/** Age, as far as it is kept. */
export const AgeGroup = { Under16: 'under-16', From16To17: '16-to-17', Adult: 'adult' } as const;
export type AgeGroup = (typeof AgeGroup)[keyof typeof AgeGroup];

/** Languages in which the service writes to people. */
export const Correspondence = { English: 'en', Welsh: 'cy' } as const;
export type Correspondence = (typeof Correspondence)[keyof typeof Correspondence];

/** What somebody wants to hear about. */
export const KeepInTouch = {
  Opportunities: 'opportunities',
  Results: 'results',
  Newsletter: 'newsletter',
  Events: 'events',
} as const;
export type KeepInTouch = (typeof KeepInTouch)[keyof typeof KeepInTouch];

export const ContributorState = { Active: 'active', Left: 'left', Erased: 'erased' } as const;
export type ContributorState = (typeof ContributorState)[keyof typeof ContributorState];

/** The 21 health categories, by slug. */
export const HealthCategory: Readonly<Record<string, string>> = Object.fromEntries(
  healthCategories.rows.map((row) => [row.slug, row.slug]),
);

export const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;
export const OUTWARD_POSTCODE = /^[A-Z]{1,2}[0-9][0-9A-Z]?$/;
export const REGION = /^[A-Z][0-9]{8}$/;

/** A member of the public who takes part, or wants to. Contact points are sealed; nothing about diversity is held. */
@Entity({ schema: 'people', name: 'contributor' })
export class Contributor extends StoredRecord {
  // Null in the row of somebody who was erased, which no route answers; so the column is said apart from the field.
  @Column({ type: 'text', nullable: true })
  @Text(200, 'Name.', { virtual: true, personal: true, example: 'Rosalind Achterberg' })
  name: string;

  @Column({ type: 'text', select: false, insert: false, update: false, nullable: true })
  readonly nameKey?: string;

  @Text(100, 'What they like to be called.', { optional: true, personal: true, example: 'Roz' })
  knownAs: string | null;

  @Column({ type: 'bytea', nullable: true })
  emailSealed: Buffer | null;

  @Column({ type: 'bytea', nullable: true })
  emailIndex: Buffer | null;

  @Column({ type: 'bytea', nullable: true })
  phoneSealed: Buffer | null;

  @Column({ type: 'bytea', nullable: true })
  phoneIndex: Buffer | null;

  @Column({ type: 'bytea', nullable: true })
  addressSealed: Buffer | null;

  @Column({ type: 'text', nullable: true })
  @Choice(
    Channel,
    'Channel',
    'How they want to be reached. With supporter, everything goes to the person named as supporter.',
    { virtual: true, example: 'email' },
  )
  preferredChannel: Channel;

  @Column({ type: 'bytea', nullable: true })
  supporterSealed: Buffer | null;

  @Texts({ max: 35, items: 10 }, 'Languages that they use, as BCP 47 tags, the best-liked first.', {
    default: ['en'],
    example: ['en', 'cy'],
    pattern: LANGUAGE,
    patternSays: 'Send language tags such as en, cy or bfi; GET /v1/languages lists them.',
  })
  languages: string[];

  @Choice(Correspondence, 'Correspondence', 'Language in which they want to be written to: English or Welsh.', {
    default: 'en',
    example: 'en',
  })
  correspondenceLanguage: Correspondence;

  @Texts({ max: 80, items: 30 }, 'Topics that interest them, in their own words.', {
    default: [],
    personal: true,
    example: ['walking after a stroke'],
    pattern: /^[^\r\n;]+$/,
    patternSays: 'Write each topic on one line, without semicolons.',
  })
  topics: string[];

  @Choices(
    HealthCategory,
    'HealthCategorySlug',
    'Health categories that interest them; says nothing about their own health.',
    { default: [], personal: true, example: ['stroke'] },
  )
  healthCategories: string[];

  @Text(4, 'First half of the postcode, without a space.', {
    optional: true,
    personal: true,
    example: 'LS6',
    pattern: OUTWARD_POSTCODE,
    patternSays: 'Send the first half of a UK postcode in capitals, such as LS6 or EC1A.',
  })
  outwardPostcode: string | null;

  @Text(9, 'Region of England, or nation, by its GSS code.', {
    optional: true,
    example: 'E12000003',
    pattern: REGION,
    patternSays: 'Send a GSS code such as E12000003; GET /v1/regions lists them.',
  })
  regionCode: string | null;

  @Column({ type: 'text', nullable: true })
  @Choice(AgeGroup, 'AgeGroup', 'Under 16, 16 to 17, or adult. Nothing finer is kept.', {
    virtual: true,
    example: 'adult',
  })
  ageGroup: AgeGroup;

  @Column({ type: 'bytea', nullable: true })
  guardianSealed: Buffer | null;

  @Column({ type: 'timestamptz', nullable: true })
  guardianAgreedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  guardianAgreedHow: SaidHow | null;

  @Column({ type: 'bytea', nullable: true })
  safeguardingSealed: Buffer | null;

  @Choices(KeepInTouch, 'KeepInTouch', 'What they want to hear about.', {
    default: [],
    example: ['opportunities', 'results'],
  })
  keepInTouch: KeepInTouch[];

  @Choice(ContributorState, 'ContributorState', 'Active, left (works with no organisation now) or erased.', {
    readOnly: true,
    example: 'active',
  })
  state: ContributorState;

  @Instant('When they left their last organisation.', { optional: true, readOnly: true })
  leftAt: Date | null;
}

constraint(
  'contributor_can_be_reached',
  422,
  'channel_without_contact',
  'The preferred channel needs its contact point: an e-mail address, a phone number, a postal address or a supporter.',
);
constraint(
  'contributor_region',
  422,
  'unknown_region',
  'There is no region with this code. GET /v1/regions lists them.',
);
constraint(
  'contributor_guardian_agreed',
  422,
  'guardian_incomplete',
  "Give the guardian's name and contact, and when and how they agreed.",
);
constraint(
  'contributor_under_16_has_guardian',
  422,
  'guardian_needed',
  "Somebody under 16 needs a guardian's agreement: give guardian.",
);
constraint(
  'contributor_under_18_has_safeguarding_contact',
  422,
  'safeguarding_contact_needed',
  'Somebody under 18 needs a safeguarding contact: give safeguardingContact.',
);
constraint(
  'contributor_guardian_by_policy',
  422,
  'guardian_needed',
  "The home organisation asks for a guardian's agreement under 18: give guardian.",
);
