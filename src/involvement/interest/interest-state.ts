/** How far an interest is. */
export const InterestState = {
  Received: 'received',
  Shortlisted: 'shortlisted',
  Reserve: 'reserve',
  Offered: 'offered',
  Accepted: 'accepted',
  Declined: 'declined',
  Lapsed: 'lapsed',
  NotSelected: 'not-selected',
  Withdrawn: 'withdrawn',
} as const;
export type InterestState = (typeof InterestState)[keyof typeof InterestState];

/** What each state may become. The database holds the same table (`involvement.interest_follows`), and a test compares them. */
export const FOLLOWS: Readonly<Record<InterestState, readonly InterestState[]>> = {
  received: ['shortlisted', 'reserve', 'offered', 'not-selected', 'withdrawn'],
  shortlisted: ['reserve', 'offered', 'not-selected', 'withdrawn'],
  reserve: ['shortlisted', 'offered', 'not-selected', 'withdrawn'],
  offered: ['accepted', 'declined', 'lapsed', 'withdrawn'],
  accepted: ['withdrawn'],
  declined: [],
  lapsed: ['offered'],
  'not-selected': [],
  withdrawn: [],
};

/** States in which something may still come of an interest. */
export const LIVE: readonly InterestState[] = ['received', 'shortlisted', 'reserve', 'offered', 'accepted'];

/** States that take a place. */
export const TAKES_A_PLACE: readonly InterestState[] = ['offered', 'accepted'];

export const InterestChannel = {
  Online: 'online',
  Phone: 'phone',
  Email: 'email',
  Post: 'post',
  InPerson: 'in-person',
  Site: 'site',
} as const;
export type InterestChannel = (typeof InterestChannel)[keyof typeof InterestChannel];

export const Party = { Person: 'person', Group: 'group' } as const;
export type Party = (typeof Party)[keyof typeof Party];

/** How a helper and the person whom they helped spoke with each other. */
export const AssistedBy = {
  Phone: 'phone',
  InPerson: 'in-person',
  Post: 'post',
  Email: 'email',
  Text: 'text',
  Online: 'online',
} as const;
export type AssistedBy = (typeof AssistedBy)[keyof typeof AssistedBy];

export const HowHeard = {
  Site: 'site',
  Newsletter: 'newsletter',
  FriendOrFamily: 'friend-or-family',
  CommunityGroup: 'community-group',
  Clinic: 'clinic',
  SocialMedia: 'social-media',
  Poster: 'poster',
  Radio: 'radio',
  Event: 'event',
  Other: 'other',
} as const;
export type HowHeard = (typeof HowHeard)[keyof typeof HowHeard];

/** How somebody wants to be told what came of it; the same ways as in a contributor's record. */
export const ReplyBy = {
  Email: 'email',
  Phone: 'phone',
  Text: 'text',
  Post: 'post',
  InPerson: 'in-person',
  Supporter: 'supporter',
} as const;
export type ReplyBy = (typeof ReplyBy)[keyof typeof ReplyBy];

export const ConfirmedHow = { Code: 'code', Call: 'call' } as const;
export type ConfirmedHow = (typeof ConfirmedHow)[keyof typeof ConfirmedHow];
