import { OpportunityKind, OpportunityMode, ResearchStage } from '../opportunity/opportunity-choices';
import type { Why } from './disclosure';
import type { ReachBy, ReachDefinitions } from './reach.dto';

/** What the report says in words, and which lines it always has. */

export const DEFINITIONS: ReachDefinitions = {
  reached:
    'How often sites showed opportunities in the period, as far as they told us. Somebody who looks twice is counted twice.',
  interested: 'Interests that reached an organiser in the period, by whatever way they came. A group counts once.',
  selected:
    'Interests that were offered a place in the period, whether or not it was then taken. Each counts once, at its last offer.',
  tookPart:
    'People’s parts in a project with at least one activity in the period at which they were there. Each counts once; by month, once in each month.',
};

export const EXACT =
  'Exact figures, for use inside the organisation. Before you share them, think of whom a small number could point to.';
export const PROTECTED =
  'National figures of a whole quarter, counted once for the release that they come from and not changed since, rounded to the nearest 5. Numbers from 1 to 7 are withheld; where a breakdown has one, its whole column is. Where the release withholds how many people came so far, the number that bounds them is withheld too.';

export const SAYS: Record<Why, string> = {
  small: 'This is a number from 1 to 7, which is withheld so that nobody can be picked out.',
  'small-beside':
    'A number in this column is from 1 to 7. The column is withheld, since its other numbers would tell that one.',
  'withheld-with-release':
    'A release about this quarter withholds how many people came so far. This number would say how many they are at most, so it is withheld too.',
  'not-known': 'Sites do not tell this by channel. See the total.',
};

const WITHOUT = 'without-opportunity';
const NOT_SAID = 'not-said';

/** The values that the breakdown always has, in their order. */
export function valuesOf(by: ReachBy | undefined, from: string, to: string): string[] {
  switch (by) {
    case 'kind':
      return [...Object.values(OpportunityKind), WITHOUT];
    case 'stage':
      return [...Object.values(ResearchStage), NOT_SAID, WITHOUT];
    case 'mode':
      return [...Object.values(OpportunityMode), NOT_SAID, WITHOUT];
    case 'channel':
      return ['assisted', 'unassisted', 'without-interest'];
    case 'month':
      return monthsOf(from, to);
    default:
      return [];
  }
}

function monthsOf(from: string, to: string): string[] {
  const months: string[] = [];
  const day = new Date(`${from.slice(0, 7)}-01T00:00:00Z`);
  for (let month = from.slice(0, 7); month <= to.slice(0, 7); month = day.toISOString().slice(0, 7)) {
    months.push(month);
    day.setUTCMonth(day.getUTCMonth() + 1);
  }
  return months;
}

const WORDS: Readonly<Record<string, string>> = {
  assisted: 'Somebody helped',
  unassisted: 'By themselves',
  'without-interest': 'Began without an interest',
  'without-opportunity': 'Began without an opportunity',
  'not-said': 'Not said',
  'co-applicant': 'Co-applicant',
  'co-design': 'Co-design',
};

/** A value in words. */
export function labelOf(by: ReachBy | undefined, value: string | null): string {
  if (value === null) return 'All together';
  if (by === 'month')
    return new Date(`${value}-01T12:00:00Z`).toLocaleDateString('en-GB', {
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    });
  return WORDS[value] ?? value.charAt(0).toUpperCase() + value.slice(1).replace(/-/g, ' ');
}
