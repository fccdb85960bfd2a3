import { OURS, TestApp, THEIRS } from '../support/app';
import { ReachRecord } from './reach-record';
import { TakingPart } from './taking-part';

/** One line of the report on reach. */
export interface ReachRow {
  value: string | null;
  label: string;
  reached: number | null;
  interested: number | null;
  selected: number | null;
  tookPart: number | null;
  gaps: { figure: string; why: string }[];
}

/** The report on reach. */
export interface ReachBody {
  exact: boolean;
  organisationId: string | null;
  release: { id: string; number: number; releasedOn: string } | null;
  disclosure: string;
  definitions: Record<string, string>;
  total: ReachRow;
  rows: ReachRow[];
}

/** The quarter in which everything happened that `aQuarterOnRecord` puts on record. */
export const QUARTER = 'from=2026-07-01&to=2026-09-30';

/** A line as its value and four figures. */
export const figures = ({ value, reached, interested, selected, tookPart }: ReachRow) => [
  value,
  reached,
  interested,
  selected,
  tookPart,
];

/** The lines that say more than nought. */
export const said = (rows: ReachRow[]) =>
  rows
    .filter((row) => [row.reached, row.interested, row.selected, row.tookPart].some((n) => n !== 0 && n !== null))
    .map(figures);

export interface QuarterOnRecord {
  opportunity: Record<'P' | 'Q' | 'R', string>;
  project: Record<'ours' | 'theirs', string>;
}

/** Three opportunities of two organisations with all that the report counts, within the quarter and just outside. */
export async function aQuarterOnRecord(t: TestApp): Promise<QuarterOnRecord> {
  const on = new TakingPart(t);
  const past = new ReachRecord(t);
  const project = { ours: await on.project(OURS), theirs: await on.project(THEIRS) };
  const P = await past.publish(project.ours, 'survey', 'design', 'online');
  const Q = await past.publish(project.ours, 'advisory-group', 'undertaking', 'in-person');
  const R = await past.publish(project.theirs, 'survey', 'design', 'phone');
  const [x, y] = [(await t.account('site', THEIRS)).id, (await t.account('site', OURS)).id];
  // Views: 100 + 20 + 30 of P, 50 of Q, 8 of R in the quarter; 999 the day after it.
  await past.view(P, x, '2026-07-01', 100);
  await past.view(P, y, '2026-07-01', 20);
  await past.view(P, x, '2026-08-31', 30);
  await past.view(Q, x, '2026-09-30', 50);
  await past.view(Q, x, '2026-10-01', 999);
  await past.view(R, x, '2026-07-15', 8);
  const [ana, bo, cy, di, ed, flo] = (await Promise.all(
    ['Ana', 'Bo', 'Cy', 'Di', 'Ed', 'Flo'].map((name) => on.contributor(OURS, name)),
  )) as [string, string, string, string, string, string];
  // 1: came half an hour after midnight on 1 July in the UK; offered in August, accepted; helped.
  const one = await past.interest(P, {
    received: '2026-06-30T23:30:00Z',
    assisted: true,
    offered: '2026-08-05T10:00:00Z',
    state: 'accepted',
    contributorId: ana,
  });
  // 2: came in July, not selected. 3: came on 1 October in the UK.
  await past.interest(P, { received: '2026-07-10T10:00:00Z', state: 'not-selected', contributorId: bo });
  await past.interest(P, { received: '2026-09-30T23:30:00Z', state: 'received', contributorId: cy });
  // 4: came in August, offered one minute before the quarter's end, lapsed. 5: came before the quarter, offered in July, accepted.
  await past.interest(Q, {
    received: '2026-08-15T10:00:00Z',
    offered: '2026-09-30T22:59:00Z',
    state: 'lapsed',
    contributorId: bo,
  });
  const five = await past.interest(Q, {
    received: '2026-06-01T10:00:00Z',
    offered: '2026-07-02T10:00:00Z',
    state: 'accepted',
    contributorId: di,
  });
  // 6: theirs.
  await past.interest(R, { received: '2026-07-07T10:00:00Z', state: 'received', contributorId: ed });
  // Taking part: 1 in August and September; 5 in July; one without an opportunity in September; one who missed; one after the quarter.
  await past.involvement(project.ours, ana, { opportunityId: P, interestId: one }, [
    ['2026-08-20', 'attended'],
    ['2026-09-10', 'attended'],
    ['2026-09-20', 'missed'],
  ]);
  await past.involvement(project.ours, di, { opportunityId: Q, interestId: five }, [['2026-07-20', 'attended']]);
  await past.involvement(project.ours, flo, {}, [['2026-09-01', 'attended']]);
  await past.involvement(project.ours, cy, {}, [
    ['2026-08-01', 'missed'],
    ['2026-08-02', 'cancelled'],
  ]);
  await past.involvement(project.theirs, ed, { opportunityId: R }, [['2026-10-02', 'attended']]);
  return { opportunity: { P, Q, R }, project };
}
