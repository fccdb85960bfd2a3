import { PickType } from '@nestjs/swagger';
import { JsonList, Ref, Text } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice } from '../../kernel/http/query';
import { fixedId } from '../reference/fixed-id';
import { Organisation, OrganisationState } from './organisation.entity';

const ASKED = ['name', 'kind', 'regionCode', 'nationCode', 'website', 'description'] as const;

/** An application for an organisation that is not listed. */
export class NewApplication extends PickType(Organisation, ASKED) {
  @Text(2000, 'Why it should be listed, and what you do there.', {
    example: 'We run a panel of twelve carers and want to list our opportunities. I am its coordinator.',
    virtual: true,
  })
  reason: string;
}

/** A verified organisation with a name much like this one. */
export class PossibleDuplicate {
  @Ref('Its id.', { example: fixedId('organisation', 'leeds-teaching-hospitals'), virtual: true })
  id: string;

  @Text(80, 'Its slug.', { example: 'leeds-teaching-hospitals', virtual: true })
  slug: string;

  @Text(200, 'Its name.', { example: 'Leeds Teaching Hospitals NHS Trust', virtual: true })
  name: string;
}

/** An application, as administrators and whoever applied see it. No version: the organisations like it may change on their own. */
export class OrganisationApplication extends PickType(Organisation, [
  'id',
  'createdAt',
  'updatedAt',
  'slug',
  'state',
  ...ASKED,
  'appliedBy',
  'refusalReason',
] as const) {
  @Text(2000, 'Why it should be listed, in the words of who applied.', {
    optional: true,
    example: 'We run a panel of twelve carers.',
    virtual: true,
  })
  reason: string | null;

  @JsonList(
    () => PossibleDuplicate,
    { items: 5 },
    'Organisations with a name much like it. A person has to decide whether they are the same.',
    { virtual: true },
  )
  possibleDuplicates: PossibleDuplicate[];
}

export class ApplicationPage extends PageOf(OrganisationApplication) {}

export class Refusal {
  @Text(1000, 'Why, as the applicant will read it.', {
    example: 'It is already listed as Leeds Teaching Hospitals NHS Trust.',
    virtual: true,
  })
  reason: string;
}

export class ApplicationQuery extends PageQuery {
  @InChoice(Object.values(OrganisationState), 'State of the application.', { default: 'applied' })
  state: OrganisationState = OrganisationState.Applied;
}

/** Answered by verifying: the application, and the role that the applicant was given. */
export class Verification extends OrganisationApplication {
  @Ref('Membership that makes the applicant its coordinator. Not in the answer to a repeated request.', {
    optional: true,
    virtual: true,
  })
  membershipId?: string | null;
}
