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
