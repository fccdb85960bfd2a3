import { Choice, Choices, Day, Flag, Pence, Text, Whole } from '../../kernel/db/fields';
import { AnswerWay, ApplyWay, PaymentKind, PaymentPer } from './opportunity-choices';

/** The objects inside an opportunity. None has a table of its own. */

const part = { virtual: true } as const;
const perhaps = { virtual: true, optional: true } as const;

/** One way to apply. */
export class WayToApply {
  @Choice(ApplyWay, 'ApplyWay', 'By which way.', { ...part, example: 'phone' })
  way: ApplyWay;

  @Text(1000, 'What to do, with the number or address.', {
    ...part,
    example: 'Ring 01632 960121 on weekdays between 10am and 4pm.',
  })
  detail: string;
}

/** What people are paid. */
export class OpportunityPayment {
  @Choice(PaymentKind, 'PaymentKind', 'A band of a payment policy, an amount, or none.', { ...part, example: 'amount' })
  kind: PaymentKind;

  @Text(100, 'Name of the band, where a policy has bands.', { ...perhaps, example: 'Up to two hours' })
  band?: string | null;

  @Pence('Amount in pence, where it is an amount.', { ...perhaps, example: 5500 })
  pence?: number | null;

  @Choice(PaymentPer, 'PaymentPer', 'What the amount is for.', { ...perhaps, example: 'activity' })
  per?: PaymentPer | null;

  @Text(1000, 'What else people should know about payment.', {
    ...perhaps,
    example: 'You may take less, or nothing.',
  })
  note?: string | null;
}

/** Where it takes place. */
export class OpportunityPlace {
  @Text(200, 'Name of the building.', { ...perhaps, example: 'Central Library' })
  name?: string | null;

  @Text(100, 'Town or city.', { ...perhaps, example: 'Newcastle upon Tyne' })
  town?: string | null;

  @Text(4, 'Outward part of the postcode.', {
    ...perhaps,
    example: 'NE1',
    pattern: /^[A-Z]{1,2}[0-9][A-Z0-9]?$/,
    patternSays: 'Send the first part of the postcode in capitals, such as NE1.',
  })
  outwardPostcode?: string | null;
}

/** Whom to ask, at work. */
export class OpportunityContact {
  @Text(200, 'Name of a person or team.', { ...part, example: 'Tobi Adeyemi' })
  name: string;

  @Text(254, 'E-mail address.', {
    ...perhaps,
    example: 'tobi.adeyemi@example.org',
    pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
    patternSays: 'Send an e-mail address.',
  })
  email?: string | null;

  @Text(40, 'Telephone number.', {
    ...perhaps,
    example: '01632 960121',
    pattern: /^\+?[0-9][0-9 ()-]{5,38}$/,
    patternSays: 'Send a telephone number.',
  })
  phone?: string | null;
}

/** One question of the organiser to those who are interested. */
export class Question {
  @Text(40, 'Short name by which answers refer to it.', {
    ...part,
    example: 'experience',
    pattern: /^[a-z][a-z0-9-]{0,39}$/,
    patternSays: 'Use small letters, digits and hyphens; begin with a letter.',
  })
  key: string;

  @Text(500, 'The question.', {
    ...part,
    example: 'What do you know about falls, from your own life or from someone close to you?',
  })
  question: string;

  @Text(1000, 'Help with answering.', { ...perhaps, example: 'A few sentences are enough.' })
  help?: string | null;

  @Whole({ min: 1, max: 2000 }, 'Most words of an answer; null for no limit.', { ...perhaps, example: 150 })
  maxWords?: number | null;

  @Flag('Whether it must be answered.', { ...part, example: false })
  required: boolean;

  @Choices(AnswerWay, 'AnswerWay', 'Ways in which it may be answered.', { ...part, example: ['text', 'recording'] })
  ways: AnswerWay[];
}

/** An identifier that another system gave. */
export class OpportunityIdentifier {
  @Text(40, 'Name of the system.', {
    ...part,
    example: 'local-site',
    pattern: /^[a-z][a-z0-9-]{0,39}$/,
    patternSays: 'Use small letters, digits and hyphens; begin with a letter.',
  })
  scheme: string;

  @Text(200, 'The identifier in that system.', { ...part, example: 'OPP-2041' })
  value: string;
}

/** How a random draw is held. */
export class DrawSettings {
  @Day('Day of the draw.', { ...perhaps, example: '2026-12-20' })
  on?: string | null;

  @Whole({ min: 0, max: 1000 }, 'How many people are drawn as a reserve.', { ...perhaps, example: 4 })
  reserves?: number | null;
}

/** The public texts in another form: in Welsh, or as Easy Read. */
export class OtherTexts {
  @Text(200, 'Title.', { ...part, example: 'Help us stop people falling at home' })
  title: string;

  @Text(2000, 'What it is.', { ...perhaps, example: 'We want to help older people fall less.' })
  summary?: string | null;

  @Text(4000, 'What people will be asked to do.', { ...perhaps, example: 'You come to 4 meetings in one year.' })
  whatIsInvolved?: string | null;

  @Text(2000, 'Who else will be there.', { ...perhaps, example: 'Five other people and two researchers.' })
  whoElse?: string | null;

  @Text(2000, 'Dates and times in words.', { ...perhaps, example: 'Tuesdays, 2 o’clock in the afternoon.' })
  dates?: string | null;

  @Text(4000, 'What difference people will make.', { ...perhaps, example: 'What you say changes our plans.' })
  differenceItMakes?: string | null;

  @Text(2000, 'How people hear what came of it.', { ...perhaps, example: 'We write to you after each meeting.' })
  hearBackHow?: string | null;

  @Text(4000, 'Support before, during and after.', { ...perhaps, example: 'Tobi rings you before the meeting.' })
  support?: string | null;

  @Text(2000, 'Skills that are wanted.', { ...perhaps, example: 'You do not need any skills.' })
  skillsWanted?: string | null;

  @Text(2000, 'Lived experience that is wanted.', { ...perhaps, example: 'You are 65 or older.' })
  livedExperienceWanted?: string | null;

  @Text(2000, 'How people are chosen.', { ...perhaps, example: 'Three people read what you write.' })
  selectionCriteria?: string | null;

  @Text(2000, 'Which expenses are paid.', { ...perhaps, example: 'We pay for your bus.' })
  expenses?: string | null;
}
