import type { OpenAPIObject } from '@nestjs/swagger';
import { permissions } from '../access/permission';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Parameter = NonNullable<Operation['parameters']>[number];
const nameOf = (parameter: Parameter): string => ('name' in parameter ? parameter.name : '');
type Json = { [key: string]: unknown };

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Adds to every operation what holds for all of them, and puts the document into the form that OpenAPI 3.1 wants. */
export function finished(document: OpenAPIObject): OpenAPIObject {
  const schemas = ((document.components ??= {}).schemas ??= {});
  Object.assign(schemas, { Problem: PROBLEM });
  Object.assign(document.components, { responses: RESPONSES, headers: HEADERS });
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) finishOperation(path, method, operation);
    }
  }
  return inThreeOne(document) as OpenAPIObject;
}

function finishOperation(path: string, method: (typeof METHODS)[number], operation: Operation): void {
  const said = operation as Operation & Record<`x-${string}`, unknown>;
  const permission = said['x-permission'];
  const isPublic = said['x-public'] === true;
  const means = typeof permission === 'string' ? permissions().get(permission)?.means : undefined;
  const access = isPublic
    ? 'Open to everybody.'
    : means
      ? `Needs the permission \`${String(permission)}\`: ${means}.`
      : 'Needs you to be signed in.';
  operation.description = [operation.description, access].filter(Boolean).join('\n\n');
  const refuse = (status: string, name: keyof typeof RESPONSES): void => {
    operation.responses[status] ??= { $ref: `#/components/responses/${name}` };
  };
  const writes = method !== 'get';
  refuse('400', 'BadInput');
  refuse('401', 'NotSignedIn');
  if (!isPublic) refuse('403', 'NotAllowed');
  // A body may name a record, too, that is not there or not the caller's to know of.
  if (path.includes('{') || operation.requestBody) refuse('404', 'NotFound');
  refuse('406', 'NotAcceptable');
  refuse('414', 'AddressTooLong');
  refuse('429', 'TooManyRequests');
  refuse('500', 'InternalError');
  refuse('503', 'Unavailable');
  if (writes) {
    refuse('409', 'Conflict');
    refuse('422', 'Refused');
  }
  if (operation.requestBody) {
    // A text body is one string, whatever class the route reads it into.
    const { content = {} } = operation.requestBody as { content?: Record<string, { schema?: object }> };
    for (const [type, { schema }] of Object.entries(content))
      if (type.startsWith('text/')) content[type] = { schema: { type: 'string', minLength: 1, ...exampleOf(schema) } };
    refuse('413', 'BodyTooLarge');
    refuse('415', 'UnsupportedMediaType');
  }
  if (operation.parameters?.some((p) => nameOf(p).toLowerCase() === 'if-match')) {
    refuse('412', 'Stale');
    refuse('428', 'IfMatchNeeded');
  }
  if (method === 'post') {
    (operation.parameters ??= []).push(IDEMPOTENCY_KEY);
  }
  if (method === 'get') {
    refuse('304', 'NotModified');
    if (!operation.parameters?.some((p) => nameOf(p) === 'If-None-Match'))
      (operation.parameters ??= []).push(IF_NONE_MATCH);
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    if (!status.startsWith('2') || !response || '$ref' in response) continue;
    response.description ||= 'Done.';
    response.headers = {
      ...named('X-Trace-Id'),
      ...STANDING,
      ...(status === '204' ? {} : named('ETag')),
      ...(status === '201' ? named('Location') : {}),
      ...response.headers,
    };
  }
}

const exampleOf = (schema: object | undefined): { example?: unknown } =>
  schema && 'example' in schema ? { example: schema.example } : {};

const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Any text of your own, such as a UUID. The same key and body again gets the stored answer, with no second effect, for 24 hours.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
};
const IF_NONE_MATCH: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The ETag that you have. The answer is 304 without a body while it is still right.',
  schema: { type: 'string', maxLength: 1000 },
};

const HEADERS = {
  ETag: { description: 'Names this version of the answer.', schema: { type: 'string' } },
  'X-Trace-Id': { description: 'Names this request; quote it when you report a problem.', schema: { type: 'string' } },
  'X-RateLimit-Limit': { description: 'Calls that you may make in a minute.', schema: { type: 'integer' } },
  'X-RateLimit-Remaining': { description: 'Calls that you have left in this minute.', schema: { type: 'integer' } },
  'X-RateLimit-Reset': { description: 'Seconds until the count begins anew.', schema: { type: 'integer' } },
  'Retry-After': { description: 'Seconds to wait before you try again.', schema: { type: 'integer' } },
  Location: { description: 'Where the record that was made can be read.', schema: { type: 'string' } },
};

