import { Injectable } from '@nestjs/common';
import { theService } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { BlindIndex } from '../../kernel/privacy/blind-index';
import { Consents } from '../../kernel/privacy/consents';
import { Sealer } from '../../kernel/privacy/sealer';
import { InterestKeys } from '../interest/interest-keys';
import { InterestParts } from '../interest/interest-parts';
import { NoticeOwing } from '../notice/notice-owing';
import { addActivities, addInvolvements } from './involvements';
import { addInterests } from './interests';
import { addExtras, addViews } from './extras';
import { addOpportunities } from './opportunities';
import { addContributors, addOrganisations } from './people';
import { addProjects } from './projects';
import { Stage } from './stage';
import { readTexts } from './texts';
import { addWaiting } from './waiting';

/** One number, the same in all processes: only one of them loads at a time. */
const DEMONSTRATION_LOCK = 7_310_551_844;

/**
 * Loads made-up organisations, people, projects and all that follows, so that whoever starts the service sees it at work. The past
 * is written as it would stand, by the entities' own rules and with audit and events; nothing here can be done by a route,
 * since no route sets the past.
 */
@Injectable()
export class Demonstration {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly index: BlindIndex,
    private readonly consents: Consents,
    private readonly keys: InterestKeys,
    private readonly parts: InterestParts,
    private readonly owing: NoticeOwing,
  ) {}

  /** All in one transaction, so that a killed start leaves nothing half done. False where there is a project already. */
  load(): Promise<boolean> {
    const texts = readTexts();
    return this.db.write(theService(), async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [DEMONSTRATION_LOCK]);
      const [there] = await tx.query('SELECT 1 FROM involvement.project LIMIT 1');
      if (there) return false;
      const stage = new Stage(
        tx,
        this.clock,
        this.sealer,
        this.index,
        this.consents,
        this.keys,
        this.parts,
        this.owing,
      );
      await addOrganisations(stage, texts.organisations);
      await addContributors(stage, texts.contributors);
      await addProjects(stage, texts);
      const opportunities = await addOpportunities(stage, texts);
      const interests = await addInterests(stage, texts, opportunities);
      const involvements = await addInvolvements(stage, texts, interests);
      await addActivities(stage, texts, involvements);
      await addViews(stage, texts.opportunities);
      await addExtras(stage, opportunities);
      await addWaiting(stage, opportunities);
      return true;
    });
  }
}
