import { ArgumentMetadata, Injectable, Type, ValidationError, ValidationPipe } from '@nestjs/common';
import { BadInput, Fault } from './problem';
import { escaped, refuseManyUnknown, unknownField } from './unknown-fields';

/** Checks bodies and queries against their classes: unknown fields refused, nothing converted that is not declared to be. */
@Injectable()
export class InputPipe extends ValidationPipe {
  private readonly byPart = { body: checker('body'), query: checker('query') };

  private readonly takesNothing = new Set<Type>();

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'query') return this.query(value, metadata);
    if (metadata.type !== 'body' || !metadata.metatype || PLAIN.has(metadata.metatype)) return value;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new BadInput([{ in: 'body', at: '', code: 'not_an_object', message: 'Send a JSON object as the body.' }]);
    refuseManyUnknown(value, metadata.metatype);
    return this.byPart.body.transform(value, metadata);
  }

  /** An empty query is checked once for each class: if the class takes it, a fresh object with its defaults is the answer ever after. */
  private async query(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const type = metadata.metatype;
    if (!type || Object.keys(value as object).length > 0) return this.byPart.query.transform(value, metadata);
    if (this.takesNothing.has(type)) return new type();
    const checked: unknown = await this.byPart.query.transform(value, metadata);
    if (checked instanceof type) this.takesNothing.add(type);
    return checked;
  }
}

/** Types of a body that is no class of ours: it was checked where it was read. */
const PLAIN: ReadonlySet<unknown> = new Set([String, Boolean, Number, Array, Object, Buffer]);

const checker = (part: 'body' | 'query'): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    stopAtFirstError: true,
    validationError: { target: false, value: true }, // only to tell what is missing from what is wrong
    exceptionFactory: (errors) => new BadInput(errors.flatMap((e) => faults(e, '', part))),
  });

/** A field's faults and those of the fields inside it. */
function faults(error: ValidationError, above: string, part: 'body' | 'query'): Fault[] {
  const pointer = `${above}/${escaped(error.property)}`;
  const own = Object.entries(error.constraints ?? {}).map(([kind, message]): Fault => {
    const context = error.contexts?.[kind] as { code?: string } | undefined;
    const at = part === 'body' ? pointer : error.property;
    const { property } = error;
    if (kind === 'whitelistValidation') return unknownField(part, at, property);
    if (error.value === undefined)
      return { in: part, at, code: 'value_missing', message: `"${property}" is needed. ${message}` };
    return { in: part, at, code: context?.code ?? 'invalid_value', message };
  });
  return [...own, ...(error.children ?? []).flatMap((child) => faults(child, pointer, part))];
}
