import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PublishedCharacteristic } from '../../src/edi/release/published';
import { oneWayTable, RELEASE } from '../edi/report/a-release';
import { publish } from '../edi/report/stored-release';
import { startApp, type TestApp } from '../support/app';

const GUIDE = readFileSync(join(__dirname, '..', '..', 'docs', 'guides', 'data-teams.md'), 'utf8');
const HERE = spawnSync('Rscript', ['--version']).status === 0;

const DISABILITY: PublishedCharacteristic = {
  key: 'disability',
  label: 'Disability',
  question: 'Do you have a long-term condition?',
  categories: [
    { code: 'limited-a-lot', label: 'Limited a lot', unknown: false },
    { code: 'limited-a-little', label: 'Limited a little', unknown: false },
    { code: 'no-condition', label: 'No “condition”', unknown: false },
    { code: 'prefer-not-to-say', label: 'Prefers not to say', unknown: true },
    { code: 'not-known', label: 'Not known', unknown: true },
  ],
};

/** The guide's R code on releases, as it stands but for the service's address. It runs where R is at hand; elsewhere that is said. */
describe('the R code of the guide for data teams', () => {
  let t: TestApp;
  const blocks = [...GUIDE.matchAll(/```r\n([^]*?)```/g)]
    .map((found) => found[1] ?? '')
    .filter((code) => code.includes('diversity'));
  const run = async (code: string): Promise<string> => {
    const { stdout } = await promisify(execFile)('Rscript', [
      '-e',
      code.replaceAll('http://localhost:3000', t.address),
    ]);
    return stdout;
  };

  beforeAll(async () => {
    t = await startApp();
    if (!HERE) console.warn('No Rscript: the R code of the guide was not run here.');
  });
  afterAll(() => t.stop());

  it('is there', () => expect(blocks).toHaveLength(2));

  it('reads a release by its address, and gives the percentages that the service gives', async () => {
    if (!HERE) return;
    const characteristics = [...RELEASE.characteristics, DISABILITY];
    const tables = [
      ...RELEASE.tables,
      oneWayTable('all', 'registered', DISABILITY, { all: [150, 250, 600, 40, 'c', 1050] }),
    ];
    await publish(t, { ...RELEASE, characteristics, tables });
    const said = await run(blocks[0] ?? '');
    expect(said).toMatch(/Limited a lot +150 +15\s/);
    expect(said).toMatch(/Limited a little +250 +25\s/);
    expect(said).toMatch(/No “condition” +600 +60\s/);
    const { figures } = (await t.api.get('/v1/diversity/releases/latest/tables/all-registered-disability')).body as {
      figures: { category: string | null; share: number | null }[];
    };
    expect(figures.slice(0, 3).map((figure) => figure.share)).toEqual([0.15, 0.25, 0.6]);
  });

  it('reads the population figures', async () => {
    if (!HERE) return;
    expect(await run(blocks[1] ?? '')).toMatch(/Disabled under the Equality Act 0\.17\d+ +all-ages/);
  });
});
