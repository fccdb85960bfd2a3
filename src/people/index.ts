/** The whole public face of the people area: what other areas may ask of it. */
export { fixedId } from './reference/fixed-id';
