import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import type { DiversityDictionary } from '../../../src/edi/report/dictionary/dictionary.dto';
import { SHORTHAND } from '../../../src/edi/report/figures';
import { STYLE_ADDRESS, TABLE_FORMATS } from '../../../src/edi/report/formats/addresses';
import { tidyCsv } from '../../../src/edi/report/formats/tidy-csv';
import { PAGE_POLICY } from '../../../src/kernel/http/security-headers';
import { startApp, TestApp } from '../../support/app';
import { BEFORE, RELEASE } from './a-release';
import { publish } from './stored-release';

const PAGES = '/reports/diversity';
const BROWSER = 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8';
const DICTIONARY = '/v1/diversity/dictionary';

describe('what anybody reads of releases', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.stop());
  const dictionary = async () => (await t.api.get(DICTIONARY)).body as DiversityDictionary;

  it('is there before the first release: a page that says so, and a dictionary without tables', async () => {
    const page = await t.api.get(PAGES);
    expect(page.status).toBe(200);
    expect(page.text).toContain('No release has been published yet.');
    const read = await dictionary();
    expect(read).toMatchObject({ release: null, tables: [], characteristics: [] });
    expect(read.columns).toHaveLength(16);
    expect((await t.api.get(`${PAGES}/releases/latest`)).status).toBe(404);
  });

  it('says to a browser by a page that an address is wrong, with a way back, and to a program as a problem', async () => {
    const url = `${PAGES}/releases/latest/no-such-table`;
    const page = await t.api.get(url).set('accept', BROWSER);
    expect([page.status, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page.text).toContain('There is no such report');
    expect(page.text).toContain(`href="${PAGES}"`);
    const problem = await t.api.get(url);
    expect([problem.status, problem.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
  });

  it.each([`${PAGES}/nothing/here`, `${PAGES}/nothing?at=all`, `${PAGES}/releases/latest/a/b/c`])(
    'says so too where no route is: %s',
    async (url) => {
      const ask = async (method: 'GET' | 'HEAD' | 'POST', accept: string) => {
        const answer = await t.app.inject({ method, url, headers: { accept } });
        return { ...answer, type: answer.headers['content-type'] };
      };
      const page = await ask('GET', BROWSER);
      expect(page).toMatchObject({ statusCode: 404, type: 'text/html; charset=utf-8' });
      expect(page.headers).toMatchObject({ 'content-security-policy': PAGE_POLICY, 'cache-control': 'no-store' });
      expect(page.body).toContain(`<a href="${PAGES}">the newest release</a>`);
      expect(await ask('HEAD', BROWSER)).toMatchObject({ statusCode: 404, type: 'text/html; charset=utf-8' });
      for (const problem of [
        await ask('GET', 'application/json'),
        await ask('GET', '*/*'),
        await ask('POST', BROWSER),
      ]) {
        expect(problem).toMatchObject({ statusCode: 404, type: 'application/problem+json; charset=utf-8' });
        expect(JSON.parse(problem.body)).toMatchObject({ code: 'not_found' });
      }
    },
  );

  it.each([PAGES, `${PAGES}/style.css`, `${PAGES}/releases/latest`, `${PAGES}/releases/latest/all-registered-sex`])(
    'leads a browser with a marked link to the page, and tells everybody else what is wrong: %s',
    async (url) => {
      const led = await t.api.get(`${url}?utm_source=letter&x=%3Cb%3E`).set('accept', BROWSER).redirects(0);
      expect([led.status, led.headers.location, led.headers['cache-control']]).toEqual([302, url, 'no-store']);
      const told = await t.api.get(`${url}?colour=red`);
      expect([told.status, told.body]).toEqual([
        400,
        expect.objectContaining({
          code: 'invalid_input',
          errors: [expect.objectContaining({ in: 'query', at: 'colour' })],
        }),
      ]);
    },
  );

  it('says nothing of reports to a browser that is lost elsewhere', async () => {
    for (const url of ['/reports/diversityx', '/reports/else', '/v1/nothing']) {
      const answer = await t.app.inject({ url, headers: { accept: BROWSER } });
      expect([url, answer.headers['content-type']]).toEqual([url, 'application/problem+json; charset=utf-8']);
    }
  });

  it('is a page for each release and table, as it was made, under a strict policy', async () => {
    await publish(t, BEFORE);
    await publish(t, RELEASE);
    const newest = await t.api.get(PAGES);
    expect(newest.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_POLICY,
      'cache-control': 'public, max-age=300',
    });
    expect(newest.text).toContain(RELEASE.title);
    expect((await t.api.get(PAGES).set('if-none-match', newest.headers.etag ?? '')).status).toBe(304);
    const former = await t.api.get(`${PAGES}/releases/${BEFORE.id}`);
    expect(former.text).toContain(BEFORE.title);
    expect(former.headers['cache-control']).toContain('immutable');
    const table = await t.api.get(`${PAGES}/releases/${RELEASE.id}/all-registered-sex`);
    expect(table.headers['content-security-policy']).toBe(PAGE_POLICY);
    expect(table.text).toContain('Registered contributors by sex');
    const style = await t.api.get(STYLE_ADDRESS);
    expect(style.headers['content-type']).toBe('text/css; charset=utf-8');
    // Every link of the index and of a table into the service leads somewhere that answers.
    const links = [...newest.text.matchAll(/href="(\/reports[^"]+)"/g)].map((found) => found[1] ?? '');
    expect(links.length).toBeGreaterThan(RELEASE.tables.length);
    for (const link of new Set(links)) expect([link, (await t.api.get(link)).status]).toEqual([link, 200]);
    const data = [...`${newest.text}${table.text}`.matchAll(/href="(\/v1[^"]+)"/g)].map((found) => found[1] ?? '');
    expect(data.length).toBeGreaterThan(10);
    for (const link of new Set(data)) expect([link, (await t.api.get(link)).status]).toEqual([link, 200]);
  });

  it('refuses what does not exist', async () => {
    expect((await t.api.get(`${PAGES}/releases/${randomUUID()}`)).status).toBe(404);
    expect((await t.api.get(`${PAGES}/releases/${RELEASE.id}/all-registered-shoe-size`)).status).toBe(404);
    // What can be no address of a page is an address without one: also a release by its number.
    for (const url of [`${PAGES}/releases/newest`, `${PAGES}/releases/99`, `${PAGES}/releases/${RELEASE.id}/a%2Fb`]) {
      const problem = await t.api.get(url);
      expect([url, problem.status]).toEqual([url, 404]);
      expect(problem.body).toMatchObject({
        code: 'not_found',
        detail: expect.stringContaining('/v1/diversity/releases'),
      });
      expect((await t.api.get(url).set('accept', BROWSER)).status).toBe(404);
    }
  });

  it('is explained by the dictionary: every column, code, question and table of the files', async () => {
    const read = await dictionary();
    expect(read.release).toEqual({ id: RELEASE.id, number: 2 });
    const rows: Record<string, string>[] = parse(tidyCsv(RELEASE), { columns: true });
    expect(Object.keys(rows[0] ?? {})).toEqual(read.columns.map((column) => column.name));
    const told = {
      status: read.statuses.map((one) => one.code),
      population: read.populations.map((one) => one.code),
      table: read.tables.map((one) => one.key),
      characteristic: read.characteristics.map((one) => one.key),
    };
    for (const row of rows) {
      for (const [column, codes] of Object.entries(told))
        expect([column, codes]).toEqual([column, expect.arrayContaining([row[column]])]);
      const categories = read.characteristics.find((one) => one.key === row.characteristic)?.categories ?? [];
      expect(['all', ...categories.map((one) => one.code)]).toContain(row.category);
    }
    expect(told.status).toEqual(['', ...Object.keys(SHORTHAND)]);
    expect(read.formats.map((one) => one.code)).toEqual(Object.keys(TABLE_FORMATS));
    expect(read.characteristics.find((one) => one.key === 'sexual-orientation')?.threshold).toBe(10);
    expect(read.formulas.find((one) => one.key === 'ratio')?.example).toContain('0.887 (0.728 to 1.076)');
    expect(read.formulas.find((one) => one.key === 'disparity-ratio')?.example).toContain('0.75 (0.548 to 1.026)');
  });
});
