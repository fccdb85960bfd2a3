import { ApiProperty, PickType } from '@nestjs/swagger';
import { ChangeOf, Day, JsonList, Ref, Text, Whole } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice } from '../../kernel/http/query';
import { fixedId } from '../../people';
import { MAILBOX } from '../reminder/mailbox.dto';
import { ReminderState } from '../reminder/reminder.entity';
import { Collection, CollectionState, ReturnForm } from './collection.entity';

const NORTH_WEST = fixedId('organisation', 'rrdn-north-west');

/** An organisation that must return. */
export class NewCollectionMember {
  @Ref('The organisation.', { virtual: true, example: NORTH_WEST })
  organisationId: string;

  @Day('Its own last day, where it is another than the collection’s.', {
    virtual: true,
    optional: true,
    example: '2026-12-18',
  })
  dueOn?: string | null;

  @Text(
    254,
    'E-mail address for reminders, where its return is late. Without one, that stays which it gave or had before; null takes it out.',
    { ...MAILBOX, optional: true, example: 'involvement-returns@example.org' },
  )
  mailbox?: string | null;
}

/** An organisation that a member of a collection followed. */
export class CollectionPredecessor {
  @ApiProperty({ type: 'string', format: 'uuid', description: 'The earlier organisation.' })
  organisationId: string;

  @ApiProperty({ description: 'Its name.' })
  name: string;

  @ApiProperty({ description: 'Its short name, which files may still use.' })
  slug: string;

  @ApiProperty({ description: 'Whether only a part of it passed on.' })
  part: boolean;
}

/** An organisation in a collection. */
export class CollectionMember {
  @ApiProperty({ type: 'string', format: 'uuid', description: 'The organisation.' })
  organisationId: string;

  @ApiProperty({ description: 'Its name.' })
  name: string;

  @ApiProperty({ type: 'string', format: 'date', description: 'Last day on which its return is in time.' })
  dueOn: string;

  @ApiProperty({
    type: CollectionPredecessor,
    isArray: true,
    description:
      'Whom it followed, as it stood when the collection was opened: what is returned under an earlier name counts for it.',
  })
  predecessors: CollectionPredecessor[];

  @ApiProperty({
    description:
      'Whether its figures before and after the change of organisations are not about the same area, so that a series breaks.',
  })
  seriesBreaks: boolean;
}

const SAID = [
  'title',
  'from',
  'until',
  'questionSetVersion',
  'forms',
  'dueOn',
  'releaseOn',
  'note',
  'contact',
] as const;
const ORGANISATIONS = 'Who must return, each with a last day of its own where it needs one.';

/** A collection to prepare. */
export class NewCollection extends PickType(Collection, SAID) {
  @JsonList(() => NewCollectionMember, { items: 500, min: 1 }, ORGANISATIONS, {
    virtual: true,
    example: [{ organisationId: NORTH_WEST }],
  })
  organisations: NewCollectionMember[];
}

/** What may change: everything while it is a draft; once it is open, title, dates, note, contact and who must return. */
export class CollectionChange extends ChangeOf(NewCollection) {}

/** What closing a collection leaves out. */
export class CollectionClosing {
  @Whole(
    { min: 0, max: 500 },
    'How many organisations have not signed off, where it is closed without them: the number that the refusal names. May be left out where all have.',
    { virtual: true, optional: true, example: 10 },
  )
  without?: number | null;
}

/** A collection with those who must return. */
export class CollectionDetails extends Collection {
  @ApiProperty({ type: CollectionMember, isArray: true, description: 'Who must return, by name.' })
  organisations: CollectionMember[];
}

export class CollectionPage extends PageOf(CollectionDetails) {}

export class CollectionQuery extends PageQuery {
  @InChoice(Object.values(CollectionState), 'Only those in this state.')
  state?: CollectionState;
}

export const ProgressState = {
  Missing: 'missing',
  Late: 'late',
  Returned: 'returned',
  SignedOff: 'signed-off',
} as const;
export type ProgressState = (typeof ProgressState)[keyof typeof ProgressState];

/** The last reminder of an organisation. */
export class LastReminder {
  @ApiProperty({ type: 'string', format: 'date', description: 'Its day.' })
  day: string;

  @ApiProperty({
    enum: Object.values(ReminderState),
    enumName: 'ReminderState',
    description:
      'Owed (about to be sent), sent, no-mailbox (there is no address: telephone), failed (it could not be sent; tried again, at the latest the next working day), or dropped (it was not needed any more).',
  })
  state: ReminderState;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'When it was sent.' })
  sentAt: Date | null;
}

/** How far an organisation is. Nothing here is counted from answers. */
export class CollectionMemberProgress extends CollectionMember {
  @ApiProperty({
    enum: Object.values(ProgressState),
    enumName: 'ProgressState',
    description: 'Missing (still time), late (nothing came in time yet), returned, or signed off.',
  })
  state: ProgressState;

  @ApiProperty({
    enum: Object.values(ReturnForm),
    enumName: 'ReturnForm',
    nullable: true,
    description: 'Form of the return that stands.',
  })
  form: ReturnForm | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When the return that stands came.',
  })
  returnedAt: Date | null;

  @ApiProperty({ description: 'Whether it came after the last day.' })
  cameLate: boolean;

  @ApiProperty({ type: 'integer', description: 'How often it was corrected.' })
  corrections: number;

  @ApiProperty({
    type: 'string',
    format: 'date',
    nullable: true,
    description: 'When the organisation was last sent a reminder.',
  })
  remindedOn: string | null;

  @ApiProperty({
    type: LastReminder,
    nullable: true,
    description:
      'Its last reminder and what became of it; null where there was none. Told to the organisation itself and to who runs collections.',
  })
  reminder: LastReminder | null;

  @ApiProperty({
    type: 'boolean',
    nullable: true,
    description:
      'Whether there is an address for reminders. Told to the organisation itself and to who runs collections; null to others.',
  })
  hasMailbox: boolean | null;

  @ApiProperty({ type: 'string', isArray: true, description: 'What the form of the return cannot support.' })
  cannot: string[];
}

/** How a collection stands. Completeness of answers is told by releases, and to the organisation itself with its figures. */
export class CollectionProgress {
  @ApiProperty({ type: 'integer', description: 'Organisations that must return.' })
  expected: number;

  @ApiProperty({ type: 'integer', description: 'Those whose return came, signed off or not.' })
  returned: number;

  @ApiProperty({ type: 'integer', description: 'Those whose return is signed off.' })
  signedOff: number;

  @ApiProperty({ type: 'integer', description: 'Those from whom nothing came in time.' })
  late: number;

  @ApiProperty({ type: CollectionMemberProgress, isArray: true, description: 'Each organisation, by name.' })
  organisations: CollectionMemberProgress[];
}
