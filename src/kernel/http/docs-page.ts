import type { OpenAPIObject } from '@nestjs/swagger';
import { exampleOf, type Schema } from './docs-example';

interface Media {
  schema?: Schema;
  example?: unknown;
}
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
  example?: unknown;
}
interface Answer {
  $ref?: string;
  description?: string;
  content?: Record<string, Media>;
}
/** How a caller shows who they are, as the document describes it. */
interface Scheme {
  type?: string;
  name?: string;
  description?: string;
}
interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { content?: Record<string, Media> };
  responses?: Record<string, Answer>;
  security?: Record<string, unknown>[];
}
interface Entry {
  verb: string;
  path: string;
  operation: Operation;
}

const VERBS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The OpenAPI document as one page that needs no script: landmarks, headings, tables with captions, and links between them. */
export function docsPage(document: OpenAPIObject): string {
  const title = esc(document.info.title);
  const groups = grouped(document);
  const schemas = Object.entries(schemasOf(document));
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}: documentation</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<h1>${title} ${esc(document.info.version)}</h1>
${prose(document.info.description)}
<p>For programs: <a href="/openapi.json">the OpenAPI document</a>.</p>
</header>
<nav aria-label="Sections"><ul>
<li><a href="#signing-in">Signing in</a></li>
${groups.map(([name]) => `<li><a href="#${anchor('group', name)}">${esc(name)}</a></li>`).join('\n')}
<li><a href="#failures">Failures</a></li>
<li><a href="#schemas">Bodies and answers</a></li>
</ul></nav>
<main id="content" tabindex="-1">
${signingIn(document)}
${groups.map(([name, entries]) => section(name, entries, document)).join('\n')}
${failures(document)}
<section aria-labelledby="schemas"><h2 id="schemas">Bodies and answers</h2>
${schemas.map(([name, schema]) => schemaDetails(name, schema)).join('\n')}
</section>
</main>
<footer><p>This page is made from the OpenAPI document of the running service.</p></footer>
</body>
</html>
`;
}

/** The operations by their tag, in the order in which the document names its tags; tags that it does not name come last. */
function grouped(document: OpenAPIObject): [string, Entry[]][] {
  const groups = new Map<string, Entry[]>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const verb of VERBS) {
      const operation = item[verb] as Operation | undefined;
      if (!operation) continue;
      const name = operation.tags?.[0] ?? 'Other';
      groups.set(name, [...(groups.get(name) ?? []), { verb: verb.toUpperCase(), path, operation }]);
    }
  }
  const order = (document.tags ?? []).map((tag) => tag.name);
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...groups].sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b, 'en-GB'));
}

const section = (name: string, entries: Entry[], document: OpenAPIObject): string => {
  const about = document.tags?.find((tag) => tag.name === name)?.description;
  const id = anchor('group', name);
  return `<section aria-labelledby="${id}"><h2 id="${id}">${esc(name)}</h2>
