/** The parts of a schema that the page shows. OpenAPI 3.1 lets `type` be a list. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
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
  default?: unknown;
  example?: unknown;
}

/** How deep an example goes before it says no more: what refers to itself ends there. */
const DEEPEST = 8;

/** What a text of each format looks like. */
const BY_FORMAT: Record<string, string> = {
  uuid: '01941f29-7c00-7839-af22-8ac23d6623a4',
  date: '2026-11-23',
  'date-time': '2026-11-23T12:00:00.000Z',
  uri: 'https://example.org/',
};

/** A value of the form that a schema describes, from its examples as far as it has some; undefined where nothing can be said. */
export function exampleOf(schema: Schema | undefined, named: Record<string, Schema>, depth = 0): unknown {
  if (!schema || depth > DEEPEST) return undefined;
  const said = schema.example ?? schema.const ?? schema.default;
  if (said !== undefined) return said;
  const within = (part: Schema | undefined): unknown => exampleOf(part, named, depth + 1);
  if (schema.$ref) return within(named[schema.$ref.split('/').pop() ?? '']);
  if (schema.allOf) {
    const parts = schema.allOf.map(within);
    return parts.length === 1 ? parts[0] : (Object.assign({}, ...parts) as unknown);
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return within(choices.find((one) => one.type !== 'null') ?? choices[0]);
  if (schema.enum) return schema.enum[0];
  const type = [schema.type ?? (schema.properties ? 'object' : '')].flat().find((one) => one !== 'null');
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, part]) => [name, within(part) ?? null]),
      );
    case 'array': {
      const one = within(schema.items);
      return one === undefined ? [] : [one];
    }
    case 'string':
      return BY_FORMAT[schema.format ?? ''] ?? 'text';
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return null;
  }
}
