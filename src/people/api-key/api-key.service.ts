import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { all, binder, Condition } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { Conflict, NotFound, Refused } from '../../kernel/errors/problem';
import { Cursors, keyColumns, NEWEST, Page } from '../../kernel/http/page';
import { OrganisationState } from '../organisation/organisation.entity';
import { MANAGE_KEYS } from '../permissions';
import { ApiKeyDetails, ApiKeyQuery, KeyState, MadeApiKey, NewApiKey } from './api-key.dto';
import { ApiKey } from './api-key.entity';

/** Random bytes of a key: 256 bits. */
const SECRET_BYTES = 32;
const PREFIX_LENGTH = 10;
const SLOTS = [1, 2];

type Row = Omit<ApiKeyDetails, 'state'> & { sort_key: string[] };

/** API keys of organisations. The key is shown once; only its SHA-256 is kept, which is enough for 256 random bits. */
@Injectable()
export class ApiKeyService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly cursors: Cursors,
  ) {}

  async list(who: Actor, query: ApiKeyQuery): Promise<Page<ApiKeyDetails>> {
    const now = this.clock.now();
    const ask = (after: Condition, order: string, limit: number): Promise<Row[]> => {
      const { params, bind } = binder();
      const where = all([mine(who), ...filters(query, now), after], bind);
      return this.db.query<Row>(
        `SELECT ${DETAILS}, ${keyColumns(NEWEST)} FROM people.api_key r WHERE ${where} ORDER BY ${order} LIMIT ${bind(limit)}`,
        params,
      );
    };
    return this.cursors.page(query, 'api keys', NEWEST, ask, ({ sort_key: _, ...row }) => ({
      ...row,
      state: stateOf(row, now),
    }));
  }

  async get(who: Actor, id: string): Promise<ApiKeyDetails> {
    return this.shown(await this.db.one(ApiKey, id, mine(who)));
  }

  make(who: Actor, { organisationId, name, expiresAt = null }: NewApiKey): Promise<MadeApiKey> {
    if (!who.mayFor(MANAGE_KEYS, organisationId)) throw unknownOrganisation();
    if (expiresAt && expiresAt <= this.clock.now())
      throw new Refused('already_expired', 'Give a moment in the future as expiresAt, or leave it out.');
    const key = `ppk_${randomBytes(SECRET_BYTES).toString('base64url')}`;
    return this.db.write(who, async (tx) => {
      const [organisation] = await tx.query<{ state: OrganisationState }>(
        'SELECT state FROM people.organisation WHERE id = $1 FOR NO KEY UPDATE',
        [organisationId],
      );
      if (!organisation) throw unknownOrganisation();
      if (organisation.state !== OrganisationState.Verified)
        throw new Refused(
          'organisation_not_verified',
          'This organisation is not verified, so it cannot have keys yet.',
        );
      const slot = await freeSlot(tx, organisationId, name);
      const hash = createHash('sha256').update(key).digest();
      const made = await tx.insert(ApiKey, {
        organisationId,
        name,
        expiresAt,
        slot,
        hash,
        prefix: key.slice(0, PREFIX_LENGTH),
      });
      tx.emit({ type: 'api-key.made', subject: 'api_key', subjectId: made.id, version: made.version, organisationId });
      return { ...this.shown(made), key };
    });
  }

  /** The key fails from its next use on. */
  revoke(who: Actor, id: string): Promise<ApiKeyDetails> {
    return this.db.write(who, async (tx) => {
      const stored = await tx.get(ApiKey, id, mine(who));
      if (stored.revokedAt) throw new Conflict('already_revoked', 'This key was revoked before.');
      const { version, organisationId } = await tx.change(stored, { revokedAt: tx.at });
      tx.emit({ type: 'api-key.revoked', subject: 'api_key', subjectId: id, version, organisationId });
      return this.shown({ ...stored, revokedAt: tx.at });
    });
  }

  private shown({
    id,
    createdAt,
    organisationId,
    name,
    prefix,
    lastUsedAt,
    expiresAt,
    revokedAt,
  }: Omit<ApiKeyDetails, 'state'>): ApiKeyDetails {
    const facts = { id, createdAt, organisationId, name, prefix, lastUsedAt, expiresAt, revokedAt };
    return { ...facts, state: stateOf(facts, this.clock.now()) };
  }
}

const DETAILS = `r.id, r.created_at AS "createdAt", r.organisation_id AS "organisationId", r.name, r.prefix, r.last_used_at AS "lastUsedAt",
  r.expires_at AS "expiresAt", r.revoked_at AS "revokedAt"`;

const unknownOrganisation = (): NotFound => new NotFound('No organisation of yours has this id.');

const mine = (who: Actor): Condition => who.within(MANAGE_KEYS, { organisation: 'r.organisation_id' });

/** An expiry that was noted as the moment of revocation is still an expiry. */
function stateOf({ expiresAt, revokedAt }: Pick<ApiKey, 'expiresAt' | 'revokedAt'>, now: Date): KeyState {
  if (revokedAt) return expiresAt && revokedAt >= expiresAt ? KeyState.Expired : KeyState.Revoked;
  return expiresAt && expiresAt <= now ? KeyState.Expired : KeyState.Live;
}

function filters({ organisation, state }: ApiKeyQuery, now: Date): Condition[] {
  const wanted: Condition[] = [];
  if (organisation) wanted.push((bind) => `r.organisation_id = ${bind(organisation)}`);
  const revoked = '(r.revoked_at IS NOT NULL AND (r.expires_at IS NULL OR r.revoked_at < r.expires_at))';
  if (state === KeyState.Revoked) wanted.push(() => revoked);
  if (state === KeyState.Expired)
    wanted.push((bind) => `NOT ${revoked} AND (r.revoked_at IS NOT NULL OR r.expires_at <= ${bind(now)}::timestamptz)`);
  if (state === KeyState.Live)
    wanted.push(
      (bind) => `r.revoked_at IS NULL AND (r.expires_at IS NULL OR r.expires_at > ${bind(now)}::timestamptz)`,
    );
  return wanted;
}

/** The slot of the name that no live key has. Keys that have expired give theirs up; with both taken the database refuses a third. */
async function freeSlot(tx: Tx, organisationId: string, name: string): Promise<number> {
  const held = await tx.query<{ slot: number }>(
    `WITH expired AS (
       UPDATE people.api_key SET revoked_at = expires_at, version = version + 1, updated_at = now()
       WHERE organisation_id = $1 AND name = $2 AND revoked_at IS NULL AND expires_at <= $3 RETURNING id
     )
     SELECT slot FROM people.api_key
     WHERE organisation_id = $1 AND name = $2 AND revoked_at IS NULL AND id NOT IN (SELECT id FROM expired)`,
    [organisationId, name, tx.at],
  );
  const taken = held.map((row) => row.slot);
  return SLOTS.find((slot) => !taken.includes(slot)) ?? 1;
}
