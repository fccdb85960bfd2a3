import { startApp, TestApp } from '../support/app';

describe('the catalogue', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.stop());

  it('is empty at first', async () => {
    const answer = await t.api.get('/v1/opportunities').expect(200);
    expect(answer.body).toEqual({ data: [], meta: { limit: 20, nextCursor: null } });
  });
});
