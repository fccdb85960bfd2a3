import { eventType } from '../kernel/events/declare';

const answers = (type: string, means: string, data: Record<string, string> = {}): string =>
  eventType({ type: `diversity-answers.${type}`, subject: 'contributor', public: false, means, data }).type;

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
