import { eventType } from '../kernel/events/declare';

const answers = (type: string, means: string, data: Record<string, string> = {}): string =>
  eventType({ type: `diversity-answers.${type}`, subject: 'diversity-answers', public: false, means, data }).type;

/** Facts that the diversity area tells. None says what anybody answered. */
export const AnswersEvent = {
  Given: answers('given', 'A contributor’s diversity answers were given or changed. What they are is told nowhere.', {
    channel: 'How they came: person, supporter or site',
  }),
  Withdrawn: answers('withdrawn', 'A contributor withdrew their diversity answers; they are gone.'),
  Objected: answers(
    'objected',
    'A contributor objected to equality monitoring. Their answers are gone, and nobody may enter new ones.',
  ),
  ObjectionTakenBack: answers(
    'objection-taken-back',
    'A contributor took their objection to equality monitoring back; answers may be given again.',
  ),
} as const;

const release = (type: string, means: string, isPublic: boolean, data: Record<string, string> = {}): string =>
  eventType({ type: `diversity-release.${type}`, subject: 'release', public: isPublic, means, data }).type;

/** What happens to releases. None says what any count was. */
export const ReleaseEvent = {
  Started: release('started', 'A release of diversity figures was asked for.', false),
  Ready: release('ready', 'A release was proven safe and waits for a signature.', false),
  Refused: release('refused', 'Nothing came of a release; nothing was published.', false, { code: 'Why, as a code' }),
  Published: release('published', 'A release was signed and published; its figures never change.', true, {
    number: 'Its number',
    from: 'First day that it is about',
    until: 'First day that it is no longer about',
  }),
  Superseded: release('superseded', 'A later release took the place of this one, which can still be read.', true, {
    by: 'Number of the later release',
  }),
} as const;

const collection = (type: string, means: string): string =>
  eventType({ type: `diversity-collection.${type}`, subject: 'collection', public: false, means }).type;

/** What happens to collections. */
export const CollectionEvent = {
  Prepared: collection('prepared', 'A collection of diversity data was prepared.'),
  Changed: collection('changed', 'A collection’s dates, texts or organisations changed.'),
  Opened: collection('opened', 'A collection was opened: returns are taken.'),
  Closed: collection('closed', 'A collection was closed: no more returns are taken or signed off.'),
  Reopened: collection('reopened', 'A collection that had been closed was opened again: returns are taken.'),
} as const;

const returned = (type: string, means: string, data: Record<string, string> = {}): string =>
  eventType({
    type: `diversity-return.${type}`,
    subject: 'return',
    public: false,
    means,
    data: { collectionId: 'The collection', ...data },
  }).type;

/** What happens to returns. None says what was in one, or how much. */
export const ReturnEvent = {
  Accepted: returned('accepted', 'An organisation’s return was accepted as a whole.', {
    form: 'Live, identified-rows, anonymous-rows or counts',
    replacesId: 'The return whose place it took, or null',
  }),
  SignedOff: returned('signed-off', 'An organisation signed its return off.'),
  Reopened: returned('reopened', 'A steward opened a return again that had been signed off.'),
  Reminded: eventType({
    type: 'diversity-return.reminded',
    subject: 'collection_organisation',
    public: false,
    means:
      'The return of an organisation is late: told once a day. What became of the e-mail of that day stands in the progress of the collection.',
    data: { collectionId: 'The collection', day: 'The day' },
  }).type,
} as const;

const gap = (type: string, means: string, data: Record<string, string> = {}): string =>
  eventType({ type: `diversity-gap.${type}`, subject: 'gap', public: true, means, data }).type;

/** What happens to the gaps that releases showed. */
export const GapEvent = {
  Recorded: gap('recorded', 'A gap that a release showed was recorded as an action with an owner.', {
    releaseId: 'The release that shows it',
    checkBy: 'Number of the release that is to tell what became of it',
    dueOn: 'The day by which the action is to be done',
  }),
  Progressed: gap('progressed', 'The owner of a gap said what was done about it.'),
  Done: gap('done', 'The owner of a gap said that the action is done.'),
  Ceased: gap('ceased', 'A data steward let a gap go.'),
} as const;
