import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
} from 'class-validator';
import { says } from '../db/fields';
import { isDay } from '../db/day';

/** Parameters of a query string: always texts on the wire, converted here and nowhere else. All are optional. */
interface QueryOptions {
  default?: unknown;
  example?: unknown;
  required?: boolean;
}

function parameter(
  schema: ApiPropertyOptions,
  convert: ((text: string) => unknown) | undefined,
  checks: PropertyDecorator[],
  description: string,
  o: QueryOptions,
) {
  return applyDecorators(
    ApiProperty({
      ...schema,
      description,
      required: o.required ?? false,
      ...(o.default === undefined ? {} : { default: o.default }),
      ...(o.example === undefined ? {} : { example: o.example }),
    } as ApiPropertyOptions),
    ...(o.required ? [] : [IsOptional()]),
    ...(convert
      ? [Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? convert(value) : value))]
      : []),
    ...checks,
  );
}

const WHOLE = /^-?\d{1,15}$/;
const NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/;

/** A whole number. */
export const InWhole = (range: { min: number; max: number }, description: string, o: QueryOptions = {}) =>
  parameter(
    { type: 'integer', minimum: range.min, maximum: range.max },
    (text) => (WHOLE.test(text) ? Number(text) : text),
    [
      IsInt(says('not_whole', `Send a whole number from ${range.min} to ${range.max}.`)),
      Min(range.min, says('too_small', `Send ${range.min} or more.`)),
      Max(range.max, says('too_large', `Send ${range.max} or less.`)),
    ],
    description,
    o,
  );

/** A number that may have decimals. */
export const InNumber = (range: { min: number; max: number }, description: string, o: QueryOptions = {}) =>
  parameter(
    { type: 'number', minimum: range.min, maximum: range.max },
    (text) => (NUMBER.test(text) ? Number(text) : text),
    [
      IsNumber({}, says('not_number', `Send a number from ${range.min} to ${range.max}.`)),
      Min(range.min, says('too_small', `Send ${range.min} or more.`)),
      Max(range.max, says('too_large', `Send ${range.max} or less.`)),
    ],
    description,
    o,
  );

/** true or false. */
export const InFlag = (description: string, o: QueryOptions = {}) =>
  parameter(
    { type: 'boolean' },
    (text) => (text === 'true' ? true : text === 'false' ? false : text),
    [IsBoolean(says('not_a_flag', 'Send true or false.'))],
    description,
    o,
  );

/** Text. `missingSays`: what to write, where it is needed and was not sent. */
export const InText = (
  max: number,
  description: string,
  o: QueryOptions & { pattern?: RegExp; patternSays?: string; missingSays?: string } = {},
) =>
  parameter(
    { type: 'string', minLength: 1, maxLength: max, ...(o.pattern ? { pattern: o.pattern.source } : {}) },
    undefined,
    [
      IsString(says('repeated', ['Send this parameter once.', o.missingSays].filter(Boolean).join(' '))),
      Length(
        1,
        max,
        says(
          'text_length',
          o.missingSays
            ? `Write between 1 and ${max} characters. ${o.missingSays}`
            : `Write between 1 and ${max} characters${o.required ? '' : ', or leave the parameter out'}.`,
        ),
      ),
      ...(o.pattern
        ? [Matches(o.pattern, says('text_pattern', o.patternSays ?? 'This is not written in the form that is needed.'))]
        : []),
    ],
    description,
    o,
  );

/** A day, YYYY-MM-DD. */
export const InDay = (description: string, o: QueryOptions = {}) =>
  parameter(
    { type: 'string', format: 'date' },
    undefined,
    [
      ValidateBy(
        { name: 'isDay', validator: { validate: (v: unknown) => typeof v === 'string' && isDay(v) } },
        says('not_a_day', 'Send a day that exists, written YYYY-MM-DD.'),
      ),
    ],
    description,
    o,
  );

/** The id of a record. */
export const InRef = (description: string, o: QueryOptions = {}) =>
  parameter(
    { type: 'string', format: 'uuid' },
    undefined,
    [IsUUID('all', says('not_an_id', 'Send the id of a record, as this API gave it.'))],
    description,
    o,
  );

/** One of a closed list. */
export const InChoice = (values: readonly string[], description: string, o: QueryOptions = {}) =>
  parameter(
    { type: 'string', enum: [...values] },
    undefined,
    [IsIn(values, says('not_a_choice', `Choose one of: ${values.join(', ')}.`))],
    description,
    o,
  );

/** Some of a closed list, separated by commas. */
export const InChoices = (values: readonly string[], description: string, o: QueryOptions = {}) =>
  applyDecorators(
    parameter(
      { type: 'array', items: { type: 'string', enum: [...values] }, maxItems: values.length },
      (text) => [...new Set(text.split(','))],
      [
        IsArray(says('repeated', 'Send this parameter once, its values separated by commas.')),
        ArrayMaxSize(values.length, says('too_many', `Send at most ${values.length}.`)),
        IsIn(values, says('not_a_choice', `Choose from: ${values.join(', ')}.`, true)),
      ],
      description,
      o,
    ),
    Reflect.metadata('partnerships:comma', true),
  );

/** Some texts of one form, separated by commas. */
export const InTexts = (
  form: { pattern: RegExp; items: number; says: string },
  description: string,
  o: QueryOptions = {},
) =>
  applyDecorators(
    parameter(
      {
        type: 'array',
        items: { type: 'string', pattern: form.pattern.source },
        maxItems: form.items,
      },
      (text) => [...new Set(text.split(','))],
      [
        IsArray(says('repeated', 'Send this parameter once, its values separated by commas.')),
        ArrayMaxSize(form.items, says('too_many', `Send at most ${form.items}.`)),
        Matches(form.pattern, says('text_pattern', form.says, true)),
      ],
      description,
      o,
    ),
    Reflect.metadata('partnerships:comma', true),
  );
