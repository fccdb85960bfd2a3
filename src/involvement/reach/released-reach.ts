import { dayInUk } from '../../kernel/clock';
import type { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { constraint } from '../../kernel/errors/describe';
import { Problem } from '../../kernel/errors/problem';
import { type Quarter, quarterOf, quartersIn } from './disclosure';
import { reachFile } from './reach-csv';
import { type Figure, ReachBy, type ReachReport } from './reach.dto';
import { countReach, type Cut } from './reach-count';
import { protectedFigures, type ReachFigures } from './reach-figures';

/** By what everybody may have the figures. */
const PUBLIC_CUTS = ['none', ReachBy.Kind, ReachBy.Stage, ReachBy.Mode, ReachBy.Channel, ReachBy.Month] as const;
/** Ten years: of a longer period the latest are told. */
const MOST_QUARTERS = 40;

const TOLD = 'SELECT DISTINCT quarter FROM involvement.released_reach WHERE quarter = ANY($1::date[])';
const TELL = `
  INSERT INTO involvement.released_reach (quarter, breakdown, report, release_id, release_number, released_on)
  SELECT $1, b.breakdown, b.report, $3, $4, $5 FROM json_to_recordset($2::json) AS b(breakdown text, report json)
  RETURNING id, breakdown`;
const READ = `
  SELECT quarter, breakdown, report, release_id, release_number, released_on FROM involvement.released_reach
  WHERE quarter = ANY($1::date[]) AND breakdown = ANY($2::text[]) ORDER BY quarter, array_position($2::text[], breakdown)`;
const NEWEST = 'SELECT max(quarter) AS quarter FROM involvement.released_reach';

interface Stored {
  quarter: string;
  breakdown: Cut;
  report: ReachFigures;
  release_id: string;
  release_number: number;
  released_on: string;
}

/** The release with which figures are told. */
export interface TellingRelease {
  id: string;
  number: number;
  /** First day that it is about. */
  from: string;
  /** First day that it is no longer about. */
  until: string;
  /** What is not told of a quarter, since tables of a release withhold how many people are behind it. */
  withheld: (quarter: Quarter) => readonly Figure[];
}

/**
 * Tells everybody the reach of each quarter that lies in a release's period as a whole and is over. Part of publishing it: no figure is
 * counted before. A quarter that an earlier release told keeps its figures.
 * @returns the quarters of the period as one CSV file; undefined where it holds none
 */
export async function releaseReach(tx: Tx, release: TellingRelease): Promise<string | undefined> {
  const today = dayInUk(tx.at);
  const quarters = quartersIn(release)
    .filter((quarter) => quarter.to < today)
    .slice(-MOST_QUARTERS);
  if (quarters.length === 0) return undefined;
  const first = quarters.map((quarter) => quarter.from);
  const told = new Set((await tx.query<Stored>(TOLD, [first])).map((row) => row.quarter));
  for (const quarter of quarters) if (!told.has(quarter.from)) await tell(tx, quarter, release, today);
  const reports = (await tx.query<Stored>(READ, [first, PUBLIC_CUTS])).map(reportOf);
  return reachFile(quarters.map(({ from }) => reports.filter((report) => report.from === from)));
}

async function tell(tx: Tx, quarter: Quarter, { id, number, withheld }: TellingRelease, today: string): Promise<void> {
  const counted = await countReach(tx, quarter, null, PUBLIC_CUTS);
  const reports = PUBLIC_CUTS.map((cut) => ({
    breakdown: cut,
    report: protectedFigures(counted(cut), { ...quarter, by: cut === 'none' ? undefined : cut }, withheld(quarter)),
  }));
  const added = await tx.query<{ id: string; breakdown: Cut }>(TELL, [
    ...[quarter.from, JSON.stringify(reports)],
    ...[id, number, today],
  ]);
  for (const row of added)
    tx.audit('created', 'released_reach', row.id, {
      after: { quarter: quarter.from, breakdown: row.breakdown, releaseId: id, releaseNumber: number },
    });
}

/** The figures of a quarter as they were released. @throws Problem reach_not_released where no release has told it */
export async function releasedReach(db: Db, from: string, by: ReachBy | undefined): Promise<ReachReport> {
  const [stored] = await db.query<Stored>(READ, [[from], [by ?? 'none']]);
  if (stored) return reportOf(stored);
  const [newest] = await db.query<{ quarter: string | null }>(NEWEST);
  throw notReleased(newest?.quarter ? quarterOf(newest.quarter) : undefined);
}

function reportOf({ quarter, breakdown, report, ...row }: Stored): ReachReport {
  const { disclosure, definitions, total, rows } = report;
  return {
    ...quarterOf(quarter),
    by: breakdown === 'none' ? null : breakdown,
    organisationId: null,
    exact: false,
    release: { id: row.release_id, number: row.release_number, releasedOn: row.released_on },
    ...{ disclosure, definitions, total, rows },
  };
}

function notReleased(newest: Quarter | undefined): Problem {
  const there = newest
    ? `The newest quarter that is released is ${newest.from} to ${newest.to}.`
    : 'No quarter has been released yet.';
  return new Problem(
    404,
    'reach_not_released',
    `The figures of a quarter are published with the release that covers it, and this quarter has none yet. ${there}`,
  );
}

constraint(
  'released_reach_once',
  409,
  'release_published_meanwhile',
  'Another release was published at this moment. Try again.',
);
constraint('released_reach_never_changes', 409, 'release_never_changes', 'Figures that were released never change.');
