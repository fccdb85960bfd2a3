import { eventType } from '../../kernel/events/declare';

/** What people say about the use of their data, told with ids and the purpose's name only. */
export const CONSENT_GIVEN = eventType({
  type: 'consent.given',
  subject: 'contributor',
  public: false,
  means: 'A contributor consented to a purpose.',
  data: { purpose: 'The purpose, by its slug.' },
});
export const CONSENT_WITHDRAWN = eventType({
  type: 'consent.withdrawn',
  subject: 'contributor',
  public: false,
  means: 'A contributor took consent back. Whoever keeps something under it is to delete it.',
  data: { purpose: 'The purpose, by its slug.' },
});
export const OBJECTION_MADE = eventType({
  type: 'objection.made',
  subject: 'contributor',
  public: false,
  means: 'A contributor objected to a purpose. Whoever uses their data for it is to stop.',
  data: { purpose: 'The purpose, by its slug.' },
});
export const OBJECTION_WITHDRAWN = eventType({
  type: 'objection.withdrawn',
  subject: 'contributor',
  public: false,
  means: 'A contributor took an objection back.',
  data: { purpose: 'The purpose, by its slug.' },
});
