import type { Population, PublishedTable } from './published';

/** Figures of reach that count what each of some people has at least one of. */
type Bounding = 'interested' | 'tookPart';

/** Of which populations the release must tell how many people there are, for the figure to bound nothing that it withholds. */
const BOUNDS: Readonly<Record<Bounding, readonly Population[]>> = {
  tookPart: ['took-part'],
  interested: ['interested', 'selected'],
};

/**
 * What of reach a release cannot be published with. Everybody who took part has a part in a project, so the number of parts is the
 * most that they can be: told beside a withheld number of people, it bounds it, and a small one says that the people are few. Decided
 * from the published tables alone, so that what is withheld tells nothing. Populations without a table have nothing to protect.
 */
export function reachWithheld(tables: readonly PublishedTable[]): Bounding[] {
  return (Object.keys(BOUNDS) as Bounding[]).filter((figure) =>
    BOUNDS[figure].some((population) => {
      const own = tables.filter((table) => table.population === population);
      return own.length > 0 && !own.some(tellsEverybody);
    }),
  );
}

/** Whether a table tells how many people there are in all organisations together. */
const tellsEverybody = ({ level, figures }: PublishedTable): boolean =>
  level === 'all' && figures.some(({ hub, category, value }) => hub === null && category === null && value !== null);
