import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiDocument } from '../../src/kernel/http/version.controller';
import { startApp, type TestApp } from '../support/app';

const root = join(__dirname, '..', '..');
const guides = join(root, 'docs', 'guides');
const pages = [
  'README.md',
  'docs/architecture.md',
  'docs/runbook.md',
  ...readdirSync(guides).map((name) => `docs/guides/${name}`),
];

/** An address as it is written in a page, with one sign for whatever stands in place of a value. */
const plain = (path: string): string =>
  path
    .replace(/[?#].*$/, '')
    .replace(/\{[^}]*\}|<[^>]*>|\$\{[^}]*\}|\$[A-Z]+/g, '{}')
    .replace(/\/latest(?=\/|$)/g, '/{}')
    .replace(/[./]+$/, '');

const ADDRESS =
  /(?:\b(GET|POST|PUT|PATCH|DELETE) |-X (POST|PUT|PATCH|DELETE) "?\$API)?(\/v1\/(?:[a-z0-9-]|[./](?=[a-z{<$])|\{[^}]*\}|<[^>]*>|\$\{[^}]*\}|\$[A-Z]+)+)/g;

const named = (text: string): { method: string; path: string }[] =>
  [...text.matchAll(ADDRESS)].map(([, before, curl, path = '']) => ({
    method: (before ?? curl ?? '').toLowerCase(),
    path: plain(path),
  }));

describe('addresses that the pages name', () => {
  let t: TestApp;
  let known: Map<string, string[]>;
  const wrong = (text: string): string[] =>
    named(text)
      .filter(({ method, path }) => !known.get(path) || (method !== '' && !known.get(path)?.includes(method)))
      .map(({ method, path }) => `${method} ${path}`.trim());

  beforeAll(async () => {
    t = await startApp();
    const { paths } = t.app.get(ApiDocument, { strict: false }).get();
    known = new Map(Object.entries(paths).map(([path, item]) => [plain(path), Object.keys(item)]));
  }, 60_000);
  afterAll(() => t.stop());

  it.each(pages)('are there: %s', (page) => {
    expect(wrong(readFileSync(join(root, page), 'utf8'))).toEqual([]);
  });

  it('are found, and found wanting where they are not there', () => {
    expect(pages.flatMap((page) => named(readFileSync(join(root, page), 'utf8'))).length).toBeGreaterThan(60);
    expect(wrong('`GET /v1/me`, POST /v1/api-keys/{id}/revoke. curl "$API/v1/opportunities?q=x"')).toEqual([]);
    expect(wrong('`DELETE /v1/me`, /v1/nothing/{id}, curl -X POST $API/v1/changes')).toEqual([
      'delete /v1/me',
      '/v1/nothing/{}',
      'post /v1/changes',
    ]);
  });
});
