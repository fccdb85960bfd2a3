import { drawOrder } from '../../src/involvement/interest/draw';
import { NOON, startApp, TestApp, THEIRS } from '../support/app';
import { Interests } from './interest-support';
import { act, code, Headers, Known, lastEvent } from './opportunity-support';

describe('Draws', () => {
  let t: TestApp;
  let on: Interests;
  let coordinator: Headers;
  let theirs: Headers;
  let site: Headers;

  beforeAll(async () => {
    t = await startApp();
    [coordinator, theirs, site] = [await t.as('coordinator'), await t.as('coordinator', THEIRS), await t.as('site')];
    on = new Interests(t, coordinator, site);
  });
  afterAll(() => t.stop());
  beforeEach(() => t.clock.set(NOON));

  const places = async (id: string) =>
    (await t.api.get(`/v1/opportunities/${id}/places`).set(coordinator).expect(200)).body as Record<string, unknown>;
  const statuses = (answers: { status: number }[]): number[] => answers.map((a) => a.status).sort();

  describe('POST /v1/opportunities/{id}/draw', () => {
    const seed = '000102030405060708090a0b0c0d0e0f';
    const drawn = (id: string, body: object, who = coordinator) =>
      t.api.post(`/v1/opportunities/${id}/draw`).set(who).send(body);
    const closedWith = async (people: number, more: object = {}) => {
      const id = await on.opportunity({ selectionMethod: 'random-draw', placesAvailable: 2, ...more });
      const sent = await Promise.all(Array.from({ length: people }, () => on.sent(id)));
      await act(t, coordinator, id, 'close').expect(200);
      return { id, sent };
    };

    it('draws in an order that anybody can find again', async () => {
      const { id, sent } = await closedWith(5);
      await on.move(coordinator, sent[0]?.id, 'withdraw').expect(200);
      const answer = await drawn(id, { places: 2, seed }).expect(201);
      const among = sent.slice(1).map((i) => i.id);
      expect(answer.body).toMatchObject({
        opportunityId: id,
        algorithm: 'sha256-seed-id-v1',
        seed,
        seedGiven: true,
        places: 2,
        interestIds: drawOrder(seed, among),
      });
      expect(answer.headers.location).toBe(`/v1/opportunities/${id}/draw`);
      expect(await lastEvent(t, (answer.body as Known).id)).toMatchObject({
        type: 'draw.made',
        data: { opportunityId: id, places: 2, among: 4 },
      });
      for (const interest of sent.slice(1)) expect(await on.noticesOf(interest.id)).toEqual(['drawn owed']);
      expect(await on.noticesOf(sent[0]?.id)).toEqual([]);
      const get = (who: Headers) => t.api.get(`/v1/opportunities/${id}/draw`).set(who);
      expect((await get(coordinator).expect(200)).body).toMatchObject({ seed });
      await get(sent[1]?.contributor.auth ?? coordinator).expect(200);
      await get(sent[0]?.contributor.auth ?? coordinator).expect(404);
      await get(theirs).expect(404);
    });

    it('makes a seed of its own, another each time', async () => {
      const seeds = new Set<string>();
      for (let i = 0; i < 2; i++) {
        const { body } = await drawn((await closedWith(2)).id, { places: 1 }).expect(201);
        expect(body).toMatchObject({ seedGiven: false, seed: expect.stringMatching(/^[0-9a-f]{32}$/) });
        seeds.add((body as { seed: string }).seed);
      }
      expect(seeds.size).toBe(2);
    });

    it('is made once, even when several come at once', async () => {
      const { id } = await closedWith(3);
      const answers = await Promise.all(Array.from({ length: 5 }, () => drawn(id, { places: 1 })));
      expect(statuses(answers)).toEqual([201, 409, 409, 409, 409]);
      const { rowCount } = await t.db.query('SELECT 1 FROM involvement.draw WHERE opportunity_id = $1', [id]);
      expect(rowCount).toBe(1);
      expect(code(await drawn(id, { places: 1 }).expect(409))).toBe('draw_made');
    });

    it('leads the reserve list', async () => {
      const { id, sent } = await closedWith(4);
      const order = ((await drawn(id, { places: 2, seed }).expect(201)).body as { interestIds: string[] }).interestIds;
      for (const late of [...order].reverse()) await on.move(coordinator, late, 'reserve').expect(200);
      expect(sent).toHaveLength(4);
      expect(await places(id)).toMatchObject({ nextReserve: order[0] });
    });

    it('is refused while people can apply, by another way of selection, for too many, for nobody', async () => {
      const running = await on.opportunity({ selectionMethod: 'random-draw' });
      await on.sent(running);
      expect(code(await drawn(running, { places: 1 }).expect(409))).toBe('not_closed');
      const criteria = await closedWith(1, { selectionMethod: 'criteria' });
      expect((await drawn(criteria.id, { places: 1 }).expect(422)).body).toMatchObject({
        code: 'not_by_draw',
        detail: expect.stringContaining('Decide on each interest instead'),
      });
      const { id } = await closedWith(0);
      expect(code(await drawn(id, { places: 3 }).expect(422))).toBe('too_many_places');
      expect(code(await drawn(id, { places: 1 }).expect(422))).toBe('nobody_to_draw');
      for (const body of [{ places: 0 }, { places: 1, seed: 'abc' }, { places: 1, seed: 'G'.repeat(32) }, {}])
        await drawn(id, body).expect(400);
      await drawn(id, { places: 1 }, theirs).expect(404);
      await drawn(id, { places: 1 }, site).expect(403);
      await t.api.get(`/v1/opportunities/${id}/draw`).set(coordinator).expect(404);
    });
  });
});
