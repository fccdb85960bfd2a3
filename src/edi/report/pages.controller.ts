import { createHash } from 'node:crypto';
import { Controller, Get, Header, Req, Res, UseFilters } from '@nestjs/common';
import { ApiFoundResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../kernel/access/access';
import { NotFound } from '../../kernel/errors/problem';
import { MissingPages } from '../../kernel/http/missing-pages';
import { Produces } from '../../kernel/http/route-catalogue';
import { PAGE_POLICY } from '../../kernel/http/security-headers';
import { storedAnswer } from '../release/stored-answer';
import { ApiTable, ApiWhich, TableKey, Which } from '../release/which';
import { tableFile } from './formats/addresses';
import { emptyPage, notFoundPage } from './formats/index-page';
import { REPORT_STYLE } from './formats/style';
import { PageProblems } from './page-problems';
import { Releases } from './releases';

const REPORTS = 'reports/diversity';
const HTML = { 'text/html': { schema: { type: 'string' } } };
const PAGE = { description: 'The page.', content: HTML };
const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** Browsers, whose Accept begins with text/html, are led back by a page; everybody else gets a problem. */
const ApiMissing = (): MethodDecorator =>
  ApiNotFoundResponse({
    description: 'There is no such release or table: a page for browsers, a problem for everybody else.',
    content: { ...HTML, ...PROBLEM },
  });

/** Releases as pages for people. Each was made once, when its release was published. */
@ApiTags('Diversity: reports')
@ApiFoundResponse({
  description: 'A browser that sent anything behind the `?` is led to the page itself, which takes nothing there.',
  headers: { Location: { description: 'Path of the page.', schema: { type: 'string' } } },
})
@UseFilters(PageProblems)
@Controller(REPORTS)
export class PagesController {
  constructor(
    private readonly releases: Releases,
    missing: MissingPages,
  ) {
    missing.add(`/${REPORTS}`, notFoundPage);
  }

  @Get()
  @Public()
  @Produces('text/html')
  @Header('content-security-policy', PAGE_POLICY)
  @ApiOperation({
    summary: 'The newest release as a page',
    description: 'Its tables, charts and files, in plain English.',
  })
  @ApiOkResponse(PAGE)
  async newest(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const file = await this.releases.file('latest', 'index.html').catch((error: unknown) => {
      if (error instanceof NotFound) return made('index.html', 'text/html; charset=utf-8', emptyPage());
      throw error;
    });
    storedAnswer(file, 'latest', request, reply);
  }

  @Get('style.css')
  @Public()
  @Produces('text/css')
  @ApiOperation({ summary: 'The style sheet of the pages' })
  @ApiOkResponse({ description: 'The styles.', content: { 'text/css': { schema: { type: 'string' } } } })
  style(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    storedAnswer(made('style.css', 'text/css; charset=utf-8', REPORT_STYLE), 'latest', request, reply);
  }

  @Get('releases/:release')
  @Public()
  @Produces('text/html')
  @Header('content-security-policy', PAGE_POLICY)
  @ApiWhich()
  @ApiOperation({
    summary: 'A release as a page',
    description: 'What it is about, with links to its tables and files.',
  })
  @ApiOkResponse(PAGE)
  @ApiMissing()
  async release(@Which() which: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    storedAnswer(await this.releases.file(which, 'index.html'), which, request, reply);
  }

  @Get('releases/:release/:table')
  @Public()
  @Produces('text/html')
  @Header('content-security-policy', PAGE_POLICY)
  @ApiWhich()
  @ApiTable()
  @ApiOperation({
    summary: 'A table as a page',
    description: 'Numbers, percentages, a chart, and the population beside them where its figures are known.',
  })
  @ApiOkResponse(PAGE)
  @ApiMissing()
  async table(
    @Which() which: string,
    @TableKey() key: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    storedAnswer(await this.releases.file(which, tableFile(key, 'html')), which, request, reply);
  }
}

const made = (name: string, mediaType: string, text: string) => ({
  name,
  mediaType,
  bytes: Buffer.from(text),
  sha256: createHash('sha256').update(text).digest('hex'),
});
