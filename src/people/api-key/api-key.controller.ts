import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import type { Page } from '../../kernel/http/page';
import { ApiId, Id } from '../../kernel/http/parameters';
import { MANAGE_KEYS } from '../permissions';
import { fixedId } from '../reference/fixed-id';
import { ApiKeyDetails, ApiKeyPage, ApiKeyQuery, MadeApiKey, NewApiKey } from './api-key.dto';
import { ApiKeyService } from './api-key.service';

const EXAMPLE = fixedId('api_key', 'example');

@ApiTags('API keys')
@Controller('v1/api-keys')
export class ApiKeyController {
  constructor(private readonly keys: ApiKeyService) {}

  @Get()
  @Can(MANAGE_KEYS)
  @ApiOperation({ summary: 'List API keys', description: 'Newest first, revoked ones too. No secret is shown.' })
  @ApiOkResponse({ type: ApiKeyPage })
  list(@Who() who: Actor, @Query() query: ApiKeyQuery): Promise<Page<ApiKeyDetails>> {
    return this.keys.list(who, query);
  }

  @Get(':id')
  @Can(MANAGE_KEYS)
  @ApiId(EXAMPLE)
  @ApiOperation({
    summary: 'Get an API key',
    description: 'When it was last used and whether it works. No secret is shown.',
  })
  @ApiOkResponse({ type: ApiKeyDetails })
  get(@Who() who: Actor, @Id() id: string): Promise<ApiKeyDetails> {
    return this.keys.get(who, id);
  }

  @Post()
  @Can(MANAGE_KEYS)
  @PrivateAnswer()
  @Made('/v1/api-keys/:id')
  @ApiOperation({
    summary: 'Make an API key',
    description:
      'The key is in this answer and never again. Two keys of one name may live at once, so that a site can change over. It raises the rate limit of public reads and gives no permission.',
  })
  @ApiCreatedResponse({ type: MadeApiKey })
  make(@Who() who: Actor, @Body() body: NewApiKey): Promise<MadeApiKey> {
    return this.keys.make(who, body);
  }

  @Post(':id/revoke')
  @Can(MANAGE_KEYS)
  @HttpCode(200)
  @ApiId(EXAMPLE)
  @ApiOperation({ summary: 'Revoke an API key', description: 'It fails from its next use on.' })
  @ApiOkResponse({ type: ApiKeyDetails })
  revoke(@Who() who: Actor, @Id() id: string): Promise<ApiKeyDetails> {
    return this.keys.revoke(who, id);
  }
}
