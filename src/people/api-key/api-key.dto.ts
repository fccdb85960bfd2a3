import { PickType } from '@nestjs/swagger';
import { Choice, Instant, Text } from '../../kernel/db/fields';
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

/** A key to make. */
export class NewApiKey extends PickType(ApiKey, ['organisationId', 'name'] as const) {
  @Instant('When it stops by itself; never where it is left out.', {
    optional: true,
    example: '2027-11-22T00:00:00Z',
    virtual: true,
  })
  expiresAt?: Date | null;
}

export class ApiKeyQuery extends PageQuery {
  @InRef('Only keys of this organisation.', { example: fixedId('organisation', 'leeds-teaching-hospitals') })
  organisation?: string;

  @InChoice(Object.values(KeyState), 'Only keys in this state.', { example: 'live' })
  state?: KeyState;
}
