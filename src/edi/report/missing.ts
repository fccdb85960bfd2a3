import type { FigureStatus } from '../release/published';
import { Place, SMALLEST_BASE, TableFigures } from './figures';

/** Why a number or a percentage is not there, each as a sentence. A sentence names categories, and never a number of people. */

/** Too few people for any percentage. */
export const TOO_FEW_ANSWERED = `Fewer than ${SMALLEST_BASE} people gave an answer, too few for a percentage.`;

/** Why a count is not there. */
export const whyNoCount = (status: FigureStatus): string =>
  status === 'c'
    ? 'The number is withheld, because it is small or would tell another that is.'
    : 'The number is not available: nobody returned it, or it could not be shown safely.';

/** That nobody can say how many answered, since these categories are withheld; `answered` says who is meant. */
export function noBase(withheld: readonly string[], answered = 'gave an answer'): string {
  const names = withheld.map((label) => `“${label}”`);
  const all = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
  return `How many people ${answered} cannot be told, because ${all} ${names.length === 1 ? 'is' : 'are'} withheld or not available; without that there is no percentage.`;
}

/** Why it cannot be told how many gave an answer; null where it can. */
export function whyNoBase(table: TableFigures, unit: string, hub: string | null): string | null {
  if (table.known(unit, hub) !== null) return null;
  const missing = table
    .columns()
    .filter((category) => table.at({ unit, hub, category: category?.code ?? null }).value === null);
  return noBase(missing.map((category) => category?.label ?? 'Everybody'));
}

/** Why a place has no percentage; null where it has one. */
export function whyNoShare(table: TableFigures, place: Place): string | null {
  const { value, status } = table.share(place);
  if (value !== null) return null;
  if (status === 'z') return 'Percentages are of the people whose answer is known, and only of a category.';
  const count = table.at(place);
  if (count.value === null) return whyNoCount(count.status);
  return whyNoBase(table, place.unit, place.hub) ?? TOO_FEW_ANSWERED;
}
