import { Choice, Choices, Day, Decimal, Flag, Json, JsonList, Text, Texts, Whole } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import {
  AccessProvision,
  OpportunityKind,
  OpportunityMode,
  ResearchStage,
  SelectionMethod,
} from './opportunity-choices';
import {
  OpportunityContact,
  DrawSettings,
  OtherTexts,
  OpportunityIdentifier,
  OpportunityPayment,
  OpportunityPlace,
  Question,
  WayToApply,
} from './opportunity-parts';

const perhaps = { optional: true } as const;

/**
 * What an opportunity says, field by field after the Health Research Authority's checklist for advertising public
 * involvement activities (what, what is involved, what difference, support, skills, how to apply, how selection works, payment, expenses).
 */
export class OpportunityContent extends StoredRecord {
  // What it is
  @Text(200, 'Title shown to the public.', { example: 'Help guide a study about falling less at home' })
  title: string;

  @Text(2000, 'What it is, in a few plain sentences.', {
    ...perhaps,
    example: 'Eight people over 65 meet the researchers to keep the study practical.',
  })
  summary: string | null;

  @Choice(OpportunityKind, 'OpportunityKind', 'What people would do.', { example: 'advisory-group' })
  kind: OpportunityKind;

  @Choice(ResearchStage, 'ResearchStage', 'Stage of research that it belongs to.', {
    ...perhaps,
    example: 'undertaking',
  })
  stage: ResearchStage | null;

  @Choice(OpportunityMode, 'OpportunityMode', 'How people take part.', { ...perhaps, example: 'in-person' })
  mode: OpportunityMode | null;

  @Text(2000, 'Dates and times in words.', { ...perhaps, example: 'Four Tuesdays, 2pm to 4pm.' })
  dates: string | null;

  @Day('Day of the first session.', { ...perhaps, example: '2027-01-12' })
  startsOn: string | null;

  @Day('Day of the last session.', { ...perhaps, example: '2027-10-05' })
  endsOn: string | null;

  @Whole({ min: 1, max: 100_000 }, 'How many people can take part; null where there is no limit.', {
    ...perhaps,
    example: 8,
  })
  placesAvailable: number | null;

  // What is involved
  @Text(4000, 'What people will be asked to do.', {
    ...perhaps,
    example: 'Four meetings a year of two hours, with lunch.',
  })
  whatIsInvolved: string | null;

  @Whole({ min: 0, max: 1000 }, 'How many sessions there are.', { ...perhaps, example: 4 })
  sessions: number | null;

  @Decimal({ min: 0, max: 100 }, 'Hours that one session lasts.', { ...perhaps, example: 2 })
  hoursPerSession: number | null;

  @Decimal({ min: 0, max: 10_000 }, 'Hours in all sessions together.', { ...perhaps, example: 8 })
  totalHours: number | null;

  @Decimal({ min: 0, max: 10_000 }, 'Hours of reading and other preparation in all.', { ...perhaps, example: 4 })
  preparationHours: number | null;

  @Text(2000, 'Who else will be there.', {
    ...perhaps,
    example: 'Five other members of the public and three researchers.',
  })
  whoElse: string | null;

  // What difference it makes
  @Text(4000, 'What difference people will make.', {
    ...perhaps,
    example: 'The group decides how the results are told to people who took part.',
  })
  differenceItMakes: string | null;

  @Day('Day by which people hear what came of it.', { ...perhaps, example: '2027-02-02' })
  hearBackBy: string | null;

  @Text(2000, 'How people hear what came of it.', {
    ...perhaps,
    example: 'A one-page note within three weeks of each meeting.',
  })
  hearBackHow: string | null;

  // Support, skills, ages
  @Text(4000, 'Support before, during and after.', {
    ...perhaps,
    example: 'Tobi rings you before the first meeting and after each one.',
  })
  support: string | null;

  @Text(2000, 'Skills that are wanted.', { ...perhaps, example: 'Saying what you think in a small group.' })
  skillsWanted: string | null;

  @Text(2000, 'Lived experience that is wanted.', {
    ...perhaps,
    example: 'You are 65 or over, or look after somebody who is.',
  })
  livedExperienceWanted: string | null;

  @Flag('Whether people need no experience of research.', { default: false, example: true })
  noExperienceNeeded: boolean;

  @Whole({ min: 0, max: 120 }, 'Youngest age in whole years; null where there is none.', { ...perhaps, example: 18 })
  minAge: number | null;

  @Whole({ min: 0, max: 120 }, 'Oldest age in whole years; null where there is none.', { ...perhaps, example: 99 })
  maxAge: number | null;

  @Flag('Whether people under 18 may take part.', { default: false, example: false })
  openToUnder18: boolean;

  @Text(2000, 'How people under 18 or at risk are kept safe.', {
    ...perhaps,
    example: 'Two staff are in every meeting.',
  })
  safeguarding: string | null;

  // How to apply, how people are chosen
  @JsonList(() => WayToApply, { items: 10 }, 'Ways to apply. One that is not digital lets more people in.', {
    default: [],
  })
  howToApply: WayToApply[];

