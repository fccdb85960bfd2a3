import { Injectable, OnModuleInit } from '@nestjs/common';
import { theService } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { Jobs } from '../../kernel/jobs/jobs';
import { OpportunityEvent } from '../events';
import { caughtUp, tell } from './opportunity-record';
import { Opportunity } from './opportunity.entity';
import { CLOSED_READABLE } from './public-opportunity';

const BATCH = 200;
const DUE = `
  SELECT id FROM involvement.opportunity WHERE state = 'scheduled' AND publish_at <= $1
  UNION ALL
  SELECT id FROM involvement.opportunity WHERE state IN ('published', 'paused') AND closes_at <= $1
  LIMIT ${BATCH}`;
const LONG_CLOSED = `
  SELECT id FROM involvement.opportunity
  WHERE state = 'closed' AND archived_at IS NULL AND closes_at <= $1::timestamptz - interval '${CLOSED_READABLE}' LIMIT ${BATCH}`;

/**
 * Writes down what has fallen due: scheduled publications and closing days. What the public sees does not wait for it, since
 * every public query looks at the time too; what it adds is the stored state, the kept version and the event.
 */
@Injectable()
export class OpportunityClock implements OnModuleInit {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.work('opportunity.clock', async () => {
      await this.run();
    });
    this.jobs.every('* * * * *', 'opportunity.clock');
  }

  /** Catches up with the clock, one transaction an opportunity. Answers how many there were. */
  async run(): Promise<number> {
    let done = 0;
    for (;;) {
      const due = await this.db.query<{ id: string }>(DUE, [this.clock.now()]);
      for (const { id } of due)
        await this.db.write(theService(), async (tx) => caughtUp(tx, await tx.get(Opportunity, id)));
      done += due.length;
      if (due.length < BATCH) return done + (await this.archive());
    }
  }

  /** Tells sites of what closed so long ago that it is no longer public, since the clock alone makes it so. */
  private async archive(): Promise<number> {
    let done = 0;
    for (;;) {
      const due = await this.db.query<{ id: string }>(LONG_CLOSED, [this.clock.now()]);
      for (const { id } of due)
        await this.db.write(theService(), async (tx) => {
          const found = await tx.get(Opportunity, id);
          if (found.state !== 'closed' || found.archivedAt !== null) return;
          tell(tx, OpportunityEvent.Archived, await tx.change(found, { archivedAt: tx.at }));
        });
      done += due.length;
      if (due.length < BATCH) return done;
    }
  }
}