${prose(about)}
${entries.map((entry) => operationDetails(entry, document)).join('\n')}
</section>`;
};

/** What can be opened, and opens by itself for a link to it: browsers open what holds the place that a link leads to. */
const foldable = (id: string, heading: string, content: string): string => `<details>
<summary><h3>${heading}</h3></summary>
<div class="inside" id="${id}">
${content}
</div>
</details>`;

function operationDetails(entry: Entry, document: OpenAPIObject): string {
  const { verb, path, operation } = entry;
  const parameters = (operation.parameters ?? []).map((one) => [
    `<code>${esc(one.name)}</code>`,
    esc(one.in),
    typeOf(one.schema),
    one.required ? 'yes' : 'no',
    inline(one.description ?? one.schema?.description),
  ]);
  const body = Object.entries(operation.requestBody?.content ?? {}).map(([type, media]) => [
    `<code>${esc(type)}</code>`,
    typeOf(media.schema),
  ]);
  const all = Object.entries(operation.responses ?? {});
  const own = all.filter(([, answer]) => answer.$ref === undefined);
  const shared = all.flatMap(([status, { $ref }]) => ($ref === undefined ? [] : [[status, nameOf($ref)] as const]));
  const answers = own.map(([status, answer]) => {
    const kinds = Object.entries(answer.content ?? {}).map(([type, media]) => `${esc(type)}: ${typeOf(media.schema)}`);
    return [esc(status), inline(answer.description), kinds.join('<br>')];
  });
  const links = shared.map(([status, name]) => `<a href="#${anchor('failure', name)}">${esc(status)}</a>`);
  return foldable(
    anchor('operation', operation.operationId ?? `${verb}-${path}`),
    `<span class="verb">${verb}</span> <code>${esc(path)}</code> ${inline(operation.summary)}`,
    [
      prose(operation.description),
      table('Parameters', ['Name', 'Where', 'Type', 'Needed', 'Meaning'], parameters),
      table('Body', ['Content type', 'Type'], body),
      table('Answers', ['Status', 'Meaning', 'Content'], answers),
      links.length === 0 ? '' : `<p>Also, as explained under failures: ${links.join(', ')}.</p>`,
      examples(entry, document),
    ]
      .filter((part) => part !== '')
      .join('\n'),
  );
}

/** A call as it goes over the wire and what comes back, made of the document's examples. */
function examples({ verb, path, operation }: Entry, document: OpenAPIObject): string {
  const named = schemasOf(document);
  const needed = (operation.parameters ?? []).filter((one) => one.required);
  const valueOf = (one: Parameter): string => String(one.example ?? exampleOf(one.schema, named));
  const address = path.replace(/\{([^}]+)\}/g, (whole, name: string) => {
    const said = needed.find((one) => one.in === 'path' && one.name === name);
    return said ? encodeURIComponent(valueOf(said)) : whole;
  });
  const query = needed.filter((one) => one.in === 'query').map((one) => `${one.name}=${valueOf(one)}`);
  const [type, sent] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const scheme = Object.keys(operation.security?.[0] ?? {})[0];
  const request = [
    `${verb} ${address}${query.length === 0 ? '' : `?${query.join('&')}`}`,
    ...(scheme === 'token' ? ['Authorization: Bearer <token>'] : []),
    ...needed
      .filter((one) => one.in === 'header')
      .map((one) => `${one.name}: ${one.name === 'If-Match' ? '"1-json"' : valueOf(one)}`),
    ...(type ? [`Content-Type: ${type}`] : []),
    ...bodyOf(type, sent, named),
  ];
  const [status, answer] = Object.entries(operation.responses ?? {}).find(([code]) => /^[23]/.test(code)) ?? [];
  const [kind, got] = Object.entries(answer?.content ?? {})[0] ?? [];
  const response = status ? [status, ...(kind ? [`Content-Type: ${kind}`] : []), ...bodyOf(kind, got, named)] : [];
  return `<h4>Example</h4>
${block('Request', request)}${response.length === 0 ? '' : `\n${block('Answer', response)}`}`;
}

/** A body by its example, after an empty line; nothing where it is not JSON and the document shows none. */
function bodyOf(type: string | undefined, media: Media | undefined, named: Record<string, Schema>): string[] {
  if (!type || !media) return [];
  if (!type.endsWith('json')) return typeof media.example === 'string' ? ['', media.example] : [];
  return ['', JSON.stringify(media.example ?? exampleOf(media.schema, named), null, 2)];
}

const block = (name: string, lines: string[]): string =>
  `<p>${name}:</p>\n<pre tabindex="0" role="group" aria-label="${name}">${esc(lines.join('\n'))}</pre>`;

/** How to show who one is: each way that the document describes, with the header that it takes. */
function signingIn(document: OpenAPIObject): string {
  const schemes = Object.values((document.components?.securitySchemes ?? {}) as Record<string, Scheme>);
  const ways = schemes.map(({ type, name, description }) => {
    const [title, header] =
      type === 'apiKey' ? ['API key', `${name ?? ''}: <key>`] : ['Token', 'Authorization: Bearer <token>'];
    return `<h3>${title}</h3>\n<pre tabindex="0" role="group" aria-label="Header">${esc(header)}</pre>\n${prose(description)}`;
  });
  return `<section aria-labelledby="signing-in"><h2 id="signing-in">Signing in</h2>