  @Day('Last day to apply, to its end in UK time.', { ...perhaps, example: '2026-12-18' })
  closesOn: string | null;

  @Choice(SelectionMethod, 'SelectionMethod', 'How people are chosen.', { ...perhaps, example: 'criteria' })
  selectionMethod: SelectionMethod | null;

  @Text(2000, 'What is looked for, or how the draw is made.', {
    ...perhaps,
    example: 'We look for a mix of people and places.',
  })
  selectionCriteria: string | null;

  @Json(() => DrawSettings, 'How a random draw is held.', perhaps)
  draw: DrawSettings | null;

  @JsonList(() => Question, { items: 20 }, 'Questions to those who are interested.', { default: [] })
  questions: Question[];

  // Payment and expenses
  @Json(() => OpportunityPayment, 'What people are paid; null where it is not said.', perhaps)
  payment: OpportunityPayment | null;

  @Text(2000, 'Which expenses are paid, and how.', {
    ...perhaps,
    example: 'We book and pay for buses, trains and taxis.',
  })
  expenses: string | null;

  @Flag('Whether expenses are paid; null where it is not said.', { ...perhaps, example: true })
  expensesPaid: boolean | null;

  // Access, place, language
  @Choices(AccessProvision, 'AccessProvision', 'What is provided so that everybody can take part.', {
    default: [],
    example: ['step-free', 'captions'],
  })
  accessProvision: AccessProvision[];

  @Json(() => OpportunityPlace, 'Where it takes place; null where it has no place.', perhaps)
  place: OpportunityPlace | null;

  @Text(9, 'GSS code of the nation or English region that it is for; null where it is for all.', {
    ...perhaps,
    example: 'E12000001',
    pattern: /^[A-Z][0-9]{8}$/,
    patternSays: 'Send a GSS code such as E12000003; GET /v1/regions lists them.',
  })
  regionCode: string | null;

  @Texts({ max: 35, items: 20 }, 'Languages in which people can take part, as BCP 47 tags.', {
    default: [],
    example: ['en'],
    pattern: /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/,
    patternSays: 'Send language tags such as en, cy or bfi.',
  })
  languages: string[];

  @Texts({ max: 60, items: 21 }, 'Health categories, by slug; GET /v1/health-categories lists them.', {
    default: [],
    example: ['musculoskeletal'],
    pattern: /^[a-z][a-z0-9-]{1,59}$/,
    patternSays: 'Send short names of health categories, such as stroke; GET /v1/health-categories lists them.',
  })
  healthCategories: string[];

  @Texts({ max: 200, items: 50 }, 'Conditions that it concerns, in words.', { default: [], example: ['falls'] })
  conditions: string[];

  // Whom to ask, other forms, other systems
  @Json(() => OpportunityContact, 'Whom to ask, at work. Shown to the public.', { ...perhaps, personal: true })
  contact: OpportunityContact | null;

  @Json(() => OtherTexts, 'The public texts in Welsh.', perhaps)
  welsh: OtherTexts | null;

  @Json(() => OtherTexts, 'The public texts as Easy Read.', perhaps)
  easyRead: OtherTexts | null;

  @JsonList(
    () => OpportunityIdentifier,
    { items: 20 },
    'Identifiers that other systems gave; an organisation uses each once.',
    { default: [] },
  )
  identifiers: OpportunityIdentifier[];
}

/** Every field of the content, in the order in which people read them. */
export const CONTENT_FIELDS = [
  'title', 'summary', 'kind', 'stage', 'mode', 'dates', 'startsOn', 'endsOn', 'placesAvailable',
  'whatIsInvolved', 'sessions', 'hoursPerSession', 'totalHours', 'preparationHours', 'whoElse',
  'differenceItMakes', 'hearBackBy', 'hearBackHow',
  'support', 'skillsWanted', 'livedExperienceWanted', 'noExperienceNeeded', 'minAge', 'maxAge', 'openToUnder18', 'safeguarding',
  'howToApply', 'closesOn', 'selectionMethod', 'selectionCriteria', 'draw', 'questions',
  'payment', 'expenses', 'expensesPaid',
  'accessProvision', 'place', 'regionCode', 'languages', 'healthCategories', 'conditions',
  'contact', 'welsh', 'easyRead', 'identifiers',
] as const; // prettier-ignore
export type ContentField = (typeof CONTENT_FIELDS)[number];
export type Content = Pick<OpportunityContent, ContentField>;

/** Fields whose change people must be told of: dates, place, payment, mode, sessions, closing, who is wanted. */
export const MATERIAL_FIELDS: ReadonlySet<ContentField> = new Set<ContentField>([
  'dates', 'startsOn', 'endsOn', 'place', 'payment', 'expensesPaid', 'mode', 'sessions', 'hoursPerSession', 'totalHours',
  'closesOn', 'skillsWanted', 'livedExperienceWanted', 'noExperienceNeeded', 'minAge', 'maxAge', 'openToUnder18', 'selectionMethod',
]); // prettier-ignore
