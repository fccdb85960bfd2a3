import { PickType } from '@nestjs/swagger';
import { ChangeOf, Day, Instant, Text } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice, InFlag } from '../../kernel/http/query';
import { OpportunityState } from './opportunity-choices';
import { CONTENT_FIELDS } from './opportunity-content';
import { OpportunityVersion } from './opportunity-version.entity';
import { Opportunity } from './opportunity.entity';

/** An opportunity to draft. Only its project, kind and title are needed to begin. */
export class NewOpportunity extends PickType(Opportunity, ['projectId', ...CONTENT_FIELDS] as const) {}

/** What may change about an opportunity; its project stays. Objects inside are merged field by field. */
export class OpportunityChange extends ChangeOf(PickType(Opportunity, CONTENT_FIELDS)) {}

export class OpportunityPage extends PageOf(Opportunity) {}
export class OpportunityVersionPage extends PageOf(OpportunityVersion) {}

/** Which opportunities to list for staff. */
export class OpportunityQuery extends PageQuery {
  @InChoice(Object.values(OpportunityState), 'Only those in this state, as it is stored.')
  state?: OpportunityState;

  @InFlag('Only those that an administrator has hidden (true), or has not (false).')
  hidden?: boolean;
}

const body = { virtual: true } as const;

/** When to publish. */
export class Schedule {
  @Instant('When it becomes public: later than now, and before its closing day is over.', {
    ...body,
    example: '2026-12-01T09:00:00.000Z',
  })
  publishAt: Date;
}

/** A later closing day. */
export class NewClosingDay {
  @Day('The new last day to apply, to its end in UK time.', { ...body, example: '2027-01-15' })
  closesOn: string;
}

/** What the author is to change. */
export class ReturnNote {
  @Text(2000, 'What to change before it can be published.', { ...body, example: 'Please say how travel is paid.' })
  reviewNote: string;
}

/** Why an opportunity is hidden. */
export class HideReason {
  @Text(2000, 'Why, for the organisation to read.', { ...body, example: 'It asks people to pay a fee.' })
  hiddenBecause: string;
}
