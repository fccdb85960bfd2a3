import { createHash } from 'node:crypto';
import { Pseudonyms } from '../../src/edi/door/pseudonym';
import { ReleasedService } from '../../src/edi/release/released.service';
import { Sequencer } from '../../src/kernel/events/sequencer';
import { startApp, TestApp } from '../support/app';
import { Figure, published, ReleaseBody, ReleasePeople } from './release-people';

const LATEST = '/v1/diversity/releases/latest';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

describe('what anybody reads of a release', () => {
  let t: TestApp;
  let release: ReleaseBody;
  let everybody: string[];

  beforeAll(async () => {
    t = await startApp();
    const people = new ReleasePeople(t);
    everybody = await people.add('rrdn-north-west', 120);
    await people.add('rrdn-south-west-central', 60);
    release = await published(t, await t.as('data-steward'));
  });
  afterAll(() => t.stop());

  it('is a closed list of tables', async () => {
    const { body } = await t.api.get(`${LATEST}/tables`).expect(200);
    expect((body as { data: { key: string; title: string }[] }).data.map(({ key, title }) => [key, title])).toEqual([
      ['all-registered-ethnic-group-by-sex', 'Registered contributors by ethnic group and sex, all organisations'],
      ['all-registered-age', 'Registered contributors by age, all organisations'],
      ['organisations-registered-sex', 'Registered contributors by sex, organisations'],
    ]);
  });

  it('outside which nothing is computed: the answer says which there are', async () => {
    for (const key of ['all-registered-age-by-sex', 'all-registered-religion', 'organisations-registered-age']) {
      const { body } = await t.api.get(`${LATEST}/tables/${key}`).expect(404);
      expect((body as { detail: string }).detail).toContain(
        'all-registered-ethnic-group-by-sex, all-registered-age, organisations-registered-sex',
      );
    }
    await t.api.get(`${LATEST}/tables/all-registered-age?region=E12000002`).expect(400);
    await t.api.get(`${LATEST}/tables/..%2Fall`).expect(400);
  });

  it('comes from memory the second time, with the very bytes and headers of the first', async () => {
    const hear = (): Promise<bigint> => t.app.get(Sequencer, { strict: false }).run();
    const read = jest.spyOn(t.app.get(ReleasedService, { strict: false }), 'file');
    const ask = async () => {
      await hear();
      const { text, headers } = await t.api.get(`${LATEST}/tables/all-registered-age?format=csv`).expect(200);
      const { 'x-trace-id': _, date: _date, ...same } = headers as Record<string, string>;
      return {
        text,
        headers: Object.entries(same)
          .filter(([name]) => !name.startsWith('x-ratelimit'))
          .sort(),
      };
    };
    const first = await ask();
    expect(read).toHaveBeenCalledTimes(1);
    const second = await ask();
    expect(read).toHaveBeenCalledTimes(1);
    expect(second).toEqual(first);
    expect(second.headers).toContainEqual(['content-disposition', 'inline; filename="all-registered-age.csv"']);
    read.mockRestore();
  });

  it('holds rounded numbers and marks, never a small count', async () => {
    const { body } = await t.api.get(`${LATEST}/tables/all-registered-ethnic-group-by-sex`).expect(200);
    const { figures } = body as { figures: Figure[] };
    expect(figures).toHaveLength(8 * 5);
    for (const { value, status } of figures) {
      expect(['', 'c']).toContain(status);
      if (status === 'c') expect(value).toBeNull();
      else expect((value ?? 1) % 5 === 0 && (value === 0 || (value ?? 0) >= 10)).toBe(true);
    }
  });

  it.each([
    ['json', 'application/json'],
    ['csv', 'text/csv'],
    ['json-stat', 'application/vnd.json-stat+json'],
    ['svg', 'image/svg+xml'],
    ['html', 'text/html'],
    ['xlsx', XLSX],
  ])('comes as %s by name and by Accept, the same bytes', async (format, type) => {
    const path = `${LATEST}/tables/all-registered-age`;
    const named = await t.api.get(`${path}?format=${format}`).buffer(true).expect(200);
    const accepted = await t.api.get(path).set('accept', type).buffer(true).expect(200);
    expect(named.headers['content-type']).toContain(type);
    expect(accepted.headers.etag).toBe(named.headers.etag);
    expect(accepted.headers.vary).toContain('Accept');
    await t.api.get(path).set('accept', type).set('if-none-match', String(named.headers.etag)).expect(304);
  });

  it('comes in no other format', async () => {
    await t.api.get(`${LATEST}/tables/all-registered-age?format=pdf`).expect(400);
    await t.api.get(`${LATEST}/tables/all-registered-age`).set('accept', 'application/pdf').expect(406);
  });

  it('may be kept for ever by its id, and for a while as the latest', async () => {
    const latest = await t.api.get(`${LATEST}/all.csv`).expect(200);
    const numbered = await t.api.get(`/v1/diversity/releases/${release.id}/all.csv`).expect(200);
    expect(latest.headers['cache-control']).toBe('public, max-age=300');
    expect(numbered.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(numbered.text).toBe(latest.text);
    expect(latest.headers['access-control-allow-origin']).toBe('*');
  });

  it('has a manifest that says the truth, also after everybody was erased', async () => {
    const { body } = await t.api.get(`${LATEST}/manifest`).expect(200);
    const { files } = body as { files: { name: string; href: string; sha256: string; size: number }[] };
    const checked = async (): Promise<string[]> => {
      const wrong: string[] = [];
      for (const { name, href, sha256, size } of files.filter((file) => !file.href.startsWith('/reports'))) {
        const bytes = Buffer.from(await (await fetch(`${t.address}${href}`)).arrayBuffer());
        if (createHash('sha256').update(bytes).digest('hex') !== sha256 || bytes.length !== size) wrong.push(name);
      }
      return wrong;
    };
    expect(files.map((file) => file.name)).toEqual(
      expect.arrayContaining(['all.csv', 'release.xlsx', 'all.csv-metadata.json']),
    );
    expect(await checked()).toEqual([]);
    const pseudonyms = t.app.get(Pseudonyms, { strict: false });
    for (const id of everybody) await t.db.query('SELECT edi.erase_answers($1)', [pseudonyms.ofContributor(id)]);
    expect(await checked()).toEqual([]);
  });
});
