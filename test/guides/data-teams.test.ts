import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiversityDemonstration } from '../../src/edi/demonstration/diversity-demonstration';
import type { Funnel } from '../../src/edi/report/funnel';
import type { Representation } from '../../src/edi/report/comparison/representation';
import { startApp, type TestApp } from '../support/app';

const GUIDE = readFileSync(join(__dirname, '..', '..', 'docs', 'guides', 'data-teams.md'), 'utf8');

/** What the guide for data teams promises of the demonstration, asked of the demonstration. */
describe('the guide for data teams', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
    await t.app.get(DiversityDemonstration, { strict: false }).load(t.clock);
  }, 120_000);
  afterAll(() => t.stop());

  const addresses = [...GUIDE.matchAll(/^\| `(\/(?:v1\/diversity|reports)[^`]*)` \|/gm)].map((found) =>
    (found[1] ?? '').replace('{release}', 'latest'),
  );
  const representation = addresses.find((one) => one.includes('/representation?')) ?? '';
  const compared = async (url: string): Promise<Representation> =>
    (await t.api.get(url).expect(200)).body as Representation;
  const funnel = async (query: string): Promise<Funnel> =>
    (await t.api.get(`/v1/diversity/releases/latest/funnel?${query}`).expect(200)).body as Funnel;

  it('names addresses that answer', async () => {
    expect(addresses.length).toBeGreaterThanOrEqual(9);
    for (const url of addresses) expect([url, (await t.api.get(url)).status]).toEqual([url, 200]);
  });

  it('leads to verdicts: by its first address and by sexual orientation', async () => {
    for (const url of [representation, representation.replace(/=\w+$/, '=sexual-orientation')]) {
      const { rows, noVerdictBecause } = await compared(url);
      expect(noVerdictBecause).toEqual([]);
      const verdicts = rows.flatMap(({ verdict }) => verdict ?? []);
      expect(verdicts).toContain('over-represented');
      expect(verdicts).toContain('under-represented');
    }
  });

  it('gives no verdict of an organisation without saying why, and never that a published number were small', async () => {
    for (const characteristic of ['age', 'sexual-orientation', 'sex', 'ethnic-group']) {
      const { rows, noVerdictBecause } = await compared(
        `/v1/diversity/releases/latest/representation?unit=rrdn-north-west&area=E12000002&characteristic=${characteristic}`.replace(
          /&area=\w+&characteristic=(sex|ethnic-group)$/,
          '&area=E92000001&characteristic=$1',
        ),
      );
      if (rows.every((row) => row.verdict === null))
        expect([characteristic, noVerdictBecause.length]).not.toEqual([characteristic, 0]);
      for (const row of rows) {
        expect(row.noVerdictBecause.length > 0).toBe(row.verdict === null);
        if (row.count !== null && row.share.value === null)
          expect(row.sentence).not.toMatch(/number is (small|withheld)/);
      }
    }
  });

  it('has a funnel of everybody, and says of an organisation why there is none', async () => {
    const all = await funnel('characteristic=ethnic-group');
    expect(all.steps).toHaveLength(3);
    expect(all.noStepsBecause).toBeNull();
    const one = await funnel('characteristic=sex&unit=rrdn-north-west');
    expect(one.steps).toEqual([]);
    expect(one.noStepsBecause).toMatch(/none of later stages.*tables of later stages for these units: all\.$/);
    for (const { sentence } of one.groups) expect(sentence).not.toMatch(/small|withheld/);
  });
});
