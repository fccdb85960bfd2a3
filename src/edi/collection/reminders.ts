import { Injectable, OnModuleInit } from '@nestjs/common';
import { theService } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { Jobs } from '../../kernel/jobs/jobs';
import { ReturnEvent } from '../events';

/** On working days in the morning; UTC. */
const WHEN = '0 8 * * 1-5';

interface Reminded {
  id: string;
  place_id: string;
  collection_id: string;
  organisation_id: string;
}

/** All late organisations of open collections that were not reminded on this day yet; the day's row is what keeps a second run quiet. */
const REMIND = `
  INSERT INTO edi.reminder (collection_organisation_id, day)
  SELECT m.id, $1::date
  FROM edi.collection_organisation m JOIN edi.collection c ON c.id = m.collection_id
  WHERE c.state = 'open' AND coalesce(m.due_on, c.due_on) < $1::date
    AND NOT EXISTS (SELECT FROM edi.return r WHERE r.collection_id = m.collection_id AND r.organisation_id = m.organisation_id AND r.state <> 'replaced')
  ON CONFLICT ON CONSTRAINT reminder_once_a_day DO NOTHING
  RETURNING id, collection_organisation_id AS place_id,
    (SELECT collection_id FROM edi.collection_organisation m WHERE m.id = collection_organisation_id) AS collection_id,
    (SELECT organisation_id FROM edi.collection_organisation m WHERE m.id = collection_organisation_id) AS organisation_id`;

/** Reminds organisations whose return is late: the queue `collection.remind`. */
@Injectable()
export class Reminders implements OnModuleInit {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.work('collection.remind', async () => {
      await this.remind();
    });
    this.jobs.every(WHEN, 'collection.remind');
  }

  /** Tells of each late organisation once a day, however often it runs. Answers how many were reminded now. */
  remind(): Promise<number> {
    const day = this.clock.today();
    return this.db.write(theService(), async (tx) => {
      const reminded = await tx.query<Reminded>(REMIND, [day]);
      for (const { id, place_id, collection_id, organisation_id } of reminded) {
        tx.emit({
          type: ReturnEvent.Reminded,
          subject: 'collection_organisation',
          subjectId: place_id,
          version: 1,
          organisationId: organisation_id,
          data: { collectionId: collection_id, day },
        });
        tx.audit('created', 'reminder', id, { organisationId: organisation_id, after: { day } });
      }
      return reminded.length;
    });
  }
}
