import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock, dayInUk } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { NotFound, Refused } from '../../kernel/errors/problem';
import { NewView, OpportunityView } from './opportunity-view.entity';

/** How long after a day it can be told, in days. Later it would change figures that others have used. */
export const TOLD_WITHIN_DAYS = 31;
const DAY_MS = 86_400_000;

const SHOWN = `
  SELECT o.publish_at FROM involvement.opportunity o
  WHERE o.id = $1 AND o.publish_at <= $2 AND o.state NOT IN ('draft', 'in-review')
    AND (o.state <> 'withdrawn' OR o.published_at IS NOT NULL)`;

/** One statement, so that two calls at once leave one row; xmax is 0 where it was added. */
const TELL = `
  INSERT INTO involvement.opportunity_view AS v (opportunity_id, account_id, site, day, count) VALUES ($1, $2, coalesce($3, 'main'), $4, $5)
  ON CONFLICT ON CONSTRAINT opportunity_view_once
    DO UPDATE SET count = EXCLUDED.count, version = v.version + 1, updated_at = now()
  RETURNING v.id, v.created_at AS "createdAt", v.updated_at AS "updatedAt", v.version, v.opportunity_id AS "opportunityId",
    v.account_id AS "accountId", v.site, v.day, v.count`;

/** What sites tell of how often they showed opportunities. */
@Injectable()
export class ViewService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
  ) {}

  tell(who: Actor, opportunityId: string, { day, count, site }: NewView): Promise<OpportunityView> {
    return this.db.write(who, async (tx) => {
      await this.mustHaveBeenShown(tx, opportunityId, day);
      const [told] = await tx.query<OpportunityView>(TELL, [opportunityId, who.accountId, site, day, count]);
      if (!told) throw new Error('No row came back from telling views');
      tx.audit(told.version === 1 ? 'created' : 'changed', 'opportunity_view', told.id, {
        after: { opportunityId, site: told.site, day, count },
      });
      return told;
    });
  }

  private async mustHaveBeenShown(tx: Tx, opportunityId: string, day: string): Promise<void> {
    const [shown] = await tx.query<{ publish_at: Date }>(SHOWN, [opportunityId, tx.at]);
    if (!shown) throw new NotFound('There is no published opportunity here.');
    const today = this.clock.today();
    if (day > today) throw refused('not_yet', 'This day has not come yet.', 'Send a day that has begun in the UK.');
    if (day < dayInUk(shown.publish_at))
      throw refused(
        'not_published_then',
        'The opportunity was not published on this day.',
        'Send a day on which it could be seen.',
      );
    if (Date.parse(today) - Date.parse(day) > TOLD_WITHIN_DAYS * DAY_MS)
      throw refused('too_late', `Views can be told up to ${TOLD_WITHIN_DAYS} days after the day.`, 'Send a later day.');
  }
}

const refused = (code: string, detail: string, message: string): Refused =>
  new Refused(code, detail, [{ in: 'body', at: '/day', code, message }]);
