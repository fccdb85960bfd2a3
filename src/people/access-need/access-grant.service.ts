import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Bind, Condition } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { Conflict, NotFound, Refused } from '../../kernel/errors/problem';
import { Cursors, NEWEST, Page, PageQuery } from '../../kernel/http/page';
import { lockPerson } from '../../kernel/privacy/person-lock';
import { Purposes } from '../../kernel/privacy/purposes';
import { READ_SHARED_NEEDS } from '../permissions';
import { NewAccessGrant, SharedNeeds } from './access-need.dto';
import { AccessGrant, AccessNeed } from './access-need.entity';
import { ACCESS_NEEDS, AccessNeedService, mustBeOwn } from './access-need.service';

/** How a grant's involvement shows that it is of a project of the caller's: SQL over the grant (alias `r`) on a day. Given by the area that keeps involvements. */
type OrganiserOf = (who: Actor, bind: Bind, today: string) => string;
const organisers: { of: OrganiserOf } = { of: () => 'FALSE' };

/** Says which grants belong to projects that the caller works on. Until it is given, none do. */
export function organisersAre(of: OrganiserOf): void {
  organisers.of = of;
}

/** A contributor's leave to read their needs for one involvement: theirs to give, to see and to take back. */
@Injectable()
export class AccessGrantService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly cursors: Cursors,
    private readonly needs: AccessNeedService,
    private readonly purposes: Purposes,
  ) {}

  async list(who: Actor, contributorId: string, page: PageQuery): Promise<Page<AccessGrant>> {
    mustBeOwn(who, contributorId);
    return this.cursors.page(
      page,
      'access-grants',
      NEWEST,
      async (after, order, limit) => {
        const found = await this.db.list(AccessGrant, { where: [of(contributorId), after], order, limit });
        return found.map((grant) => ({ grant, sort_key: [grant.id] }));
      },
      ({ grant }) => grant,
    );
  }

  async get(who: Actor, contributorId: string, id: string): Promise<AccessGrant> {
    mustBeOwn(who, contributorId);
    return this.db.one(AccessGrant, id, of(contributorId));
  }

  async give(who: Actor, contributorId: string, body: NewAccessGrant): Promise<AccessGrant> {
    mustBeOwn(who, contributorId);
    return this.db.write(who, async (tx) => {
      await this.purposes.require(tx, contributorId, ACCESS_NEEDS);
      if (body.needs) await mustAllBeOf(tx, contributorId, body.needs);
      return tx.insert(
        AccessGrant,
        { ...body, contributorId, grantedAt: tx.at },
        { personId: contributorId, purpose: ACCESS_NEEDS, organisationId: body.organisationId },
      );
    });
  }

  /** Takes a grant back. From then on nobody reads by it; a reading that has begun is on record. */
  async revoke(who: Actor, contributorId: string, id: string): Promise<AccessGrant> {
    mustBeOwn(who, contributorId);
    return this.db.write(who, async (tx) => {
      const grant = await tx.get(AccessGrant, id, of(contributorId));
      if (grant.revokedAt !== null) throw new Conflict('revoked_already', 'This was taken back already.');
      const revokedAt = tx.at > grant.grantedAt ? tx.at : grant.grantedAt;
      return tx.change(grant, { revokedAt }, grant.version, {
        personId: contributorId,
        purpose: ACCESS_NEEDS,
        organisationId: grant.organisationId,
      });
    });
  }

  /** The needs that a live grant shares. The grant stays locked till the reading of each need is on record, so that a revocation comes before or after, never between. */
  async read(who: Actor, id: string): Promise<SharedNeeds> {
    return this.db.write(who, async (tx) => {
      const today = this.clock.today();
      const live: Condition = (bind) => `r.revoked_at IS NULL AND r.expires_at > ${bind(tx.at)}`;
      const mine = who.within(READ_SHARED_NEEDS, {
        organisation: 'r.organisation_id',
        own: (bind) => organisers.of(who, bind, today),
      });
      const [shared] = await tx.query<{ contributor_id: string }>(
        'SELECT contributor_id FROM people.access_grant WHERE id = $1',
        [id],
      );
      if (!shared) throw new NotFound();
      // Whoever withdraws consent takes the person's lock and then the grants; in the same order here, neither waits for the other in a ring.
      await lockPerson(tx, shared.contributor_id, 'shared');
      const { contributorId, needs, ...grant } = await tx.get(AccessGrant, id, live, mine);
      await this.purposes.require(tx, contributorId, ACCESS_NEEDS);
      const ids = await tx.query<{ id: string }>(
        'SELECT id FROM people.access_need WHERE contributor_id = $1 AND ($2::uuid[] IS NULL OR id = ANY($2::uuid[])) ORDER BY category, id',
        [contributorId, needs],
      );
      const told: SharedNeeds['needs'] = [];
      for (const row of ids) {
        told.push(this.needs.told(await tx.get(AccessNeed, row.id)));
        tx.audit('read', 'access_need', row.id, {
          personId: contributorId,
          organisationId: grant.organisationId,
          purpose: ACCESS_NEEDS,
          after: { what: 'an access need that you shared' },
        });
      }
      return { involvementId: grant.involvementId, expiresAt: grant.expiresAt, needs: told };
    });
  }
}

const of =
  (contributorId: string): Condition =>
  (bind) =>
    `r.contributor_id = ${bind(contributorId)}`;

async function mustAllBeOf(tx: Tx, contributorId: string, needs: readonly string[]): Promise<void> {
  const found = await tx.query('SELECT 1 FROM people.access_need WHERE contributor_id = $1 AND id = ANY($2::uuid[])', [
    contributorId,
    needs,
  ]);
  if (found.length !== needs.length)
    throw new Refused(
      'unknown_need',
      'Some of the needs that you name are not on your record. GET your access needs to see their ids.',
    );
}
