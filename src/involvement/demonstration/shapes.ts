/**
 * Shapes of the demonstration texts in this folder.
 *
 * Everything here is made up: people, organisations, studies and numbers. E-mail addresses are at example.org and
 * telephone numbers lie in the ranges that Ofcom keeps for drama. Identifiers are well-formed but belong to nobody.
 * A record is named by its `slug`, unique in its kind, from which the loader makes its id; days are given as offsets
 * from the day of loading, so that the data never grows old.
 */
export type DemonstrationKind =
  | 'advisory-group'
  | 'steering-committee'
  | 'focus-group'
  | 'interview'
  | 'survey'
  | 'document-review'
  | 'priority-setting'
  | 'co-applicant'
  | 'co-design'
  | 'peer-research'
  | 'event'
  | 'training'
  | 'other';

export type DemonstrationStage =
  | 'identifying-and-prioritising'
  | 'commissioning'
  | 'design'
  | 'undertaking'
  | 'analysing'
  | 'disseminating'
  | 'implementing'
  | 'evaluating';

export type DemonstrationMode = 'online' | 'in-person' | 'hybrid' | 'phone' | 'post';

export type DemonstrationAccess =
  | 'bsl-interpreter'
  | 'captions'
  | 'easy-read'
  | 'large-print'
  | 'step-free'
  | 'hearing-loop'
  | 'quiet-space'
  | 'personal-assistant-welcome'
  | 'interpreter'
  | 'equipment-loan'
  | 'childcare-paid'
  | 'breaks'
  | 'phone-joining';

/** organisations.json */
export interface DemonstrationOrganisation {
  slug: string;
  name: string;
  welshName: string | null;
  kind: 'university' | 'nhs-body' | 'charity' | 'community-group';
  /** GSS code of the English region; null outside England. */
  region: string | null;
  /** GSS code of the nation. */
  nation: string;
  town: string;
  outwardPostcode: string;
  about: string;
  email: string;
  phone: string;
  /** The policy of a second person approving before publication. */
  secondApprover: boolean;
  verified: boolean;
}

/** projects.json */
export interface DemonstrationProject {
  slug: string;
  /** Slug of a demonstration organisation. */
  organisation: string;
  frame: 'study' | 'award' | 'committee' | 'programme' | 'other';
  title: string;
  summary: string;
  identifiers: { scheme: 'award' | 'iras' | 'cpms' | 'isrctn'; value: string }[];
  startsInDays: number;
  endsInDays: number;
  team: {
    name: string;
    role: 'chief-investigator' | 'researcher' | 'public-involvement-lead' | 'public-co-applicant';
  }[];
}

/** opportunities/<project slug>.json: the fields of the Health Research Authority's checklist. */
export interface DemonstrationOpportunity {
  slug: string;
  /** Slug of the project; the organisation is the project's. */
  project: string;
  kind: DemonstrationKind;
  stage: DemonstrationStage;
  title: string;
  summary: string;
  /** What people will do: sessions, reading beforehand, who else is there. */
  involves: string;
  /** What difference it makes. */
  difference: string;
  /** When and how people hear what came of it. */
  hearBack: string;
  /** Days after closing by which people hear whether they were chosen. */
  hearWithinDays: number;
  support: string;
  /** Skills or lived experience wanted. */
  wanted: string;
  noExperienceNeeded: boolean;
  /** Whole years; null for no limit. */
  minimumAge: number | null;
  maximumAge: number | null;
  /** Said where people under 18 or at risk may take part. */
  safeguarding: string | null;
  /** At least one way is not digital. */
  apply: { way: 'online' | 'email' | 'phone' | 'post' | 'in-person'; detail: string }[];
  /** The organiser's questions, with a word limit each. */
  questions: { text: string; wordLimit: number }[];
  selection: { how: 'criteria' | 'random-draw' | 'first-come'; detail: string };
  /** Whole pence for `per`; 0 is unpaid. Demonstration amounts, not anybody's published rates. */
  payment: { pence: number; per: 'session' | 'task' | 'day' | 'whole'; detail: string };
  expenses: string;
  accessProvision: DemonstrationAccess[];
  mode: DemonstrationMode;
  /** Null when online, by telephone or by post. */
  place: { town: string; outwardPostcode: string } | null;
  /** BCP 47. */
  languages: string[];
  /** Slugs of health categories in the people area's reference data. */
  healthCategories: string[];
  conditions: string[];
  sessions: number;
  /** Hours in all sessions together. */
  hours: number;
  /** Hours of preparation in all. */
  preparationHours: number;
  places: number;
  publishedInDays: number;
  /** Negative: already closed. The last day to apply is the day of loading plus this. */
  closesInDays: number;
  /** First session. */
  startsInDays: number;
  state: 'draft' | 'in-review' | 'published' | 'paused' | 'withdrawn';
  contact: { name: string; email: string; phone: string };
  /** Other versions of the public texts. `en-easy-read` is Easy Read English. */
  versions: { locale: 'cy' | 'en-easy-read'; title: string; summary: string; involves: string; difference: string }[];
}

/** contributors.json */
export interface DemonstrationContributor {
  slug: string;
  name: string;
  /** What they like to be called. */
  knownAs: string;
  pronouns: string | null;
  ageBand: 'under-16' | '16-to-17' | 'adult';
  /** For those under 18. */
  guardian: { name: string; phone: string } | null;
  email: string | null;
  phone: string | null;
  preferredChannel: 'email' | 'phone' | 'text' | 'post' | 'in-person' | 'supporter';
  /** Through whom they are reached when `preferredChannel` is `supporter`. */
  supporter: { name: string; phone: string } | null;
  outwardPostcode: string;
  /** BCP 47, the best-liked first. */
  languages: string[];
  /** Slugs of health categories. */
  topics: string[];
  /** Slugs of demonstration organisations, home first. */
  organisations: string[];
}

/** interests/*.json */
export interface DemonstrationInterest {
  slug: string;
  opportunity: string;
  contributor: string;
  heardFrom:
    | 'site'
    | 'newsletter'
    | 'friend-or-family'
    | 'community-group'
    | 'clinic'
    | 'social-media'
    | 'poster'
    | 'radio'
    | 'event'
    | 'other';
  statement: string;
  availability: string;
  channel: 'site' | 'email' | 'phone' | 'post' | 'in-person';
  /** Who helped, where somebody did. */
  assistedBy: string | null;
  keepOnFile: boolean;
  /** Where it stands; a state not allowed by the opportunity's places does not occur. */
  state: 'received' | 'shortlisted' | 'offered' | 'accepted' | 'declined' | 'reserve' | 'not-selected' | 'withdrawn';
  /** The reason told to the person; only where not selected. */
  reason: string | null;
  /** Days from loading, never after closing. */
  receivedInDays: number;
}

/** activities.json: things done in an involvement whose interest was accepted, and the feedback given on it. */
export interface DemonstrationActivity {
  slug: string;
  /** Slug of an accepted interest. */
  interest: string;
  onInDays: number;
  kind: 'meeting' | 'workshop' | 'reading' | 'interview' | 'training' | 'presentation';
  hours: number;
  preparationHours: number;
  attended: boolean;
  mode: DemonstrationMode;
  note: string;
  /** What the organiser told the person that their part changed. */
  feedback: string;
}
