import { Entity } from 'typeorm';
import { Choice, Choices, Day, Instant, Text, Whole } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { Conflict } from '../../kernel/errors/problem';

/** Forms in which an organisation can return what it has. */
export const ReturnForm = {
  Live: 'live',
  IdentifiedRows: 'identified-rows',
  AnonymousRows: 'anonymous-rows',
  Counts: 'counts',
} as const;
export type ReturnForm = (typeof ReturnForm)[keyof typeof ReturnForm];

export const CollectionState = { Draft: 'draft', Open: 'open', Closed: 'closed' } as const;
export type CollectionState = (typeof CollectionState)[keyof typeof CollectionState];

/** A round in which organisations return what they know about the diversity of their public contributors. */
@Entity({ schema: 'edi', name: 'collection' })
export class Collection extends StoredRecord {
  @Text(200, 'Title, as organisations read it.', { example: 'Public contributors, July to September 2026' })
  title: string;

  @Day('First day that it is about.', { example: '2026-07-01' })
  from: string;

  @Day('First day that it is no longer about. Ages are counted on the day before.', { example: '2026-10-01' })
  until: string;

  @Whole({ min: 1, max: 10_000 }, 'Version of the diversity questions that it asks.', { default: 1, example: 1 })
  questionSetVersion: number;

  @Choices(ReturnForm, 'ReturnForm', 'Forms in which it may be answered; at least one.', {
    example: ['live', 'identified-rows', 'anonymous-rows', 'counts'],
  })
  forms: ReturnForm[];

  @Day('Last day on which a return is in time, in UK time.', { example: '2026-12-11' })
  dueOn: string;

  @Day('Day announced for the release.', { example: '2027-01-19' })
  releaseOn: string;

  @Text(2000, 'What else organisations should know.', {
    optional: true,
    example: 'Send what you have: counts are as welcome as rows.',
  })
  note: string | null;

  @Text(
    300,
    'Whom to ask about it, at work: a team, its address or telephone number. Reminders say it; it is taken out when the collection is closed.',
    { optional: true, personal: true, example: 'The diversity data team, diversity-data@example.org, 01632 960140' },
  )
  contact: string | null;

  @Choice(CollectionState, 'CollectionState', 'Draft (organisations do not see it yet), open or closed.', {
    readOnly: true,
    default: 'draft',
    example: 'open',
  })
  state: CollectionState;

  @Instant('When it was opened.', { optional: true, readOnly: true, example: '2026-10-01T09:00:00.000Z' })
  openedAt: Date | null;

  @Instant('When it was closed.', { optional: true, readOnly: true, example: '2026-12-18T17:00:00.000Z' })
  closedAt: Date | null;

  /** Refuses unless returns are taken, and may be signed off and opened again. */
  mustBeOpen(): void {
    if (this.state !== CollectionState.Open)
      throw new Conflict(
        'collection_not_open',
        `This collection is ${this.state === 'draft' ? 'not open yet' : 'closed'}. Nothing is returned, signed off or opened again in it.`,
      );
  }

  mustBe(state: CollectionState): void {
    if (this.state !== state)
      throw new Conflict('wrong_state', `This collection is ${this.state}; it must be ${state} for that.`);
  }
}

constraint(
  'collection_ends_after_it_begins',
  422,
  'ends_before_it_begins',
  'The period cannot end on or before its first day. Change "from" or "until".',
);
constraint(
  'collection_due_after_period',
  422,
  'due_before_period_ends',
  'Returns cannot be due before the period is over. Change "dueOn" or "until".',
);
constraint(
  'collection_released_after_due',
  422,
  'released_before_due',
  'The release must come after the day on which returns are due. Change "releaseOn" or "dueOn".',
);
constraint('collection_forms_known', 422, 'no_form', 'Allow at least one form of return.');
constraint(
  'collection_organisation_once',
  409,
  'organisation_twice',
  'An organisation stands in the list twice. Send each once.',
);
constraint(
  'collection_organisation_of',
  422,
  'unknown_organisation',
  'There is no organisation with one of these ids.',
);
constraint(
  'collection_not_released',
  409,
  'collection_is_released',
  'A release was made of this collection, or is being made. What it counts cannot change any more. One that waits for a signature can be given up first.',
);
