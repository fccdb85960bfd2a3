import { eventType } from '../../kernel/events/declare';

/** What happens to contributors, told with ids only. */
export const CONTRIBUTOR_JOINED = eventType({
  type: 'contributor.joined',
  subject: 'contributor',
  public: false,
  means: 'A contributor began to work with an organisation, as a new contributor or as one that others know already.',
  data: { contributorOrganisationId: 'The record that ties the two.' },
});
export const CONTRIBUTOR_CHANGED = eventType({
  type: 'contributor.changed',
  subject: 'contributor',
  public: false,
  means: 'Details of a contributor changed.',
});
export const CONTRIBUTOR_LEFT = eventType({
  type: 'contributor.left',
  subject: 'contributor',
  public: false,
  means: 'A contributor stopped working with an organisation.',
  data: { contributorOrganisationId: 'The record that ties the two.' },
});
export const CONTRIBUTOR_MERGED = eventType({
  type: 'contributor.merged',
  subject: 'contributor',
  public: false,
  means: 'Two records were of one person. The subject is the one that stays.',
  data: { goneId: 'The record that went into it; its id no longer answers.' },
});
export const CONTRIBUTOR_ERASED = eventType({
  type: 'contributor.erased',
  subject: 'contributor',
  public: false,
  means: 'A contributor was erased. Whoever keeps something by their id is to delete it.',
});
