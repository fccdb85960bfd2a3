/** The whole public face of the people area: what other areas may ask of it. */
export { organisersAre } from './access-need/access-grant.service';
export { whenObjected, whenWithdrawn } from './consent/resting-on-consent';
export { holdContributor } from './contributor/hold';
export { whenAddressChanges } from './contributor/address-change';
export { addressOf, contributorStands, contributorWithin, regionOfPostcode } from './contributor/questions';
export type { AddressHeld } from './contributor/questions';
export { onMerge } from './contributor/merge-registry';
export { recogniseContributors } from './contributor/recognised';
export type { IdentifierScheme, Recognised } from './contributor/recognised';
export { holdAccount, holdNamedAccount } from './account/hold-account';
export { ERASE_PERSON } from './permissions';
export { EraseRequest, ErasureReceipt } from './person/person.dto';
export type { ErasureReason } from './person/person.dto';
export { fixedId } from './reference/fixed-id';
