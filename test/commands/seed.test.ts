import { seedAnswers } from '../../src/commands/seed-answers';
import { seedInterests, seedOpportunities } from '../../src/commands/seed-opportunities';
import { Ground, KIND, seedContributors } from '../../src/commands/seed-people';
import { Chance, seedId } from '../../src/commands/seed-random';
import { DiversityDb } from '../../src/edi/door/diversity-db';
import { Pseudonyms } from '../../src/edi/door/pseudonym';
import { Db } from '../../src/kernel/db/db';
import { OURS, startApp, TestApp } from '../support/app';

const SIZES = { contributors: 40, opportunities: 60, interests: 90 };

describe('data for measurements', () => {
  let t: TestApp;
  const told: string[] = [];
  const count = async (sql: string): Promise<number> =>
    (await t.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`)).rows[0]?.n ?? NaN;

  beforeAll(async () => {
    t = await startApp();
    const db = t.app.get(Db, { strict: false });
    const areas = await db.query<{ code: string; region_code: string }>(
      'SELECT code, region_code FROM people.postcode_area ORDER BY code',
    );
    const categories = await db.query<{ slug: string }>('SELECT slug FROM people.health_category ORDER BY place');
    const ground: Ground = {
      organisations: [await t.organisation(OURS)],
      areas,
      healthCategories: categories.map((row) => row.slug),
    };
    const progress = (table: string, done: number, all: number): void => void told.push(`${table} ${done}/${all}`);
    await seedContributors(db, t.config, ground, 1, SIZES.contributors, progress);
    await seedOpportunities(db, ground, 1, SIZES.opportunities, progress);
    await seedInterests(db, t.config, 1, SIZES, progress);
    await seedAnswers(t.app.get(DiversityDb, { strict: false }), t.config, 1, 40, progress);
  });
  afterAll(() => t.stop());

  it('fill the tables and tell how far they are', async () => {
    expect(await count('people.contributor')).toBe(40);
    expect(await count('involvement.opportunity')).toBe(60);
    expect(await count('involvement.interest')).toBe(90);
    expect(told).toContain('involvement.opportunity 60/60');
  });

  it('have diversity answers under the pseudonyms that the service makes', async () => {
    expect(await count('edi_answers.answer_set')).toBe(40);
    const who = t.app.get(Pseudonyms, { strict: false }).ofContributor(seedId(KIND.contributor, 1, 7));
    const found = await t.db.query('SELECT sex FROM edi_answers.answer_set WHERE pseudonym = $1', [who]);
    expect(found.rowCount).toBe(1);
    const unknown = await count(
      `edi_answers.answers_as_of('2026-11-23') a WHERE NOT EXISTS (SELECT FROM instruments.code c WHERE c.code = a.ethnic_background)`,
    );
    expect(unknown).toBe(await count(`edi_answers.answers_as_of('2026-11-23') WHERE ethnic_background = 'not-known'`));
    expect(await count(`edi_answers.answers_as_of('2025-05-31')`)).toBe(0);
  });

  it('are sealed so that the service opens them', async () => {
    const coordinator = await t.as('coordinator');
    const person = await t.api
      .get(`/v1/contributors/${seedId(KIND.contributor, 1, 7)}`)
      .set(coordinator)
      .expect(200);
    const { name, email } = person.body as { name: string; email: string };
    expect(name.length).toBeGreaterThan(5);
    expect(email).toMatch(/\.1\.7@example\.org$/);
    const interest = await t.api
      .get(`/v1/interests/${seedId(KIND.interest, 1, 3)}`)
      .set(coordinator)
      .expect(200);
    expect((interest.body as { answers: object[] }).answers).toHaveLength(1);
  });

  it('are in the catalogue, and can be searched and read as documented', async () => {
    const open = await count(`involvement.opportunity WHERE state = 'published'`);
    expect(await count(`involvement.catalogue_entry WHERE state = 'published'`)).toBe(open);
    const list = await t.api.get('/v1/opportunities?q=research&limit=100').expect(200);
    const [first] = (list.body as { data: { id: string }[] }).data;
    await t.api.get(`/v1/opportunities/${first?.id}`).expect(200);
    expect(await count('(SELECT DISTINCT kind FROM involvement.opportunity) AS kinds')).toBeGreaterThan(5);
  });

  it('are the same for the same seed, and only for it', () => {
    const draw = (seed: number): number[] =>
      Array.from(
        { length: 20 },
        (
          (chance) => () =>
            chance.below(1000)
        )(new Chance(seed)),
      );
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    expect(Math.max(...draw(5))).toBeLessThan(1000);
    const ids = [0, 1, 4095, 4096, 1_000_000].flatMap((place) => [
      seedId(1, 1, place),
      seedId(2, 1, place),
      seedId(1, 2, place),
    ]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(true);
    expect(seedId(1, 1, 5000) > seedId(1, 1, 4999)).toBe(true);
  });
});
