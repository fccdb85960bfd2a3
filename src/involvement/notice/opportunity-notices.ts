import { Injectable, OnModuleInit } from '@nestjs/common';
import { theService } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import type { StoredEvent } from '../../kernel/events/reader';
import { Relay } from '../../kernel/events/relay';
import { InterestEvent, OpportunityEvent } from '../events';
import type { NoticeKind } from './notice.entity';
import { NoticeOwing } from './notice-owing';

/** Events whose notice is owed only where what changed is something that people rely on. */
const ONLY_MATERIAL: readonly string[] = [
  OpportunityEvent.Changed,
  OpportunityEvent.Extended,
  OpportunityEvent.Reopened,
  OpportunityEvent.Resumed,
];

/** Owes everybody concerned word of what happens to an opportunity, and word to each whose interest came in, from the event log. */
@Injectable()
export class OpportunityNotices implements OnModuleInit {
  constructor(
    private readonly db: Db,
    private readonly relay: Relay,
    private readonly owing: NoticeOwing,
  ) {}

  onModuleInit(): void {
    this.relay.consumer('involvement.notices', {
      types: [
        ...ONLY_MATERIAL,
        ...[OpportunityEvent.Withdrawn, OpportunityEvent.Hidden, OpportunityEvent.Unhidden, InterestEvent.Received],
      ],
      handle: (event) => this.handle(event),
    });
  }

  /** The same event may come twice: who was told of it is not told again. */
  async handle(event: StoredEvent): Promise<void> {
    const { id, type, subjectId } = event;
    const kind = kindOf(event);
    await this.db.write(theService(event.traceId ?? undefined), async (tx) => {
      if (type === InterestEvent.Received) await this.owing.oweReceived(tx, { id, interestId: subjectId });
      else if (type === OpportunityEvent.Unhidden) await this.owing.oweShownAgain(tx, { id, opportunityId: subjectId });
      else if (kind) await this.owing.oweOfEvent(tx, { id, opportunityId: subjectId }, kind);
    });
  }
}

function kindOf({ type, data }: StoredEvent): NoticeKind | null {
  if (type === OpportunityEvent.Withdrawn) return 'opportunity-withdrawn';
  if (type === OpportunityEvent.Hidden) return 'opportunity-hidden';
  return ONLY_MATERIAL.includes(type) && data.material === true ? 'opportunity-changed' : null;
}
