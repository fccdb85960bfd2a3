import { Type } from '@nestjs/common';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage';
import { getMetadataStorage } from 'class-validator';
import { BadInput, Fault, MOST_FAULTS } from './problem';

interface Field {
  /** The class of what is nested in it; null where nothing is. */
  nested: Type | null;
  /** How many items it may have, and what is said of more. */
  most: number;
  tooMany: string;
}
/** Fields of a class by name. */
type Fields = ReadonlyMap<string, Field>;
const known = new WeakMap<Type, Fields>();

const isClass = (value: unknown): value is Type => typeof value === 'function';

function fieldsOf(type: Type): Fields {
  let fields = known.get(type);
  if (!fields) {
    const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
    fields = new Map(
      rules.map(({ propertyName: name }) => {
        const nested = defaultMetadataStorage.findTypeMetadata(type, name)?.typeFunction();
        const size = rules.find((rule) => rule.propertyName === name && rule.name === 'arrayMaxSize');
        const most = Number((size?.constraints as unknown[] | undefined)?.[0] ?? Infinity);
        return [
          name,
          { nested: isClass(nested) && nested !== Date ? nested : null, most, tooMany: `Send at most ${most}.` },
        ];
      }),
    );
    known.set(type, fields);
  }
  return fields;
}

/**
 * Refuses a body that has more unknown fields than an answer lists, or a list of more objects than it may hold. The validator would
 * find them too, but it makes an object of many parts for each fault and looks into every item: a small body would keep it busy for
 * seconds. Fewer are left to it, among other faults.
 * @throws BadInput with the first of them, and how many there are
 */
export function refuseManyUnknown(body: object, type: Type): void {
  const faults: Fault[] = [];
  let count = 0;
  const look = (value: unknown, of: Type, at: string): void => {
    if (Array.isArray(value)) {
      value.forEach((item, i) => {
        look(item, of, `${at}/${i}`);
      });
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const fields = fieldsOf(of);
    if (fields.size === 0) return;
    for (const [name, inside] of Object.entries(value)) {
      const field = fields.get(name);
      if (field?.nested) {
        if (Array.isArray(inside) && inside.length > field.most)
          throw new BadInput([{ in: 'body', at: `${at}/${name}`, code: 'too_many', message: field.tooMany }]);
        look(inside, field.nested, `${at}/${name}`);
      } else if (!field && ++count <= MOST_FAULTS) faults.push(unknownField('body', `${at}/${escaped(name)}`, name));
    }
  };
  look(body, type, '');
  if (count > MOST_FAULTS) throw new BadInput(faults, count);
}

/** A name as a step of a JSON Pointer (RFC 6901). */
export const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** That a field is sent which there is not. */
export const unknownField = (part: 'body' | 'query', at: string, name: string): Fault => ({
  in: part,
  at,
  code: 'unknown_field',
  message: `There is no field "${name}" here. Leave it out or check its spelling.`,
});
