import type { OpenAPIObject } from '@nestjs/swagger';
import Ajv2020, { ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type request from 'supertest';

type Agent = ReturnType<typeof request.agent>;
interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
  body: unknown;
  request: { method: string; url: string };
}
interface Described {
  responses: Record<string, { $ref?: string; content?: Record<string, { schema?: object }> }>;
}

/** Holds every answer that a test sees against the OpenAPI document: status, content type, body. */
export class Contract {
  private readonly ajv: Ajv2020;
  private readonly checks = new Map<string, ValidateFunction>();
  private readonly paths: {
    pattern: RegExp;
    literal: number;
    item: Record<string, Described | undefined>;
    path: string;
  }[];

  constructor(private readonly document: OpenAPIObject) {
    this.ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
    addFormats(this.ajv);
    this.ajv.addSchema({ components: closed(document.components) }, 'api');
    this.paths = Object.entries(document.paths)
      .map(([path, item]) => ({
        path,
        item: item as unknown as Record<string, Described | undefined>,
        pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
        literal: path.replace(/\{[^}]+\}/g, '').length,
      }))
      .sort((a, b) => b.literal - a.literal);
  }

  /** The same agent, each of whose answers is checked before the test sees it. */
  watch(agent: Agent): Agent {
    agent.use((call: unknown) => (call as request.Test).expect((answer) => this.check(answer as unknown as Answer)));
    return agent;
  }

  /** Throws where the document does not describe such an answer. */
  check(answer: Answer): void {
    const { pathname } = new URL(answer.request.url);
    const method = answer.request.method.toLowerCase() === 'head' ? 'get' : answer.request.method.toLowerCase();
    const found = this.paths.find((p) => p.pattern.test(pathname));
    const operation = found?.item[method];
    const type = (answer.headers['content-type'] ?? '').split(';')[0] ?? '';
    const here = `${answer.request.method} ${pathname} -> ${answer.status} ${type}`;
    if (answer.status >= 500 && answer.status !== 503) throw new Error(`${here}: ${answer.text}`);
    if (!found || !operation) {
      if (answer.status < 400) throw new Error(`${here}: the OpenAPI document knows no such operation`);
      return;
    }
    const response = operation.responses[String(answer.status)];
    if (!response)
      throw new Error(
        `${here}: the OpenAPI document does not name this status for ${method} ${found.path}\n${answer.text.slice(0, 500)}`,
      );
    const content = this.resolve(response).content;
    if (answer.status === 204 || answer.status === 304 || answer.request.method === 'HEAD') return;
    if (!content && !answer.text) return;
    const described = content?.[type];
    if (!described)
      throw new Error(
        `${here}: the OpenAPI document does not name this content type (it names ${Object.keys(content ?? {}).join(', ') || 'none'})`,
      );
    if (!described.schema || !type.includes('json')) return;
    const validate = this.schemaOf(`${method} ${found.path} ${answer.status} ${type}`, described.schema);
    if (!validate(JSON.parse(answer.text)))
      throw new Error(
        `${here} is not as documented:\n${this.ajv.errorsText(validate.errors, { separator: '\n' })}\n${answer.text.slice(0, 2000)}`,
      );
  }

  private schemaOf(name: string, schema: object): ValidateFunction {
    const known = this.checks.get(name);
    if (known) return known;
    const made = this.ajv.compile(closed(absolute(schema)) as object);
    this.checks.set(name, made);
    return made;
  }

  private resolve(response: Described['responses'][string]): { content?: Record<string, { schema?: object }> } {
    if (!response.$ref) return response;
    const name = response.$ref.split('/').at(-1) ?? '';
    return this.document.components?.responses?.[name] as never;
  }
}

/** References inside the document, said so that they are found from outside it. */
function absolute(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(absolute);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? `api${value}` : absolute(value),
    ]),
  );
}

/** Every described object with the fields that it names and no other: an answer that says more than its document is a fault. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const mended = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, key === 'example' ? value : closed(value)]),
  );
  const { type, properties, allOf } = mended;
  const isObject = type === 'object' && properties !== undefined;
  return isObject && !('additionalProperties' in mended) && allOf === undefined
    ? { ...mended, additionalProperties: false }
    : mended;
}
