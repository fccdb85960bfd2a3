import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/db/tx';
import { Conflict } from '../../kernel/errors/problem';
import { InterestEvent, InvolvementEvent } from '../events';
import { Involvement } from '../involvement/involvement.entity';
import { NoticeOwing } from '../notice/notice-owing';
import { Interest } from './interest.entity';
import { auditOf } from './interest-scope';
import { otherLive } from './repeats';

/** Takes an interest back, and with it what hangs on it. */
@Injectable()
export class Withdrawal {
  constructor(private readonly owing: NoticeOwing) {}

  /**
   * Who has proven that the contact is theirs takes back all that was sent for it; else only this one goes, so that whoever knows a
   * contact cannot take back what its owner sent.
   */
  async of(tx: Tx, interest: Interest): Promise<Interest> {
    const changed = await this.one(tx, interest);
    if (interest.isConfirmed) for (const other of await otherLive(tx, interest)) await this.one(tx, other);
    return changed;
  }

  private async one(tx: Tx, interest: Interest): Promise<Interest> {
    const patch = interest.withdraw(tx.at);
    if (interest.state === 'accepted') await this.cancelInvolvement(tx, interest.id);
    const changed = await tx.change(interest, patch, interest.version, auditOf(tx.actor, interest));
    await this.owing.drop(tx, [interest.id]);
    const { id, version, organisationId, opportunityId } = changed;
    tx.emit({
      type: InterestEvent.Withdrawn,
      subject: 'interest',
      subjectId: id,
      version,
      organisationId,
      data: { opportunityId, was: interest.state },
    });
    return changed;
  }

  /** An involvement that has not begun is cancelled, and its place is free again. One that has begun is ended where it is recorded. */
  private async cancelInvolvement(tx: Tx, interestId: string): Promise<void> {
    const [found] = await tx.query<{ id: string }>('SELECT id FROM involvement.involvement WHERE interest_id = $1', [
      interestId,
    ]);
    if (!found) return;
    const involvement = await tx.get(Involvement, found.id);
    if (involvement.state === 'cancelled') return;
    if (involvement.state !== 'planned')
      throw new Conflict(
        'involvement_begun',
        'Taking part has begun. End the involvement instead: what was done stays on record.',
      );
    const reason = 'contributor-chose';
    const changed = await tx.change(
      involvement,
      { state: 'cancelled', endReason: reason },
      involvement.version,
      auditOf(tx.actor, involvement),
    );
    tx.emit({
      type: InvolvementEvent.Ended,
      subject: 'involvement',
      subjectId: changed.id,
      version: changed.version,
      organisationId: changed.organisationId,
      data: { reason },
    });
  }
}
