import { randomUUID } from 'node:crypto';
import { startApp, TestApp } from '../support/app';
import { Collecting, OURS, THEIRS } from './collection-support';

let t: TestApp;
let on: Collecting;
beforeAll(async () => {
  t = await startApp();
  on = await Collecting.at(t);
});
afterAll(() => t.stop());

const eventsOf = async (id: string): Promise<string[]> =>
  (
    await t.db.query<{ type: string }>('SELECT type FROM kernel.event WHERE subject_id = $1 ORDER BY id', [id])
  ).rows.map(({ type }) => type);

describe('closing a collection, and opening it again', () => {
  const signed = async (id: string): Promise<void> => {
    const { id: sent } = await on.accepted(id, 'counts', 'Sex,Count\nFemale,300\nMale,245\n');
    await on.signOff(sent).expect(200);
  };

  it('is refused while organisations have not signed off, and says how many, unless that number is said', async () => {
    const id = await on.open();
    await signed(id);
    await on
      .send(id, 'counts', 'Sex,Count\nFemale,3\n', '', await t.as('diversity-analyst', THEIRS), THEIRS)
      .expect(201);
    for (const without of [undefined, 0, 2])
      expect((await on.close(id, without).expect(409)).body).toMatchObject({
        code: 'returns_missing',
        detail: expect.stringMatching(/^1 of 2 organisations .* send "without": 1 to close/) as string,
        errors: [{ at: '/without', message: expect.stringContaining('1') as string }],
      });
    for (const without of [-1, 1.5, 'all']) await on.close(id).send({ without }).expect(400);
    expect((await on.close(id, 1).expect(200)).body).toMatchObject({ state: 'closed' });
  });

  it('needs no number where all have signed off, and takes no wrong one', async () => {
    const id = await on.open({ organisations: [{ organisationId: await t.organisation(OURS) }] });
    await signed(id);
    expect((await on.close(id, 1).expect(409)).body).toMatchObject({
      code: 'returns_missing',
      detail: expect.stringContaining('All 1 organisations have signed off') as string,
    });
    await on.close(id).expect(200);
  });

  it('is undone by a steward: returns are taken again, told and audited', async () => {
    const id = await on.open();
    expect((await on.reopen(id).expect(409)).body).toMatchObject({ code: 'wrong_state' });
    await on.close(id, 2).expect(200);
    expect((await on.reopen(id).expect(200)).body).toMatchObject({ state: 'open', closedAt: null, version: 4 });
    await signed(id);
    await on.close(id, 1).expect(200);
    expect((await eventsOf(id)).slice(-3)).toEqual([
      'diversity-collection.closed',
      'diversity-collection.reopened',
      'diversity-collection.closed',
    ]);
    await t.api.post(`/v1/diversity/collections/${randomUUID()}/reopen`).set(on.steward).expect(404);
    await t.api.post(`/v1/diversity/collections/${id}/reopen`).expect(401);
  });

  describe('of which a release is asked for', () => {
    const ask = (collectionId: string) =>
      t.api
        .post('/v1/diversity/releases')
        .set(on.steward)
        .send({ title: 'Of it', from: '2026-07-01', until: '2026-10-01', collectionId });
    const refused = (): Promise<unknown> =>
      t.db.query(
        `UPDATE edi.release SET state = 'refused', refusal_code = 'test', refusal_detail = 'It was given up by the test.' WHERE state = 'queued'`,
      );

    it('is not undone while it is under way or after, only once nothing came of it; the database sees to it', async () => {
      const id = await on.open();
      await on.close(id, 2).expect(200);
      await ask(id).expect(201);
      expect((await on.reopen(id).expect(409)).body).toMatchObject({ code: 'collection_is_released' });
      await expect(
        t.db.query(`UPDATE edi.collection SET state = 'open', closed_at = NULL WHERE id = $1`, [id]),
      ).rejects.toMatchObject({ constraint: 'collection_not_released' });
      await refused();
      await on.reopen(id).expect(200);
    });

    it('at the same time: either it is open, and there is no release, or there is one, and it stays closed', async () => {
      const seen = new Set<string>();
      for (let round = 0; round < 6; round++) {
        const id = await on.open();
        await on.close(id, 2).expect(200);
        const both = round % 2 === 0 ? [on.reopen(id), ask(id)] : [ask(id), on.reopen(id)];
        const answers = await Promise.all(both);
        const codes = answers.map(({ status, body }) => `${status} ${(body as { code?: string }).code ?? ''}`.trim());
        seen.add(codes.sort().join());
        const { rows } = await t.db.query<{ state: string; releases: number }>(
          `SELECT state, (SELECT count(*)::integer FROM edi.release WHERE collection_id = c.id) AS releases FROM edi.collection c WHERE id = $1`,
          [id],
        );
        expect([
          { state: 'open', releases: 0 },
          { state: 'closed', releases: 1 },
        ]).toContainEqual(rows[0]);
        await refused();
      }
      for (const one of seen)
        expect(['200,409 collection_not_closed', '201,409 collection_is_released']).toContain(one);
    });
  });
});
