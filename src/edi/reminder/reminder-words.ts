import type { ReturnForm } from '../collection/collection.entity';

/** All that a reminder may speak of. Nothing of it is about a person. */
export interface ReminderFacts {
  collectionId: string;
  organisationId: string;
  organisation: string;
  title: string;
  /** First day that the collection is about, YYYY-MM-DD. */
  from: string;
  /** First day that it is no longer about, YYYY-MM-DD. */
  until: string;
  /** Last day on which the return would have been in time, YYYY-MM-DD. */
  dueOn: string;
  forms: readonly ReturnForm[];
  /** Whom to ask, in words; null where the collection does not say. */
  contact: string | null;
}

const FORMS: Record<ReturnForm, string> = {
  live: 'the answers that people gave in the service, with nothing to send',
  'identified-rows': 'one row a person, with who it is',
  'anonymous-rows': 'one row a person, without who it is',
  counts: 'counts, such as a pivot table',
};

const DAY_MS = 86_400_000;
const long = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const inWords = (day: string): string => long.format(new Date(`${day}T00:00:00Z`));
const dayBefore = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
const onOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The e-mail that reminds an organisation of its return: what is late, what to do, where, and whom to ask. */
export function reminderWords(facts: ReminderFacts, publicUrl: string): { subject: string; text: string } {
  const { collectionId, organisationId, organisation, from, until, dueOn, forms, contact } = facts;
  const title = onOneLine(facts.title);
  const choices = forms.map((form) => FORMS[form]);
  return {
    subject: `Your diversity return is late: ${title}`,
    text: `To whoever sends the diversity return of ${organisation}

We do not have your return to this collection yet:

${title}
About: ${inWords(from)} to ${inWords(dayBefore(until))}
Due: ${inWords(dueOn)}

What to do

Send what you have, as soon as you can. It can be:
${choices.map((choice) => `- ${choice}`).join('\n')}

How: ${publicUrl}/docs, under “Diversity: returns”. You can check a file first; a check stores nothing.
The collection: ${publicUrl}/v1/diversity/collections/${collectionId}

If you have sent it since, you need do nothing.

Whom to ask

${contact ?? 'The data steward who runs the collection.'}

Why you get this

${organisation} gave this address for reminders. They come once each working day until the return is here or the collection is closed. Whoever may send the return can change the address or take it out: ${publicUrl}/v1/diversity/reminder-mailboxes/${organisationId}
`,
  };
}
