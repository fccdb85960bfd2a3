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
    const id = fixedId('gap', 'working-class-selected');
    const [known] = await this.db.list(Gap, { where: [(bind) => `r.id = ${bind(id)}`] });
    if (known) return;
    await this.db.write(theService(), async (tx) => {
      await tx.insert(Gap, {
        id,
        releaseId: fixedId('release', 'first'),
        releaseNumber: 1,
        tableKey: 'all-selected-socio-economic-background',
        unit: 'all',
        category: 'working-class',
        measure: 'progress',
        direction: 'too-few',
        what: 'Of people from a working-class background who were interested, fewer were selected than of others.',
        action: 'Say in every invitation that expenses are paid in advance; ask selection panels to give reasons.',
        organisationId: fixedId('organisation', 'rrdn-north-west'),
        dueOn: '2027-03-31',
        checkBy: 2,
      });
      await tx.insert(GapProgress, {
        id: fixedId('gap_progress', 'invitations'),
        gapId: id,
        on: '2026-09-14',
        text: 'Invitations say since September that expenses are paid in advance.',
      });
    });
  }
}
