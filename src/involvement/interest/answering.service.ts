import { Injectable, OnModuleInit } from '@nestjs/common';
import { Actor, theService } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { Conflict } from '../../kernel/errors/problem';
import { Jobs } from '../../kernel/jobs/jobs';
import { InterestEvent } from '../events';
import { beginFromInterest } from '../involvement/begin';
import { NoticeOwing } from '../notice/notice-owing';
import { Opportunity } from '../opportunity/opportunity.entity';
import type { InterestDetails } from './interest.dto';
import { Interest } from './interest.entity';
import { auditOf, mayAnswer, opportunityOf } from './interest-scope';
import { InterestView } from './interest-view';
import { Withdrawal } from './withdrawal';

/** What beginning an involvement needs of the opportunity. */
interface Running {
  state: Opportunity['state'];
  project_id: string;
  starts_on: string | null;
}

/** Answers to offers, and offers that nobody answered. */
@Injectable()
export class AnsweringService implements OnModuleInit {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly view: InterestView,
    private readonly owing: NoticeOwing,
    private readonly withdrawal: Withdrawal,
  ) {}

  onModuleInit(): void {
    this.jobs.work('offer.clock', async () => {
      await this.lapse();
    });
    this.jobs.every('1-59/10 * * * *', 'offer.clock');
  }

  /** Accepts an offer: the involvement begins in the same transaction. */
  accept(who: Actor, id: string): Promise<InterestDetails> {
    return this.view.after(who, async (tx) => {
      const opportunity = await this.opportunity(tx, await opportunityOf(tx, id, mayAnswer(who)));
      const interest = await tx.get(Interest, id);
      const patch = interest.accept(tx.at, this.clock.today());
      const changed = await tx.change(interest, patch, interest.version, auditOf(who, interest));
      this.tell(tx, InterestEvent.Accepted, changed);
      await this.begin(tx, changed, opportunity);
      await this.owing.owe(tx, 'accepted', [id]);
      return changed;
    });
  }

  decline(who: Actor, id: string): Promise<InterestDetails> {
    return this.view.after(who, async (tx) => {
      const interest = await tx.get(Interest, id, mayAnswer(who));
      const changed = await tx.change(interest, interest.decline(tx.at), interest.version, auditOf(who, interest));
      await this.owing.drop(tx, [id]);
      this.tell(tx, InterestEvent.Declined, changed);
      return changed;
    });
  }

  withdraw(who: Actor, id: string): Promise<InterestDetails> {
    return this.view.after(who, async (tx) => this.withdrawal.of(tx, await tx.get(Interest, id, mayAnswer(who))));
  }

  /** Lets every offer lapse whose last day is over; answers how many. */
  async lapse(): Promise<number> {
    const today = this.clock.today();
    const due = await this.db.list(Interest, {
      where: [(bind) => `r.state = 'offered' AND r.answer_by < ${bind(today)}::date`],
    });
    let lapsed = 0;
    for (const { id } of due) if (await this.db.write(theService(), (tx) => this.lapseOne(tx, id, today))) lapsed++;
    return lapsed;
  }

  /** False where it was answered in the meantime. */
  private async lapseOne(tx: Tx, id: string, today: string): Promise<boolean> {
    const interest = await tx.get(Interest, id);
    if (interest.state !== 'offered' || !interest.isOver(today)) return false;
    const changed = await tx.change(interest, interest.lapse(tx.at, today), interest.version, {
      personId: interest.contributorId,
    });
    this.tell(tx, InterestEvent.Lapsed, changed);
    await this.owing.owe(tx, 'lapsed', [id]);
    return true;
  }

  /** The opportunity, which stays as it is until the transaction ends. It is locked before the interest, as by whoever selects. */
  private async opportunity(tx: Tx, id: string): Promise<Running> {
    const [row] = await tx.query<Running>(
      'SELECT project_id, state, starts_on FROM involvement.opportunity WHERE id = $1 FOR SHARE',
      [id],
    );
    if (!row) throw new Error('An interest has an opportunity');
    return row;
  }

  private async begin(tx: Tx, interest: Interest, row: Running): Promise<void> {
    if (interest.contributorId === null) throw new Error('An accepted interest has a contributor');
    if (row.state === 'withdrawn')
      throw new Conflict('opportunity_withdrawn', 'This opportunity was withdrawn, so nobody can take part in it.');
    const { id, opportunityId, organisationId, contributorId } = interest;
    const today = this.clock.today();
    const from = row.starts_on && row.starts_on > today ? row.starts_on : today;
    await beginFromInterest(tx, {
      interestId: id,
      opportunityId,
      projectId: row.project_id,
      organisationId,
      contributorId,
      role: 'member',
      from,
    });
  }

  private tell(tx: Tx, type: string, interest: Interest): void {
    const { id, version, organisationId, opportunityId } = interest;
    tx.emit({ type, subject: 'interest', subjectId: id, version, organisationId, data: { opportunityId } });
  }
}
