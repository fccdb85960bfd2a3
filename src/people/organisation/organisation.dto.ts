import { PickType } from '@nestjs/swagger';
import { ChangeOf, Choice, Flag, JsonList, Ref, Text } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice, InDay, InText } from '../../kernel/http/query';
import { fixedId } from '../reference/fixed-id';
import { Organisation, OrganisationKind, OrganisationState } from './organisation.entity';

/** Registers that name organisations. */
export const IdentifierScheme = {
  Ror: 'ror',
  Ods: 'ods',
  OrgId: 'org-id',
  Charity: 'charity',
  Company: 'company',
  Other: 'other',
} as const;
export type IdentifierScheme = (typeof IdentifierScheme)[keyof typeof IdentifierScheme];

export const IDENTIFIER = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._/:-]{0,99}$/,
  patternSays: 'Send the bare identifier: letters, digits and . _ / : - only.',
};

/** What an organisation is called in another register. */
export class OutsideIdentifier {
  @Choice(
    IdentifierScheme,
    'IdentifierScheme',
    'Register: ROR, NHS ODS, org-id.guide, charity number, company number, or other.',
    { example: 'charity', virtual: true },
  )
  scheme: IdentifierScheme;

  @Text(100, 'The identifier in that register.', { ...IDENTIFIER, example: '1099999', virtual: true })
  value: string;
}

/** An organisation that came before. */
export class Predecessor {
  @Ref('The earlier organisation.', { example: fixedId('organisation', 'crn-yorkshire-and-humber'), virtual: true })
  id: string;

  @Flag('Whether only a part of it passed on.', { default: false, example: false, virtual: true })
  part: boolean;

  @Flag('Whether the succession was read in a source; false is an inference.', {
    default: false,
    example: true,
    virtual: true,
  })
  verified: boolean;
}

/** Another organisation, named by what never changes. */
export class RelatedOrganisation extends Predecessor {
  @Text(80, 'Its slug.', { example: 'crn-eastern', virtual: true })
  slug: string;
}

/** An organisation as everybody sees it. */
export class OrganisationDetails extends PickType(Organisation, [
  ...([
    'id',
    'createdAt',
    'updatedAt',
    'version',
    'slug',
    'name',
    'kind',
    'state',
    'regionCode',
    'nationCode',
    'hostId',
  ] as const),
  ...(['from', 'until', 'website', 'description', 'source', 'factsChecked', 'note'] as const),
] as const) {
  @Text(80, 'Slug of the organisation that hosts it.', {
    optional: true,
    example: 'leeds-teaching-hospitals',
    virtual: true,
  })
  hostSlug: string | null;

  @JsonList(() => OutsideIdentifier, { items: 100 }, 'What it is called in other registers.', { virtual: true })
  identifiers: OutsideIdentifier[];

  @JsonList(() => RelatedOrganisation, { items: 1000 }, 'Organisations that it followed.', { virtual: true })
  predecessors: RelatedOrganisation[];

  @JsonList(() => RelatedOrganisation, { items: 1000 }, 'Organisations that followed it.', { virtual: true })
  successors: RelatedOrganisation[];
}

export class OrganisationPage extends PageOf(OrganisationDetails) {}

const FACTS = [
  'name',
  'kind',
  'regionCode',
  'nationCode',
  'hostId',
  'from',
  'until',
  'website',
  'description',
  'source',
  'factsChecked',
  'note',
] as const;

/** An organisation that an administrator adds. */
export class NewOrganisation extends PickType(Organisation, ['slug', ...FACTS] as const) {
  @JsonList(() => OutsideIdentifier, { items: 20 }, 'What it is called in other registers.', {
    default: [],
    example: [{ scheme: 'charity', value: '1099999' }],
    virtual: true,
  })
  identifiers?: OutsideIdentifier[];

  @JsonList(() => Predecessor, { items: 20 }, 'Organisations that it followed.', {
    default: [],
    example: [],
    virtual: true,
  })
  predecessors?: Predecessor[];
}

class Changeable extends PickType(NewOrganisation, [...FACTS, 'identifiers', 'predecessors'] as const) {}

/** A change of an organisation's details. Lists replace what there is. */
export class OrganisationChange extends ChangeOf(Changeable) {}

class Settings extends PickType(Organisation, [
  'secondApprover',
  'guardianPolicy',
  'website',
  'description',
] as const) {}

/** What an organisation decides for itself. */
export class OrganisationSettings extends ChangeOf(Settings) {}

/** What an organisation has decided for itself, as its own people read it. */
export class OrganisationOwn extends PickType(Organisation, [
  'id',
  'createdAt',
  'updatedAt',
  'version',
  'secondApprover',
  'guardianPolicy',
  'website',
  'description',
] as const) {}

export class OrganisationQuery extends PageQuery {
  @InChoice(Object.values(OrganisationKind), 'Only of this kind.', { example: 'regional-network' })
  kind?: OrganisationKind;

  @InText(9, 'Only of this English region (GSS code).', {
    example: 'E12000003',
    pattern: /^[A-Z][0-9]{8}$/,
    patternSays: 'Send a GSS code.',
  })
  region?: string;

  @InText(9, 'Only of this nation (GSS code).', {
    example: 'E92000001',
    pattern: /^[A-Z][0-9]{8}$/,
    patternSays: 'Send a GSS code.',
  })
  nation?: string;

  @InText(100, 'Only where the name holds these letters, whatever their case.', { example: 'research' })
  q?: string;

  @InDay('Only those that existed on this day; a first day that is not known counts as long past.', {
    example: '2024-10-01',
  })
  at?: string;

  @InText(120, 'Only the one with this identifier of another register, written scheme:value.', {
    example: 'charity:1099999',
    pattern: /^(ror|ods|org-id|charity|company|other):[A-Za-z0-9][A-Za-z0-9._/:-]{0,99}$/,
    patternSays: 'Write scheme:value, such as ods:RRV; the schemes are ror, ods, org-id, charity, company and other.',
  })
  identifier?: string;

  @InChoice(
    Object.values(OrganisationState),
    'State. Those that are not verified are seen by administrators and by whoever applied.',
    { default: 'verified' },
  )
  state: OrganisationState = OrganisationState.Verified;
}
