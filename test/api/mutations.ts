import type { Call } from '../support/wire';
import type { Schema, Schemas } from '../support/operations';
import type { Chance, Draft } from './generate';

/** A request spoiled in one way. */
export interface Spoiled {
  how: string;
  call: Call;
  /** Whether it is wrong for certain, so that a 2xx answer would be a fault. */
  wrong: boolean;
}

interface Place {
  schema: Schema;
  /** Sets another value there. */
  set(value: unknown): void;
  remove(): unknown;
  required: boolean;
  name: string;
}

/** Writes a request as it goes over the wire. */
export function write({ operation, path, query, headers, body }: Draft, raw?: string): Call {
  const address = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const asked = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  const text = raw ?? (body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  return {
    method: operation.method,
    path: asked ? `${address}?${asked}` : address,
    headers,
    ...(text === undefined ? {} : { body: text }),
  };
}

const LONE = '\ud800';
const deep = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

/** Spoils requests that fit the document. */
export class Mutator {
  constructor(
    private readonly chance: Chance,
    private readonly schemas: Schemas,
  ) {}

  spoil(draft: Draft): Spoiled {
    const { operation } = draft;
    const ways: (() => Spoiled | undefined)[] = [
      () => this.path(draft),
      () => this.query(draft),
      () => this.header(draft),
      ...(operation.body?.type.includes('json')
        ? [() => this.body(draft), () => this.body(draft), () => this.body(draft), () => this.json(draft)]
        : []),
      ...(operation.body ? [() => this.type(draft)] : [() => this.unasked(draft)]),
      () => this.method(draft),
    ];
    for (;;) {
      const made = this.chance.of(ways)();
      if (made) return made;
    }
  }

  private path(draft: Draft): Spoiled | undefined {
    const id = draft.operation.parameters.find((one) => one.in === 'path' && one.schema.format === 'uuid');
    if (!id) return undefined;
    const text = this.chance.of([
      '1',
      'not-an-id',
      '%00',
      '..%2f..',
      '%FF',
      "1'--",
      'a'.repeat(300),
      '%ud800',
      '00000000-0000-0000-0000-00000000000g',
      '01999999-0000-7000-8000-0000000000000',
    ]);
    const call = write(draft);
    const raw = draft.operation.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
      name === id.name ? text : encodeURIComponent(draft.path[name] ?? ''),
    );
    return { how: `a path with ${text.slice(0, 20)} for ${id.name}`, wrong: true, call: { ...call, path: raw } };
  }

  private query(draft: Draft): Spoiled {
    const { parameters } = draft.operation;
    const named = parameters.filter((one) => one.in === 'query');
    const spoiled = (how: string, extra: string, wrong = true): Spoiled => {
      const call = write(draft);
      return { how, wrong, call: { ...call, path: `${call.path}${call.path.includes('?') ? '&' : '?'}${extra}` } };
    };
    const ways = [
      () => spoiled('a parameter that is not there', 'colour=red'),
      () => spoiled('a parameter called __proto__', '__proto__=1'),
      () => spoiled('broken percent encoding', 'limit=%zz'),
      () => spoiled('U+0000 in the query', `${named[0]?.name ?? 'x'}=%00`),
      () => spoiled('too many parameters', Array.from({ length: 130 }, (_, n) => `p${n}=1`).join('&')),
    ];
    const has = (name: string): boolean => named.some((one) => one.name === name);
    if (has('cursor')) {
      const cursors = [
        'abc',
        'W10.aaaaaaaaaaaaaaaaaaaaaa',
        '%27%20OR%201=1',
        'a'.repeat(900),
        'WyJ4Il0.AAAAAAAAAAAAAAAAAAAAAA',
      ];
      ways.push(() => spoiled('a tampered cursor', `cursor=${this.chance.of(cursors)}`));
    }
    for (const name of ['limit', 'sort', 'state', 'from'])
      if (has(name)) ways.push(() => spoiled(`${name} twice`, `${name}=1&${name}=2`));
    if (has('limit'))
      ways.push(() =>
        spoiled(
          'a limit out of range',
          `limit=${this.chance.of(['0', '-1', '101', '1e2', '1.5', '9007199254740993', '%205', ''])}`,
          true,
        ),
      );
    if (has('sort'))
      ways.push(() =>
        spoiled(
          'a sort that is not listed',
          `sort=${this.chance.of(['name_key', 'id;DROP%20TABLE%20x', '-createdAt', 'password'])}`,
        ),
      );
    for (const one of named.filter((p) => p.schema.enum))
      ways.push(() => spoiled(`${one.name} not of the list`, `${one.name}=nothing-of-the-kind`));
    for (const one of named.filter((p) => p.schema.format === 'uuid'))
      ways.push(() => spoiled(`${one.name} that is no id`, `${one.name}=7`));
    return this.chance.of(ways)();
  }

  private header(draft: Draft): Spoiled {
    const { operation } = draft;
    const spoiled = (how: string, headers: Record<string, string>, wrong: boolean): Spoiled => ({
      how,
      wrong,
      call: { ...write(draft), headers: { ...draft.headers, ...headers } },
    });
    const ways = [
      () =>
        spoiled(
          'an Accept that cannot be met',
          { accept: 'image/png' },
          !draft.query.some(([name]) => name === 'format'),
        ),
      () => spoiled('an Accept that is nonsense', { accept: ';;;q=x,,,' }, false),
      () => spoiled('a huge If-None-Match', { 'if-none-match': '"x",'.repeat(1500) }, false),
      () => spoiled('a broken traceparent', { traceparent: '00-xyz' }, false),
      () => spoiled('a strange X-Forwarded-For', { 'x-forwarded-for': "'; DROP TABLE x" }, false),
    ];
    if (operation.method === 'POST') {
      ways.push(() =>
        spoiled(
          'a bad Idempotency-Key',
          { 'idempotency-key': this.chance.of(['a b', 'x'.repeat(256), '\u00e9']) },
          true,
        ),
      );
    }
    if (operation.parameters.some((one) => one.in === 'header' && one.name === 'If-Match' && one.required)) {
      ways.push(() =>
        spoiled(
          'a bad If-Match',
          {
            'if-match': this.chance.of([
              '*',
              'W/"1-json"',
              '1',
              '"abc"',
              '"99999999999"',
              '"1-json", "2-json"',
              '"-1"',
            ]),
          },
          true,
        ),
      );
      ways.push(() => ({
        how: 'no If-Match',
        wrong: true,
        call: {
          ...write(draft),
          headers: Object.fromEntries(Object.entries(draft.headers).filter(([name]) => name !== 'if-match')),
        },
      }));
    }
    return this.chance.of(ways)();
  }

  /** One field of the body made wrong. */
  private body(draft: Draft): Spoiled | undefined {
    if (typeof draft.body !== 'object' || draft.body === null) return undefined;
    const copy = structuredClone(draft.body) as Record<string, unknown>;
    const places = this.places(draft.operation.body?.schema ?? {}, copy);
    const spoiled = (how: string, wrong = true): Spoiled => ({ how, wrong, call: write({ ...draft, body: copy }) });
    const ways: (() => Spoiled)[] = [
      () => (
        Object.assign(copy, { [this.chance.of(['colour', 'id', 'isAdmin', 'createdAt'])]: 'x' }),
        spoiled('an unknown field')
      ),
    ];
    if (places.length > 0) {
      const place = this.chance.of(places);
      const { schema, name } = place;
      const type = this.schemas.typeOf(schema);
      const put = (how: string, value: unknown) => () => (place.set(value), spoiled(`${how} in ${name}`));
      ways.push(
        put(
          'a wrong type',
          type === 'string'
            ? this.chance.of<unknown>([1, {}, [], true])
            : this.chance.of<unknown>(
                type === 'boolean'
                  ? ['true', 1]
                  : type === 'array'
                    ? ['x', {}]
                    : type === 'object'
                      ? ['x', 5]
                      : ['1', {}, true],
              ),
        ),
      );
      if (type === 'string') {
        ways.push(put('U+0000', 'a\u0000b'), put('half a surrogate pair', `a${LONE}b`));
        if (schema.maxLength) ways.push(put('a text that is too long', 'x'.repeat(schema.maxLength + 1)));
        if (schema.minLength) ways.push(put('an empty text', ''));
        if (schema.enum) ways.push(put('a choice that is none', 'nothing-of-the-kind'));
        if (schema.format === 'uuid') ways.push(put('no id', '7'));
        if (schema.format === 'date')
          ways.push(
            put(
              'a day that is none',
              this.chance.of(['2026-02-30', '23/11/2026', '2026-11-23T00:00:00Z', '+012026-01-01']),
            ),
          );
        if (schema.format === 'date-time')
          ways.push(
            put(
              'an instant that is none',
              this.chance.of(['2026-11-23', '2026-11-23T25:00:00Z', 'now', '2026-11-23T12:00:00']),
            ),
          );
      }
      if (type === 'integer' || type === 'number') {
        if (schema.maximum !== undefined) ways.push(put('a number that is too large', schema.maximum + 1));
        if (schema.minimum !== undefined) ways.push(put('a number that is too small', schema.minimum - 1));
        if (type === 'integer') ways.push(put('a broken number', 1.5));
      }
      if (type === 'array' && schema.maxItems && schema.maxItems < 1000) {
        ways.push(
          put(
            'too many items',
            Array.from({ length: schema.maxItems + 1 }, (_, n) => `x${n}`),
          ),
        );
      }
      if (place.required) ways.push(() => (place.remove(), spoiled(`no ${name}`)));
      if (place.required && !this.schemas.takesNull(schema)) ways.push(put('null', null));
    }
    return this.chance.of(ways)();
  }

  /** The places of a value that its schema describes. */
  private places(schema: Schema, value: Record<string, unknown>): Place[] {
    const plain = this.schemas.plain(schema);
    return Object.entries(plain.properties ?? {}).flatMap(([name, field]): Place[] => {
      if (!(name in value)) return [];
      const inner = value[name];
      const own: Place = {
        name,
        schema: {
          ...this.schemas.plain(field),
          ...(this.schemas.takesNull(field) ? { type: [this.schemas.typeOf(field), 'null'] } : {}),
        },
        required: plain.required?.includes(name) ?? false,
        set: (other) => void (value[name] = other),
        remove: () => Reflect.deleteProperty(value, name),
      };
      return isObject(inner) ? [own, ...this.places(field, inner)] : [own];
    });
  }

  /** The text of the body made wrong. */
  private json(draft: Draft): Spoiled {
    const text = JSON.stringify(draft.body);
    const end = text.slice(1);
    const many = `{"a":[${'1,'.repeat(12_000)}1]}`;
    const ways: [string, string][] = [
      ['nesting of 20,000 levels', deep(20_000)],
      ['nesting of 30 levels', deep(30)],
      ['an array of 12,000', many],
      ['an unsafe number', `{"a":9007199254740993${end === '}' ? '}' : `,${end}`}`],
      ['a number beyond all', `{"a":1e999${end === '}' ? '}' : `,${end}`}`],
      ['a name given twice', `{"a":1,"a":2${end === '}' ? '}' : `,${end}`}`],
      ['__proto__', `{"__proto__":{"x":1}${end === '}' ? '}' : `,${end}`}`],
      ['half of the JSON', text.slice(0, Math.floor(text.length / 2))],
      ['nothing', ''],
      ['a list', '[]'],
      ['null', 'null'],
      ['two values', `${text} ${text}`],
      ['a comment', `/* */${text}`],
      ['a lone surrogate escape', `{"a":"\\ud800"${end === '}' ? '}' : `,${end}`}`],
      ['U+0000 in a name', `{"a\\u0000":1${end === '}' ? '}' : `,${end}`}`],
    ];
    const [how, raw] = this.chance.of(ways);
    const wrong = raw !== '' || draft.operation.body?.required === true;
    return { how: `a body of ${how}`, wrong, call: write(draft, raw) };
  }

  private type(draft: Draft): Spoiled {
    const type = this.chance.of([
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=latin1',
      'nonsense',
      '',
    ]);
    const call = write(draft);
    return {
      how: `a body said to be ${type || 'nothing'}`,
      wrong:
        call.body !== undefined &&
        call.body !== '' &&
        !(type === 'text/plain' && draft.operation.body?.type.startsWith('text/')),
      call: { ...call, headers: { ...draft.headers, 'content-type': type } },
    };
  }

  private unasked(draft: Draft): Spoiled {
    const call = write(draft);
    if (call.method === 'GET')
      return {
        how: 'a GET with a body',
        wrong: false,
        call: { ...call, body: '{"a":1}', headers: { ...call.headers, 'content-type': 'application/json' } },
      };
    return {
      how: 'a body where none is read',
      wrong: true,
      call: { ...call, body: '{"a":1}', headers: { ...call.headers, 'content-type': 'application/json' } },
    };
  }

  private method(draft: Draft): Spoiled {
    const method = this.chance.of(['TRACE', 'PROPFIND', 'HEAD', 'OPTIONS', 'LINK', 'SEARCH']);
    return { how: `the method ${method}`, wrong: false, call: { ...write(draft), method, body: undefined } };
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
