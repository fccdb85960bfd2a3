import type { ContentField, OpportunityContent } from './opportunity-content';

/**
 * What the UK Standards for Public Involvement ask of "inclusive opportunities", held against what an opportunity says. It helps its
 * author; it gives no score and bars nothing. Points are in our words, after standard 1 and the checklist of the Health Research Authority.
 */
export interface InclusivePoint {
  /** Short name of the point. */
  point: string;
  /** What it asks. */
  asks: string;
  /** Whether the opportunity says it. */
  found: 'met' | 'not-said';
  /** The field that says it, or would. */
  field: ContentField;
  /** How to meet it, in a plain sentence. */
  howToMeet: string;
}

type Draft = Partial<Pick<OpportunityContent, ContentField>>;
interface Rule {
  point: string;
  asks: string;
  field: ContentField;
  howToMeet: string;
  met: (draft: Draft) => boolean;
}

const said = (value: unknown): boolean => value !== null && value !== undefined && value !== '';
const isDigital = (way: string): boolean => way === 'online' || way === 'email';

const RULES: readonly Rule[] = [
  {
    point: 'plain-summary',
    asks: 'People can tell at once what it is.',
    field: 'summary',
    howToMeet: 'Say in two or three short sentences what it is, without words that only researchers use.',
    met: (d) => said(d.summary),
  },
  {
    point: 'what-people-do',
    asks: 'People know what they will be asked to do.',
    field: 'whatIsInvolved',
    howToMeet: 'Describe the sessions, the reading beforehand and what happens in the room.',
    met: (d) => said(d.whatIsInvolved),
  },
  {
    point: 'time-it-takes',
    asks: 'People can judge whether they have the time.',
    field: 'sessions',
    howToMeet: 'Give the number of sessions and how many hours they take.',
    met: (d) => said(d.sessions) && (said(d.totalHours) || said(d.hoursPerSession)),
  },
  {
    point: 'preparation',
    asks: 'Time for preparation is told, so that it can be paid for.',
    field: 'preparationHours',
    howToMeet: 'Give the hours of reading and preparation, or 0 where there is none.',
    met: (d) => said(d.preparationHours),
  },
  {
    point: 'dates',
    asks: 'People know when it takes place and can arrange work, care and travel.',
    field: 'dates',
    howToMeet: 'Give the dates and times, or say how they will be agreed with those who take part.',
    met: (d) => said(d.dates) || said(d.startsOn),
  },
  {
    point: 'who-else',
    asks: 'People know who will be with them.',
    field: 'whoElse',
    howToMeet: 'Say how many members of the public and how many professionals take part.',
    met: (d) => said(d.whoElse),
  },
  {
    point: 'earliest-stage',
    asks: 'People can see at which point of the research they are asked.',
    field: 'stage',
    howToMeet: 'Choose the stage of research; involving people early gives them more to decide.',
    met: (d) => said(d.stage),
  },
  {
    point: 'difference',
    asks: 'People know what difference they will make.',
    field: 'differenceItMakes',
    howToMeet: 'Say what can still change through what they say.',
    met: (d) => said(d.differenceItMakes),
  },
  {
    point: 'hearing-back',
    asks: 'People will hear what came of it.',
    field: 'hearBackHow',
    howToMeet: 'Say how and by which day people hear what you did with their contribution.',
    met: (d) => said(d.hearBackHow) && said(d.hearBackBy),
  },
  {
    point: 'support',
    asks: 'People are supported before, during and after.',
    field: 'support',
    howToMeet:
      'Name the help that is there, such as a call before the first session or a partner who has done it before.',
    met: (d) => said(d.support),
  },
  {
    point: 'who-is-wanted',
    asks: 'Those whom the research needs can recognise themselves.',
    field: 'livedExperienceWanted',
    howToMeet: 'Say which lived experience or skills you look for, or that no experience is needed.',
    met: (d) => said(d.livedExperienceWanted) || said(d.skillsWanted) || d.noExperienceNeeded === true,
  },
  {
    point: 'no-needless-bar',
    asks: 'Nobody is kept away for want of experience of research.',
    field: 'noExperienceNeeded',
    howToMeet: 'Say that no experience of research is needed, unless it really is.',
    met: (d) => d.noExperienceNeeded === true,
  },
  {
    point: 'choice-of-ways',
    asks: 'People can apply in the way that suits them.',
    field: 'howToApply',
    howToMeet: 'Offer at least two ways to apply.',
    met: (d) => new Set((d.howToApply ?? []).map(({ way }) => way)).size > 1,
  },
  {
    point: 'not-only-online',
    asks: 'People who are not online can apply.',
    field: 'howToApply',
    howToMeet: 'Add a way that is not digital: a telephone number, a postal address or a place to come to.',
    met: (d) => (d.howToApply ?? []).some(({ way }) => !isDigital(way)),
  },
  {
    point: 'fair-selection',
    asks: 'The choice of people is fair and open.',
    field: 'selectionMethod',
    howToMeet:
      'Choose how people are selected and, unless it is first come, write down what you look for or how the draw is made.',
    met: (d) => said(d.selectionMethod) && (d.selectionMethod === 'first-come' || said(d.selectionCriteria)),
  },
  {
    point: 'payment',
    asks: 'People know whether they are paid, and how much.',
    field: 'payment',
    howToMeet: 'Give the payment, or say plainly that there is none.',
    met: (d) => said(d.payment),
  },
  {
    point: 'expenses',
    asks: 'Nobody is out of pocket.',
    field: 'expenses',
    howToMeet: 'Say that expenses are paid and how; booking travel for people spares them paying first.',
    met: (d) => d.expensesPaid === true && said(d.expenses),
  },
  {
    point: 'access',
    asks: 'What is provided for access is told, not left for people to ask.',
    field: 'accessProvision',
    howToMeet: 'List what you provide, such as captions, large print, step-free access or breaks.',
    met: (d) => (d.accessProvision ?? []).length > 0,
  },
  {
    point: 'how-to-join',
    asks: 'People know where it is or how to join.',
    field: 'mode',
    howToMeet: 'Choose the mode and, where people meet, give the place.',
    met: (d) => said(d.mode) && ((d.mode !== 'in-person' && d.mode !== 'hybrid') || said(d.place)),
  },
  {
    point: 'languages',
    asks: 'People know in which languages they can take part.',
    field: 'languages',
    howToMeet: 'List the languages, sign languages among them.',
    met: (d) => (d.languages ?? []).length > 0,
  },
  {
    point: 'easy-read',
    asks: 'The advertisement itself can be read by people who find reading hard.',
    field: 'easyRead',
    howToMeet: 'Add an Easy Read version of the title and the main texts.',
    met: (d) => said(d.easyRead),
  },
  {
    point: 'welsh',
    asks: 'In Wales, people can read it in Welsh.',
    field: 'welsh',
    howToMeet: 'Add a Welsh version where people in Wales are asked.',
    met: (d) => said(d.welsh),
  },
  {
    point: 'young-people-safe',
    asks: 'People under 18 know how they are kept safe.',
    field: 'safeguarding',
    howToMeet: 'Say who looks after the safety of young people, and whom they can turn to.',
    met: (d) => said(d.safeguarding),
  },
  {
    point: 'somebody-to-ask',
    asks: 'There is a person to ask, also by telephone.',
    field: 'contact',
    howToMeet: 'Give a name with a telephone number and an e-mail address.',
    met: (d) => said(d.contact?.phone) && said(d.contact?.email),
  },
];

/** GSS code of Wales (Office for National Statistics). */
const WALES = 'W92000004';

/** Points that are only asked where they apply. */
const APPLIES: Readonly<Record<string, (draft: Draft) => boolean>> = {
  welsh: (d) => d.regionCode === WALES || (d.languages ?? []).includes('cy'),
  'young-people-safe': (d) => d.openToUnder18 === true,
};

/** Every point that applies to what is said so far. */
export function inclusiveCheck(draft: Draft): InclusivePoint[] {
  return RULES.filter(({ point }) => APPLIES[point]?.(draft) ?? true).map(({ met, ...rule }) => ({
    ...rule,
    found: met(draft) ? 'met' : 'not-said',
  }));
}
