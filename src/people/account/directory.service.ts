import { Injectable } from '@nestjs/common';
import { Directory, KnownAccount, KnownKey } from '../../kernel/access/directory';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';

interface AccountRow {
  id: string;
  kind: KnownAccount['kind'];
  contributor_id: string | null;
  suspended: boolean;
  memberships: KnownAccount['memberships'];
}

/** Accounts and keys as the access guard asks for them: one statement each, at every request, so that a change counts at once. */
@Injectable()
export class DirectoryService extends Directory {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
  ) {
    super();
  }

  async byToken(issuer: string, subject: string): Promise<KnownAccount | 'suspended' | null> {
    const [row] = await this.db.query<AccountRow>(BY_TOKEN, [issuer, subject, this.clock.today()]);
    if (!row) return null;
    if (row.suspended) return 'suspended';
    return { id: row.id, kind: row.kind, contributorId: row.contributor_id, memberships: row.memberships };
  }

  async byKey(hash: Buffer): Promise<KnownKey | null> {
    const [row] = await this.db.query<{ id: string; organisation_id: string }>(BY_KEY, [hash, this.clock.now()]);
    return row ? { id: row.id, organisationId: row.organisation_id } : null;
  }
}

/** An organisation that is not verified gives nobody a role. */
const BY_TOKEN = `
  SELECT a.id, a.kind, a.contributor_id, a.suspended_at IS NOT NULL AS suspended,
    coalesce(jsonb_agg(jsonb_build_object('organisationId', m.organisation_id, 'role', m.role)) FILTER (WHERE o.id IS NOT NULL), '[]') AS memberships
  FROM people.account a
  LEFT JOIN people.membership m ON m.account_id = a.id AND m."from" <= $3::date AND (m.until IS NULL OR m.until > $3::date)
  LEFT JOIN people.organisation o ON o.id = m.organisation_id AND o.state = 'verified'
  WHERE a.issuer = $1 AND a.subject = $2
  GROUP BY a.id`;

/** Its use is written once a minute, so that a busy site does not write with every read. */
const BY_KEY = `
  WITH live AS (
    SELECT k.id, k.organisation_id
    FROM people.api_key k JOIN people.organisation o ON o.id = k.organisation_id AND o.state = 'verified'
    WHERE k.hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2::timestamptz)
  ), used AS (
    UPDATE people.api_key k SET last_used_at = $2 FROM live
    WHERE k.id = live.id AND (k.last_used_at IS NULL OR k.last_used_at < $2::timestamptz - interval '1 minute')
  )
  SELECT id, organisation_id FROM live`;
