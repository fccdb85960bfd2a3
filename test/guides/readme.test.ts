import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { buildService, freePort, Run } from '../support/built';
import { runBlocks } from './shell';

/** The "Five minutes" and "Who to be" of the README, run by a shell as they are written, on a service and a database of their own. */

const ROOT = join(__dirname, '..', '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const section = /^## Five minutes\n[\s\S]*?(?=^## The parts)/m.exec(readme)?.[0] ?? '';
const fences = [...section.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = '']) => ({
  kind,
  text,
}));
const commands = fences.filter(({ kind }) => kind === 'sh').map(({ text }) => text);
/** What is shown after each of the commands. */
const shown = fences.filter((_, at) => fences[at - 1]?.kind === 'sh').map(({ text }) => text);

/** What must be there besides the form: what the reader has been told to expect. */
const SAYS = [
  'coordinator',
  'distanceKm',
  'published',
  'Two evenings about talking on the phone',
  'kept, read up to',
  '"state":"received"',
  'All together',
  'sex,all,Everybody,',
  'second_person_needed',
];

/** Whom the table says that one can be, and what they can read. */
const roles = [...section.matchAll(/^\| `([a-z-]+)` \| `([a-z-]+)` \| (.*) \|$/gm)].map(
  ([, role = '', organisation = '', say = '']) => ({
    role,
    organisation,
    paths: [...say.matchAll(/`GET (\/[^`{]+)`/g)].map(([, path = '']) => path),
  }),
);

/**
 * The form of an output: names, words and signs as they are shown; any other string, number, day or reference in the place of each;
 * anything in the place of `…`; any blanks where there are some.
 */
function form(text: string): RegExp {
  const PARTS = /"(?:[^"\\\n]|\\.)*"(?=(:?))|'[^'\n]*'|PPI(?:-[0-9A-Z]{4,5}){3}|…|\s+|\d+(?:\.\d+)?|[^]/g;
  const source = [...text.trim().matchAll(PARTS)].map(([part, colon]) => {
    if (part.length > 1 && part.startsWith('"')) return colon ? literal(part) : '"(?:[^"\\\\]|\\\\.)*"';
    if (part.length > 1 && part.startsWith("'")) return "'[^']*'";
    if (part.startsWith('PPI-')) return 'PPI(?:-[0-9A-Z]{4,5}){3}';
    if (part === '…') return '[^]*?';
    if (part.trim() === '') return '\\s*';
    return /^\d/.test(part) ? '\\d+(?:\\.\\d+)?' : literal(part);
  });
  return new RegExp(`^\\s*${source.join('')}\\s*$`);
}
const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

describe('the five minutes of the README', () => {
  let built: ReturnType<typeof buildService>;
  let started: Run;
  let address: string;

  beforeAll(async () => {
    built = buildService();
    for (const part of ['docs', 'package.json']) symlinkSync(join(ROOT, part), join(built.folder, part));
    const [port, metrics] = [await freePort(), await freePort()];
    address = `http://localhost:${port}`;
    started = new Run(built.program('main.js'), {
      env: { DATA_DIR: join(built.folder, '.data'), PORT: String(port), METRICS_PORT: String(metrics) },
    });
    await started.listening();
  }, 180_000);
  afterAll(async () => {
    const code = await started.stop();
    await Run.stopAll();
    built.remove();
    expect(code).toBe(0);
  });

  it('begin with what the start says', () => {
    expect(fences[0]?.kind).toBe('');
    expect(started.out.slice(started.out.indexOf('Public Partnerships API is'))).toMatch(form(fences[0]?.text ?? ''));
  });

  it('give what the page shows, block by block', async () => {
    const { outputs, err } = await runBlocks(commands, { address, cwd: built.folder, seconds: 45 });
    expect(err).toBe('');
    expect(outputs).toHaveLength(commands.length);
    outputs.forEach((output, at) => {
      expect(output).toMatch(form(shown[at] ?? ''));
      expect(output).toContain(SAYS[at]);
      // Releases never change, and are made of the same people in each copy: the page prints the very numbers.
      if (shown[at]?.startsWith('release,')) expect(output.replaceAll('\r', '').trim()).toBe(shown[at].trim());
    });
    expect([commands.length, shown.length]).toEqual([SAYS.length, SAYS.length]);
    expect(shown.filter((text) => text.startsWith('release,'))).toHaveLength(1);
  }, 180_000);

  it.each(roles)('lets a $role of $organisation read what the page says', async ({ role, organisation, paths }) => {
    const token = new Run(built.program('commands/token.js'), {
      args: ['--as', role, '--organisation', organisation],
      env: { DATA_DIR: join(built.folder, '.data') },
    });
    expect([await token.ended, token.err]).toEqual([0, '']);
    for (const path of paths) {
      const answer = await fetch(`${address}${path}`, { headers: { authorization: `Bearer ${token.out.trim()}` } });
      const { data } = (await answer.json()) as { data: unknown[] };
      expect([path, answer.status, data.length > 0]).toEqual([path, 200, path !== '/v1/contributor-duplicates']);
    }
  });

  it('would be found wanting', () => {
    expect(roles).toHaveLength(8);
    expect('{"a": "x", "n": [1]}').toMatch(form('{"a": "y", "n": [2]}'));
    expect('{"b": "x", "n": [1]}').not.toMatch(form('{"a": "y", "n": [2]}'));
    expect('{"a": "x", "n": [1], "more": 1}').not.toMatch(form('{"a": "y", "n": [2]}'));
    expect('published').not.toMatch(form('draft'));
  });
});