const named = (...names: (keyof typeof HEADERS)[]): Record<string, object> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
const STANDING = named('X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset');

const problem = (description: string, headers: Record<string, object> = STANDING) => ({
  description,
  headers: { ...named('X-Trace-Id'), ...headers },
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});
const WAIT = named('Retry-After');
const RESPONSES = {
  BadInput: problem('Something that you sent is not right; `errors` says what and where.'),
  NotSignedIn: problem('You are not signed in, or your credentials are not good.'),
  NotAllowed: problem('None of your roles may do this.'),
  NotFound: problem('It does not exist, or you may not see it.'),
  NotAcceptable: problem('None of the formats that you accept can be given.'),
  Conflict: problem('It does not fit the present state, or somebody else was first.'),
  AddressTooLong: problem('The address is too long.'),
  Stale: problem('The record has changed since you read it.'),
  BodyTooLarge: problem('The body is too large.'),
  UnsupportedMediaType: problem('A body of this content type is not taken here.'),
  Refused: problem('A rule forbids it; `code` says which.'),
  IfMatchNeeded: problem('Send the ETag that you read as If-Match.'),
  TooManyRequests: problem('Too many requests; wait as long as Retry-After says.', { ...STANDING, ...WAIT }),
  InternalError: problem('Something went wrong on our side.', {}),
  Unavailable: problem('The service cannot answer now; try again later.', WAIT),
  NotModified: { description: 'What you have is still right.' },
};

const text = (description: string, extra: Json = {}): Json => ({ type: 'string', description, ...extra });
const PROBLEM = {
  type: 'object',
  description: 'Why a request was refused, and what to do (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'traceId'],
  properties: {
    type: text('Names the kind of problem.'),
    title: text('The HTTP status in words.'),
    status: { type: 'integer', minimum: 400, maximum: 599, description: 'The HTTP status.' },
    detail: text('What is wrong and what to do, in plain English.'),
    instance: text('The address that was asked.'),
    code: text('For programs; stable.', { pattern: '^[a-z0-9_]+$' }),
    traceId: text('Quote it when you report the problem.', { pattern: '^[0-9a-f]{32}$' }),
    errors: {
      type: 'array',
      description: 'Each fault of the input.',
      items: {
        type: 'object',
        required: ['in', 'at', 'code', 'message'],
        properties: {
          in: text('The part of the request.', { enum: ['body', 'query', 'path', 'header'] }),
          at: text('JSON Pointer into the body, or the name of the parameter or header.'),
          code: text('For programs; stable.'),
          message: text('What to do, in plain English.'),
          row: {
            type: 'integer',
            minimum: 1,
            description: 'The row of the file, the headings being row 1. Only where a file was sent.',
          },
          column: {
            type: ['string', 'null'],
            description: 'The column of the file; null where the fault is of the whole row.',
          },
          cell: text('The cell of the file, such as C14. Only where one cell is meant.'),
        },
      },
    },
  },
  example: {
    type: 'urn:partnerships:problem:not_found',
    title: 'Not Found',
    status: 404,
    detail: 'There is nothing here, or you may not see it.',
    instance: '/v1/opportunities/01920000-0000-7000-8000-000000000000',
    code: 'not_found',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  },
};

/** `nullable` is of OpenAPI 3.0: in 3.1 null is one of the types. */
function inThreeOne(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(inThreeOne);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = node as Json;
  const mended = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      key === 'example' || key === 'default' ? value : inThreeOne(value),
    ]),
  );
  if (nullable !== true) return mended;
  if (typeof mended.type === 'string')
    return {
      ...mended,
      type: [mended.type, 'null'],
      ...(Array.isArray(mended.enum) ? { enum: [...(mended.enum as unknown[]), null] } : {}),
    };
  const { description, readOnly, example, default: fallback, ...schema } = mended;
  const inner = Array.isArray(schema.allOf) && schema.allOf.length === 1 ? (schema.allOf[0] as Json) : schema;
  return {
    ...Object.fromEntries(
      Object.entries({ description, readOnly, example, default: fallback }).filter(([, v]) => v !== undefined),
    ),
    anyOf: [inner, { type: 'null' }],
  };
}
