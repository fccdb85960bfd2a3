import { Pseudonyms } from '../../src/edi/door/pseudonym';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';
import { Figure, published, ReleaseBody, ReleasePeople } from './release-people';

interface Decided {
  slug: string;
  form: string;
  joined: number;
  left_again: number;
  changed: number;
  held: boolean;
  since: number;
}

/** The gate lets new counts through only where nobody, or enough people, joined, left or changed. */
describe('the refresh gate', () => {
  let t: TestApp;
  let people: ReleasePeople;
  let steward: { authorization: string };
  let ours: string[];

  beforeAll(async () => {
    t = await startApp();
    people = new ReleasePeople(t);
    steward = await t.as('data-steward');
    ours = await people.add(OURS, 100, '2026-01-01', { sex: 'female' });
    await people.add(THEIRS, 80, '2026-01-01', { sex: 'female' });
  });
  afterAll(() => t.stop());

  const decided = async (release: ReleaseBody): Promise<Record<string, Decided>> => {
    const { rows } = await t.db.query<Decided>(
      `SELECT o.slug, u.form, u.joined, u.left_again, u.changed, u.held, r.number AS since
       FROM edi_snapshot.unit u JOIN people.organisation o ON o.id = u.organisation_id JOIN edi.release r ON r.id = u.refreshed_in
       WHERE u.release_id = $1`,
      [release.id],
    );
    return Object.fromEntries(rows.map(({ slug, ...row }) => [slug, { slug, ...row }]));
  };
  const women = async (release: ReleaseBody, unit: string): Promise<number | null | undefined> => {
    const table = unit === 'all' ? 'all-registered-ethnic-group-by-sex' : 'organisations-registered-sex';
    const { body } = await t.api.get(`/v1/diversity/releases/${release.id}/tables/${table}`).expect(200);
    return (body as { figures: Figure[] }).figures.find(
      (one) => one.unit === unit && one.category === 'female' && one.ethnicGroup === null,
    )?.value;
  };

  it('holds nothing of the first release', async () => {
    const first = await published(t, steward);
    expect(await decided(first)).toMatchObject({
      [OURS]: { form: 'records', joined: 100, left_again: 0, changed: 0, held: false },
      [THEIRS]: { form: 'records', joined: 80, held: false },
    });
    expect([await women(first, OURS), await women(first, THEIRS), await women(first, 'all')]).toEqual([100, 80, 180]);
  });

  it('holds two joiners, in the organisation and in every total', async () => {
    await people.add(OURS, 2, '2026-02-01', { sex: 'female' });
    await people.add(THEIRS, 20, '2026-02-01', { sex: 'female' });
    const second = await published(t, steward);
    expect(await decided(second)).toMatchObject({
      [OURS]: { joined: 2, left_again: 0, changed: 0, held: true, since: 1 },
      [THEIRS]: { joined: 20, held: false, since: 2 },
    });
    expect([await women(second, OURS), await women(second, THEIRS), await women(second, 'all')]).toEqual([
      100, 100, 200,
    ]);
    const told = second.notes.filter((note) => note.includes('earlier counts stand'));
    expect(told).toEqual([expect.stringMatching(/here and in every total: .*North West/)]);
    // Not how many they were.
    expect(told.join()).not.toMatch(/\d/);
    const { rows } = await t.db.query<{ people: number }>(
      `SELECT count(*)::integer AS people FROM edi_snapshot.unit u JOIN edi_snapshot.member m ON m.release_id = u.refreshed_in AND m.organisation_id = u.organisation_id
       WHERE u.release_id = $1 AND u.organisation_id = $2`,
      [second.id, await t.organisation(OURS)],
    );
    expect(rows).toEqual([{ people: 100 }]);
  });

  it('counts from the last refreshed snapshot, so that two more joiners and six changed answers are enough', async () => {
    await people.add(OURS, 2, '2026-03-01', { sex: 'female' });
    const pseudonyms = t.app.get(Pseudonyms, { strict: false });
    await t.db.query(`UPDATE edi_answers.answer_set SET sex = 'male' WHERE pseudonym = ANY($1::bytea[])`, [
      ours.slice(0, 6).map((id) => pseudonyms.ofContributor(id)),
    ]);
    const third = await published(t, steward);
    expect(await decided(third)).toMatchObject({
      [OURS]: { joined: 4, changed: 6, held: false, since: 3 },
      [THEIRS]: { joined: 0, left_again: 0, changed: 0, held: false, since: 2 },
    });
    // 104 people, of whom 98 are still women: published as 100, in all 198 as 200; the six men are withheld.
    expect([await women(third, OURS), await women(third, 'all')]).toEqual([100, 200]);
  });

  it('takes somebody who was erased for one who left, and forgets who it was in every snapshot', async () => {
    const before = await published(t, steward);
    const [gone = ''] = ours;
    const pseudonym = t.app.get(Pseudonyms, { strict: false }).ofContributor(gone);
    await t.db.query('SELECT edi.erase_answers($1)', [pseudonym]);
    await t.db.query('DELETE FROM people.contributor_organisation WHERE contributor_id = $1', [gone]);
    const { rows } = await t.db.query('SELECT FROM edi_snapshot.member WHERE pseudonym = $1', [pseudonym]);
    expect(rows).toHaveLength(0);
    const after = await published(t, steward);
    expect(await decided(after)).toMatchObject({ [OURS]: { joined: 0, left_again: 1, changed: 0, held: true } });
    expect(await women(after, OURS)).toBe(await women(before, OURS));
  });

  it('holds back a few people at an organisation that had none, and lets them wait for more', async () => {
    await people.add('rrdn-west-midlands', 3);
    const few = await published(t, steward);
    expect(await decided(few)).toMatchObject({ 'rrdn-west-midlands': { joined: 3, held: true } });
    await people.add('rrdn-west-midlands', 40);
    const more = await published(t, steward);
    expect(await decided(more)).toMatchObject({ 'rrdn-west-midlands': { joined: 43, held: false } });
  });

  it('leaves out who objected', async () => {
    const objecting = ours.slice(10, 30);
    const pseudonyms = t.app.get(Pseudonyms, { strict: false });
    for (const id of objecting)
      await t.db.query(`SELECT edi.object_to_answers($1, '2026-11-01', '1.0')`, [pseudonyms.ofContributor(id)]);
    const release = await published(t, steward);
    const { rows } = await t.db.query<{ people: number }>(
      `SELECT count(*)::integer AS people FROM edi_snapshot.unit u JOIN edi_snapshot.member m ON m.release_id = u.refreshed_in AND m.organisation_id = u.organisation_id
       WHERE u.release_id = $1 AND u.organisation_id = $2`,
      [release.id, await t.organisation(OURS)],
    );
    expect(rows).toEqual([{ people: 104 - 1 - 20 }]);
  });
});
