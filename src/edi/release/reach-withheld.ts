import type { Tx } from '../../kernel/db/tx';
import type { Population } from './published';

/** Figures of reach that count what each of some people has at least one of. */
type Bounding = 'interested' | 'tookPart';

/** Of which populations releases must tell how many people there are, for the figure to bound nothing that they withhold. */
const BOUNDS: Readonly<Record<Bounding, readonly Population[]>> = {
  tookPart: ['took-part'],
  interested: ['interested', 'selected'],
};

/** Of the populations of each release that anybody can read, or is about to: whether one of its tables tells how many people they are. */
const TOLD = `
  SELECT r."from", r.until, t.population,
    bool_or(t.level = 'all' AND EXISTS (
      SELECT FROM jsonb_array_elements(t.figures) f
      WHERE f ->> 'unit' = 'all' AND f ->> 'hub' IS NULL AND f ->> 'category' IS NULL AND f ->> 'value' IS NOT NULL
    )) AS told
  FROM edi.release r JOIN edi.release_table t ON t.release_id = r.id
  WHERE (r.state IN ('published', 'superseded') OR r.id = $1) AND t.population <> 'registered'
  GROUP BY r.id, t.population`;

interface Told {
  from: string;
  until: string;
  population: Population;
  told: boolean;
}

/**
 * What of the reach of a quarter no release can stand beside. Everybody who took part has a part in a project, so the number of parts is
 * the most that they can be: told beside a withheld number of people, it bounds it, and a small one says that the people are few. That
 * holds for each release about a day of the quarter, whether or not it is the one that tells it, and whenever it was published. Decided
 * from the published tables alone, so that what is withheld tells nothing. Populations without a table have nothing to protect.
 * @param releaseId the release that is being published
 */
export async function reachWithheld(
  tx: Tx,
  releaseId: string,
): Promise<(quarter: { from: string; to: string }) => Bounding[]> {
  const populations = await tx.query<Told>(TOLD, [releaseId]);
  return ({ from, to }) => {
    const open = populations.filter((one) => one.from <= to && one.until > from && !one.told);
    return (Object.keys(BOUNDS) as Bounding[]).filter((figure) =>
      open.some(({ population }) => BOUNDS[figure].includes(population)),
    );
  };
}
