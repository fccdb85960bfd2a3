import { Client } from 'pg';
import { fixedId } from '../../src/people/reference/fixed-id';
import { loadReferenceInto } from '../../src/people/reference/load-at-start';
import { cloneDatabase, ClonedDatabase } from '../support/database';

describe('Reference data', () => {
  let database: ClonedDatabase;
  let owner: Client;

  beforeAll(async () => {
    database = await cloneDatabase();
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
  });

  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  const count = async (sql: string): Promise<number> =>
    Number((await owner.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`)).rows[0]?.n);

  it('holds what the service comes with', async () => {
    expect(await count(`people.region WHERE kind = 'nation'`)).toBe(4);
    expect(await count(`people.region WHERE kind = 'english-region'`)).toBe(9);
    expect(await count('people.health_category')).toBe(21);
    expect(await count(`people.language WHERE code = 'cy'`)).toBe(1);
    expect(await count('people.postcode_area')).toBe(121);
    expect(await count('kernel.purpose')).toBe(9);
  });

  it('knows the 15 regional networks to September 2024, the 12 from October 2024, their hosts and who followed whom', async () => {
    const at = (day: string): Promise<number> =>
      count(
        `people.organisation WHERE kind = 'regional-network' AND ("from" IS NULL OR "from" <= '${day}') AND (until IS NULL OR until > '${day}')`,
      );
    expect(await at('2024-09-30')).toBe(15);
    expect(await at('2024-10-01')).toBe(12);
    expect(
      await count(`people.organisation WHERE kind = 'regional-network' AND "from" >= '2024-10-01' AND host_id IS NULL`),
    ).toBe(0);
    expect(
      await count(`people.organisation o WHERE kind = 'regional-network' AND "from" >= '2024-10-01'
        AND NOT EXISTS (SELECT 1 FROM people.organisation_predecessor p WHERE p.successor_id = o.id)`),
    ).toBe(0);
  });

  it('has the same ids in every database', async () => {
    const { rows } = await owner.query<{ id: string }>(
      `SELECT id FROM people.organisation WHERE slug = 'barts-health'`,
    );
    expect(rows[0]?.id).toBe(fixedId('organisation', 'barts-health'));
    expect(rows[0]?.id).toMatch(/^01941f29-7c00-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is loaded again without a change', async () => {
    expect(await loadReferenceInto(database.serviceUrl)).toEqual({
      ...{ region: 0, health_category: 0, language: 0, postcode_area: 0, organisation: 0, purpose: 0 },
    });
  });

  it('brings a row back into line, with its trail, and leaves alone what an administrator keeps', async () => {
    await owner.query(`UPDATE people.organisation SET name = 'Wrong' WHERE slug = 'barts-health'`);
    await owner.query(
      `UPDATE people.organisation SET name = 'Ours', maintained_by = 'administrator' WHERE slug = 'guys-and-st-thomas'`,
    );
    await owner.query(
      `UPDATE people.postcode_area SET latitude = 53.801, maintained_by = 'administrator' WHERE code = 'LS'`,
    );
    const loaded = await loadReferenceInto(database.serviceUrl);
    expect(loaded.organisation).toBe(1);
    expect(loaded.postcode_area).toBe(0);
    const { rows } = await owner.query(
      `SELECT name, version FROM people.organisation WHERE slug IN ('barts-health', 'guys-and-st-thomas') ORDER BY slug`,
    );
    expect(rows).toEqual([
      { name: 'Barts Health NHS Trust', version: 2 },
      { name: 'Ours', version: 1 },
    ]);
    expect(
      await count(
        `kernel.audit_entry WHERE action = 'loaded' AND subject_id = '${fixedId('organisation', 'barts-health')}'`,
      ),
    ).toBe(2);
    expect(await count(`kernel.event WHERE type = 'organisation.changed' AND version = 2`)).toBe(1);
  });

  it('may be loaded by several copies that start at once', async () => {
    await owner.query(`UPDATE people.language SET name = 'Wrong'`);
    const loaded = await Promise.all([1, 2, 3].map(() => loadReferenceInto(database.serviceUrl)));
    expect(loaded.filter((l) => l.language > 0)).toHaveLength(1);
  });
});
