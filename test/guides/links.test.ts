import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '..', '..');
const LEFT_OUT = new Set(['node_modules', 'dist', 'coverage']);

/** Every Markdown file of the project, wherever it is. */
function pages(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    if (LEFT_OUT.has(name) || name.startsWith('.')) return [];
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return pages(path);
    return name.endsWith('.md') ? [path] : [];
  });
}

/** Text that is not code: what stands in fences or between backticks is no link. */
const prose = (text: string): string => text.replace(/^(```+)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');

const linksIn = (text: string): string[] =>
  [...prose(text).matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)].map((found) => found[1] ?? '');

/** The anchors that headings make, as code hosts do: small letters, hyphens for blanks, a number where one comes again. */
function anchorsOf(text: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = [...text.replace(/^(```+)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6} +(.+?) *#*$/gm)];
  return new Set(
    headings.map(([, heading = '']) => {
      const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
      const slug = plain.replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
      const before = seen.get(slug) ?? 0;
      seen.set(slug, before + 1);
      return before === 0 ? slug : `${slug}-${before}`;
    }),
  );
}

/** What is wrong with the links of one page, each with what is not there. */
function brokenLinks(page: string, text: string): string[] {
  const wrong: string[] = [];
  for (const link of linksIn(text)) {
    if (/^[a-z][a-z0-9+.-]*:/i.test(link)) continue; // another site's
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), decodeURIComponent(path));
    if (target !== page && !existsSync(target)) wrong.push(`${link}: no such file`);
    else if (
      anchor &&
      target.endsWith('.md') &&
      !anchorsOf(target === page ? text : readFileSync(target, 'utf8')).has(anchor)
    )
      wrong.push(`${link}: no such heading`);
  }
  return wrong;
}

describe('links between the documents', () => {
  const found = pages(root);

  it.each(found.map((path) => [relative(root, path), path]))('%s', (_, path) => {
    expect(brokenLinks(path, readFileSync(path, 'utf8'))).toEqual([]);
  });

  it('are looked at in all that a newcomer reads first', () => {
    const names = found.map((path) => relative(root, path));
    expect(names).toEqual(
      expect.arrayContaining([
        'README.md',
        'CONTRIBUTING.md',
        'SECURITY.md',
        'CHANGELOG.md',
        'docs/architecture.md',
        'docs/runbook.md',
      ]),
    );
    expect(linksIn(readFileSync(join(root, 'README.md'), 'utf8')).length).toBeGreaterThan(10);
  });

  it('are found wanting where they lead nowhere', () => {
    const page = join(root, 'docs', 'a-page-of-this-test.md');
    const text =
      '# One thing\n\n[a](#one-thing) [b](#another) [c](architecture.md) [d](gone.md) [e](https://example.org/x)\n\n```\n[f](gone-too.md)\n```\n';
    expect(brokenLinks(page, text)).toEqual(['#another: no such heading', 'gone.md: no such file']);
  });
});
