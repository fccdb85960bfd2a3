import { createHash } from 'node:crypto';

/** Adds a parameter to the statement and answers its placeholder (`$3`). */
export type Bind = (value: unknown) => string;

/** An SQL condition; in helpers of the database door the record's table has the alias `r`. */
export type Condition = (bind: Bind) => string;

/** Collects parameters while a statement is written. */
export function binder(start: unknown[] = []): { params: unknown[]; bind: Bind } {
  const params = [...start];
  return { params, bind: (value) => `$${params.push(value)}` };
}

/** All of the conditions, joined. */
export const all = (conditions: readonly Condition[], bind: Bind): string =>
  conditions.length === 0 ? 'TRUE' : conditions.map((c) => `(${c(bind)})`).join(' AND ');

const names = new Map<string, string>();
const MOST_NAMES = 500;

/** A stable name for a statement's text, so that each connection plans it once; none once there are very many. */
export function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known) return known;
  if (names.size >= MOST_NAMES) return undefined;
  const name = `s_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
  names.set(text, name);
  return name;
}
