/** The closed lists of an opportunity's fields. The database holds the same lists. */

export const OpportunityKind = {
  AdvisoryGroup: 'advisory-group',
  SteeringCommittee: 'steering-committee',
  FocusGroup: 'focus-group',
  Interview: 'interview',
  Survey: 'survey',
  DocumentReview: 'document-review',
  PrioritySetting: 'priority-setting',
  CoApplicant: 'co-applicant',
  CoDesign: 'co-design',
  PeerResearch: 'peer-research',
  Event: 'event',
  Training: 'training',
  Other: 'other',
} as const;
export type OpportunityKind = (typeof OpportunityKind)[keyof typeof OpportunityKind];

export const ResearchStage = {
  IdentifyingAndPrioritising: 'identifying-and-prioritising',
  Commissioning: 'commissioning',
  Design: 'design',
  Undertaking: 'undertaking',
  Analysing: 'analysing',
  Disseminating: 'disseminating',
  Implementing: 'implementing',
  Evaluating: 'evaluating',
} as const;
export type ResearchStage = (typeof ResearchStage)[keyof typeof ResearchStage];

export const OpportunityMode = {
  Online: 'online',
  InPerson: 'in-person',
  Hybrid: 'hybrid',
  Phone: 'phone',
  Post: 'post',
} as const;
export type OpportunityMode = (typeof OpportunityMode)[keyof typeof OpportunityMode];

export const AccessProvision = {
  BslInterpreter: 'bsl-interpreter',
  Captions: 'captions',
  EasyRead: 'easy-read',
  LargePrint: 'large-print',
  StepFree: 'step-free',
  HearingLoop: 'hearing-loop',
  QuietSpace: 'quiet-space',
  PersonalAssistantWelcome: 'personal-assistant-welcome',
  Interpreter: 'interpreter',
  EquipmentLoan: 'equipment-loan',
  ChildcarePaid: 'childcare-paid',
  Breaks: 'breaks',
  PhoneJoining: 'phone-joining',
} as const;
export type AccessProvision = (typeof AccessProvision)[keyof typeof AccessProvision];

export const SelectionMethod = { Criteria: 'criteria', RandomDraw: 'random-draw', FirstCome: 'first-come' } as const;
export type SelectionMethod = (typeof SelectionMethod)[keyof typeof SelectionMethod];

export const PaymentKind = { PolicyBand: 'policy-band', Amount: 'amount', None: 'none' } as const;
export type PaymentKind = (typeof PaymentKind)[keyof typeof PaymentKind];

export const PaymentPer = { Activity: 'activity', Hour: 'hour', Day: 'day', Total: 'total' } as const;
export type PaymentPer = (typeof PaymentPer)[keyof typeof PaymentPer];

export const ApplyWay = {
  Online: 'online',
  Email: 'email',
  Phone: 'phone',
  Post: 'post',
  InPerson: 'in-person',
} as const;
export type ApplyWay = (typeof ApplyWay)[keyof typeof ApplyWay];

export const AnswerWay = { Text: 'text', Recording: 'recording', Letter: 'letter' } as const;
export type AnswerWay = (typeof AnswerWay)[keyof typeof AnswerWay];

export const OpportunityState = {
  Draft: 'draft',
  InReview: 'in-review',
  Scheduled: 'scheduled',
  Published: 'published',
  Paused: 'paused',
  Closed: 'closed',
  Withdrawn: 'withdrawn',
} as const;
export type OpportunityState = (typeof OpportunityState)[keyof typeof OpportunityState];

/** Where an opportunity stands for the public. */
export const PublicStatus = { Open: 'open', Paused: 'paused', Closed: 'closed' } as const;
export type PublicStatus = (typeof PublicStatus)[keyof typeof PublicStatus];
