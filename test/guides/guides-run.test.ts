import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { buildService, freePort, Run } from '../support/built';
import { runBlocks, shellBlocks } from './shell';

/** The guides, typed by a shell as they are printed, on a service with the made-up data and a database of its own. */

const ROOT = join(__dirname, '..', '..');
const page = (name: string): string => readFileSync(join(ROOT, 'docs', 'guides', name), 'utf8');
/** A part of a page, from one heading to another. */
function part(text: string, from: string, to: string): string {
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start < 0 || end <= start) throw new Error(`The guide has no part from "${from}" to "${to}"`);
  return text.slice(start, end);
}

describe('the guides, as they are printed', () => {
  let built: ReturnType<typeof buildService>;
  let started: Run;
  let address: string;

  beforeAll(async () => {
    built = buildService();
    for (const name of ['docs', 'package.json']) symlinkSync(join(ROOT, name), join(built.folder, name));
    const port = await freePort();
    address = `http://localhost:${port}`;
    started = new Run(built.program('main.js'), {
      env: { DATA_DIR: join(built.folder, '.data'), PORT: String(port) },
    });
    await started.listening();
  }, 180_000);
  afterAll(async () => {
    await started.stop();
    await Run.stopAll();
    built.remove();
  });

  /** Runs them one after the other, and expects of each what it is said to print. */
  async function expectRun(blocks: readonly string[], prints: readonly (string | RegExp)[]): Promise<void> {
    const { outputs, err } = await runBlocks(blocks, { address, cwd: built.folder, seconds: 50 });
    expect(err.replace(/^ *(% Total|Dload|--:|\d+ ).*\r?$|^.*\r/gm, '').trim()).toBe('');
    outputs.forEach((output, at) => expect(output).toMatch(prints[at] ?? 'a block more than this test knows'));
    expect([outputs.length, blocks.length]).toEqual([prints.length, prints.length]);
  }

  it('take a collection from its opening to a release, and a gap to what was done', async () => {
    const guide = page('administrators.md');
    const blocks = [
      ...shellBlocks(part(guide, '# Guide for administrators', '## An organisation that is not listed')),
      ...shellBlocks(part(guide, '## A collection of diversity data', '## Two records of one person')),
    ];
    await expectRun(blocks, [
      /^\s*$/,
      /^open$/m,
      /Characteristic,Category,Stage,Count/,
      /^\s*$/,
      /^true$/m,
      /^2$/m,
      /low: 71, high: 71[^]*signed-off/,
      /accepted\nsigned-off/,
      /"organisationId"/,
      /closed\nready\nLOOK AT THIS FIRST: 12 of the \d+ organisations of release 2 are missing in this one: NIHR Centre .*/,
      /^given_up$/m,
      /^open\ndone$/m,
    ]);
  }, 180_000);

  it('let a site read, copy, send, tell and pass on', async () => {
    const guide = page('integrators.md');
    const blocks = [
      ...shellBlocks(part(guide, '# Guide for integrators', '## 5. ')),
      ...shellBlocks(part(guide, '## 6. ', '## Manners')),
    ];
    await expectRun(blocks, [
      /^\s*$/,
      /"data":\[\{"status":"open"/,
      /"key":"ppk_/,
      /"gone":false/,
      /^\d+ open, \d+ kept, read up to \d+$/m,
      /key: 'question-1'/,
      /^\s*$/,
      /"reference":"PPI-/,
      /"count":140/,
      /"kept":\["sex","ethnic-group","ethnic-background"\],"notMapped":\[\],"notRead":\[\]/,
    ]);
  }, 180_000);
});
