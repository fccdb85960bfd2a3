import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { cloneDatabase, ClonedDatabase } from '../support/database';

const sql = (name: string): string => readFileSync(join(__dirname, '../../src/edi/release', `${name}.sql`), 'utf8');
const [COUNTS, NAME_COUNTS] = [sql('counts'), sql('name-counts')];
const [GATE, DROP_HELD, KEEP_HELD] = [sql('gate'), sql('drop-held'), sql('keep-held')];
const HUB_PLACE = 1;
const THRESHOLD = 10;

/** Somebody as a snapshot has them: who it is (null where that is not known), how far they came, their two answers. */
interface Member {
  who: number | null;
  stage?: string;
  answers?: [hub: number, sex: number];
}

interface Decided {
  form: string;
  joined: number;
  left_again: number;
  changed: number;
  held: boolean;
  refreshed_in: string;
}

const somebody = (who: number, more: Partial<Member> = {}): Member => ({ who, ...more });
const people = (count: number, from = 0): Member[] => Array.from({ length: count }, (_, i) => somebody(from + i));
const nameless = (members: Member[]): Member[] => members.map((one) => ({ ...one, who: null }));
const withSex = (members: Member[], sex: number, count: number): Member[] =>
  members.map((one, i) => (i < count ? { ...one, answers: [1, sex] } : one));

