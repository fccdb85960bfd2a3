import type { OpenAPIObject } from '@nestjs/swagger';

/** A JSON Schema as far as this API's document uses it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  readOnly?: boolean;
  example?: unknown;
  examples?: unknown[];
  default?: unknown;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Schema;
  example?: unknown;
  explode?: boolean;
}

/** One operation of the OpenAPI document. */
export interface Operation {
  /** `GET /v1/projects/{id}` */
  name: string;
  method: string;
  path: string;
  summary: string;
  /** Name of the permission, or `public`, or `signed-in`; empty where the document says nothing. */
  access: string;
  tags: string[];
  parameters: Parameter[];
  body?: { type: string; required: boolean; schema: Schema; example?: unknown };
  /** Statuses that are documented. */
  statuses: string[];
  /** Media types of the first 2xx answer, with their schemas. */
  answer: Record<string, { schema?: Schema }>;
}

interface Described {
  summary?: string;
  tags?: string[];
  parameters?: {
    name: string;
    in: string;
    required?: boolean;
    schema?: Schema;
    example?: unknown;
    explode?: boolean;
  }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema; example?: unknown }> };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
  [extension: string]: unknown;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Every operation of the document, in its order. */
export function operationsOf(document: OpenAPIObject): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const found = (item as Record<string, Described | undefined>)[method];
      return found ? [operation(path, method.toUpperCase(), found)] : [];
    }),
  );
}

function operation(path: string, method: string, said: Described): Operation {
  const [type, content] = Object.entries(said.requestBody?.content ?? {})[0] ?? [];
  const success = Object.keys(said.responses).find((status) => status.startsWith('2')) ?? '';
  const permission = said['x-permission'];
  return {
    name: `${method} ${path}`,
    method,
    path,
    summary: said.summary ?? '',
    access:
      typeof permission === 'string'
        ? permission
        : said['x-public'] === true
          ? 'public'
          : said['x-signed-in'] === true
            ? 'signed-in'
            : '',
    tags: said.tags ?? [],
    parameters: (said.parameters ?? []).map((one) => ({
      ...one,
      in: one.in as Parameter['in'],
      required: one.required ?? false,
      schema: one.schema ?? {},
    })),
    ...(type && content
      ? {
          body: {
            type,
            required: said.requestBody?.required ?? false,
            schema: content.schema,
            example: content.example,
          },
        }
      : {}),
    statuses: Object.keys(said.responses),
    answer: said.responses[success]?.content ?? {},
  };
}

/** Finds what a schema refers to, and puts together what it is made of. */
export class Schemas {
  constructor(private readonly document: OpenAPIObject) {}

  /** The schema itself: references followed, `allOf` joined, of "this or null" the one that is not null. */
  plain(schema: Schema): Schema {
    if (schema.$ref) return this.plain({ ...this.named(schema.$ref), ...without(schema, '$ref') });
    if (schema.allOf) {
      const parts = schema.allOf.map((part) => this.plain(part));
      return this.plain({ ...Object.assign({}, ...parts), ...without(schema, 'allOf') } as Schema);
    }
    const some = (schema.anyOf ?? schema.oneOf)?.find((one) => one.type !== 'null');
    if (!some) return schema;
    return { ...this.plain(some), ...without(without(schema, 'anyOf'), 'oneOf') };
  }

  /** Whether null fits. */
  takesNull(schema: Schema): boolean {
    const plain = schema.$ref ? this.named(schema.$ref) : schema;
    return (
      [plain.type].flat().includes('null') || (plain.anyOf ?? plain.oneOf ?? []).some((one) => one.type === 'null')
    );
  }

  typeOf(schema: Schema): string {
    const plain = this.plain(schema);
    const type = [plain.type].flat().find((one) => one !== 'null');
    return type ?? (plain.properties ? 'object' : plain.items ? 'array' : 'string');
  }

  private named(ref: string): Schema {
    const name = ref.split('/').at(-1) ?? '';
    const found = this.document.components?.schemas?.[name];
    if (!found) throw new Error(`The document refers to ${ref}, which it does not hold`);
    return found as Schema;
  }

  /** The example of a whole value, composed from the examples of its fields. Fields without one are left out; a needed one without is an error. */
  example(schema: Schema, where = ''): unknown {
    const plain = this.plain(schema);
    if (plain.example !== undefined) return plain.example;
    if (plain.examples?.[0] !== undefined) return plain.examples[0];
    const type = this.typeOf(plain);
    if (plain.default !== undefined && !this.hasExample(plain)) return plain.default;
    if (type === 'array') return [this.example(plain.items ?? {}, `${where}/0`)];
    if (type !== 'object') throw new Error(`${where || 'the body'} has no example`);
    const made: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(plain.properties ?? {})) {
      const needed = plain.required?.includes(name) ?? false;
      if (needed || this.hasExample(field)) made[name] = this.example(field, `${where}/${name}`);
    }
    return made;
  }

  private hasExample(schema: Schema): boolean {
    const plain = this.plain(schema);
    if (plain.example !== undefined || plain.examples !== undefined) return true;
    if (plain.items)
      return Object.values(this.plain(plain.items).properties ?? {}).some((field) => this.hasExample(field));
    return false;
  }
}

function without(schema: Schema, key: keyof Schema): Schema {
  const { [key]: _, ...rest } = schema;
  return rest;
}
