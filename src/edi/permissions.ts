import { permission } from '../kernel/access/permission';

// Answers
export const KEEP_ANSWERS = permission(
  'diversity.answer.keep',
  'See, change, withdraw and object to one’s own diversity answers',
);
export const RECORD_ANSWERS = permission(
  'diversity.answer.record',
  'Write down diversity answers that a contributor told; they cannot be read back',
);
export const SEND_ANSWERS = permission('diversity.answer.send', 'Send diversity answers that people gave at a site');

// Collections and returns
export const RUN_COLLECTIONS = permission('diversity.collection.run', 'Announce, open and close collections');
export const READ_COLLECTIONS = permission('diversity.collection.read', 'See collections and who has returned');
export const SEND_RETURNS = permission('diversity.return.send', 'Send and correct the organisation’s return');
export const KEEP_MAILBOXES = permission(
  'diversity.reminder-mailbox.keep',
  'See and change the address to which reminders of a late return go',
);
export const READ_OWN_FIGURES = permission(
  'diversity.return.read-figures',
  'See the unprotected figures of the own organisation’s return',
);
export const SIGN_RETURNS = permission('diversity.return.sign', 'Sign off the organisation’s return');

// Releases
export const MAKE_RELEASES = permission('diversity.release.make', 'Make a release, and see how it came about');
export const SIGN_RELEASES = permission('diversity.release.sign', 'Sign and publish a release');

// Gaps
export const RECORD_GAPS = permission('diversity.gap.record', 'Record a gap of a release as an action with an owner');
export const ANSWER_GAPS = permission('diversity.gap.answer', 'Say what was done about a gap that one owns');
