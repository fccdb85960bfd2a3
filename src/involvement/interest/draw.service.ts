import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { Conflict, NotFound, Refused } from '../../kernel/errors/problem';
import { DrawEvent } from '../events';
import { NoticeOwing } from '../notice/notice-owing';
import { Opportunity } from '../opportunity/opportunity.entity';
import { READ_INTERESTS } from '../permissions';
import { inTeam } from '../project/own-projects';
import { drawOrder, MOST_DRAWN } from './draw';
import { Draw } from './draw.entity';
import { maySelectIn } from './interest-scope';
import type { NewDraw } from './selection.dto';

const SEED_BYTES = 16;

/** Random draws. */
@Injectable()
export class DrawService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly owing: NoticeOwing,
  ) {}

  /**
   * Draws among the interests that are received or on the shortlist and can be offered a place. The draw says the order; places are
   * offered by decisions, as always.
   */
  make(who: Actor, opportunityId: string, { places, seed }: NewDraw): Promise<Draw> {
    return this.db.write(who, async (tx) => {
      const opportunity = await tx.get(Opportunity, opportunityId, maySelectIn(who, this.clock.today()));
      if (opportunity.selectionMethod !== 'random-draw')
        throw new Refused(
          'not_by_draw',
          'People are not chosen by a draw for this opportunity. Decide on each interest instead, or first change selectionMethod to random-draw.',
        );
      if (opportunity.standing(tx.at) !== 'closed')
        throw new Conflict('not_closed', 'A draw can be made once the last day to apply is over.');
      if (opportunity.placesAvailable !== null && places > opportunity.placesAvailable)
        throw new Refused('too_many_places', `This opportunity has ${opportunity.placesAvailable} places.`);
      const [made] = await tx.query('SELECT FROM involvement.draw WHERE opportunity_id = $1', [opportunityId]);
      if (made) throw new Conflict('draw_made', 'A draw was made for this opportunity already. There is one each.');
      const among = await tx.query<{ id: string }>(AMONG, [opportunityId]);
      if (among.length === 0)
        throw new Refused(
          'nobody_to_draw',
          'There is nobody to draw from: no open interest has a confirmed contact yet.',
        );
      if (among.length > MOST_DRAWN)
        throw new Refused('too_many_to_draw', `At most ${MOST_DRAWN} can take part in one draw.`);
      const used = seed ?? randomBytes(SEED_BYTES).toString('hex');
      const interestIds = drawOrder(
        used,
        among.map((row) => row.id),
      );
      const { organisationId } = opportunity;
      const draw = await tx.insert(Draw, {
        ...{
          opportunityId,
          organisationId,
          algorithm: 'sha256-seed-id-v1' as const,
          seed: used,
          seedGiven: Boolean(seed),
        },
        ...{ places, interestIds, drawnByAccountId: who.accountId, drawnAt: tx.at },
      });
      tx.emit({
        type: DrawEvent.Made,
        subject: 'draw',
        subjectId: draw.id,
        version: draw.version,
        organisationId,
        data: { opportunityId, places, among: among.length },
      });
      await this.owing.owe(tx, 'drawn', interestIds);
      return draw;
    });
  }

  /** The draw of an opportunity: for the organiser, and for everybody who took part in it. It names nobody. */
  async ofOpportunity(who: Actor, opportunityId: string): Promise<Draw> {
    const may = who.within(READ_INTERESTS, {
      organisation: 'r.organisation_id',
      own: (bind) => {
        const mine = `EXISTS (SELECT FROM involvement.interest i WHERE i.id = ANY(r.interest_ids) AND (i.contributor_id = ${bind(who.contributorId)} OR (i.site_organisation_id IS NOT NULL AND i.sent_by_account_id = ${bind(who.accountId)})))`;
        if (!who.roles.includes('researcher')) return mine;
        return `${mine} OR EXISTS (SELECT FROM involvement.opportunity o WHERE o.id = r.opportunity_id AND ${inTeam('o.project_id', who, this.clock.today())(bind)})`;
      },
    });
    const [draw] = await this.db.list(Draw, {
      where: [(bind) => `r.opportunity_id = ${bind(opportunityId)}`, may],
      limit: 1,
    });
    if (!draw) throw new NotFound('No draw was made for this opportunity, or you may not see it.');
    return draw;
  }
}

/** Somebody whose interest a site sent twice has one lot: of those that can be drawn, the first. */
const AMONG = `
  SELECT i.id FROM involvement.interest i
  WHERE i.opportunity_id = $1 AND i.state IN ('received', 'shortlisted') AND (i.contributor_id IS NOT NULL OR i.contact_confirmed_at IS NOT NULL)
    AND (i.duplicate_of IS NULL OR NOT EXISTS (SELECT FROM involvement.interest e
      WHERE (e.id = i.duplicate_of OR e.duplicate_of = i.duplicate_of AND e.id < i.id)
        AND e.state IN ('received', 'shortlisted', 'reserve', 'offered', 'accepted')
        AND (e.contributor_id IS NOT NULL OR e.contact_confirmed_at IS NOT NULL)))
  ORDER BY i.id FOR SHARE`;
