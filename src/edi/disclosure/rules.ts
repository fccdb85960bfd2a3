import type { Parameters, Rule, Zeros } from './model';

/** Published with no characteristic of its own: a total. */
export const TOTAL = '*';

/** A rule as it applies: what is sensitive hides its zeros, or "all of them" could be told from the noughts beside it. */
export function ruleOf(parameters: Parameters, characteristic: string): Rule {
  const own = characteristic === TOTAL ? undefined : parameters.characteristics[characteristic];
  const rule: Rule = { ...parameters.rule, ...own };
  return characteristic === TOTAL || !rule.sensitive ? rule : { ...rule, zeros: 'hidden' };
}

/** The rule of a figure that tells of these characteristics; of none, the rule of totals. */
export function combined(parameters: Parameters, told: readonly string[]): { threshold: number; zeros: Zeros } {
  const rules = (told.length > 0 ? told : [TOTAL]).map((id) => ruleOf(parameters, id));
  let zeros: Zeros = rules.every((rule) => rule.zeros === 'shown') ? 'shown' : 'whenNeeded';
  if (rules.some((rule) => rule.zeros === 'hidden')) zeros = 'hidden';
  return { threshold: Math.max(...rules.map((rule) => rule.threshold)), zeros };
}

/** A count as it is published where it is not suppressed: the nearest multiple of the base, halves upwards. */
export const rounded = (count: number, base: number): number => Math.floor((count + base / 2) / base) * base;

/** The counts that are published as this number: what a reader learns from it. */
export function readAs(published: number, base: number, threshold: number): [low: number, high: number] {
  if (published === 0) return [0, 0];
  const below = Math.floor(base / 2);
  return [Math.max(threshold, published - below), published + base - 1 - below];
}
