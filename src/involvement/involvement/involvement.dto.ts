import { PickType } from '@nestjs/swagger';
import { ChangeOf, Choice, Day } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice, InRef } from '../../kernel/http/query';
import { EndReason, Involvement, InvolvementState } from './involvement.entity';

/** An involvement that begins without an interest: somebody was asked, or was there before. */
export class NewInvolvement extends PickType(Involvement, [
  'projectId',
  'opportunityId',
  'contributorId',
  'role',
  'from',
  'until',
] as const) {}

export class InvolvementChange extends ChangeOf(PickType(Involvement, ['role', 'from', 'until'] as const)) {}

/** How an involvement ends. */
export class InvolvementEnd {
  @Day('First day on which it no longer runs.', { virtual: true, example: '2027-03-01' })
  until: string;

  @Choice(EndReason, 'EndReason', 'Why.', { virtual: true, example: 'finished' })
  reason: EndReason;
}

export class InvolvementPage extends PageOf(Involvement) {}

export class InvolvementQuery extends PageQuery {
  @InRef('Only this project’s.')
  project?: string;

  @InRef('Only those that came from this opportunity.')
  opportunity?: string;

  @InRef('Only this contributor’s.')
  contributor?: string;

  @InChoice(Object.values(InvolvementState), 'Only those in this state.')
  state?: InvolvementState;
}
