import { eventType } from '../kernel/events/declare';

/** Every fact that this area tells, with its meaning. Events hold ids, codes and dates, never anything about a person. */

const version = 'Number of the published version that the public reads from now on';
const material =
  'Whether something changed that people rely on: dates, place, payment, mode, sessions, closing, who is wanted';
const opportunity = (type: string, means: string, data: Record<string, string> = {}): string =>
  eventType({ type: `opportunity.${type}`, subject: 'opportunity', public: true, means, data }).type;

/** What happens to an opportunity before the public. */
export const OpportunityEvent = {
  Published: opportunity('published', 'An opportunity became public; people may apply.', {
    publishedVersion: version,
    material,
  }),
  Changed: opportunity('changed', 'What the public reads of an opportunity changed.', {
    publishedVersion: version,
    material,
    changes: 'Names of the fields that changed',
  }),
  Paused: opportunity('paused', 'An opportunity takes nobody for a while; it can still be read.'),
  Resumed: opportunity('resumed', 'A paused opportunity is open again.', { publishedVersion: version, material }),
  Closed: opportunity(
    'closed',
    'An opportunity takes nobody any more: its closing day is over, or it was closed early.',
    {
      closedAt: 'When it closed',
    },
  ),
  Extended: opportunity('extended', 'The last day to apply was moved to a later one.', {
    publishedVersion: version,
    material,
    closesOn: 'The new last day to apply',
  }),
  Reopened: opportunity('reopened', 'A closed opportunity is open again, with a new last day to apply.', {
    publishedVersion: version,
    material,
    closesOn: 'The new last day to apply',
  }),
  Archived: opportunity(
    'archived',
    'Twelve months have passed since the closing day of an opportunity, and it is no longer public. Sites remove it.',
  ),
  Withdrawn: opportunity('withdrawn', 'An opportunity was taken back for good. Sites remove it.'),
  Hidden: opportunity('hidden', 'An administrator hid an opportunity. Sites remove it.'),
  Unhidden: opportunity('unhidden', 'A hidden opportunity may be read again.'),
} as const;

/** What happens to an opportunity inside its organisation. */
const inside = (type: string, means: string): string =>
  eventType({ type: `opportunity.${type}`, subject: 'opportunity', public: false, means }).type;
export const OpportunityStep = {
  Drafted: inside('drafted', 'Somebody began an opportunity.'),
  Edited: inside('edited', 'Somebody changed an opportunity that is not public.'),
  Submitted: inside('submitted', 'An opportunity waits for review.'),
  Approved: inside('approved', 'A second person approved an opportunity.'),
  Returned: inside('returned', 'An opportunity went back to its author.'),
  Dropped: inside('dropped', 'An opportunity that the public never saw was given up.'),
  Scheduled: inside('scheduled', 'An opportunity will become public at a time that was set.'),
} as const;

/** What happens to reports about opportunities. */
export const ReportEvent = {
  Made: eventType({
    type: 'opportunity-report.made',
    subject: 'opportunity_report',
    public: false,
    means: 'Somebody said that something is wrong with an opportunity.',
    data: { opportunityId: 'The opportunity', reason: 'What is wrong, as a code' },
  }).type,
  Settled: eventType({
    type: 'opportunity-report.settled',
    subject: 'opportunity_report',
    public: false,
    means: 'A report about an opportunity was dealt with.',
    data: { opportunityId: 'The opportunity', outcome: 'What was done, as a code' },
  }).type,
} as const;

/** What happens to projects and their teams. */
const project = (type: string, means: string, isPublic = false, data: Record<string, string> = {}): string =>
  eventType({ type: `project.${type}`, subject: 'project', public: isPublic, means, data }).type;
export const ProjectEvent = {
  Added: project('added', 'A project was put on record.'),
  Changed: project('changed', 'The details of a project changed. Its title stands in public opportunities.', true, {
    fields: 'Names of the fields that changed',
  }),
  TeamChanged: project('team-changed', 'Somebody joined or left the team of a project, or has another role in it.'),
} as const;

/** What happens to interests, offers and draws. */
const interest = (type: string, means: string, data: Record<string, string> = {}): string =>
  eventType({
    type: `interest.${type}`,
    subject: 'interest',
    public: false,
    means,
    data: { opportunityId: 'The opportunity', ...data },
  }).type;
export const InterestEvent = {
  Received: interest('received', 'Somebody would like to take part.', {
    channel: 'How the interest came',
    assisted: 'Whether somebody helped',
    party: 'Person or group',
  }),
  Changed: interest('changed', 'The answers or the availability of an interest changed.'),
  Confirmed: interest('confirmed', 'The contact of somebody without a record was confirmed.', {
    how: 'By code or by call',
  }),
  Linked: interest('linked', 'An interest was tied to a contributor’s record.'),
  Shortlisted: interest('shortlisted', 'An interest was put on the shortlist.'),
  Reserved: interest('reserved', 'An interest was put on the reserve list.'),
  Offered: interest('offered', 'A place was offered.', { answerBy: 'Last day to answer, UK time' }),
  Accepted: interest('accepted', 'An offer was accepted, and the involvement began.'),
  Declined: interest('declined', 'An offer was declined.'),
  Lapsed: interest('lapsed', 'An offer was not answered in time.'),
  NotSelected: interest('not-selected', 'Somebody was not selected.'),
  Withdrawn: interest('withdrawn', 'Somebody took their interest back.', { was: 'The state before' }),
} as const;
export const DrawEvent = {
  Made: eventType({
    type: 'draw.made',
    subject: 'draw',
    public: false,
    means: 'A random draw was made.',
    data: { opportunityId: 'The opportunity', places: 'How many were drawn for a place', among: 'How many took part' },
  }).type,
} as const;

/** What happens to notices. */
const notice = (type: string, means: string): string =>
  eventType({
    type: `notice.${type}`,
    subject: 'notice',
    public: false,
    means,
    data: { opportunityId: 'The opportunity, if any', kind: 'What it tells' },
  }).type;
export const NoticeEvent = {
  Sent: notice('sent', 'The service sent a notice.'),
  Told: notice('told', 'Somebody recorded that they told a person.'),
} as const;

/** What happens to involvements and their activities. */
const involved = (type: string, means: string, data: Record<string, string> = {}): string =>
  eventType({ type: `involvement.${type}`, subject: 'involvement', public: false, means, data }).type;
export const InvolvementEvent = {
  Planned: involved('planned', 'Somebody is to take part in a project.', {
    projectId: 'The project',
    opportunityId: 'The opportunity that it came from, if any',
    interestId: 'The interest that was accepted, if any',
  }),
  Changed: involved('changed', 'The role or the days of an involvement changed.'),
  Started: involved('started', 'The first activity of an involvement was attended.'),
  Ended: involved('ended', 'An involvement ended or was cancelled.', { reason: 'Why, as a code' }),
} as const;

const activity = (type: string, means: string, data: Record<string, string> = {}): string =>
  eventType({ type: `activity.${type}`, subject: 'activity', public: false, means, data }).type;
export const ActivityEvent = {
  Recorded: activity('recorded', 'An activity was put on record.', {
    involvementId: 'The involvement',
    attendance: 'Whether the contributor was there',
  }),
  Changed: activity('changed', 'An activity changed.', {
    involvementId: 'The involvement',
    attendance: 'Whether the contributor was there',
  }),
  Removed: activity('removed', 'An activity that was recorded in error was taken out.', {
    involvementId: 'The involvement',
  }),
} as const;
