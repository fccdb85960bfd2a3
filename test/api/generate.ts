import type { Operation, Parameter, Schema, Schemas } from '../support/operations';
import { type Ids, kindOfField, kindsOfPath } from '../support/worlds';

/** Numbers that follow from a seed (mulberry32), so that a run can be had again. */
export class Chance {
  constructor(private state: number) {}

  /** From 0 up to, but not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  of<T>(list: readonly T[]): T {
    const one = list[this.whole(0, list.length - 1)];
    if (one === undefined) throw new Error('There is nothing to choose from');
    return one;
  }

  is(probability: number): boolean {
    return this.next() < probability;
  }
}

/** A request before it is written: what the mutations work on. */
export interface Draft {
  operation: Operation;
  path: Record<string, string>;
  query: [string, string][];
  headers: Record<string, string>;
  /** A value to be written as JSON, or a text as it is. */
  body?: unknown;
}

const WORDS = [
  'walking',
  'after',
  'a stroke',
  'Llên',
  'naïve',
  '“quoted”',
  'O’Hara',
  'tea & cake',
  '<b>',
  '100%',
  '🙂',
  'Ελλάδα',
  'c++',
  "'; --",
  'a/b',
  '"',
  '\\',
  'Ω',
];
const DAYS = ['2026-11-23', '2026-12-18', '2027-02-28', '2024-02-29', '2026-01-01', '2030-06-30', '1999-12-31'];
const INSTANTS = [
  '2026-11-23T12:00:00.000Z',
  '2026-12-01T09:30:00Z',
  '2027-03-28T01:30:00+01:00',
  '2026-10-25T00:59:59.999Z',
];
/** Texts of the forms that patterns of this API ask for; the example of the field comes first. */
const FORMS = [
  'en',
  'cy',
  'E12000003',
  'LS6',
  'ppi',
  'rosalind@example.org',
  '01632 960121',
  '1.0',
  '480213',
  'some-slug',
  'https://example.org/x',
  'KEY1',
  'a1b2c3d4e5f60718293a4b5c6d7e8f90',
  '1099998',
  'stroke',
  '2026-11',
];

/** Makes requests that fit the document. */
export class Generator {
  constructor(
    private readonly chance: Chance,
    private readonly schemas: Schemas,
    /** Ids of records that are there; one of these sets is taken for a request. */
    private readonly worlds: readonly Ids[],
  ) {}

  draft(operation: Operation): Draft {
    const ids = this.chance.of(this.worlds);
    const kinds = kindsOfPath(operation.path);
    const path: Draft['path'] = {};
    for (const one of operation.parameters.filter((p) => p.in === 'path')) {
      const kind = kinds[one.name];
      const known = kind ? ids[kind] : undefined;
      path[one.name] = known && this.chance.is(0.93) ? known : String(this.value(one.schema, one.name, ids));
    }
    const query = operation.parameters
      .filter((one) => one.in === 'query' && one.name !== 'cursor' && (one.required || this.chance.is(0.25)))
      .map((one): [string, string] => [one.name, this.queryText(one, ids)]);
    return {
      operation,
      path,
      query,
      headers: this.headers(operation),
      ...(operation.body ? { body: this.value(operation.body.schema, '', ids) } : {}),
    };
  }

  private headers({ parameters, body, method }: Operation): Record<string, string> {
    const has = (name: string): boolean => parameters.some((one) => one.in === 'header' && one.name === name);
    return {
      ...(has('If-Match') ? { 'if-match': `"${this.chance.of([1, 1, 1, 2, 3])}-json"` } : {}),
      ...(has('If-None-Match') && this.chance.is(0.1)
        ? { 'if-none-match': this.chance.of(['"1-json"', '*', 'W/"2-json"', '"abc"']) }
        : {}),
      ...(method === 'POST' && this.chance.is(0.1)
        ? { 'idempotency-key': `fuzz-${this.chance.whole(1, 1_000_000_000)}` }
        : {}),
      ...(body ? { 'content-type': body.type } : {}),
    };
  }

  private queryText(one: Parameter, ids: Ids): string {
    const value = this.value({ minItems: 1, ...one.schema }, one.name, ids);
    return Array.isArray(value) ? value.join(',') : String(value);
  }

  /** A value that fits a schema. */
  value(schema: Schema, name: string, ids: Ids): unknown {
    const plain = this.schemas.plain(schema);
    if (this.schemas.takesNull(schema) && this.chance.is(0.15)) return null;
    if (plain.const !== undefined) return plain.const;
    const choices = plain.enum?.filter((one) => one !== null);
    if (choices?.length) return this.chance.of(choices);
    switch (this.schemas.typeOf(plain)) {
      case 'object':
        return this.object(plain, ids);
      case 'array':
        return this.list(plain, name, ids);
      case 'boolean':
        return this.chance.is(0.5);
      case 'integer':
        return this.chance.of([
          plain.minimum ?? 0,
          Math.min(plain.maximum ?? 100, (plain.minimum ?? 0) + this.chance.whole(0, 50)),
          plain.maximum ?? 1000,
        ]);
      case 'number':
        return this.chance.of([
          plain.minimum ?? 0,
          plain.maximum ?? 100,
          ((plain.minimum ?? 0) + (plain.maximum ?? 100)) / 2,
        ]);
      default:
        return this.text(plain, name, ids);
    }
  }

  private object(schema: Schema, ids: Ids): object {
    const made: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      if (schema.required?.includes(name) || this.chance.is(0.5)) made[name] = this.value(field, name, ids);
    }
    return made;
  }

  private list(schema: Schema, name: string, ids: Ids): unknown[] {
    const least = schema.minItems ?? 0;
    const length = this.chance.whole(least, Math.min(schema.maxItems ?? 3, least + 3));
    const items = Array.from({ length }, () => this.value(schema.items ?? {}, name, ids));
    const different = [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
    return different.length >= least ? different : items;
  }

  private text(schema: Schema, name: string, ids: Ids): string {
    if (schema.format === 'uuid') return this.id(name, ids);
    if (schema.format === 'date') return this.chance.of(DAYS);
    if (schema.format === 'date-time') return this.chance.of(INSTANTS);
    if (schema.format === 'uri') return 'https://example.org/';
    const example = typeof schema.example === 'string' ? [schema.example] : [];
    if (schema.pattern !== undefined) {
      const pattern = new RegExp(schema.pattern, 'u');
      const fitting = [...example, ...FORMS].filter(
        (one) => pattern.test(one) && one.length <= (schema.maxLength ?? 1000),
      );
      return fitting.length > 0 ? this.chance.of(fitting) : (example[0] ?? '');
    }
    if (example.length > 0 && this.chance.is(0.3)) return example[0] ?? '';
    const most = Math.min(schema.maxLength ?? 200, 120);
    let text = this.chance.of(WORDS);
    while (text.length < (schema.minLength ?? 1)) text += this.chance.of(WORDS);
    while (text.length < most && this.chance.is(0.6)) text += ` ${this.chance.of(WORDS)}`;
    return [...text].slice(0, most).join('').trim() || 'x';
  }

  private id(name: string, ids: Ids): string {
    const kind = kindOfField(name);
    const known = kind ? ids[kind] : undefined;
    const any = Object.values(ids).filter((one) => /^[0-9a-f-]{36}$/.test(one));
    if (known && this.chance.is(0.8)) return known;
    return this.chance.is(0.5)
      ? this.chance.of(any)
      : `01999999-0000-7000-8000-${this.chance.whole(0, 0xffffff).toString(16).padStart(12, '0')}`;
  }
}
