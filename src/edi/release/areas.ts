import type { HomeOrganisation } from './units';

const ENGLAND = 'E92000001';
const WALES = 'W92000004';
const ENGLAND_AND_WALES = 'K04000001';

/** Without "and", "the" and punctuation: "Yorkshire and The Humber" and "Yorkshire and Humber" are one region. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z ]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 'and' && word !== 'the')
    .join(' ');

/**
 * The area whose population an organisation's people can be compared with: a region where the organisation is named by that region and
 * nothing else, is a regional network, and no other counted network stands in the region; null otherwise, since it then serves a part of
 * the region or more than it. A national body has none: who calls it home is no sample of the nation.
 */
export function areaOfOne(
  { id, kind, name, regionCode, regionName }: HomeOrganisation,
  counted: readonly HomeOrganisation[],
): string | null {
  if (kind !== 'regional-network' || regionCode === null || regionName === null) return null;
  const own = plain(name.split(':').pop() ?? name);
  const others = counted.some((one) => one.id !== id && one.kind === kind && one.regionCode === regionCode);
  return !others && own === plain(regionName) ? regionCode : null;
}

/** The area of all: England, or England and Wales, where every counted organisation stands there. */
export function areaOfAll(counted: readonly HomeOrganisation[]): string | null {
  if (counted.length === 0) return null;
  if (counted.every(({ nationCode }) => nationCode === ENGLAND)) return ENGLAND;
  return counted.every(({ nationCode }) => nationCode === ENGLAND || nationCode === WALES) ? ENGLAND_AND_WALES : null;
}
