import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { finished } from './kernel/http/openapi-finish';
import { TAGS } from './openapi-tags';

/** The OpenAPI 3.1 document, made from the code: decorators say what is there, and what holds for every route is added to each. */
export function openApi(app: INestApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Public Partnerships API')
    .setVersion('0.1.0')
    .setDescription(
      [
        'How health and care research works with patients, carers and the public: who takes part, in what, with what support, and what came of it.',
        '',
        'Every answer is JSON in camelCase unless you ask for another format. Lists come in pages: follow `Link: rel="next"` or `meta.nextCursor`.',
        'A change needs the ETag that you read, as `If-Match`. Every POST takes an `Idempotency-Key`, so that a retry has no second effect.',
        'Failures are `application/problem+json` with a stable `code` and plain English that says what to do.',
      ].join('\n'),
    )
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This service')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: [
          'Whatever is not public needs an access token of the sign-in service (OpenID Connect) that this service trusts: its operators say which. People sign in there; a website gets tokens with the grant `client_credentials`. Tokens are JWTs of type `at+jwt`.',
          'A token says who you are. Whoever comes for the first time opens an account with `POST /v1/me`, and somebody then gives it a role; `GET /v1/me` says what it may do.',
          'On a copy of the service on your own machine, `npm run token -- --as coordinator --organisation <slug>` prints a token.',
        ].join('\n\n'),
      },
      'token',
    )
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'X-API-Key',
        description:
          'Raises the rate limit of public reads; gives no permission. `POST /v1/api-keys` makes one and shows it once.',
      },
      'key',
    );
  for (const [name, description] of TAGS) base.addTag(name, description);
  return finished(
    SwaggerModule.createDocument(app, base.build(), {
      autoTagControllers: false,
      operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
    }),
  );
}
