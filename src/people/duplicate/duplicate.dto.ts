import { ApiProperty, PickType } from '@nestjs/swagger';
import { Choice, Json, Ref } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InRef } from '../../kernel/http/query';
import { ContributorSummary } from '../contributor/contributor.dto';
import { fixedId } from '../reference/fixed-id';

export const LIKENESS = ['same-email', 'same-phone', 'like-name-and-postcode'] as const;
export type Likeness = (typeof LIKENESS)[number];

/** One of two who may be the same person. */
export class LikeContributor extends PickType(ContributorSummary, [
  'id',
  'version',
  'name',
  'knownAs',
  'preferredChannel',
  'outwardPostcode',
  'ageGroup',
  'state',
] as const) {}

/** Two records that may be of one person. */
export class ContributorDuplicate {
  @ApiProperty({
    type: LikeContributor,
    isArray: true,
    minItems: 2,
    maxItems: 2,
    description: 'The two, the older record first.',
  })
  contributors: LikeContributor[];

  @ApiProperty({ enum: LIKENESS, enumName: 'Likeness', isArray: true, description: 'What makes them alike.' })
  reasons: Likeness[];
}

export class ContributorDuplicatePage extends PageOf(ContributorDuplicate) {}

export class DuplicateFilter extends PageQuery {
  @InRef('Only those within this organisation.', { example: fixedId('organisation', 'rrdn-north-west') })
  organisation?: string;
}

/** Whose value stays: of the record in the address, or of the other. */
export const Whose = { This: 'this', Other: 'other' } as const;
export type Whose = (typeof Whose)[keyof typeof Whose];

const WHOSE = { virtual: true, optional: true, example: 'this' } as const;

/** Whose value stays, field by field. Left out: this record's, or the other's where this one has none. */
export class Keep {
  @Choice(Whose, 'Whose', 'Name.', WHOSE)
  name?: Whose | null;

  @Choice(Whose, 'Whose', 'What they like to be called.', WHOSE)
  knownAs?: Whose | null;

  @Choice(Whose, 'Whose', 'E-mail address.', WHOSE)
  email?: Whose | null;

  @Choice(Whose, 'Whose', 'Telephone number.', WHOSE)
  phone?: Whose | null;

  @Choice(Whose, 'Whose', 'Postal address.', WHOSE)
  address?: Whose | null;

  @Choice(Whose, 'Whose', 'How they want to be reached.', WHOSE)
  preferredChannel?: Whose | null;

  @Choice(Whose, 'Whose', 'Their supporter.', WHOSE)
  supporter?: Whose | null;

  @Choice(Whose, 'Whose', 'Language in which they are written to.', WHOSE)
  correspondenceLanguage?: Whose | null;

  @Choice(Whose, 'Whose', 'First half of the postcode.', WHOSE)
  outwardPostcode?: Whose | null;

  @Choice(Whose, 'Whose', 'Region or nation.', WHOSE)
  regionCode?: Whose | null;

  @Choice(Whose, 'Whose', 'Age group.', WHOSE)
  ageGroup?: Whose | null;

  @Choice(Whose, 'Whose', 'Guardian with their agreement.', WHOSE)
  guardian?: Whose | null;

  @Choice(Whose, 'Whose', 'Safeguarding contact.', WHOSE)
  safeguardingContact?: Whose | null;
}

export class Merge {
  @Ref('The other record, which goes into the one in the address.', {
    virtual: true,
    example: fixedId('contributor', 'bill-charlton'),
  })
  otherId: string;

  @Json(
    () => Keep,
    'Whose value stays, field by field. Left out: this record’s, or the other’s where this one has none. Lists are put together.',
    { virtual: true, optional: true },
  )
  keep?: Keep | null;
}
