import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport';
import type { FastifyRequest } from 'fastify';
import { NotSignedIn } from '../errors/problem';
import { Directory, KnownAccount } from './directory';
import { Identity, Tokens } from './tokens';

/** What a caller proved. */
export type Proof = { by: 'token'; identity: Identity; account: KnownAccount | null } | { by: 'key'; keyId: string };

type Done = (error: unknown, proof?: Proof) => void;
type Check = (request: FastifyRequest, done: Done) => void;

/** A passport strategy that hands the request to `validate` and takes what it proves. It passes over requests that are not its own. */
class HeaderStrategy extends Strategy {
  constructor(
    private readonly isMine: (request: FastifyRequest) => boolean,
    private readonly check: Check,
  ) {
    super();
  }

  override authenticate(request: unknown): void {
    const mine = request as FastifyRequest;
    if (!this.isMine(mine)) {
      this.fail(401);
      return;
    }
    this.check(mine, (error, proof) => (error ? this.error(error) : proof ? this.success(proof) : this.fail(401)));
  }
}

const BEARER = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i;
const KEY = /^ppk_[A-Za-z0-9_-]{43}$/;

/** `Authorization: Bearer <JWT>`. */
@Injectable()
export class TokenStrategy extends PassportStrategy(HeaderStrategy, 'token') {
  constructor(
    private readonly tokens: Tokens,
    private readonly directory: Directory,
  ) {
    super((request: FastifyRequest) => request.headers.authorization !== undefined);
  }

  async validate(request: FastifyRequest): Promise<Proof> {
    const [, token] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    if (!token) throw new NotSignedIn('invalid_token', 'Send the token as "Authorization: Bearer <token>".');
    const identity = await this.tokens.verify(token);
    const account = await this.directory.byToken(identity.issuer, identity.subject);
    if (account === 'suspended')
      throw new NotSignedIn(
        'account_suspended',
        'This account is suspended. Ask an administrator of your organisation.',
      );
    return { by: 'token', identity, account };
  }
}

/** `X-API-Key: ppk_…`, for public reads only. */
@Injectable()
export class KeyStrategy extends PassportStrategy(HeaderStrategy, 'key') {
  constructor(private readonly directory: Directory) {
    super(
      (request: FastifyRequest) =>
        request.headers.authorization === undefined && request.headers['x-api-key'] !== undefined,
    );
  }

  async validate(request: FastifyRequest): Promise<Proof> {
    const key = request.headers['x-api-key'];
    const known =
      typeof key === 'string' && KEY.test(key)
        ? await this.directory.byKey(createHash('sha256').update(key).digest())
        : null;
    if (!known)
      throw new NotSignedIn(
        'invalid_key',
        'This API key is not live. Make a new one, or leave the X-API-Key header out.',
      );
    return { by: 'key', keyId: known.id };
  }
}
