import { EventType, eventTypes } from './declare';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an' : 'a');

/** The page on the event types, from their declarations: docs/events.md. */
export function eventsMarkdown(types: readonly EventType[] = eventTypes()): string {
  const parts = types.map((type) => {
    const fields = Object.entries(type.data);
    const table = [
      '| Data | What it holds |',
      '| --- | --- |',
      ...fields.map(([name, means]) => `| \`${name}\` | ${cell(means)} |`),
    ];
    const data = fields.length === 0 ? 'No data of its own.' : table.join('\n');
    const seen = type.public ? 'anybody' : 'those who may read the record';
    return `## ${type.type}\n\n${type.means}\n\nAbout ${article(type.subject)} \`${type.subject}\`. May be seen by ${seen}.\n\n${data}\n`;
  });
  return `# Events\n\n${INTRODUCTION}\n\n${parts.join('\n')}`;
}

const INTRODUCTION = `What the service tells when something has happened. Each event stands in the log at a position; positions have no gaps,
and once one can be read nothing appears at or before it. Events of one record come in the order of its versions. Delivery is
at least once: drop repeats by \`id\`. No event holds anything about a person beyond the record's id.

Every event has \`id\`, \`position\`, \`type\`, \`subject\`, \`subjectId\`, \`version\` (the record's version after what happened),
\`organisationId\`, \`data\` and \`at\`. This page is generated from the declarations in the code.`;