${ways.length === 0 ? '<p>Nothing here needs signing in.</p>' : ways.join('\n')}
</section>`;
}

/** The answers that many operations share, told once. */
function failures(document: OpenAPIObject): string {
  const shared = Object.entries((document.components?.responses ?? {}) as Record<string, Answer>);
  const statuses = new Map(
    Object.values(document.paths).flatMap((item) =>
      VERBS.flatMap((verb) =>
        Object.entries((item[verb] as Operation | undefined)?.responses ?? {}).flatMap(([status, { $ref }]) =>
          $ref === undefined ? [] : [[nameOf($ref), status] as const],
        ),
      ),
    ),
  );
  const rows = shared
    .map(([name, answer]): [string, string, Answer] => [name, statuses.get(name) ?? '', answer])
    .sort(([, a], [, b]) => a.localeCompare(b))
    .map(([name, status, answer]) => [
      `<span id="${anchor('failure', name)}">${esc(status)}</span>`,
      inline(answer.description),
      Object.entries(answer.content ?? {})
        .map(([type, media]) => `${esc(type)}: ${typeOf(media.schema)}`)
        .join('<br>'),
    ]);
  return `<section aria-labelledby="failures"><h2 id="failures">Failures</h2>
<p>What many operations may answer is told here once.</p>
${table('Shared answers', ['Status', 'Meaning', 'Content'], rows)}
</section>`;
}

const nameOf = ($ref: string): string => $ref.split('/').pop() ?? '';

const schemasOf = (document: OpenAPIObject): Record<string, Schema> => document.components?.schemas ?? {};

function schemaDetails(name: string, schema: Schema): string {
  const fields = Object.entries(schema.properties ?? {}).map(([field, inner]) => [
    `<code>${esc(field)}</code>`,
    typeOf(inner),
    schema.required?.includes(field) ? 'yes' : 'no',
    inline(inner.description),
  ]);
  const example =
    schema.example === undefined
      ? ''
      : `<pre tabindex="0" role="group" aria-label="Example of ${esc(name)}">${esc(JSON.stringify(schema.example, null, 2))}</pre>`;
  const type = fields.length === 0 ? typeOf(schema) : '';
  return foldable(
    anchor('schema', name),
    esc(name),
    [
      prose(schema.description),
      type === '' ? '' : `<p>${type}</p>`,
      table('Fields', ['Name', 'Type', 'Always there', 'Meaning'], fields),
      example,
    ]
      .filter((part) => part !== '')
      .join('\n'),
  );
}

/** A schema in a few words, with its limits. Named schemas are links. */
function typeOf(schema: Schema | undefined): string {
  if (!schema) return '';
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop() ?? '';
    return `<a href="#${anchor('schema', name)}">${esc(name)}</a>`;
  }
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices) return choices.map(typeOf).join(schema.allOf ? ' and ' : ' or ');
  if (schema.enum) return `one of ${schema.enum.map((one) => `<code>${esc(String(one))}</code>`).join(', ')}`;
  const type = [schema.type ?? 'any'].flat().join(' or ');
  if (type === 'array')
    return `list of ${typeOf(schema.items)}${schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`}`;
  return esc([schema.format ? `${type} (${schema.format})` : type, ...limits(schema)].join(', '));
}

/** "1 to 200 characters", "at least 0": the limits of a value, as they are said. */
function limits({ minimum, maximum, minLength, maxLength }: Schema): string[] {
  const within = (least: number | undefined, most: number | undefined): string | undefined => {
    if (least === undefined) return most === undefined ? undefined : `at most ${most}`;
    if (most === undefined) return `at least ${least}`;
    return least === most ? `exactly ${least}` : `${least} to ${most}`;
  };
  const size = within(minimum, maximum);
  const length = within(minLength, maxLength);
  return [...(size === undefined ? [] : [size]), ...(length === undefined ? [] : [`${length} characters`])];
}

function table(caption: string, heads: string[], rows: string[][]): string {
  if (rows.length === 0) return '';
  const head = heads.map((name) => `<th scope="col">${name}</th>`).join('');
  const lines = rows.map(
    ([first = '', ...row]) => `<tr><th scope="row">${first}</th>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`,
  );
  return `<div class="wide" tabindex="0" role="group" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>
${lines.join('\n')}
</tbody></table></div>`;
}

const anchor = (kind: string, name: string): string => `${kind}-${name.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase()}`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const esc = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** Text of the document in HTML: what stands between backticks is code. */
const inline = (text = ''): string => esc(text).replace(/`([^`]+)`/g, '<code>$1</code>');

/** Paragraphs of the document, whose empty lines part them; nothing where there is no text. */
const prose = (text = ''): string =>
  text
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== '')
    .map((part) => `<p class="prose">${inline(part)}</p>`)
    .join('\n');
