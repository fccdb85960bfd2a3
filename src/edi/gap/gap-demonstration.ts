import { Injectable } from '@nestjs/common';
import { theService } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import { fixedId } from '../../people';
import { Gap, GapProgress } from './gap.entity';

/** A gap that the first made-up release shows, and that the second is to check. */
@Injectable()
export class GapDemonstration {
  constructor(private readonly db: Db) {}

  /** Needs both releases. Does nothing where the gap is there. */
  async load(): Promise<void> {
    const id = fixedId('gap', 'asian-contributors');
    const [known] = await this.db.list(Gap, { where: [(bind) => `r.id = ${bind(id)}`] });
    if (known) return;
    await this.db.write(theService(), async (tx) => {
      await tx.insert(Gap, {
        id,
        releaseId: fixedId('release', 'first'),
        releaseNumber: 1,
        tableKey: 'all-registered-ethnic-group',
        unit: 'all',
        category: 'asian',
        measure: 'share',
        direction: 'too-few',
        what: 'Asian people are a smaller share of contributors than of the people of all ages who live in England.',
        action: 'Recruit with community radio and two temples; translate the welcome pack.',
        organisationId: fixedId('organisation', 'rrdn-north-west'),
        dueOn: '2027-03-31',
        checkBy: 2,
      });
      await tx.insert(GapProgress, {
        id: fixedId('gap_progress', 'welcome-pack'),
        gapId: id,
        on: '2026-09-14',
        text: 'The welcome pack is there in Gujarati, Punjabi and Urdu.',
      });
    });
  }
}
