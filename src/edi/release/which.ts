import { applyDecorators, createParamDecorator, ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { BadInput } from '../../kernel/errors/problem';

/** The release that the address names: `latest`, or an id. */
export const Which = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: { release?: string } }>>();
  const which = params.release ?? '';
  if (which === 'latest' || isUUID(which)) return which.toLowerCase();
  throw new BadInput([
    { in: 'path', at: 'release', code: 'not_a_release', message: 'Write "latest" or the id of a release here.' },
  ]);
});

/** Says so in the OpenAPI document. */
export const ApiWhich = (): MethodDecorator =>
  applyDecorators(
    ApiParam({
      name: 'release',
      description: '`latest`, or the id of a release. An address with an id never changes its answer.',
      schema: { type: 'string', pattern: '^(latest|[0-9a-fA-F-]{36})$', example: 'latest' },
    }),
  );

const KEY = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The table that the address names. */
export const TableKey = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: { table?: string } }>>();
  const key = params.table ?? '';
  if (KEY.test(key) && key.length <= 120) return key;
  throw new BadInput([
    {
      in: 'path',
      at: 'table',
      code: 'not_a_table',
      message: 'Write the key of a table here, as the list of tables gives it.',
    },
  ]);
});

export const ApiTable = (): MethodDecorator =>
  applyDecorators(
    ApiParam({
      name: 'table',
      description: 'Key of a table; the list of tables has them all. The same in every release.',
      schema: { type: 'string', pattern: KEY.source, maxLength: 120, example: 'all-registered-age' },
    }),
  );
