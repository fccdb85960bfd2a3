import { isDeepStrictEqual } from 'node:util';
import type { Fault } from '../../kernel/errors/problem';
import { Content, CONTENT_FIELDS, ContentField, MATERIAL_FIELDS } from './opportunity-content';

/** Rules about what an opportunity says, decided from its fields alone. */

/** Fields that hold one object, which a change merges field by field (RFC 7396). */
const OBJECTS = new Set<ContentField>(['draw', 'payment', 'place', 'contact', 'welsh', 'easyRead']);

/** A change of content: what is left out stays, null clears. */
export type ContentChange = Partial<Content>;

/** What a change makes of the content: only fields that then differ, each with its new value. */
export function changedContent(before: Content, change: ContentChange): ContentChange {
  const changed: Record<string, unknown> = {};
  for (const field of CONTENT_FIELDS) {
    if (change[field] === undefined) continue;
    const old = plain(before[field]);
    const next = OBJECTS.has(field) ? merged(old, plain(change[field])) : plain(change[field]);
    if (!isDeepStrictEqual(old, next)) changed[field] = next;
  }
  return changed;
}

/** The content of a new opportunity: what was said, without what says nothing. */
export const newContent = <T extends ContentChange>(said: T): T => ({
  ...said,
  ...changedContent({} as Content, said),
});

/** The names of the fields in which two contents differ. */
export const differences = (before: Content, after: Content): ContentField[] =>
  CONTENT_FIELDS.filter((field) => !isDeepStrictEqual(plain(before[field] ?? null), plain(after[field] ?? null)));

/** Whether people who rely on the fields must be told that they changed. */
export const isMaterial = (fields: readonly string[]): boolean =>
  fields.some((field) => (MATERIAL_FIELDS as ReadonlySet<string>).has(field));

/** The content alone, as it is kept in a published version. */
export const contentOf = (source: Content): Content =>
  plain(Object.fromEntries(CONTENT_FIELDS.map((field) => [field, source[field] ?? null]))) as Content;

/** What contradicts itself in the content. Each fault says what to do. */
export function contentFaults(content: Partial<Content>): Fault[] {
  const { payment, startsOn, endsOn, minAge, maxAge, openToUnder18, questions, identifiers } = content;
  const faults: Fault[] = [];
  const wrong = (at: string, code: string, message: string): void =>
    void faults.push({ in: 'body', at, code, message });
  if (payment?.kind === 'amount' && (payment.pence == null || payment.per == null))
    wrong('/payment', 'amount_needed', 'Say how many pence, and for what: pence and per.');
  if (payment?.kind === 'policy-band' && payment.band == null)
    wrong('/payment/band', 'band_needed', 'Name the band of the payment policy.');
  if (payment?.kind === 'none' && (payment.pence != null || payment.per != null || payment.band != null))
    wrong('/payment', 'none_has_no_amount', 'Leave out pence, per and band where nothing is paid.');
  if (startsOn && endsOn && endsOn < startsOn)
    wrong('/endsOn', 'ends_before_it_starts', 'Give a last day that is not before the first.');
  if (minAge != null && maxAge != null && maxAge < minAge)
    wrong('/maxAge', 'ages_out_of_order', 'Give an oldest age that is not below the youngest.');
  if (openToUnder18 && minAge != null && minAge >= 18)
    wrong('/openToUnder18', 'ages_disagree', 'Lower minAge, or say that it is not open to people under 18.');
  if (openToUnder18 === false && maxAge != null && maxAge < 18)
    wrong('/openToUnder18', 'ages_disagree', 'Say that it is open to people under 18, or raise maxAge.');
  repeated((questions ?? []).map((q) => q.key)).forEach((i) =>
    wrong(`/questions/${i}/key`, 'key_twice', 'Give each question a key of its own.'),
  );
  repeated((identifiers ?? []).map((one) => JSON.stringify([one.scheme, one.value]))).forEach((i) =>
    wrong(`/identifiers/${i}`, 'identifier_twice', 'Send each outside identifier once.'),
  );
  return faults;
}

const repeated = (values: readonly string[]): number[] =>
  values.flatMap((value, i) => (values.indexOf(value) < i ? [i] : []));

/** A value without classes and without members that are undefined. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, plain(member)]),
  );
}

/** JSON Merge Patch of one flat object. */
function merged(old: unknown, change: unknown): unknown {
  if (!isObject(change)) return change;
  const all = { ...(isObject(old) ? old : {}), ...change };
  return Object.fromEntries(Object.entries(all).filter(([, member]) => member !== null));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
