import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/access';
import { CONFIG, Config } from '../config';
import { NotFound } from '../errors/problem';
import { Produces } from '../http/route-catalogue';
import { LocalOutbox, OutboxMessage } from './local-outbox';
import { listPage, MESSAGE_POLICY, messagePage, OUTBOX_POLICY } from './outbox-page';

const SHOWN = 200;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the trial service would have sent, as pages. There is no such address on any other database. */
@ApiExcludeController()
@Controller('outbox')
export class OutboxController {
  constructor(
    private readonly outbox: LocalOutbox,
    @Inject(CONFIG) private readonly config: Pick<Config, 'database'>,
  ) {}

  @Get()
  @Public()
  @Produces('text/html')
  async list(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    this.only();
    return shown(reply, OUTBOX_POLICY, listPage(await this.outbox.newest(SHOWN), SHOWN));
  }

  @Get(':id')
  @Public()
  @Produces('text/html')
  async one(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return shown(reply, OUTBOX_POLICY, messagePage(await this.message(id)));
  }

  @Get(':id/html')
  @Public()
  @Produces('text/html')
  async html(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { html } = await this.message(id);
    if (html === null) throw new NotFound();
    return shown(reply, MESSAGE_POLICY, html);
  }

  private only(): void {
    if (!this.config.database.embedded) throw new NotFound();
  }

  private async message(id: string): Promise<OutboxMessage> {
    this.only();
    const found = UUID.test(id) ? await this.outbox.one(id) : undefined;
    if (!found) throw new NotFound();
    return found;
  }
}

/** A page that only its reader's browser may see: other sites' pages get nothing of it, however public the route is. */
function shown(reply: FastifyReply, policy: string, page: string): string {
  for (const name of Object.keys(reply.getHeaders())) if (name.startsWith('access-control-')) reply.removeHeader(name);
  void reply
    .headers({ 'content-security-policy': policy, 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8');
  return page;
}
