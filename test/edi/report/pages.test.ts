import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { Benchmark } from '../../../src/edi/report/comparison/benchmark';
import { dataOfTable, pageOfRelease, pageOfTable, STYLE_ADDRESS } from '../../../src/edi/report/formats/addresses';
import { releaseFiles } from '../../../src/edi/report/formats/files';
import { emptyPage, notFoundPage } from '../../../src/edi/report/formats/index-page';
import { tablePage } from '../../../src/edi/report/formats/table-page';
import { REPORT_STYLE } from '../../../src/edi/report/formats/style';
import { ReleaseFile } from '../../../src/edi/report/releases';
import { PAGE_POLICY } from '../../../src/kernel/http/security-headers';
import { openBrowser } from '../../support/browser';
import { RELEASE } from './a-release';

const SITE = 'http://reports.test';
/** Pages of no release. */
const OTHERS: Readonly<Record<string, () => string>> = { '/empty': emptyPage, '/missing': notFoundPage };
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const ETHNICITY = RELEASE.tables[0]!;
const ORIENTATION = RELEASE.tables[5]!;
const BENCHMARKS: Benchmark[] = [
  {
    source: 'census-2021-ts077',
    title: 'Census 2021, sexual orientation',
    publisher: 'Office for National Statistics',
    licence: 'OGL-UK-3.0',
    tableId: 'TS077',
    referenceDay: '2021-03-21',
    characteristic: 'sexual-orientation',
    area: { code: 'E92000001', name: 'England' },
    ageRange: '16-and-over',
    reservation: null,
    caution: null,
    sureness: 'summed',
    figures: [
      { category: 'heterosexual', label: 'Straight or heterosexual', people: 41114478, of: ['heterosexual'] },
      { category: 'gay-or-lesbian', label: 'Gay or lesbian', people: 709692, of: ['gay-or-lesbian'] },
      { category: 'bisexual', label: 'Bisexual', people: 591822, of: ['bisexual'] },
      { category: 'other', label: 'All other', people: 158355, of: ['other'] },
      { category: 'not-answered', label: 'Not answered', people: 3432732, of: [] },
    ],
  },
  {
    source: 'census-2021-ts021',
    title: 'Census 2021, ethnic group',
    publisher: 'Office for National Statistics',
    licence: 'OGL-UK-3.0',
    tableId: 'TS021',
    referenceDay: '2021-03-21',
    characteristic: 'ethnic-group',
    area: { code: 'E92000001', name: 'England' },
    ageRange: 'all-ages',
    reservation: null,
    caution: 'Sums of small areas.',
    sureness: 'summed',
    figures: (['asian', 'black', 'mixed', 'white', 'other'] as const).map((code, i) => ({
      category: code,
      label: code,
      people: [5426423, 2381722, 1669375, 45783379, 1229166][i] ?? 0,
      of: [code],
    })),
  },
];

/** What axe-core found, one line each, by the rules of WCAG 2.2 A and AA. */
interface AxeWindow {
  axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
}

