import { startApp, TestApp, THEIRS } from '../support/app';
import { Headers, Known, makeDraft, makeProject, WHOLE } from './opportunity-support';

interface Check {
  points: { point: string; found: string; field: string; howToMeet: string }[];
}

describe('The inclusive opportunity check', () => {
  let t: TestApp;
  let coordinator: Headers;
  let draft: Known;

  beforeAll(async () => {
    t = await startApp();
    coordinator = await t.as('coordinator');
    draft = await makeDraft(t, coordinator, (await makeProject(t, coordinator)).id);
  });
  afterAll(() => t.stop());

  const found = (body: unknown): Record<string, string> =>
    Object.fromEntries((body as Check).points.map((p) => [p.point, p.found]));

  describe('GET /v1/opportunities/{id}/check', () => {
    it('says point by point what the draft says and what not', async () => {
      const answer = await t.api.get(`/v1/opportunities/${draft.id}/check`).set(coordinator);
      expect(answer.status).toBe(200);
      expect(found(answer.body)).toMatchObject({
        'plain-summary': 'met',
        'not-only-online': 'met',
        'how-to-join': 'met',
        payment: 'not-said',
        'easy-read': 'not-said',
      });
      expect(found(answer.body)).not.toHaveProperty('welsh');
      expect(Object.keys(answer.body as object)).toEqual(['points']);
    });

    it('bars nothing: what misses points is published all the same', async () => {
      const published = await t.api.post(`/v1/opportunities/${draft.id}/publish`).set(coordinator);
      expect(published.status).toBe(200);
    });

    it('is for those who may see the draft', async () => {
      const at = `/v1/opportunities/${draft.id}/check`;
      expect((await t.api.get(at)).status).toBe(401);
      expect((await t.api.get(at).set(await t.as('contributor'))).status).toBe(403);
      expect((await t.api.get(at).set(await t.as('coordinator', THEIRS))).status).toBe(404);
      expect((await t.api.get('/v1/opportunities/nothing/check').set(coordinator)).status).toBe(400);
    });
  });

  describe('POST /v1/opportunities/check', () => {
    it('checks what is written so far for anybody, and keeps nothing', async () => {
      const count = async (): Promise<unknown> =>
        (await t.db.query('SELECT count(*) FROM involvement.opportunity')).rows;
      const before = await count();
      const answer = await t.api.post('/v1/opportunities/check').send({ ...WHOLE, payment: { kind: 'none' } });
      expect(answer.status).toBe(200);
      expect(found(answer.body)).toMatchObject({ 'plain-summary': 'met', payment: 'met', support: 'not-said' });
      expect(await count()).toEqual(before);
      const nothing = await t.api.post('/v1/opportunities/check').send({});
      expect(new Set(Object.values(found(nothing.body)))).toEqual(new Set(['not-said']));
    });

    it('refuses what is no draft', async () => {
      expect((await t.api.post('/v1/opportunities/check').send({ colour: 'red' })).status).toBe(400);
      expect((await t.api.post('/v1/opportunities/check').send({ mode: 'telepathy' })).status).toBe(400);
    });
  });
});
