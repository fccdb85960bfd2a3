import { createHash } from 'node:crypto';
import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../access/access';
import { docsPage } from './docs-page';
import { DOCS_STYLE } from './docs-style';
import { Produces } from './route-catalogue';
import { PAGE_POLICY } from './security-headers';
import { ApiDocument } from './version.controller';

/** The document changes with a release only, so a copy is good for a while and cheap to check after. */
const CACHED = 'public, max-age=300';

interface Rendered {
  text: string;
  tag: string;
}

/** The OpenAPI document, for programs and for people. */
@ApiTags('Service')
@Controller()
export class DocsController {
  private document: Rendered | undefined;
  private page: Rendered | undefined;

  constructor(private readonly api: ApiDocument) {}

  @Get('openapi.json')
  @Public()
  @ApiOperation({ summary: 'The OpenAPI 3.1 document of this service' })
  @ApiOkResponse({ description: 'The document.', schema: { type: 'object', additionalProperties: true } })
  openapi(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.document ??= rendered(JSON.stringify(this.api.get()));
    send(this.document, 'application/json; charset=utf-8', request, reply);
  }

  @Get('docs')
  @Public()
  @Produces('text/html')
  @Header('content-security-policy', PAGE_POLICY)
  @ApiExcludeEndpoint()
  docs(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.page ??= rendered(docsPage(this.api.get()));
    send(this.page, 'text/html; charset=utf-8', request, reply);
  }

  @Get('docs/style.css')
  @Public()
  @Produces('text/css')
  @ApiExcludeEndpoint()
  style(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(rendered(DOCS_STYLE), 'text/css; charset=utf-8', request, reply);
  }
}

const rendered = (text: string): Rendered => ({
  text,
  tag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`,
});

function send({ text, tag }: Rendered, type: string, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('etag', tag).header('cache-control', CACHED);
  if (request.headers['if-none-match'] === tag) void reply.status(304).send();
  else void reply.type(type).send(text);
}
