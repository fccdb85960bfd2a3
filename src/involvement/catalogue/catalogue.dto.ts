import { InChoice, InChoices, InDay, InFlag, InNumber, InRef, InText, InTexts, InWhole } from '../../kernel/http/query';
import { PageQuery } from '../../kernel/http/page';
import { AccessProvision, OpportunityKind, OpportunityMode, ResearchStage } from '../opportunity/opportunity-choices';

export const SORTS = ['closing-soon', 'newest', 'nearest', 'best-match'] as const;
export type Sort = (typeof SORTS)[number];

export const FACETS = [
  'kind',
  'stage',
  'mode',
  'region',
  'healthCategory',
  'accessProvision',
  'language',
  'paid',
] as const;
export type Facet = (typeof FACETS)[number];

const OUTWARD = /^[A-Za-z]{1,2}[0-9][0-9A-Za-z]?$/;

/** What a search of the catalogue may ask. Filters narrow together; several values of one filter widen it. */
export class CatalogueQuery extends PageQuery {
  @InText(200, 'Words to look for. "Quotes" keep words together, or widens, - leaves out.', { example: 'stroke' })
  q?: string;

  @InChoices(Object.values(OpportunityKind), 'What people would do.')
  kind?: string[];

  @InChoices(Object.values(ResearchStage), 'Stage of research.')
  stage?: string[];

  @InChoices(Object.values(OpportunityMode), 'How people take part.')
  mode?: string[];

  @InTexts(
    { pattern: /^[A-Z][0-9]{8}$/, items: 13, says: 'Send GSS codes such as E12000003; GET /v1/regions lists them.' },
    'GSS codes of English regions or UK nations. What is for everywhere is always found.',
  )
  region?: string[];

  @InTexts(
    {
      pattern: /^[a-z][a-z0-9-]{1,59}$/,
      items: 21,
      says: 'Send short names, such as stroke; GET /v1/health-categories lists them.',
    },
    'Health categories (HRCS).',
  )
  healthCategory?: string[];

  @InText(100, 'A condition, in words.', { example: 'stroke' })
  condition?: string;

  @InFlag('Whether people are paid.')
  paid?: boolean;

  @InFlag('Whether no experience of research is needed.')
  noExperienceNeeded?: boolean;

  @InChoices(Object.values(AccessProvision), 'Provision that must all be there.')
  accessProvision?: string[];

  @InText(20, 'A language in which people can take part, as a BCP 47 tag.', {
    pattern: /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/,
    patternSays: 'Send a language tag, such as cy or en.',
    example: 'en',
  })
  language?: string;

  @InWhole({ min: 0, max: 120 }, 'An age, in whole years, that can take part.')
  age?: number;

  @InDay('Only what closes before this day.')
  closingBefore?: string;

  @InRef('Only this organisation’s.')
  organisation?: string;

  @InRef('Only this project’s.')
  project?: string;

  @InText(8, 'Outward postcode to measure distances from, such as LS2.', {
    pattern: OUTWARD,
    patternSays: 'Send the first part of a postcode, such as LS2.',
  })
  near?: string;

  @InNumber({ min: 49, max: 62 }, 'Degrees north (WGS 84) to measure from; goes with longitude, in place of near.')
  latitude?: number;

  @InNumber({ min: -9, max: 3 }, 'Degrees east (WGS 84) to measure from; goes with latitude.')
  longitude?: number;

  @InWhole({ min: 1, max: 1000 }, 'At most so many kilometres away; needs near, or latitude and longitude.')
  within?: number;

  @InFlag('With within: also what can be done from anywhere (online, by phone or by post).')
  orFromAnywhere?: boolean;

  @InChoice(
    SORTS,
    'Order. nearest needs a point; best-match needs q. Without it: best-match where q is given, else closing-soon.',
  )
  sort?: Sort;

  @InChoices(FACETS, 'Count what is found by these, each without its own filter.')
  facets?: Facet[];
}
