import { BadInput, Fault, Problem } from '../errors/problem';
import { normal, textFault } from './input-text';

/** Limits of a JSON body; the OpenAPI document states them in its description. */
export const JSON_LIMITS = {
  /** Levels of nesting. */
  depth: 20,
  /** Items of one array. */
  items: 10_000,
  /** Members of one object. */
  members: 1_000,
} as const;

/** Faults reported at once; after that, reading stops. */
const MOST_FAULTS = 20;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);
const ESCAPES: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes as text. What is not UTF-8 is refused, since replacement characters would hide what was sent. */
export function readText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new Problem(400, 'not_utf8', 'Send the body as UTF-8: some of its bytes are not.', { cause });
  }
}

/**
 * JSON bytes as a value. Stricter than `JSON.parse`: names stand once, whole numbers are exact, texts are sound Unicode and come
 * out in NFC, nesting and sizes are bounded. Throws a 400 problem that says where.
 */
export function readJson(bytes: Uint8Array): unknown {
  return new JsonReader(readText(bytes)).read();
}

class JsonReader {
  private at = 0;
  private readonly path: (string | number)[] = [];
  private readonly faults: Fault[] = [];

  constructor(private readonly text: string) {}

  read(): unknown {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.malformed();
    if (this.faults.length > 0) throw new BadInput(this.faults);
    return value;
  }

  private value(): unknown {
    this.space();
    switch (this.text[this.at]) {
      case '{':
        return this.object();
      case '[':
        return this.array();
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    let members = 0;
    this.at++;
    if (this.next('}')) return object;
    do {
      this.space();
      if (this.text[this.at] !== '"') this.malformed();
      const name = this.string();
      this.enter(name);
      if (++members > JSON_LIMITS.members)
        this.stop('too_many_members', `Send at most ${JSON_LIMITS.members} members in one object.`, 1);
      if (FORBIDDEN_NAMES.has(name)) this.fault('forbidden_name', `Remove "${name}": no member may have this name.`);
      else if (Object.hasOwn(object, name)) this.fault('duplicate_name', `Give "${name}" once: it stands here twice.`);
      this.expect(':');
      const value = this.value();
      if (!FORBIDDEN_NAMES.has(name)) object[name] = value;
      this.path.pop();
    } while (this.next(','));
    this.expect('}');
    return object;
  }

  private array(): unknown[] {
    const array: unknown[] = [];
    this.at++;
    if (this.next(']')) return array;
    do {
      this.enter(array.length);
      if (array.length >= JSON_LIMITS.items)
        this.stop('too_many_items', `Send at most ${JSON_LIMITS.items} items in one list.`, 1);
      array.push(this.value());
      this.path.pop();
    } while (this.next(','));
    this.expect(']');
    return array;
  }

  private string(): string {
    const { text } = this;
    let made = '';
    let from = ++this.at;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === 34) break;
      if (code === 92) {
        made += text.slice(from, this.at) + this.escape();
        from = this.at;
      } else if (code < 32 || Number.isNaN(code)) this.malformed();
      else this.at++;
    }
    made += text.slice(from, this.at++);
    const wrong = textFault(made);
    if (!wrong) return normal(made);
    this.fault(wrong.code, wrong.message);
    return '';
  }

  /** Reads one escape and moves behind it. */
  private escape(): string {
    const sign = this.text[++this.at] ?? '';
    if (sign === 'u') {
      const digits = this.text.slice(this.at + 1, this.at + 5);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.malformed();
      this.at += 5;
      return String.fromCharCode(parseInt(digits, 16));
    }
    const meant = ESCAPES[sign];
    if (meant === undefined) this.malformed();
    this.at++;
    return meant;
  }

  private number(): number {
    NUMBER.lastIndex = this.at;
    const literal = NUMBER.exec(this.text)?.[0];
    if (literal === undefined) this.malformed();
    this.at += literal.length;
    const value = Number(literal);
    if (!isExact(literal, value)) {
      this.fault(
        'number_not_exact',
        'Send a whole number between -9007199254740991 and 9007199254740991: this one would be changed by rounding.',
      );
    }
    return value === 0 ? 0 : value;
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.malformed();
    this.at += word.length;
    return value;
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at++;
    }
  }

  private next(sign: string): boolean {
    this.space();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private expect(sign: string): void {
    if (!this.next(sign)) this.malformed();
  }

  private enter(step: string | number): void {
    this.path.push(step);
    if (this.path.length > JSON_LIMITS.depth) this.stop('too_deep', `Nest at most ${JSON_LIMITS.depth} levels deep.`);
  }

  private fault(code: string, message: string): void {
    this.faults.push({ in: 'body', at: pointer(this.path), code, message });
    if (this.faults.length >= MOST_FAULTS) throw new BadInput(this.faults);
  }

  private stop(code: string, message: string, up = 0): never {
    this.path.length -= up;
    throw new BadInput([...this.faults, { in: 'body', at: pointer(this.path), code, message }]);
  }

  private malformed(): never {
    const before = this.text.slice(0, this.at);
    const line = before.split('\n').length;
    const column = this.at - before.lastIndexOf('\n');
    const found = this.at < this.text.length ? 'something unexpected stands' : 'the text ends';
    const message = `This is not JSON: ${found} at line ${line}, column ${column} (character ${this.at + 1}).`;
    throw new Problem(400, 'malformed_json', message, {
      errors: [{ in: 'body', at: pointer(this.path), code: 'malformed_json', message }],
    });
  }
}

/** Whether a number literal means the same as the double it becomes, as far as whole numbers go. */
function isExact(literal: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  if (value === 0) return !/[1-9]/.test(literal.split(/[eE]/)[0] ?? '');
  if (!Number.isInteger(value)) return true;
  if (!Number.isSafeInteger(value)) return false;
  return !/\.\d*[1-9]/.test(literal) || /[eE]/.test(literal);
}

/** RFC 6901. */
const pointer = (path: readonly (string | number)[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
