import type { PublishedRelease } from '../release/published';
import { HUB, POPULATION_ORDER, tableOf } from '../report/figures';
import { GapAim, measured } from './outcome';

/** Why a release cannot show a gap: which field is wrong, what is so, and what to do. */
export interface NotShown {
  code: 'not_in_release' | 'figure_not_published';
  at: `/${keyof GapAim}`;
  detail: string;
  message: string;
}

/** What keeps a gap from resting on a number of the release; undefined where it rests on one. */
export function notShown(release: PublishedRelease, aim: GapAim): NotShown | undefined {
  const found = measured(release, aim);
  if (!found) return wrongPlace(release, aim);
  if (found.figure.value !== null) return undefined;
  return {
    code: 'figure_not_published',
    at: '/category',
    detail: `The release gives no percentage here, so it cannot show a gap. ${found.why ?? ''}`,
    message: 'Name a category or a unit whose percentage the release gives, or wait for a release that gives this one.',
  };
}

function wrongPlace(release: PublishedRelease, aim: GapAim): NotShown {
  const wrong = (field: keyof GapAim, detail: string, message: string): NotShown => ({
    ...{ code: 'not_in_release', at: `/${field}`, detail, message },
  });
  const table = tableOf(release, aim.tableKey);
  if (!table)
    return wrong(
      'tableKey',
      'The release has no such table.',
      `Send the key of a table as /v1/diversity/releases/${release.id}/tables lists it.`,
    );
  const { byHub, figures, population } = table.table;
  if (!figures.some((one) => one.unit === aim.unit))
    return wrong(
      'unit',
      'The table tells nothing of this unit.',
      `Send one of its units: ${table.units.map(({ key }) => key).join(', ')}.`,
    );
  if (byHub !== (aim.ethnicGroup !== null) || !figures.some((one) => one.hub === aim.ethnicGroup))
    return wrong(
      'ethnicGroup',
      byHub ? 'The table tells categories by ethnic group.' : 'The table does not tell ethnic groups apart.',
      byHub ? `Send one of these: ${table.hubs.map(({ code }) => code).join(', ')}.` : 'Send null, or leave it out.',
    );
  const categories = table.characteristic.categories.filter(({ unknown }) => !unknown).map(({ code }) => code);
  if (!categories.includes(aim.category))
    return wrong(
      'category',
      `${table.characteristic.label} has no such category with a percentage.`,
      `Send one of these: ${categories.join(', ')}.`,
    );
  return wrong(
    'measure',
    population === POPULATION_ORDER[0] || byHub
      ? `Progress is measured in a table of a later stage than ${POPULATION_ORDER[0]}, and not in one by ${HUB} and another characteristic.`
      : 'The release has no table of the next wider population with this unit.',
    'Send the measure share, or the key of a table of a later stage.',
  );
}
