import type { Parameters } from './model';
import { ruleOf } from './rules';

/** The largest threshold that any figure of a release uses: so many must change before a leaf is counted anew. */
export function gateThreshold(parameters: Parameters): number {
  return Math.max(
    parameters.rule.threshold,
    ...Object.keys(parameters.characteristics).map((id) => ruleOf(parameters, id).threshold),
  );
}
