import { Client } from 'pg';
import '../../src/app.module'; // loads every area, and with them what they declare
import { personalTables } from '../../src/kernel/privacy/personal';
import { cloneDatabase, ClonedDatabase } from '../support/database';
import { personKeysWithoutEntry, undeclaredSealedColumns } from './privacy-checks';

describe('the registry of personal data', () => {
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

  it('knows every column that names a person', async () => {
    expect(await personKeysWithoutEntry(owner)).toEqual([]);
  });

  it('knows every sealed column', async () => {
    expect(await undeclaredSealedColumns(owner)).toEqual([]);
  });

  it('names only tables and columns that exist', async () => {
    const missing: string[] = [];
    for (const { table, person } of personalTables()) {
      const { rowCount } = await owner.query(
        'SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2',
        [table, person],
      );
      if (!rowCount) missing.push(`${table}.${person}`);
    }
    expect(missing).toEqual([]);
  });

  it('finds a table that is added without an entry', async () => {
    await owner.query('CREATE TABLE people.forgotten (contributor_id uuid, story_sealed bytea)');
    expect(await personKeysWithoutEntry(owner)).toContain('people.forgotten.contributor_id');
    expect(await undeclaredSealedColumns(owner)).toContain('people.forgotten.story_sealed');
  });
});
