import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { Conflict, NotFound } from '../../kernel/errors/problem';
import { ErasedSubject, PersonalData } from '../../kernel/privacy/personal-data';
import { ERASE_PERSON, ErasureReason, ErasureReceipt } from '../../people';
import { InterestEvent } from '../events';
import { Interest, INTEREST_TABLE } from './interest.entity';
import { emptyInterests, INTEREST_HOLDS, INTEREST_STAYED } from './interest-personal';
import { allOfPerson } from './repeats';

/** Erases interests of people who have no contributor's record, by which they could be erased as a whole. */
@Injectable()
export class InterestErasing {
  constructor(
    private readonly db: Db,
    private readonly data: PersonalData,
  ) {}

  erase(who: Actor, id: string, because: ErasureReason): Promise<ErasureReceipt> {
    return this.db.write(who, async (tx) => {
      const interest = await tx.get(Interest, id, who.within(ERASE_PERSON, {}));
      if (interest.erasedAt !== null) throw new NotFound('This interest was erased already.');
      if (interest.contributorId !== null)
        throw new Conflict(
          'has_record',
          `This is a contributor’s interest. Send POST /v1/contributors/${interest.contributorId}/erase: it erases the person with all their interests.`,
        );
      const ids = await allOfPerson(tx, interest);
      const all: Interest[] = [];
      for (const one of ids) all.push(await tx.get(Interest, one));
      await emptyInterests(tx, ids);
      for (const one of all) this.tell(tx, one);
      return this.data.receipted(tx, ErasedSubject.Interest, id, because, {
        went: [{ table: INTEREST_TABLE, what: INTEREST_HOLDS, rows: ids.length }],
        stayed: [{ table: INTEREST_TABLE, ...INTEREST_STAYED }],
      });
    });
  }

  /** What could still have come of it now cannot: for the organiser it is as if it were taken back. */
  private tell(tx: Tx, { id, version, organisationId, opportunityId, state, isLive }: Interest): void {
    if (!isLive) return;
    tx.emit({
      ...{ type: InterestEvent.Withdrawn, subject: 'interest', subjectId: id, version: version + 1, organisationId },
      data: { opportunityId, was: state },
    });
  }
}
