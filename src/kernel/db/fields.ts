import { applyDecorators, Type } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptions, PartialType } from '@nestjs/swagger';
import { Transform, Type as Cast } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDate,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  ValidationOptions,
} from 'class-validator';
import { Column, ColumnOptions } from 'typeorm';
import { isDay, parseInstant } from './day';

/**
 * One decorator a field: the column, the check on input and the OpenAPI schema, which so cannot disagree.
 * The description is written once and reaches the OpenAPI document.
 */
export interface FieldOptions {
  /** The column may be null and the field may be absent; null clears it. */
  optional?: boolean;
  /** A value that works, shown in the OpenAPI document. */
  example?: unknown;
  /** Private: masked in the audit trail. */
  personal?: boolean;
  /** Set by the service, never by a caller. */
  readOnly?: boolean;
  /** The field may be absent on input because the database has this default. */
  default?: unknown;
  /** No column: the field belongs to a body or an answer only. */
  virtual?: boolean;
}

const PERSONAL = Symbol('personal fields');

/** The private fields of an entity, which the audit masks. */
export function personalFields(type: object): ReadonlySet<string> {
  return (Reflect.getMetadata(PERSONAL, type) as Set<string> | undefined) ?? new Set();
}

const markPersonal: PropertyDecorator = (target, key) => {
  const names = new Set(personalFields(target.constructor));
  names.add(String(key));
  Reflect.defineMetadata(PERSONAL, names, target.constructor);
};

/** What every check says: a stable code for programs and a sentence for people. */
export const says = (code: string, message: string, each = false): ValidationOptions => ({
  message,
  context: { code },
  each,
});

function field(
  column: ColumnOptions,
  schema: ApiPropertyOptions,
  checks: PropertyDecorator[],
  description: string,
  o: FieldOptions,
): PropertyDecorator {
  const optional = o.optional ?? false;
  const mayBeAbsent = optional || o.default !== undefined;
  const api = {
    ...schema,
    description,
    required: !mayBeAbsent,
    ...(optional ? { nullable: true } : {}),
    ...(o.example === undefined ? {} : { example: o.example }),
    ...(o.default === undefined ? {} : { default: o.default }),
    ...(o.readOnly ? { readOnly: true } : {}),
  } as ApiPropertyOptions;
  return applyDecorators(
    ...(o.virtual ? [] : [Column({ ...column, nullable: optional })]),
    ApiProperty(api),
    ...(optional ? [IsOptional()] : mayBeAbsent ? [ValidateIf((_, value: unknown) => value !== undefined)] : []),
    ...checks,
    ...(o.personal ? [markPersonal] : []),
  );
}

/** Text of 1 to `max` characters. */
export const Text = (
  max: number,
  description: string,
  o: FieldOptions & { pattern?: RegExp; patternSays?: string } = {},
) =>
  field(
    { type: 'text' },
    { type: 'string', minLength: 1, maxLength: max, ...(o.pattern ? { pattern: o.pattern.source } : {}) },
    [
      IsString(says('not_text', 'Send a text here.')),
      Length(1, max, says('text_length', `Write between 1 and ${max} characters.`)),
      ...(o.pattern
        ? [Matches(o.pattern, says('text_pattern', o.patternSays ?? 'This is not written in the form that is needed.'))]
        : []),
    ],
    description,
    o,
  );

/** A whole number between `min` and `max`. */
export const Whole = (range: { min: number; max: number }, description: string, o: FieldOptions = {}) =>
  field(
    { type: 'integer' },
    { type: 'integer', minimum: range.min, maximum: range.max },
    [
      IsInt(says('not_whole', 'Send a whole number, without quotes.')),
      Min(range.min, says('too_small', `Send ${range.min} or more.`)),
      Max(range.max, says('too_large', `Send ${range.max} or less.`)),
    ],
    description,
    o,
  );

/** A number that may have decimals, between `min` and `max`; stored as double precision, so never money. */
export const Decimal = (range: { min: number; max: number }, description: string, o: FieldOptions = {}) =>
  field(
    { type: 'double precision' },
    { type: 'number', minimum: range.min, maximum: range.max },
    [
      IsNumber({ allowInfinity: false, allowNaN: false }, says('not_number', 'Send a number, without quotes.')),
      Min(range.min, says('too_small', `Send ${range.min} or more.`)),
      Max(range.max, says('too_large', `Send ${range.max} or less.`)),
    ],
    description,
    o,
  );

/** Money in whole pence (GBP), up to ten million pounds. */
export const Pence = (description: string, o: FieldOptions = {}) =>
  Whole({ min: 0, max: 1_000_000_000 }, description, o);

const IsDay = () =>
  ValidateBy(
    { name: 'isDay', validator: { validate: (v: unknown) => typeof v === 'string' && isDay(v) } },
    says('not_a_day', 'Send a day that exists, written YYYY-MM-DD.'),
  );

/** A calendar day, `YYYY-MM-DD`, without time or zone. */
export const Day = (description: string, o: FieldOptions = {}) =>
  field({ type: 'date' }, { type: 'string', format: 'date' }, [IsDay()], description, o);

const toInstant = Transform(
  ({ value }: { value: unknown }) => (typeof value === 'string' ? (parseInstant(value) ?? value) : value),
  {
    toClassOnly: true,
  },
);

