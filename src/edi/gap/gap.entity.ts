import { Entity } from 'typeorm';
import { Choice, Day, Instant, Ref, Text, Whole } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { Conflict } from '../../kernel/errors/problem';
import { fixedId } from '../../people';

export const GapMeasure = { Share: 'share', Progress: 'progress' } as const;
export type GapMeasure = (typeof GapMeasure)[keyof typeof GapMeasure];

export const GapDirection = { TooFew: 'too-few', TooMany: 'too-many' } as const;
export type GapDirection = (typeof GapDirection)[keyof typeof GapDirection];

/** How far the action is. */
export const GapState = { Open: 'open', Done: 'done', Ceased: 'ceased' } as const;
export type GapState = (typeof GapState)[keyof typeof GapState];

const key = { pattern: /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/, patternSays: 'Write the key as the release gives it.' };

/** A gap that a release showed, as an action with an owner. Public, so it names no person. */
@Entity({ schema: 'edi', name: 'gap' })
export class Gap extends StoredRecord {
  @Ref('The published release that shows it.', { example: fixedId('release', 'second') })
  releaseId: string;

  @Whole({ min: 1, max: 2_147_483_647 }, 'Number of that release.', { readOnly: true, example: 2 })
  releaseNumber: number;

  @Text(120, 'Key of the table that shows it.', { ...key, example: 'all-selected-socio-economic-background' })
  tableKey: string;

  @Text(120, 'Key of the unit.', { ...key, example: 'all' })
  unit: string;

  @Text(80, 'Category of ethnic group, in a two-way table; null for everybody.', {
    ...key,
    optional: true,
    example: null,
  })
  ethnicGroup: string | null;

  @Text(80, 'Category of the table’s characteristic.', { ...key, example: 'working-class' })
  category: string;

  @Choice(
    GapMeasure,
    'GapMeasure',
    'share: among those whose answer is known. progress: how many of the category in the next wider population came on to that of the table.',
    { example: 'progress' },
  )
  measure: GapMeasure;

  @Choice(GapDirection, 'GapDirection', 'Whether there are too few or too many.', { example: 'too-few' })
  direction: GapDirection;

  @Text(2000, 'What the gap is. Everybody can read it: name no person.', {
    example: 'Of people from a working-class background who were interested, fewer were selected than of others.',
  })
  what: string;

  @Text(2000, 'What is to be done about it.', {
    example: 'Say in every invitation that expenses are paid in advance; ask selection panels to give reasons.',
  })
  action: string;

  @Ref('The organisation that owns the action.', { example: fixedId('organisation', 'rrdn-north-west') })
  organisationId: string;

  @Day('The day by which it is to be done.', { example: '2027-03-31' })
  dueOn: string;

  @Whole(
    { min: 2, max: 2_147_483_647 },
    'Number of the later release that is to tell what became of it. Numbers count up by one: the next release has the number of the newest that /v1/diversity/releases lists, and 1.',
    { example: 4 },
  )
  checkBy: number;

  @Choice(GapState, 'GapState', 'open; done, as its owner says; ceased, as a data steward says.', {
    readOnly: true,
    default: 'open',
    example: 'open',
  })
  state: GapState;

  @Text(2000, 'What was done, or why it ceased; null while it is open.', {
    optional: true,
    readOnly: true,
    example: null,
  })
  closing: string | null;

  @Instant('When it was done or ceased; null while it is open.', { optional: true, readOnly: true, example: null })
  closedAt: Date | null;

  /** Refuses to go on with what is closed. */
  mustBeOpen(): void {
    if (this.state !== 'open') throw new Conflict('gap_closed', 'This gap is done or has ceased. Record a new one.');
  }
}

/** What the owner said was done about a gap. */
@Entity({ schema: 'edi', name: 'gap_progress' })
export class GapProgress extends StoredRecord {
  @Ref('The gap.', { readOnly: true, example: fixedId('gap', 'working-class-selected') })
  gapId: string;

  @Day('The day it was said.', { readOnly: true, example: '2026-12-14' })
  on: string;

  @Text(2000, 'What was done. Everybody can read it: name no person.', {
    example: 'Invitations say since September that expenses are paid in advance.',
  })
  text: string;
}

constraint('gap_owner_is_an_organisation', 422, 'unknown_organisation', 'No organisation has this organisationId.');
constraint(
  'gap_checked_by_a_later_release',
  422,
  'check_by_not_later',
  'checkBy must be the number of a release later than the one that shows the gap. Numbers count up by one: for the next release send the number of the newest that /v1/diversity/releases lists, and 1.',
);