describe('the pages of a release, in a real browser', () => {
  let browser: Browser | undefined;
  let files: Map<string, ReleaseFile>;

  beforeAll(async () => {
    browser = await openBrowser();
    files = new Map((await releaseFiles(RELEASE, { benchmarks: BENCHMARKS })).map((file) => [file.name, file]));
  });
  afterAll(() => browser?.close());

  /** The page at an address, as the service would serve it: with its style and its strict policy. Refusals by the policy are collected. */
  async function show(
    path: string,
    options: { dark?: boolean; width?: number } = {},
  ): Promise<{ page: Page; refused: string[] } | undefined> {
    if (!browser) return undefined;
    const context = await browser.newContext({
      colorScheme: options.dark ? 'dark' : 'light',
      viewport: { width: options.width ?? 1024, height: 768 },
      bypassCSP: false,
    });
    const page = await context.newPage();
    const refused: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') refused.push(message.text());
    });
    await page.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === STYLE_ADDRESS) return route.fulfill({ contentType: 'text/css', body: REPORT_STYLE });
      if (pathname === '/favicon.ico') return route.fulfill({ status: 204 });
      const name =
        pathname === pageOfRelease(RELEASE) ? 'index.html' : `tables/${pathname.split('/').at(-1) ?? ''}.html`;
      const body = OTHERS[pathname]?.() ?? files.get(name)?.bytes;
      if (!body) return route.fulfill({ status: 404, body: name });
      return route.fulfill({
        contentType: 'text/html; charset=utf-8',
        headers: { 'content-security-policy': PAGE_POLICY },
        body,
      });
    });
    const answer = await page.goto(`${SITE}${path}`);
    expect(answer?.status()).toBe(200);
    return { page, refused };
  }

  const violations = async (page: Page): Promise<string[]> => {
    await page.evaluate(AXE);
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as AxeWindow;
      return axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    });
    return found.violations.map((one) => `${one.id}: ${one.nodes[0]?.html ?? ''}`);
  };

  const PAGES = [
    ['the index', pageOfRelease(RELEASE)],
    ['a one-way table with a comparison', pageOfTable(RELEASE, ORIENTATION)],
    ['a comparison without a verdict', pageOfTable(RELEASE, ETHNICITY)],
    ['a two-way table', pageOfTable(RELEASE, RELEASE.tables[6]!)],
    ['a table of groups', pageOfTable(RELEASE, RELEASE.tables[7]!)],
    ['the page before the first release', '/empty'],
    ['the page at a wrong address', '/missing'],
  ] as const;

  it.each(PAGES)('have no fault that axe-core finds: %s', async (_, path) => {
    for (const options of [{}, { dark: true }, { width: 320 }]) {
      const shown = await show(path, options);
      if (!shown) return;
      expect(shown.refused).toEqual([]);
      expect(await violations(shown.page)).toEqual([]);
      // Reflow (1.4.10): at 320 pixels only what is told as a region of its own scrolls sideways.
      const wide = await shown.page.evaluate(
        'document.documentElement.scrollWidth > document.documentElement.clientWidth',
      );
      expect([path, options, wide]).toEqual([path, options, false]);
      await shown.page.context().close();
    }
  });

  it('lead from the index to every table and its files', async () => {
    const shown = await show(pageOfRelease(RELEASE));
    if (!shown) return;
    const links = await shown.page.locator('main a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    for (const table of RELEASE.tables) expect(links).toContain(pageOfTable(RELEASE, table));
    await shown.page.getByRole('link', { name: ORIENTATION.title }).first().click();
    expect(await shown.page.locator('h1').textContent()).toContain(ORIENTATION.title);
    const files = await shown.page.locator('.files a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    expect(files).toContain(`${dataOfTable(RELEASE, ORIENTATION)}?format=json-stat`);
    await shown.page.context().close();
  });

  it('are told apart by level and population in the index, whose links name a table to who hears them', async () => {
    const shown = await show(pageOfRelease(RELEASE));
    if (!shown) return;
    const { page } = shown;
    expect(await page.locator('h3').allTextContents()).toEqual([
      'All organisations together',
      'Groups of organisations',
    ]);
    expect(await page.locator('h4').allTextContents()).toEqual([
      ...['Registered', 'Registered, by ethnic group and another answer', 'Interested', 'Selected', 'Took part'],
      'Registered',
    ]);
    expect(await page.getByRole('link', { name: ORIENTATION.title }).textContent()).toBe('Sexual orientation');
    const links = await page.locator('main a').evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    for (const part of ['/funnel?', '/v1/diversity/trends?', `/v1/diversity/gaps?release=${RELEASE.id}`])
      expect(links.filter((link) => link.includes(part))).toHaveLength(1);
    await page.context().close();
  });

  it('name the table alone in their heading, each question by itself, and rows by what they are', async () => {
    const shown = await show(pageOfTable(RELEASE, RELEASE.tables[7]!));
    if (!shown) return;
    const { page } = shown;
    expect(await page.locator('h1').textContent()).toBe(RELEASE.tables[7]!.title);
    expect(await page.title()).toContain(RELEASE.title);
    expect(await page.locator('th[scope=col]').first().textContent()).toBe('Group of organisations');
    await page.context().close();
    const questions = ['How old are you?', 'In which year were you born?'];
    const asked = { ...RELEASE.characteristics[0]!, question: questions.join(' '), questions };
    const html = tablePage({ ...RELEASE, characteristics: [asked] }, ETHNICITY, []);
    for (const one of questions) expect(html).toContain(`<li>“${one}”</li>`);
  });

  it('say above percentages why some are not there, though the number of people is', async () => {
    const shown = await show(pageOfTable(RELEASE, RELEASE.tables[7]!));
    if (!shown) return;
    const words = await shown.page.locator('main').textContent();
    expect(words).toContain('Some rows have no percentages: how many people gave an answer cannot be told');
    expect(words).toContain('These are the rows of National centres.');
    await shown.page.context().close();
  });

  it('keep captions in view on a narrow screen, and say that what is wide can be moved', async () => {
    const shown = await show(pageOfTable(RELEASE, RELEASE.tables[6]!), { width: 320 });
    if (!shown) return;
    for (const one of await shown.page.locator('caption span').all()) {
      const box = await one.boundingBox();
      expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 999) <= 320).toBe(true);
    }
    expect(await shown.page.locator('.hint').first().isVisible()).toBe(true);
    // Labels stand above their bars, which begin in view.
    for (const one of await shown.page.locator('svg .label').all()) {
      const box = await one.boundingBox();
      expect([(box?.x ?? -1) >= 0, (box?.x ?? 0) + (box?.width ?? 999) <= 320]).toEqual([true, true]);
    }
    expect((await shown.page.locator('svg .bar').first().boundingBox())?.x).toBeLessThan(160);
    await shown.page.context().close();
  });

  it('show [c] in table and chart, without a bar, and a verdict only where one may be given', async () => {
    const shown = await show(pageOfTable(RELEASE, ORIENTATION));
    if (!shown) return;
    const { page } = shown;
    const row = page.locator('table', { has: page.locator('#people') }).locator('tbody');
    expect(await row.locator('td').allTextContents()).toEqual(['980', '10', '40', '[c]', '100', '60', '1,200']);
    const chart = page.getByRole('img', { name: ORIENTATION.title });
    expect(await chart.locator('text', { hasText: '[c]' }).count()).toBe(1);
    // Six categories, one withheld; the background is a rectangle too.
    expect(await chart.locator('rect').count()).toBe(6);
    const words = await page.locator('main').textContent();
    expect(words).toContain('no percentage of contributors can be given');
    await page.goto(`${SITE}${pageOfTable(RELEASE, ETHNICITY)}`);
    const without = (await page.locator('main').textContent()) ?? '';
    expect(without).toContain(
      'The population figures are of people of all ages, while contributors are people aged 16 and over.',
    );
    expect(without).not.toMatch(/under-represented|over-represented/);
    await page.context().close();
  });

  it('have charts that are well-formed SVG with role, title and description, categories in fixed order', async () => {
    const shown = await show(pageOfRelease(RELEASE));
    if (!shown) return;
    for (const table of RELEASE.tables) {
      const text = files.get(`tables/${table.key}.svg`)?.bytes.toString() ?? '';
      const read = await shown.page.evaluate((source) => {
        const { DOMParser } = globalThis as unknown as {
          DOMParser: new () => { parseFromString(text: string, type: string): ParsedSvg };
        };
        const svg = new DOMParser().parseFromString(source, 'image/svg+xml');
        const at = (name: string): string[] => [...svg.querySelectorAll(name)].map((one) => one.textContent);
        const root = svg.documentElement;
        const labels = [...svg.querySelectorAll('text.label')].map((one) => one.textContent);
        return {
          wrong: at('parsererror'),
          role: root.getAttribute('role'),
          title: at('title'),
          desc: at('desc'),
          labels,
        };
      }, text);
      expect(read).toMatchObject({ wrong: [], role: 'img', title: [table.title] });
      expect(read.desc.join('')).toContain('[c] stands for a withheld number');
      const categories = RELEASE.characteristics.find((one) => one.key === table.characteristic)?.categories ?? [];
      const first = read.labels.join(' ').slice(0, categories.map((one) => one.label).join(' ').length);
      expect(first).toBe(categories.map((one) => one.label).join(' '));
    }
    await shown.page.context().close();
  });
});

interface ParsedSvg {
  documentElement: { getAttribute(name: string): string | null };
  querySelectorAll(selector: string): Iterable<{ textContent: string }>;
}
