import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '../../kernel/db/db';

const SQL = readFileSync(join(__dirname, 'furthest-stages.sql'), 'utf8');

/** How far somebody came, the least first. */
export const STAGES = ['registered', 'interested', 'selected', 'took-part'] as const;
export type Stage = (typeof STAGES)[number];

/** One contributor with the furthest stage that they reached in a period. */
export interface FurthestStage {
  contributorId: string;
  /** The organisation that the contributor calls home; each has one at most. */
  organisationId: string;
  stage: Stage;
  /** The day on which that stage was first reached in the period, as YYYY-MM-DD; of the registered, the day they came home. */
  day: string;
}

interface Row {
  contributor_id: string;
  organisation_id: string;
  stage: Stage;
  day: string;
}

/**
 * How far each contributor with a home organisation came in a period, by a cursor in constant memory and from one moment of the
 * database. What each stage means stands in `furthest-stages.sql`.
 * @param period days as YYYY-MM-DD; `until` is the first day that no longer belongs to it
 */
export async function* furthestStages(
  db: Pick<Db, 'stream'>,
  period: { from: string; until: string },
): AsyncGenerator<FurthestStage> {
  for await (const row of db.stream<Row>(SQL, [period.from, period.until]))
    yield {
      contributorId: row.contributor_id,
      organisationId: row.organisation_id,
      stage: row.stage,
      day: row.day,
    };
}
