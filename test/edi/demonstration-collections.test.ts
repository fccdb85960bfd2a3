import request from 'supertest';
import { DemonstrationCollections } from '../../src/edi/demonstration/collections';
import { fixedId } from '../../src/people';
import { startApp, TestApp } from '../support/app';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.stop());

describe('the demonstration of collections', () => {
  it('has an open round over the twelve networks with returns of each form, one network late, and is loaded once', async () => {
    const demonstration = t.app.get(DemonstrationCollections, { strict: false });
    await demonstration.load();
    const steward = await t.as('data-steward');
    const path = `/v1/diversity/collections/${fixedId('collection', 'autumn')}`;
    const read = async () =>
      (await t.api.get(`${path}/progress`).set(steward).expect(200)).body as {
        organisations: { form: string | null; seriesBreaks: boolean; remindedOn: string | null }[];
      };
    const progress = await read();
    expect(progress).toMatchObject({ expected: 12, returned: 5, signedOff: 2, late: 1 });
    expect(
      progress.organisations
        .map(({ form }) => form)
        .filter(Boolean)
        .sort(),
    ).toEqual(['anonymous-rows', 'counts', 'counts', 'identified-rows', 'live']);
    expect(progress.organisations.filter(({ seriesBreaks }) => seriesBreaks)).toHaveLength(1);
    expect(progress.organisations.filter(({ remindedOn }) => remindedOn)).toHaveLength(1);
    await demonstration.load();
    expect(await read()).toEqual(progress);
    const outbox = await request(t.address).get('/outbox').expect(200);
    expect(outbox.text.match(/Your diversity return is late/g)).toHaveLength(1);
    const figures = await t.api
      .get(`/v1/diversity/returns/${fixedId('return', 'autumn-rrdn-north-west')}/figures`)
      .set(await t.as('diversity-analyst', 'rrdn-north-west'))
      .expect(200);
    expect(figures.body).toMatchObject({ people: { low: 214, high: 214 } });
    const counts = await t.api
      .get(`/v1/diversity/returns/${fixedId('return', 'autumn-rrdn-west-midlands')}/figures`)
      .set(await t.as('diversity-analyst', 'rrdn-west-midlands'))
      .expect(200);
    const { people, questions } = counts.body as {
      people: object;
      questions: { answers: { low: number; high: number }[] }[];
    };
    expect(people).toEqual({ low: 163, high: 163 });
    expect(questions.flatMap(({ answers }) => answers).some(({ low, high }) => low < high)).toBe(true);
  });
});
