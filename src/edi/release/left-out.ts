import type { Merge, Unit } from '../disclosure/model';
import { CHARACTERISTICS, POPULATIONS } from './catalogue';
import type { Population, PublishedUnit } from './published';

/** What a standing return tells besides or instead of the answers given here: null means everything. */
export interface ToldRow {
  organisationId: string;
  /** The release in which the organisation was last refreshed. */
  refreshedIn: string;
  characteristics: string[] | null;
  stages: string[] | null;
}

/**
 * The signed-off return of each organisation ($1) in the collection of the release ($2) that its counts are of. Live returns, and
 * organisations without any, tell all that is asked here.
 */
export const TOLD = `
  SELECT w.organisation_id AS "organisationId", w.release_id AS "refreshedIn", t.told_characteristics AS characteristics, t.told_stages AS stages
  FROM unnest($1::uuid[], $2::uuid[]) AS w(organisation_id, release_id)
  JOIN edi.release r ON r.id = w.release_id
  JOIN edi.return t ON t.collection_id = r.collection_id AND t.organisation_id = w.organisation_id
    AND t.state = 'signed-off' AND t.form <> 'live'`;

/**
 * What the units cannot tell, because the return of none of their organisations held the question or told the stage. Left out before
 * anything is counted: it follows from what returns asked, which is no secret, and never from what was answered. Everybody who is
 * counted is registered, so that this population is always told.
 */
export function leftOutOf(units: readonly Unit[], told: readonly ToldRow[]): Merge[] {
  const of = new Map(told.map((row) => [`${row.organisationId}:${row.refreshedIn}`, row]));
  return units.flatMap(({ id: unit, leaves }) => {
    const tells = (what: 'characteristics' | 'stages', name: string): boolean =>
      leaves.some((leaf) => of.get(leaf)?.[what]?.includes(name) ?? true);
    const missing = CHARACTERISTICS.filter((characteristic) => !tells('characteristics', characteristic));
    return POPULATIONS.flatMap(({ id: population }): Merge[] =>
      population === 'registered' || tells('stages', population)
        ? missing.map((characteristic) => ({ kind: 'characteristic', unit, population, characteristic }))
        : [{ kind: 'population', unit, population }],
    );
  });
}

/** Whether this stands among what was left out. */
export const isLeftOut = (leftOut: readonly Merge[], merge: Merge): boolean =>
  leftOut.some((one) => JSON.stringify(one) === JSON.stringify(merge));

/** Whether a whole population of a unit was left out. */
export const populationLeftOut = (leftOut: readonly Merge[], unit: string, population: Population): boolean =>
  isLeftOut(leftOut, { kind: 'population', unit, population });

/** What was left out, as a sentence of the release; none where nothing was. */
export function leftOutNote(leftOut: readonly Merge[], units: readonly PublishedUnit[]): string[] {
  const names = [...new Set(leftOut.map((merge) => merge.unit))].flatMap(
    (key) => units.find((unit) => unit.key === key)?.name ?? [],
  );
  return names.length === 0
    ? []
    : [
        `Where no return of a unit held a question or told a stage, its figures are marked [x], not available: nobody returned them. The tables say which. They are of: ${names.sort().join(', ')}.`,
      ];
}
