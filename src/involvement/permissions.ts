import { permission } from '../kernel/access/permission';

export const READ_PROJECTS = permission('involvement.project.read', 'See projects and their teams');
export const CHANGE_PROJECTS = permission('involvement.project.write', 'Add and change projects and their teams');

export const READ_OPPORTUNITIES = permission(
  'involvement.opportunity.read',
  'See opportunities that are not public, and their history',
);
export const DRAFT_OPPORTUNITIES = permission('involvement.opportunity.write', 'Draft and change opportunities');
export const PUBLISH_OPPORTUNITIES = permission(
  'involvement.opportunity.publish',
  'Approve, publish, schedule, pause, close, extend, re-open and withdraw opportunities',
);
export const HIDE_OPPORTUNITIES = permission(
  'involvement.opportunity.hide',
  'Hide a published opportunity at once, and settle reports about it',
);

export const SEND_INTERESTS = permission(
  'involvement.interest.send',
  'Send an interest, for oneself or for somebody who asked',
);
export const RECORD_INTERESTS = permission(
  'involvement.interest.record',
  'Record an interest that came by e-mail, phone or letter',
);
export const READ_INTERESTS = permission('involvement.interest.read', 'See interests');
export const SELECT_INTERESTS = permission(
  'involvement.interest.select',
  'Shortlist, draw, offer, keep in reserve and turn down',
);
export const ANSWER_OFFERS = permission('involvement.interest.answer', 'Accept, decline or withdraw');

export const READ_INVOLVEMENTS = permission('involvement.involvement.read', 'See involvements and their activities');
export const CHANGE_INVOLVEMENTS = permission(
  'involvement.involvement.write',
  'Record involvements and their activities',
);

export const READ_NOTICES = permission('involvement.notice.read', 'See which notices are owed and which were given');
export const GIVE_NOTICES = permission('involvement.notice.give', 'Record that somebody was told');

export const TELL_REACH = permission('involvement.reach.tell', 'Tell how often a site showed an opportunity');
export const READ_EXACT_REACH = permission(
  'involvement.reach.read',
  'See exact figures of reach, interest, selection and taking part',
);
