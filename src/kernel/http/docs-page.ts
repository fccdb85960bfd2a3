import type { OpenAPIObject } from '@nestjs/swagger';

/** The parts of a schema that the page shows. OpenAPI 3.1 lets `type` be a list. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  example?: unknown;
}
interface Media {
  schema?: Schema;
}
interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { content?: Record<string, Media> };
  responses?: Record<string, { $ref?: string; description?: string; content?: Record<string, Media> }>;
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
  const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Schema>);
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
${groups.map(([name]) => `<li><a href="#${anchor('group', name)}">${esc(name)}</a></li>`).join('\n')}
<li><a href="#schemas">Bodies and answers</a></li>
</ul></nav>
<main id="content" tabindex="-1">
${groups.map(([name, entries]) => section(name, entries, document)).join('\n')}
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

function operationDetails({ verb, path, operation }: Entry, document: OpenAPIObject): string {
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
  const answers = Object.entries(operation.responses ?? {}).map(([status, given]) => {
    const answer = resolved(given, document);
    const kinds = Object.entries(answer.content ?? {}).map(([type, media]) => `${esc(type)}: ${typeOf(media.schema)}`);
    return [esc(status), inline(answer.description), kinds.join('<br>')];
  });
  return `<details id="${anchor('operation', operation.operationId ?? `${verb}-${path}`)}">
<summary><h3><span class="verb">${verb}</span> <code>${esc(path)}</code> ${inline(operation.summary)}</h3></summary>
${prose(operation.description)}
${table('Parameters', ['Name', 'Where', 'Type', 'Needed', 'Meaning'], parameters)}
${table('Body', ['Content type', 'Type'], body)}
${table('Answers', ['Status', 'Meaning', 'Content'], answers)}
</details>`;
}

type Answer = NonNullable<Operation['responses']>[string];

function resolved(answer: Answer, document: OpenAPIObject): Answer {
  const name = answer.$ref?.split('/').pop();
  const shared = document.components?.responses as Record<string, Answer> | undefined;
  return (name === undefined ? undefined : shared?.[name]) ?? answer;
}

function schemaDetails(name: string, schema: Schema): string {
  const fields = Object.entries(schema.properties ?? {}).map(([field, inner]) => [
    `<code>${esc(field)}</code>`,
    typeOf(inner),
    schema.required?.includes(field) ? 'yes' : 'no',
    inline(inner.description),
  ]);
  return `<details id="${anchor('schema', name)}">
<summary><h3>${esc(name)}</h3></summary>
${prose(schema.description)}
${fields.length === 0 ? `<p>${typeOf(schema)}</p>` : table('Fields', ['Name', 'Type', 'Always there', 'Meaning'], fields)}
${schema.example === undefined ? '' : `<pre tabindex="0" aria-label="Example of ${esc(name)}">${esc(JSON.stringify(schema.example, null, 2))}</pre>`}
</details>`;
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

function limits(schema: Schema): string[] {
  const said: [string, number | undefined][] = [
    ['at least', schema.minimum],
    ['at most', schema.maximum],
    ['characters from', schema.minLength],
    ['characters to', schema.maxLength],
  ];
  return said.flatMap(([words, value]) => (value === undefined ? [] : [`${words} ${value}`]));
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
