import { Entity } from 'typeorm';
import { Day, Flag, Ref, Text } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { fixedId } from '../reference/fixed-id';

/** That a contributor works with an organisation, from one day to another. */
@Entity({ schema: 'people', name: 'contributor_organisation' })
export class ContributorOrganisation extends StoredRecord {
  @Ref('The contributor.', { readOnly: true, example: fixedId('contributor', 'joan-pattinson') })
  contributorId: string;

  @Ref('The organisation.', { example: fixedId('organisation', 'rrdn-north-west') })
  organisationId: string;

  @Day('First day, UK time.', { readOnly: true, example: '2026-11-22' })
  from: string;

  @Day('First day on which it no longer holds; null while it does.', { optional: true, readOnly: true, example: null })
  until: string | null;

  @Flag('Whether it is the home organisation, whose policies count for the contributor.', {
    default: false,
    readOnly: true,
    example: true,
  })
  home: boolean;

  @Text(100, "The organisation's own number or name for the contributor.", {
    optional: true,
    personal: true,
    example: 'P-00417',
  })
  reference: string | null;
}

constraint(
  'contributor_organisation_once_at_a_time',
  409,
  'works_with_it_already',
  'The contributor works with this organisation on these days already.',
);
constraint(
  'contributor_organisation_reference_once',
  409,
  'reference_taken',
  'Your organisation has another contributor with this reference.',
);
constraint(
  'contributor_organisation_organisation',
  422,
  'unknown_organisation',
  'There is no organisation with this id.',
);
constraint(
  'contributor_organisation_one_home',
  409,
  'home_changed',
  'Somebody changed the home organisation at the same moment. Read it again.',
);
