import { OURS, startApp, TestApp, THEIRS } from '../support/app';
import { Figure, published, ReleaseBody, ReleasePeople } from './release-people';

const TABLES = (...by: string[][]) => ({
  minimumLeafSize: 25,
  tables: by.map((one) => ({ level: 'all', population: 'registered', by: one })),
});

/** Ethnic background tells ethnic group more finely: each background is in its group, and adds up to it. */
describe('a release by ethnic background', () => {
  let t: TestApp;
  let people: ReleasePeople;
  let steward: { authorization: string };

  beforeAll(async () => {
    t = await startApp();
    people = new ReleasePeople(t);
    steward = await t.as('data-steward');
    const add = (count: number, group: string | null, background: string | null): Promise<string[]> =>
      people.add(OURS, count, '2026-01-01', { ethnic_group: group, ethnic_background: background });
    await add(60, 'asian', 'asian-indian');
    await add(30, 'asian', null);
    await add(50, 'white', 'white-british');
    await add(3, 'white', 'white-irish');
    await add(20, 'prefer-not-to-say', null);
    await add(15, null, null);
    // The one question was answered otherwise than the other.
    await add(25, 'white', 'asian-indian');
    await add(10, 'white', 'prefer-not-to-say');
    await people.add(THEIRS, 40, '2026-01-01', { ethnic_group: 'white', ethnic_background: 'white-british' });
  });
  afterAll(() => t.stop());

  const figures = async (release: ReleaseBody, table: string): Promise<Record<string, number | string | null>> => {
    const { body } = await t.api.get(`/v1/diversity/releases/${release.id}/tables/${table}`).expect(200);
    return Object.fromEntries(
      (body as { figures: Figure[] }).figures.map(({ category, value, status }) => [
        category ?? 'all',
        value ?? status,
      ]),
    );
  };

  it('cannot be crossed with ethnic group, and is not among "each"', async () => {
    const crossed = await t.api
      .post('/v1/diversity/releases')
      .set(steward)
      .send({
        title: 'Crossed',
        from: '2026-07-01',
        until: '2026-10-01',
        catalogue: TABLES(['hub', 'ethnic-background']),
      })
      .expect(422);
    expect(JSON.stringify(crossed.body)).toContain('tells ethnic group more finely');
  });

  it('of counts that were frozen before it was counted holds everybody as not known, and takes nobody for changed', async () => {
    const first = await published(t, steward, { catalogue: TABLES(['ethnic-group'], ['sex']) });
    // As a snapshot was before ethnic background was counted: one answer fewer of each person, and no counts of it.
    const place = `(SELECT DISTINCT place FROM edi_snapshot.category WHERE characteristic = 'ethnic-background')`;
    const { rows } = await t.db.query<{ last: boolean }>(
      `SELECT ${place} = cardinality(answers) AS last FROM edi_snapshot.member LIMIT 1`,
    );
    expect(rows).toEqual([{ last: true }]);
    await t.db.query(`UPDATE edi_snapshot.member SET answers = trim_array(answers, 1)`);
    // Counts of a release that was shown stay: its keeper steps aside for as long as it takes to make an older one of it.
    await t.db.query(`
      ALTER TABLE edi_snapshot.unit_count DISABLE TRIGGER unit_count_not_removed;
      DELETE FROM edi_snapshot.unit_count WHERE characteristic = 'ethnic-background';
      ALTER TABLE edi_snapshot.unit_count ENABLE TRIGGER unit_count_not_removed`);

    await people.add(OURS, 2, '2026-02-01', { ethnic_group: 'asian', ethnic_background: 'asian-indian' });
    await people.add(THEIRS, 20, '2026-02-01', { ethnic_group: 'white', ethnic_background: 'white-british' });
    const second = await published(t, steward, { catalogue: TABLES(['ethnic-group'], ['ethnic-background']) });
    const { rows: gate } = await t.db.query(
      `SELECT o.slug, u.joined, u.changed, u.held FROM edi_snapshot.unit u JOIN people.organisation o ON o.id = u.organisation_id
       WHERE u.release_id = $1 ORDER BY u.joined`,
      [second.id],
    );
    expect(gate).toEqual([
      { slug: OURS, joined: 2, changed: 0, held: true },
      { slug: THEIRS, joined: 20, changed: 0, held: false },
    ]);
    const told = await figures(second, 'all-registered-ethnic-background');
    expect(told).toMatchObject({ 'asian-not-told': 90, 'white-british': 60, 'white-not-told': 90, all: 275 });
    expect(first.number).toBe(1);
  });

  it('counts each background in its own group, small ones withheld', async () => {
    await people.add(OURS, 12, '2026-03-01', { ethnic_group: 'asian', ethnic_background: 'asian-indian' });
    const third = await published(t, steward, { catalogue: TABLES(['ethnic-group'], ['ethnic-background']) });
    const told = await figures(third, 'all-registered-ethnic-background');
    expect(told).toMatchObject({
      'asian-indian': 75,
      'asian-not-told': 30,
      'white-irish': 'c',
      // Withheld for the sake of the few: all else of the group is told.
      'white-not-told': 'c',
      'prefer-not-to-say': 20,
      'not-known': 15,
      'black-african': 0,
    });
    const groups = await figures(third, 'all-registered-ethnic-group');
    expect(groups).toMatchObject({ asian: 105, 'prefer-not-to-say': 20, 'not-known': 15 });

    const { body } = await t.api.get(`/v1/diversity/dictionary`).expect(200);
    const { characteristics } = body as {
      characteristics: {
        key: string;
        categories: { code: string; label: string; unknown: boolean; within?: string }[];
      }[];
    };
    const background = characteristics.find((one) => one.key === 'ethnic-background')?.categories ?? [];
    expect(background).toHaveLength(19 + 5 + 2);
    expect(background).toContainEqual({
      code: 'asian-not-told',
      label: 'Asian: background not known',
      unknown: false,
      within: 'asian',
    });
    // The same words as those of the population figures that they are compared with.
    const population = await t.api
      .get('/v1/diversity/population-figures?characteristic=ethnic-background&area=E92000001')
      .expect(200);
    const [source] = (population.body as { data: { figures: { of: string[]; label: string }[] }[] }).data;
    const compared = (source?.figures ?? []).filter(({ of }) => of.length === 1);
    expect(compared).toHaveLength(19);
    for (const { of, label } of compared)
      expect(background).toContainEqual(expect.objectContaining({ code: of[0], label }));
  });
});