/** A moment, RFC 3339 with an offset; answers are in UTC. */
export const Instant = (description: string, o: FieldOptions = {}) =>
  field(
    { type: 'timestamptz' },
    { type: 'string', format: 'date-time' },
    [toInstant, IsDate(says('not_an_instant', 'Send a date and time with its offset, such as 2026-11-30T17:00:00Z.'))],
    description,
    o,
  );

/** One value of a closed list. */
export const Choice = (values: Record<string, string>, enumName: string, description: string, o: FieldOptions = {}) => {
  const list = Object.values(values);
  return field(
    { type: 'text' },
    { enum: list, enumName },
    [IsIn(list, says('not_a_choice', `Choose one of: ${list.join(', ')}.`))],
    description,
    o,
  );
};

/** Several different values of a closed list; may be empty. */
export const Choices = (
  values: Record<string, string>,
  enumName: string,
  description: string,
  o: FieldOptions = {},
) => {
  const list = Object.values(values);
  return field(
    { type: 'text', array: true },
    { enum: list, enumName, isArray: true, maxItems: list.length, uniqueItems: true },
    [
      IsArray(says('not_a_list', 'Send a list.')),
      ArrayMaxSize(list.length, says('too_many', `Send at most ${list.length}.`)),
      ArrayUnique(says('repeated', 'Send each value once.')),
      IsIn(list, says('not_a_choice', `Choose from: ${list.join(', ')}.`, true)),
    ],
    description,
    o,
  );
};

/** The identifier of another record. */
export const Ref = (description: string, o: FieldOptions = {}) =>
  field(
    { type: 'uuid' },
    { type: 'string', format: 'uuid' },
    [IsUUID('all', says('not_an_id', 'Send the id of a record, as this API gave it.'))],
    description,
    o,
  );

/** Ids of other records, each once. */
export const Refs = (items: number, description: string, o: FieldOptions = {}) =>
  field(
    { type: 'uuid', array: true },
    {
      type: 'array',
      items: { type: 'string', format: 'uuid' },
      maxItems: items,
      uniqueItems: true,
    },
    [
      IsArray(says('not_a_list', 'Send a list.')),
      ArrayMaxSize(items, says('too_many', `Send at most ${items}.`)),
      ArrayUnique(says('repeated', 'Send each value once.')),
      IsUUID('all', says('not_an_id', 'Send ids of records, as this API gave them.', true)),
    ],
    description,
    o,
  );

/** True or false. */
export const Flag = (description: string, o: FieldOptions = {}) =>
  field(
    { type: 'boolean' },
    { type: 'boolean' },
    [IsBoolean(says('not_a_flag', 'Send true or false, without quotes.'))],
    description,
    o,
  );

/** A list of texts of 1 to `max` characters each, at most `items` of them, each once. */
export const Texts = (
  size: { max: number; items: number; min?: number },
  description: string,
  o: FieldOptions & { pattern?: RegExp; patternSays?: string } = {},
) =>
  field(
    { type: 'text', array: true },
    {
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: size.max, ...(o.pattern ? { pattern: o.pattern.source } : {}) },
      maxItems: size.items,
      ...(size.min ? { minItems: size.min } : {}),
      uniqueItems: true,
    },
    [
      IsArray(says('not_a_list', 'Send a list of texts.')),
      ...(size.min ? [ArrayMinSize(size.min, says('too_few', `Send at least ${size.min}.`))] : []),
      ArrayMaxSize(size.items, says('too_many', `Send at most ${size.items}.`)),
      ArrayUnique(says('repeated', 'Send each value once.')),
      IsString(says('not_text', 'Send texts in this list.', true)),
      Length(1, size.max, says('text_length', `Write between 1 and ${size.max} characters in each.`, true)),
      ...(o.pattern
        ? [
            Matches(
              o.pattern,
              says('text_pattern', o.patternSays ?? 'One of these is not written in the form that is needed.', true),
            ),
          ]
        : []),
    ],
    description,
    o,
  );

/** A nested object with fields of its own, stored as jsonb. */
export const Json = <T extends object>(type: () => Type<T>, description: string, o: FieldOptions = {}) =>
  field(
    { type: 'jsonb' },
    { type: () => type() }, // swagger knows a lazy type by the function's name
    [IsObject(says('not_an_object', 'Send an object here.')), ValidateNested(), Cast(type)],
    description,
    o,
  );

/** A list of nested objects, stored as jsonb. */
export const JsonList = <T extends object>(
  type: () => Type<T>,
  size: { items: number; min?: number },
  description: string,
  o: FieldOptions = {},
) =>
  field(
    { type: 'jsonb' },
    { type: () => [type()], maxItems: size.items, ...(size.min ? { minItems: size.min } : {}) },
    [
      IsArray(says('not_a_list', 'Send a list.')),
      ...(size.min ? [ArrayMinSize(size.min, says('too_few', `Send at least ${size.min}.`))] : []),
      ArrayMaxSize(size.items, says('too_many', `Send at most ${size.items}.`)),
      IsObject(says('not_an_object', 'Send objects in this list.', true)),
      ValidateNested({ each: true }),
      Cast(type),
    ],
    description,
    o,
  );

/** The body of a PATCH: every field may be absent, and null is taken only where the field can be cleared. */
export const ChangeOf = <T>(type: Type<T>): Type<Partial<T>> => PartialType(type, { skipNullProperties: false });