/** The rule that the product applies, statement by statement, on one organisation. */
describe('the rule of the refresh gate', () => {
  let database: ClonedDatabase;
  let owner: Client;
  const organisation = randomUUID();

  beforeAll(async () => {
    database = await cloneDatabase();
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(`
      DELETE FROM edi_snapshot.category;
      INSERT INTO edi_snapshot.category (place, code, characteristic, category) VALUES
        (1, 0, 'ethnic-group', 'not-known'), (1, 1, 'ethnic-group', 'white'),
        (2, 0, 'sex', 'not-known'), (2, 1, 'sex', 'female'), (2, 2, 'sex', 'male')`);
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  /** A snapshot up to the gate's decision and what follows from it, as `Snapshots.take` goes; answers what was decided. */
  const snapshot = async (previous: string | null, fill: (release: string) => Promise<unknown>): Promise<Decided> => {
    const release = randomUUID();
    await owner.query('BEGIN');
    await fill(release);
    for (const statement of [COUNTS, NAME_COUNTS]) await owner.query(statement, [release, HUB_PLACE]);
    if (previous === null) shown.clear();
    const earlier = [...(shown.get(organisation) ?? [])].filter((one) => one !== previous).reverse();
    await owner.query(GATE, [release, previous, THRESHOLD, previous === null ? [] : [previous, ...earlier]]);
    await owner.query(DROP_HELD, [release]);
    await owner.query(KEEP_HELD, [release]);
    await owner.query('COMMIT');
    const { rows } = await owner.query<Decided & { release_id: string }>(
      `SELECT release_id, form, joined, left_again, changed, held, refreshed_in FROM edi_snapshot.unit WHERE release_id = $1`,
      [release],
    );
    expect(rows).toHaveLength(1);
    newest = release;
    shown.set(organisation, [...(shown.get(organisation) ?? []), release]);
    return rows[0]!;
  };
  let newest = '';
  /** Every release since the first, in their order. */
  const shown = new Map<string, string[]>();

  const ofPeople = (members: Member[], previous: string | null = null): Promise<Decided> =>
    snapshot(previous, (release) =>
      owner.query(
        `INSERT INTO edi_snapshot.member (release_id, organisation_id, pseudonym, stage, answers)
         SELECT $1, $2, decode(m.who, 'hex'), m.stage, ARRAY[m.hub, m.sex] FROM jsonb_to_recordset($3::jsonb)
           AS m(who text, stage text, hub smallint, sex smallint)`,
        [
          release,
          organisation,
          JSON.stringify(
            members.map(({ who, stage = 'registered', answers: [hub, sex] = [1, 1] }) => ({
              ...{ stage, hub, sex },
              who: who === null ? null : createHash('sha256').update(String(who)).digest('hex'),
            })),
          ),
        ],
      ),
    );
  const ofCounts = (counts: Record<string, number>, previous: string | null = null): Promise<Decided> =>
    snapshot(previous, (release) =>
      owner.query(
        `INSERT INTO edi_snapshot.returned_count (release_id, organisation_id, stage, characteristic, category, people)
         SELECT $1, $2, 'registered', 'sex', c.key, c.value::integer FROM jsonb_each_text($3::jsonb) AS c`,
        [release, organisation, JSON.stringify(counts)],
      ),
    );
  const counted = async (release: string): Promise<number> => {
    const { rows } = await owner.query<{ people: number }>(
      `SELECT count(*)::integer AS people FROM edi_snapshot.unit u
       JOIN edi_snapshot.member m ON m.release_id = u.refreshed_in AND m.organisation_id = u.organisation_id WHERE u.release_id = $1`,
      [release],
    );
    return rows[0]!.people;
  };

  it('holds nothing where there was no release before', async () => {
    expect(await ofPeople(people(3))).toMatchObject({ form: 'records', joined: 3, held: false, refreshed_in: newest });
  });

  it.each([
    [0, 0, 0, 'unchanged'],
    [1, 0, 0, 'held'],
    [0, 1, 0, 'held'],
    [0, 0, 9, 'held'],
    [3, 3, 3, 'held'],
    [10, 0, 0, 'refreshed'],
    [0, 10, 0, 'refreshed'],
    [4, 3, 3, 'refreshed'],
  ])('%i joined, %i left, %i with another answer: %s', async (joined, left, changed, expected) => {
    await ofPeople(people(50));
    const before = newest;
    const now = [...withSex(people(50 - left), 2, changed), ...people(joined, 100)];
    const decided = await ofPeople(now, before);
    expect(decided).toMatchObject({ joined, left_again: left, changed, held: expected === 'held' });
    expect(decided.refreshed_in).toBe(expected === 'refreshed' ? newest : before);
    expect(await counted(newest)).toBe(expected === 'held' ? 50 : 50 - left + joined);
  });

  it('takes another stage for a change, and counts who changed both once', async () => {
    await ofPeople(people(50));
    const now = people(50).map((one, i) => (i < 9 ? { ...one, stage: 'selected' } : one));
    expect(await ofPeople(withSex(now, 2, 9), newest)).toMatchObject({ changed: 9, held: true });
  });

  it('lets two joiners a quarter show in the end, since changes are counted from the last renewed snapshot', async () => {
    await ofPeople(people(50));
    const first = newest;
    for (const joined of [2, 4, 6, 8]) {
      expect(await ofPeople(people(50 + joined), newest)).toMatchObject({ joined, held: true, refreshed_in: first });
      expect(await counted(newest)).toBe(50);
    }
    expect(await ofPeople(people(60), newest)).toMatchObject({ joined: 10, held: false, refreshed_in: newest });
    expect(await counted(newest)).toBe(60);
  });

  it('holds a few at an organisation that had nobody, and one that loses its last few', async () => {
    await ofPeople(people(9));
    expect(await ofPeople([], newest)).toMatchObject({ form: 'records', left_again: 9, held: true });
    expect(await counted(newest)).toBe(9);
  });

  describe('against everything that was ever shown', () => {
    it('holds one who joined although the organisation was missing from the release between', async () => {
      await ofPeople(people(50));
      const first = newest;
      expect(await ofPeople([], newest)).toMatchObject({ form: 'empty', left_again: 50, held: false });
      expect(await ofPeople(people(51), newest)).toMatchObject({ joined: 1, held: true, refreshed_in: first });
      expect(await counted(newest)).toBe(50);
      expect(await ofPeople(people(59), newest)).toMatchObject({ joined: 9, held: true, refreshed_in: first });
      expect(await ofPeople(people(60), newest)).toMatchObject({ joined: 10, held: false, refreshed_in: newest });
      expect(await counted(newest)).toBe(60);
    });

    it('takes counts that were shown before for the same, whatever was shown between', async () => {
      await ofPeople(people(50));
      const first = newest;
      expect(await ofPeople(people(80), newest)).toMatchObject({ joined: 30, refreshed_in: newest });
      expect(await ofPeople(people(50), newest)).toMatchObject({ held: false, refreshed_in: first });
      expect(await ofPeople(people(78), newest)).toMatchObject({ left_again: 2, held: true });
    });

    it('shows an organisation that grew', async () => {
      await ofPeople([somebody(1)]);
      expect(await ofPeople(people(30), newest)).toMatchObject({ held: false, refreshed_in: newest });
    });
  });

  it('does not let people who came further hide one who joined', async () => {
    await ofPeople(people(50));
    const first = newest;
    const further = people(50).map((one, i) => (i < 12 ? { ...one, stage: 'selected' } : one));
    expect(await ofPeople([...further, somebody(100)], newest)).toMatchObject({
      joined: 1,
      held: true,
      refreshed_in: first,
    });
    expect(await ofPeople(further, newest)).toMatchObject({
      joined: 0,
      changed: 12,
      held: false,
      refreshed_in: newest,
    });
    expect(await ofPeople(people(50), newest)).toMatchObject({ held: false, refreshed_in: first });
  });

  it('takes nobody for changed by a question that one side was not told', async () => {
    await ofPeople(withSex(people(50), 0, 50));
    const first = newest;
    expect(await ofPeople(people(51), newest)).toMatchObject({
      joined: 1,
      changed: 0,
      held: true,
      refreshed_in: first,
    });
    await ofPeople(people(70), newest);
    const second = newest;
    const untold = withSex(people(71), 0, 71);
    expect(await ofPeople(untold, newest)).toMatchObject({ joined: 1, changed: 0, held: true, refreshed_in: second });
  });

  describe('without pseudonyms', () => {
    it('takes the least number of people who must differ for the rows to differ as they do', async () => {
      await ofPeople(nameless(people(50)));
      const before = newest;
      expect(await ofPeople(nameless(withSex(people(50), 2, 3)), before)).toMatchObject({
        ...{ form: 'anonymous', joined: 0, left_again: 0, changed: 3, held: true, refreshed_in: before },
      });
      expect(await ofPeople(nameless(withSex(people(52), 2, 12)), before)).toMatchObject({
        ...{ joined: 2, left_again: 0, changed: 10, held: false, refreshed_in: newest },
      });
    });

    it('takes equal rows for the same', async () => {
      await ofPeople(nameless(people(50)));
      const before = newest;
      expect(await ofPeople(nameless(people(50, 200)), before)).toMatchObject({ held: false, refreshed_in: before });
    });

    it('does so for counts by their margins', async () => {
      await ofCounts({ female: 30, male: 20 });
      const before = newest;
      expect(await ofCounts({ female: 33, male: 18 }, before)).toMatchObject({
        ...{ form: 'counts', joined: 1, left_again: 0, changed: 2, held: true, refreshed_in: before },
      });
      expect(await ofCounts({ female: 30, male: 30 }, before)).toMatchObject({ joined: 10, held: false });
    });

    it('compares rows with counts by what both were told, stages too', async () => {
      await ofCounts({ female: 50 });
      const first = newest;
      expect(await ofPeople(people(53), newest)).toMatchObject({
        form: 'counts',
        joined: 3,
        held: true,
        refreshed_in: first,
      });
      const further = people(50).map((one, i) => (i < 9 ? { ...one, stage: 'selected' } : one));
      expect(await ofPeople(further, newest)).toMatchObject({ changed: 9, held: true, refreshed_in: first });
      expect(await ofPeople(people(60), newest)).toMatchObject({ form: 'records', joined: 10, held: false });
    });

    it('takes the same people in another form for the same', async () => {
      await ofPeople(people(50));
      const before = newest;
      expect(await ofCounts({ female: 50 }, before)).toMatchObject({
        ...{ form: 'records', joined: 0, left_again: 0, changed: 0, held: false, refreshed_in: before },
      });
    });
  });
});
