import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Produces } from './route-catalogue';

/** How an answer is written as text. */
export interface AsText<T> {
  /** Media type without parameters; one that `FORMATS` names. The text is sent as UTF-8. */
  mediaType: string;
  /** @throws a Problem where this answer cannot be told in this form */
  write: (answer: T) => string;
  /** Name under which a browser stores it; where there is none, a browser shows it. */
  filename?: string;
}

/**
 * The route answers an object of the class, as JSON or written as text, whichever the caller chooses by `Accept` or `?format=`. JSON is
 * the default. The route itself answers the object and knows nothing of formats.
 */
export const JsonOrText = <T extends object>(type: Type<T>, description: string, text: AsText<T>): MethodDecorator =>
  applyDecorators(
    UseInterceptors(new WriteAsText(text)),
    ApiExtraModels(type),
    Produces('application/json', text.mediaType),
    ApiOkResponse({
      description,
      content: {
        'application/json': { schema: { $ref: getSchemaPath(type) } },
        [text.mediaType]: { schema: { type: 'string' } },
      },
    }),
  );

/** Runs inside of what gives JSON its ETag, so that a text passes that by. */
class WriteAsText<T> implements NestInterceptor<T, T | string> {
  constructor(private readonly text: AsText<T>) {}

  intercept(context: ExecutionContext, next: CallHandler<T>): Observable<T | string> {
    const http = context.switchToHttp();
    const { mediaType, write, filename } = this.text;
    if (http.getRequest<FastifyRequest>().format !== mediaType) return next.handle();
    return next.handle().pipe(
      map((answer) => {
        const written = write(answer);
        const reply = http.getResponse<FastifyReply>().type(`${mediaType}; charset=utf-8`);
        if (filename !== undefined) void reply.header('content-disposition', `attachment; filename="${filename}"`);
        return written;
      }),
    );
  }
}
