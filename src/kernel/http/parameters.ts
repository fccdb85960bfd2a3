import { applyDecorators, createParamDecorator, ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiParam } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { BadInput, Problem } from '../errors/problem';

const IdParameter = createParamDecorator((name: string, context: ExecutionContext): string => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: Record<string, string> }>>();
  const id = params[name] ?? '';
  if (!isUUID(id))
    throw new BadInput([
      {
        in: 'path',
        at: name,
        code: 'not_an_id',
        message: 'This part of the address must be the id of a record, as this API gave it.',
      },
    ]);
  return id.toLowerCase();
});

/** The id of a record in the address, `:id` unless another name is given. */
export const Id = (name = 'id'): ParameterDecorator => IdParameter(name);

const TAG = /^"(\d{1,10})(?:-[A-Za-z0-9_-]+)?"$/;

/** The version that a caller has read: what `If-Match` says. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  if (header === undefined)
    throw new Problem(
      428,
      'if_match_needed',
      'Send the ETag of the record, as you last read it, in an If-Match header. So nobody overwrites what they have not seen.',
    );
  const [, version] = TAG.exec(header) ?? [];
  if (version === undefined)
    throw new BadInput([
      {
        in: 'header',
        at: 'If-Match',
        code: 'bad_etag',
        message: 'Send one ETag exactly as this API gave it, with its quotes: "7-json". Weak tags and * are not taken.',
      },
    ]);
  return Number(version);
});

/** The version that a caller has read, where `If-Match` says one: for a PUT that adds what is not there. */
export const IfMatchGiven = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  if (header === undefined) return undefined;
  const [, version] = TAG.exec(header) ?? [];
  if (version === undefined)
    throw new BadInput([
      {
        in: 'header',
        at: 'If-Match',
        code: 'bad_etag',
        message: 'Send one ETag exactly as this API gave it, with its quotes: "7-json". Weak tags and * are not taken.',
      },
    ]);
  return Number(version);
});

/** Says in the OpenAPI document that a route needs If-Match; goes with an `@IfMatch()` parameter. */
export const NeedsIfMatch = (): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: true,
      description: 'The ETag of the record as you last read it.',
      schema: { type: 'string', maxLength: 100, example: '"1-json"' },
    }),
  );

/** Names the `:id` of the address in the OpenAPI document, with an id that exists in the demonstration data. */
export const ApiId = (example: string, name = 'id', description = 'Id of the record.'): MethodDecorator =>
  applyDecorators(ApiParam({ name, description, schema: { type: 'string', format: 'uuid', example } }));
