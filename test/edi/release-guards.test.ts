import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { DiversityDb } from '../../src/edi/door/diversity-db';
import { EarlierReleases } from '../../src/edi/release/earlier';
import { OURS, startApp, TestApp } from '../support/app';
import { made, published, QUARTER, ReleaseBody, ReleasePeople } from './release-people';

const HASH = '0'.repeat(64);

/** What Postgres keeps to whatever the service does, and whoever has one of its logins. */
describe('releases, to somebody with a login of the service', () => {
  let t: TestApp;
  let steward: { authorization: string };
  let service: Pool;
  let diversity: Pool;
  let first: ReleaseBody;

  beforeAll(async () => {
    t = await startApp();
    steward = await t.as('data-steward');
    await new ReleasePeople(t).add(OURS, 120);
    service = new Pool({ connectionString: t.config.database.url, max: 1 });
    diversity = new Pool({ connectionString: t.config.diversity.url, max: 1 });
    first = await published(t, steward);
  });
  afterAll(async () => {
    await service.end();
    await diversity.end();
    await t.stop();
  });

  it('let in no reach that a published release does not tell', async () => {
    const tell = (quarter: string, release: string, number: number) =>
      service.query(
        `INSERT INTO involvement.released_reach (quarter, breakdown, report, release_id, release_number, released_on)
         VALUES ($1, 'none', '{}', $2, $3, '2026-11-23')`,
        [quarter, release, number],
      );
    const refused = { constraint: 'released_reach_of_a_release' };
    await expect(tell('2025-01-01', randomUUID(), 99)).rejects.toMatchObject(refused);
    await expect(tell('2025-01-01', first.id, 1)).rejects.toMatchObject(refused);
    const draft = await made(t, steward, { from: '2026-04-01', until: '2026-07-01' });
    await expect(tell('2026-04-01', draft.id, 2)).rejects.toMatchObject(refused);
    // So nothing stands in the way of the true figures.
    const certificateHash = { certificateHash: draft.certificateHash };
    await t.api.post(`/v1/diversity/releases/${draft.id}/sign`).set(steward).send(certificateHash).expect(200);
    const { body } = await t.api.get('/v1/reports/reach?from=2026-04-01&to=2026-06-30').expect(200);
    expect(body).toMatchObject({ release: { id: draft.id, number: 2 } });
  });

  it('begin in the queue', async () => {
    const columns = 'title, "from", until, catalogue, catalogue_hash';
    const values = `'x', '2026-07-01', '2026-10-01', '{}', '${HASH}'`;
    for (const [more, is] of [
      ['state', `'superseded'`],
      ['state', `'running'`],
      ['number', '9'],
      ['certificate', `'{}'`],
    ])
      await expect(
        service.query(`INSERT INTO edi.release (${columns}, ${more}) VALUES (${values}, ${is})`),
      ).rejects.toMatchObject({ code: '42501' });
    await service.query('BEGIN');
    const { rows } = await service.query(
      `INSERT INTO edi.release (${columns}) VALUES (${values}) RETURNING state, number`,
    );
    await service.query('ROLLBACK');
    expect(rows).toEqual([{ state: 'queued', number: null }]);
  });

  it('keep the counts that they rest on, once somebody could see them', async () => {
    const given = await made(t, steward);
    const change = async (id: string): Promise<void> => {
      for (const sql of [
        `UPDATE edi_snapshot.protected SET release = '{}' WHERE release_id = $1`,
        'DELETE FROM edi_snapshot.protected WHERE release_id = $1',
        'DELETE FROM edi_snapshot.unit_count WHERE release_id = $1',
        'UPDATE edi_snapshot.unit_count SET people = people + 1 WHERE release_id = $1',
        `INSERT INTO edi_snapshot.unit_count SELECT $1, gen_random_uuid(), 'registered', 'white', 'sex', 'male', 9`,
        `INSERT INTO edi_snapshot.returned_count SELECT $1, gen_random_uuid(), 'registered', 'sex', 'male', 9`,
        'DELETE FROM edi_snapshot.unit WHERE release_id = $1',
        'UPDATE edi_snapshot.unit SET held = NOT held WHERE release_id = $1',
      ])
        for (const login of [diversity, t.db])
          await expect(login.query(sql, [id])).rejects.toMatchObject({ constraint: 'shown_counts_never_change' });
    };
    await change(first.id);
    await change(given.id);
    await t.api.post(`/v1/diversity/releases/${given.id}/discard`).set(steward).expect(200);
    await change(given.id);
  });

  it('are read for a later one only where they share an instance with it, or with one that does', async () => {
    const kept = async (...leaves: string[]): Promise<string> => {
      const id = randomUUID();
      await t.db.query(
        `INSERT INTO edi.release (id, title, "from", until, catalogue, catalogue_hash) VALUES ($1, 'x', $2, $3, '{}', $4)`,
        [id, QUARTER.from, QUARTER.until, HASH],
      );
      const [one, ...others] = leaves;
      const units = [
        { id: 'one', level: 'organisation', leaves: [one] },
        { id: 'others', level: 'all', leaves: others },
      ];
      const release = { id, units, catalogue: {}, parameters: {}, merges: [], figures: [], proof: { witnesses: [] } };
      await diversity.query('INSERT INTO edi_snapshot.protected (release_id, release) VALUES ($1, $2)', [
        id,
        JSON.stringify(release),
      ]);
      await t.db.query(
        `UPDATE edi.release SET state = 'refused', refusal_code = 'given_up', refusal_detail = 'x' WHERE id = $1`,
        [id],
      );
      return id;
    };
    const far = await kept('d', 'c');
    const near = await kept('a', 'b', 'c');
    await kept('e', 'f');
    const query = jest.spyOn(t.app.get(DiversityDb, { strict: false }), 'query');
    const earlier = t.app.get(EarlierReleases, { strict: false });
    const linked = await earlier.sharing(randomUUID(), ['x', 'b']);
    expect(linked.releases.map((one) => one.id)).toEqual([far, near]);
    expect(await query.mock.results[0]?.value).toHaveLength(2);
    expect((await earlier.sharing(near, ['x', 'b'])).releases).toEqual([]);
    query.mockRestore();
  });
});
