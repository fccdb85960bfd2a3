import { ApiResponse } from '@nestjs/swagger';

/** Documents a failure that the path and the method alone do not tell. */
export const AlsoAnswers = (status: number, description: string): MethodDecorator =>
  ApiResponse({
    status,
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
