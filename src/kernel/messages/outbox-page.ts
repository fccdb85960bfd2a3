import { createHash } from 'node:crypto';
import type { OutboxMessage } from './local-outbox';

const STYLE = `body{font:1.1875rem/1.5 Arial,sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c;background:#fff}
a{color:#1a65a6}a:focus{outline:3px solid #fd0;background:#fd0;color:#0b0c0c}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;border-bottom:1px solid #6f777b}
caption{text-align:left;padding-bottom:.5rem}dt{font-weight:bold}dd{margin:0 0 .5rem;white-space:pre-line}
.message{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #6f777b;padding:1rem}`;

/** Only the style above, by its hash; no script, nothing from outside. */
export const OUTBOX_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
/** For the HTML of a message: shown as it would be, but it can do and fetch nothing. */
export const MESSAGE_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const CHANNEL_NAMES = { email: 'E-mail', text: 'Text message', letter: 'Letter' } as const;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/London' });
const time = (at: Date): string => `<time datetime="${at.toISOString()}">${moment.format(at)}</time>`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escaped(title)}</h1>
${body}
</main></body>
</html>
`;

const subjectOf = (message: OutboxMessage): string =>
  message.subject || `${message.text.slice(0, 60)}${message.text.length > 60 ? '…' : ''}`;

/** The list of messages. `most` is how many it shows at the most. */
export function listPage(messages: readonly OutboxMessage[], most: number): string {
  const about = '<p>This is a trial service. It sends nothing: what it would have sent stands here.</p>';
  if (messages.length === 0) return page('Outbox', `${about}\n<p>No messages yet.</p>`);
  const rows = messages.map(
    (m) =>
      `<tr><td><a href="/outbox/${m.id}">${escaped(subjectOf(m))}</a></td><td>${CHANNEL_NAMES[m.channel]}</td><td>${escaped(m.to.split('\n')[0] ?? '')}</td><td>${time(m.madeAt)}</td></tr>`,
  );
  const caption =
    messages.length === most
      ? `The newest ${most} messages`
      : `${messages.length} ${messages.length === 1 ? 'message' : 'messages'}, newest first`;
  const head =
    '<thead><tr><th scope="col">Message</th><th scope="col">By</th><th scope="col">To</th><th scope="col">Made</th></tr></thead>';
  return page(
    'Outbox',
    `${about}\n<table><caption>${caption}</caption>${head}<tbody>${rows.join('\n')}</tbody></table>`,
  );
}

/** One message. */
export function messagePage(message: OutboxMessage): string {
  const html = message.html === null ? '' : `<p><a href="/outbox/${message.id}/html">This message as HTML</a></p>`;
  return page(
    subjectOf(message),
    `<p><a href="/outbox">All messages</a></p>
<dl><dt>By</dt><dd>${CHANNEL_NAMES[message.channel]}</dd><dt>To</dt><dd>${escaped(message.to)}</dd><dt>Made</dt><dd>${time(message.madeAt)}</dd></dl>
<h2>Words</h2>
<div class="message" lang="${escaped(message.language)}">${escaped(message.text)}</div>
${html}`,
  );
}
