/** The whole public face of the people area: what other areas may ask of it. */
export { organisersAre } from './access-need/access-grant.service';
export { whenWithdrawn } from './consent/resting-on-consent';
export { holdContributor } from './contributor/hold';
export { onMerge } from './contributor/merge-registry';
export { fixedId } from './reference/fixed-id';
