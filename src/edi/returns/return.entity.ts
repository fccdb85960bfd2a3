import { Entity } from 'typeorm';
import { Choice, Flag, Instant, Ref, Text, Texts } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { Conflict } from '../../kernel/errors/problem';
import { fixedId } from '../../people';
import { ReturnForm } from '../collection/collection.entity';

export const ReturnState = { Accepted: 'accepted', SignedOff: 'signed-off', Replaced: 'replaced' } as const;
export type ReturnState = (typeof ReturnState)[keyof typeof ReturnState];

/** Grounds on which an organisation can share a return. */
export const SharingBasis = {
  Agreement: 'data-sharing-agreement',
  EqualityMonitoring: 'equality-monitoring',
  ExplicitConsent: 'explicit-consent',
  NotPersonalData: 'not-personal-data',
} as const;
export type SharingBasis = (typeof SharingBasis)[keyof typeof SharingBasis];

/** What is known about a return. How many people it is about is told to the organisation only, with its figures. */
@Entity({ schema: 'edi', name: 'return' })
export class Return extends StoredRecord {
  @Ref('The collection.', { readOnly: true, example: fixedId('collection', 'autumn') })
  collectionId: string;

  @Ref('The organisation that returned it.', { readOnly: true, example: fixedId('organisation', 'rrdn-north-west') })
  organisationId: string;

  @Choice(
    ReturnForm,
    'ReturnForm',
    'Answers given to this service, rows that say who people are, rows that do not, or counts.',
    {
      readOnly: true,
      example: 'anonymous-rows',
    },
  )
  form: ReturnForm;

  @Choice(
    ReturnState,
    'ReturnState',
    'Accepted as a whole; signed off by the organisation; or replaced by a corrected one.',
    {
      readOnly: true,
      default: 'accepted',
      example: 'signed-off',
    },
  )
  state: ReturnState;

  @Choice(SharingBasis, 'SharingBasis', 'On what ground the organisation shares it.', {
    readOnly: true,
    example: 'data-sharing-agreement',
  })
  basis: SharingBasis;

  @Text(200, 'What the ground is named by, such as the number of the agreement.', {
    readOnly: true,
    example: 'DSA-2026-014',
  })
  basisReference: string;

  @Flag('Whether it came after the last day.', { readOnly: true, example: false })
  late: boolean;

  @Ref('The account that sent it; null once that account is erased.', { optional: true, readOnly: true })
  sentByAccountId: string | null;

  @Instant('When it was signed off.', { optional: true, readOnly: true, example: '2026-11-20T10:00:00.000Z' })
  signedAt: Date | null;

  @Ref('The account that signed it off.', { optional: true, readOnly: true })
  signedByAccountId: string | null;

  @Instant('When the steward last opened it again.', { optional: true, readOnly: true })
  reopenedAt: Date | null;

  @Text(1000, 'Why it was opened again.', { optional: true, readOnly: true })
  reopenedBecause: string | null;

  @Ref('The return that it replaced.', { optional: true, readOnly: true })
  replacesId: string | null;

  @Texts(
    { max: 80, items: 40 },
    'Questions that the file holds, by its headings or tables and not by its answers; null: all that this service asks.',
    { optional: true, readOnly: true, example: ['ethnic-group', 'age', 'sex'] },
  )
  toldCharacteristics: string[] | null;

  @Texts({ max: 40, items: 4 }, 'Stages that the file can tell apart; null: all.', {
    optional: true,
    readOnly: true,
    example: ['registered', 'took-part'],
  })
  toldStages: string[] | null;

  /** Refuses unless a corrected return may take its place. */
  mustBeReplaceable(): void {
    if (this.state === ReturnState.SignedOff) throw signedOffStands();
  }

  /** Refuses unless the organisation may sign it off. */
  mustBeSignable(): void {
    if (this.state === ReturnState.SignedOff)
      throw new Conflict('already_signed_off', 'This return was signed off before.');
    if (this.state === ReturnState.Replaced)
      throw new Conflict(
        'return_replaced',
        'A corrected return has taken the place of this one. Look at the newer one and sign that off.',
      );
  }

  /** Refuses unless there is something to open again. */
  mustBeSignedOff(): void {
    if (this.state !== ReturnState.SignedOff)
      throw new Conflict(
        'not_signed_off',
        `This return is ${this.state}; only one that is signed off can be opened again.`,
      );
  }
}

const STANDS =
  'This return is signed off and stands. Ask the data steward to open it again, then send the corrected one.';
const signedOffStands = (): Conflict => new Conflict('return_signed_off', STANDS);

constraint('return_signed_stands', 409, 'return_signed_off', STANDS);
constraint(
  'return_current_once',
  409,
  'another_return',
  'Another return of your organisation came at the same moment. Look at it before you send yours again.',
);
constraint(
  'return_replaced_once',
  409,
  'another_return',
  'Another return of your organisation came at the same moment. Look at it before you send yours again.',
);
constraint(
  'return_basis_of_people',
  422,
  'basis_needed',
  'Rows about people are personal data. Name the ground on which you share them.',
);
