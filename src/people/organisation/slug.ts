/** Leaves room for a number behind it within the 80 characters of a slug. */
const LONGEST = 70;

/** A short name for addresses out of a name: small Latin letters and digits with hyphens; `organisation` where none is left. */
export function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/['’]/g, '').replace(/&/g, ' and ');
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  return slug || 'organisation';
}
