import { furthestStages } from '../../src/involvement';
import { Db } from '../../src/kernel/db/db';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';
import { ReachRecord } from './reach-record';
import { TakingPart } from './taking-part';

/** A dozen people, worked out by hand for the third quarter of 2026. */
describe('how far people came', () => {
  let t: TestApp;
  let on: TakingPart;
  let past: ReachRecord;
  const id: Record<string, string> = {};

  const person = async (name: string, home = OURS): Promise<string> => (id[name] = await on.contributor(home, name));
  const told = async (from: string, until: string): Promise<Record<string, string>> => {
    const names = new Map(Object.entries(id).map(([name, contributorId]) => [contributorId, name]));
    const answer: Record<string, string> = {};
    for await (const row of furthestStages(t.app.get(Db), { from, until })) {
      const name = names.get(row.contributorId);
      const home = row.organisationId === (await t.organisation(OURS)) ? 'ours' : 'theirs';
      if (name) answer[name] = `${home} ${row.stage} ${row.day}`;
    }
    return answer;
  };

  beforeAll(async () => {
    t = await startApp();
    on = new TakingPart(t);
    past = new ReachRecord(t);
    const [ours, theirs] = [await on.project(OURS), await on.project(THEIRS)];
    const P = await past.publish(ours, 'survey', 'design', 'online');
    const R = await past.publish(theirs, 'survey', 'design', 'phone');
    const interest = async (name: string, at: string, received: string, state: string, offered?: string) =>
      past.interest(at, { received, state, offered, contributorId: id[name] ?? '' });

    // Ana came in June, was offered in July, and attended twice: the first day counts, and only the furthest stage.
    await person('Ana');
    const one = await interest('Ana', P, '2026-06-10T10:00:00Z', 'accepted', '2026-07-05T10:00:00Z');
    await past.involvement(ours, id.Ana ?? '', { opportunityId: P, interestId: one }, [
      ['2026-08-20', 'attended'],
      ['2026-07-20', 'attended'],
    ]);
    // Bo was offered a minute before the quarter ended in the UK, and let it lapse; Cy a minute after, so Cy was interested only.
    await person('Bo');
    await interest('Bo', P, '2026-08-15T10:00:00Z', 'lapsed', '2026-09-30T22:59:00Z');
    await person('Cy');
    await interest('Cy', P, '2026-09-01T10:00:00Z', 'lapsed', '2026-09-30T23:01:00Z');
    // Di sent two interests; the first day counts. It came half an hour after midnight on 1 July in the UK. Neither was taken up.
    await person('Di');
    await interest('Di', P, '2026-06-30T23:30:00Z', 'not-selected');
    await interest('Di', R, '2026-09-02T10:00:00Z', 'received');
    // Ed calls theirs home and took part in ours: counted at home.
    await person('Ed', THEIRS);
    await past.involvement(ours, id.Ed ?? '', {}, [['2026-07-01', 'attended']]);
    // Flo attended only on the first day after the quarter, and Gus missed what he was expected at; both began in January.
    await person('Flo');
    await past.involvement(ours, id.Flo ?? '', {}, [['2026-10-01', 'attended']]);
    await person('Gus');
    await past.involvement(ours, id.Gus ?? '', {}, [['2026-08-01', 'missed']]);
    // Hal's involvement began in the quarter without any interest: chosen. Ivy's was cancelled.
    await person('Hal');
    await past.involvement(ours, id.Hal ?? '', {}, []);
    await t.db.query(`UPDATE involvement.involvement SET "from" = '2026-08-09' WHERE contributor_id = $1`, [id.Hal]);
    await person('Ivy');
    await past.involvement(ours, id.Ivy ?? '', {}, []);
    await t.db.query(
      `UPDATE involvement.involvement SET "from" = '2026-08-09', state = 'cancelled', end_reason = 'other' WHERE contributor_id = $1`,
      [id.Ivy],
    );
    // Jo did nothing. Kit came after the quarter. Lu has left, Mo has no home.
    await person('Jo');
    await person('Kit');
    await t.db.query(`UPDATE people.contributor_organisation SET "from" = '2026-10-01' WHERE contributor_id = $1`, [
      id.Kit,
    ]);
    await person('Lu');
    await t.db.query(`UPDATE people.contributor SET state = 'left', left_at = now() WHERE id = $1`, [id.Lu]);
    await person('Mo');
    await t.db.query('UPDATE people.contributor_organisation SET home = false WHERE contributor_id = $1', [id.Mo]);
  });
  afterAll(() => t.stop());

  it('tells everybody once, at home, with the furthest stage of the period and its first day', async () => {
    expect(await told('2026-07-01', '2026-10-01')).toEqual({
      Ana: 'ours took-part 2026-07-20',
      Bo: 'ours selected 2026-09-30',
      Cy: 'ours interested 2026-09-01',
      Di: 'ours interested 2026-07-01',
      Ed: 'theirs took-part 2026-07-01',
      Flo: 'ours registered 2026-01-01',
      Gus: 'ours registered 2026-01-01',
      Hal: 'ours selected 2026-08-09',
      Ivy: 'ours registered 2026-01-01',
      Jo: 'ours registered 2026-01-01',
    });
  });

  it('tells the quarter after by what happened in it', async () => {
    const answer = await told('2026-10-01', '2027-01-01');
    expect(answer).toMatchObject({
      Ana: 'ours registered 2026-01-01',
      Cy: 'ours selected 2026-10-01',
      Flo: 'ours took-part 2026-10-01',
      Kit: 'ours registered 2026-10-01',
    });
    expect(Object.keys(answer)).toHaveLength(11);
  });
});
