import { at, Ground } from './ground';
import type { SuppressionCost } from './model';

/** What protection costs: the share of figures large enough to be shown that a reader does not get. */
export function suppressionCost(ground: Ground): SuppressionCost {
  // A sum that was made by a merge is in place of figures that the catalogue names, which count as withheld.
  const large = ground.figures.filter(
    (figure, f) =>
      figure.release < 0 &&
      figure.promise !== null &&
      !figure.key.includes('+') &&
      at(ground.count, f) >= figure.threshold,
  );
  const withheld = large.filter((figure) => figure.status !== 'open').length;
  return { large: large.length, withheld, share: large.length > 0 ? withheld / large.length : 0 };
}
