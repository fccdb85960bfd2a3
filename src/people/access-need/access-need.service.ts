import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Condition } from '../../kernel/db/sql';
import { NotFound } from '../../kernel/errors/problem';
import { Cursors, NEWEST, Page } from '../../kernel/http/page';
import { Sealer } from '../../kernel/privacy/sealer';
import { whenWithdrawn, RestingOnConsent } from '../consent/resting-on-consent';
import { Contributor } from '../contributor/contributor.entity';
import { contributorsWithin } from '../contributor/reach';
import { KEEP_ACCESS_NEEDS, RECORD_ACCESS_NEEDS } from '../permissions';
import {
  AccessNeedChange,
  AccessNeedFilter,
  AccessNeedReceipt,
  AccessNeedTold,
  NewAccessNeed,
} from './access-need.dto';
import { AccessNeed } from './access-need.entity';
import './sensitive.personal';

export const ACCESS_NEEDS = 'access-needs';

whenWithdrawn(ACCESS_NEEDS, async (tx, contributorId) => {
  const gone = await tx.query('DELETE FROM people.access_need WHERE contributor_id = $1 RETURNING id', [contributorId]);
  await tx.query(
    `UPDATE people.access_grant SET revoked_at = greatest(granted_at, $2), version = version + 1, updated_at = now()
     WHERE contributor_id = $1 AND revoked_at IS NULL`,
    [contributorId, tx.at],
  );
  if (gone.length > 0)
    tx.audit('forgot_access_needs', 'contributor', contributorId, {
      personId: contributorId,
      after: { needs: gone.length },
    });
});

/** Access needs, told once and kept while the contributor consents. Only the contributor reads them here; organisers do by a grant. */
@Injectable()
export class AccessNeedService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly cursors: Cursors,
    private readonly sealer: Sealer,
    private readonly consent: RestingOnConsent,
  ) {}

  async list(who: Actor, contributorId: string, page: AccessNeedFilter): Promise<Page<AccessNeedTold>> {
    mustBeOwn(who, contributorId);
    return this.cursors.page(
      page,
      'access-needs',
      NEWEST,
      async (after, order, limit) => {
        const mine: Condition = (bind) => `r.contributor_id = ${bind(contributorId)}`;
        const found = await this.db.list(AccessNeed, { where: [mine, after], order, limit });
        return found.map((need) => ({ need, sort_key: [need.id] }));
      },
      ({ need }) => this.told(need),
    );
  }

  async get(who: Actor, contributorId: string, id: string): Promise<AccessNeedTold> {
    mustBeOwn(who, contributorId);
    return this.told(await this.db.one(AccessNeed, id, (bind) => `r.contributor_id = ${bind(contributorId)}`));
  }

  /** Records a need. Whoever records one for somebody else does not get to read it back. */
  async add(who: Actor, contributorId: string, body: NewAccessNeed): Promise<AccessNeedReceipt> {
    const { detail, consent, ...fields } = body;
    return this.db.write(who, async (tx) => {
      await tx.get(Contributor, contributorId, contributorsWithin(who, RECORD_ACCESS_NEEDS, this.clock.today()));
      const consentId = await this.consent.require(tx, contributorId, ACCESS_NEEDS, consent);
      const id = await this.sealer.rowId(tx);
      const data = {
        id,
        ...fields,
        contributorId,
        consentId,
        detailSealed: this.sealer.seal(place(id), detail),
        recordedBy: who.accountId,
      };
      const facts = { personId: contributorId, purpose: ACCESS_NEEDS, actingFor: who.actsFor(contributorId) };
      return receipt(await tx.insert(AccessNeed, data, facts));
    });
  }

  async change(
    who: Actor,
    contributorId: string,
    id: string,
    body: AccessNeedChange,
    version: number,
  ): Promise<AccessNeedTold> {
    mustBeOwn(who, contributorId);
    const { detail, ...fields } = body;
    return this.db.write(who, async (tx) => {
      const consentId = await this.consent.require(tx, contributorId, ACCESS_NEEDS);
      const found = await tx.get(AccessNeed, id, (bind) => `r.contributor_id = ${bind(contributorId)}`);
      const detailSealed = detail === undefined ? undefined : this.sealer.seal(place(id), detail);
      const changed = await tx.change(found, { ...fields, detailSealed, consentId }, version, {
        personId: contributorId,
        purpose: ACCESS_NEEDS,
      });
      return this.told(changed);
    });
  }

  async remove(who: Actor, contributorId: string, id: string, version: number): Promise<void> {
    mustBeOwn(who, contributorId);
    await this.db.write(who, async (tx) => {
      const found = await tx.get(AccessNeed, id, (bind) => `r.contributor_id = ${bind(contributorId)}`);
      await tx.remove(found, version, { personId: contributorId, purpose: ACCESS_NEEDS });
    });
  }

  told(need: AccessNeed): AccessNeedTold {
    const { category, toldBy, reviewOn } = need;
    return {
      ...receipt(need),
      category,
      toldBy,
      reviewOn,
      detail: this.sealer.open(place(need.id), need.detailSealed),
    };
  }
}

const place = (row: string) => ({ table: 'people.access_need', row, column: 'detail_sealed' });

function receipt(need: AccessNeed): AccessNeedReceipt {
  const { id, createdAt, updatedAt, version, contributorId } = need;
  return { id, createdAt, updatedAt, version, contributorId };
}

/** What is sensitive by nature is open to nobody but the contributor: for everybody else it is not there. */
export function mustBeOwn(who: Actor, contributorId: string): void {
  if (!who.reach(KEEP_ACCESS_NEEDS).own || who.contributorId !== contributorId) throw new NotFound();
}
