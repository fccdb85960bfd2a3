import { PickType } from '@nestjs/swagger';
import { Choice, Text } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice, InRef } from '../../kernel/http/query';
import { fixedId } from '../reference/fixed-id';
import { ApiKey } from './api-key.entity';

/** Whether a key works. */
export const KeyState = { Live: 'live', Expired: 'expired', Revoked: 'revoked' } as const;
export type KeyState = (typeof KeyState)[keyof typeof KeyState];

/** A key without its secret. It has no version: its last use changes it with no change by anybody. */
export class ApiKeyDetails extends PickType(ApiKey, [
  'id',
  'createdAt',
  'organisationId',
  'name',
  'prefix',
  'lastUsedAt',
  'expiresAt',
  'revokedAt',
] as const) {
  @Choice(KeyState, 'ApiKeyState', 'Whether it works.', { example: 'live', virtual: true })
  state: KeyState;
}

/** A key that was just made. */
export class MadeApiKey extends ApiKeyDetails {
  @Text(47, 'The key itself. Keep it now: it is shown this once, and a repeated request does not show it again.', {
    optional: true,
    example: 'ppk_Zx81a0Qd3nRk5sVu7yBe9hKm2pSw4zCf6iLo8rTx1vA',
    virtual: true,
  })
  key?: string;
}

export class ApiKeyPage extends PageOf(ApiKeyDetails) {}

export class NewApiKey extends PickType(ApiKey, ['organisationId', 'name', 'expiresAt'] as const) {}

export class ApiKeyQuery extends PageQuery {
  @InRef('Only keys of this organisation.', { example: fixedId('organisation', 'leeds-teaching-hospitals') })
  organisation?: string;

  @InChoice(Object.values(KeyState), 'Only keys in this state.', { example: 'live' })
  state?: KeyState;
}
