import { Readable } from 'node:stream';
import { theService } from '../../src/kernel/access/actor';
import { Db } from '../../src/kernel/db/db';
import { Relay } from '../../src/kernel/events/relay';
import { Sequencer } from '../../src/kernel/events/sequencer';
import { loadPostcodeDirectory } from '../../src/people/reference/postcode-directory';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';
import { publishAll } from './catalogue-support';
import { Headers, makeDraft, makeProject } from './opportunity-support';

interface Card {
  id: string;
  title: string;
  distanceKm?: number | null;
  status: string;
}
interface Found {
  data: Card[];
  meta: {
    nextCursor: string | null;
    near?: { accuracyKm: number };
    facets?: Record<string, { value: string; count: number }[]>;
  };
}

describe('the catalogue', () => {
  let t: TestApp;
  let coordinator: Headers;
  let project: string;
  const ids: Record<string, string> = {};

  const find = async (query: string): Promise<Found> =>
    (await t.api.get(`/v1/opportunities?${query}`).expect(200)).body as Found;
  const names = async (query: string): Promise<string[]> => {
    const { data } = await find(query);
    return data.map((card) => Object.keys(ids).find((name) => ids[name] === card.id) ?? card.title);
  };
  const heard = () => t.app.get(Sequencer, { strict: false }).run();

  beforeAll(async () => {
    t = await startApp();
    coordinator = await t.as('coordinator');
    project = (await makeProject(t, coordinator)).id;
    Object.assign(ids, await publishAll(t, coordinator, project));
    await makeDraft(t, coordinator, project, { title: 'A draft that nobody may see' });
    await heard();
  });
  afterAll(() => t.stop());

  describe('filters', () => {
    it.each([
      ['kind=survey', ['sleep']],
      ['kind=survey,advisory-group', ['stroke', 'sleep']],
      ['stage=design', ['stroke', 'breath', 'sleep']],
      ['stage=analysing', []],
      ['mode=online', ['sleep']],
      ['region=E12000003', ['stroke', 'sleep']],
      ['region=E92000001', ['stroke', 'breath', 'sleep']],
      ['region=S92000003', ['sleep']],
      ['healthCategory=respiratory,stroke', ['stroke', 'breath']],
      ['condition=STROKE', ['stroke']],
      ['paid=true', ['stroke']],
      ['paid=false', ['breath', 'sleep']],
      ['noExperienceNeeded=true', ['sleep']],
      ['accessProvision=step-free', ['stroke']],
      ['accessProvision=step-free,captions', []],
      ['language=cy', ['stroke']],
      ['age=17', ['sleep']],
      ['age=30', ['stroke', 'breath', 'sleep']],
      ['age=61', ['breath', 'sleep']],
      ['closingBefore=2026-12-01', []],
      ['closingBefore=2026-12-02', ['stroke']],
      ['mode=in-person&paid=true', ['stroke']],
    ])('%s', async (query, expected) => {
      expect(await names(query)).toEqual(expected);
    });

    it('by organisation and by project', async () => {
      expect(await names(`organisation=${await t.organisation(OURS)}`)).toHaveLength(3);
      expect(await names(`organisation=${await t.organisation(THEIRS)}`)).toEqual([]);
      expect(await names(`project=${project}`)).toHaveLength(3);
    });
  });

  describe('words', () => {
    it('finds by the stem of a word, titles before summaries', async () => {
      expect(await names('q=sleep')).toEqual(['sleep', 'breath']);
      expect(await names('q=sleeps')).toEqual(['sleep', 'breath']);
    });

    it('keeps quoted words together, and leaves out what has a minus', async () => {
      expect(await names('q=%22lung%20condition%22')).toEqual(['breath']);
      expect(await names('q=%22condition%20lung%22')).toEqual([]);
      expect(await names('q=sleep%20-hospital')).toEqual(['breath']);
    });

    it('finds Welsh words as they stand', async () => {
      expect(await names('q=sgwrsio')).toEqual(['breath']);
    });

    it.each(['q=%27%3B%20DROP%20TABLE', 'q=%3A%2A%20%26%20%21', 'q=%25', 'q=%22'])(
      'takes %s as words only',
      async (query) => {
        await t.api.get(`/v1/opportunities?${query}`).expect(200);
      },
    );
  });

  describe('order and pages', () => {
    it('sorts by closing day, by newest, by words', async () => {
      expect(await names('sort=closing-soon')).toEqual(['stroke', 'breath', 'sleep']);
      expect(await names('sort=newest')).toEqual(['breath', 'sleep', 'stroke']);
      expect(await names('q=sleep&sort=closing-soon')).toEqual(['breath', 'sleep']);
    });

    it.each(['closing-soon', 'newest', 'nearest', 'best-match'])(
      'goes through all pages by %s without a gap or a repeat',
      async (sort) => {
        const base = `limit=1&sort=${sort}${sort === 'nearest' ? '&near=LS2' : ''}${sort === 'best-match' ? '&q=sleep%20or%20stroke' : ''}`;
        const seen: string[] = [];
        let cursor: string | null = '';
        while (cursor !== null) {
          const { data, meta }: Found = await find(`${base}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
          seen.push(...data.map((card) => card.id));
          cursor = meta.nextCursor;
        }
        expect(new Set(seen).size).toBe(3);
        expect(seen).toHaveLength(3);
      },
    );

    it.each([
      ['sort=title', 'sort', 'not_a_choice'],
      ['sort=nearest', 'sort', 'point_missing'],
      ['sort=best-match', 'sort', 'words_missing'],
      ['within=20', 'within', 'point_missing'],
      ['latitude=53', 'longitude', 'value_missing'],
      ['near=QQ9', 'near', 'unknown_postcode'],
      ['near=LS2%206AA', 'near', 'text_pattern'],
      ['paid=yes', 'paid', 'not_a_flag'],
      ['region=E12000099', 'region', 'unknown_region'],
      ['healthCategory=stroke,luck', 'healthCategory', 'unknown_health_category'],
      ['age=old', 'age', 'not_whole'],
      ['limit=101', 'limit', 'too_large'],
      ['facets=title', 'facets', 'not_a_choice'],
      ['colour=red', 'colour', 'unknown_field'],
    ])('refuses %s', async (query, at, code) => {
      const { body } = await t.api.get(`/v1/opportunities?${query}`).expect(400);
      expect((body as { errors: object[] }).errors).toContainEqual(expect.objectContaining({ in: 'query', at, code }));
    });
  });

  describe('distance', () => {
    it('measures from an outward postcode, and says how good that is', async () => {
      const { data, meta } = await find('near=LS1&sort=nearest');
      expect(data.map((card) => card.id)).toEqual([ids.stroke, ids.breath, ids.sleep]);
      expect(data[0]?.distanceKm).toBeLessThanOrEqual(25);
      expect(data[1]?.distanceKm).toBeGreaterThan(350);
      expect(data[2]?.distanceKm).toBeNull();
      expect(meta.near?.accuracyKm).toBe(25);
    });

    it('keeps to a radius, with or without what can be done from anywhere', async () => {
      expect(await names('near=LS1&within=50')).toEqual(['stroke']);
      expect(await names('near=LS1&within=50&orFromAnywhere=true')).toEqual(['stroke', 'sleep']);
      expect(await names('latitude=50.26&longitude=-5.05&within=30')).toEqual(['breath']);
    });

    it('is exact once a postcode directory is loaded', async () => {
      const csv = [
        'pcds,doterm,lat,long,rgn25cd,ctry25cd',
        'TR1 1AA,,50.2600,-5.0500,E12000009,E92000001',
        'TR1 1AB,,50.2800,-5.0700,E12000009,E92000001',
        'TR1 1AC,202001,57.0000,-2.0000,E12000009,E92000001',
        'TR1 1AD,,99.999999,0.000000,E12000009,E92000001',
      ].join('\n');
      const db = t.app.get(Db, { strict: false });
      const loaded = await loadPostcodeDirectory(db, theService(), Readable.from([csv]), 'ONSPD_TEST_UK.csv');
      expect(loaded).toEqual({ postcodes: 2, districts: 1 });
      await t.db.query('SELECT involvement.catalogue_again(ARRAY(SELECT id FROM involvement.opportunity))');
      const { data, meta } = await find('near=TR1&within=5');
      expect(data.map((card) => [card.id, card.distanceKm])).toEqual([[ids.breath, 0]]);
      expect(meta.near).toEqual({ latitude: 50.27, longitude: -5.06, accuracyKm: 2 });
    });

    it('names the column that a wrong file lacks', async () => {
      const db = t.app.get(Db, { strict: false });
      await expect(loadPostcodeDirectory(db, theService(), Readable.from(['a,b\n1,2\n']), 'x.csv')).rejects.toThrow(
        'no column "lat"',
      );
    });
  });

  it('counts facets, each without its own filter', async () => {
    const { meta } = await find('kind=survey&facets=kind,mode,healthCategory,paid,region');
    expect(meta.facets).toEqual({
      kind: [
        { value: 'advisory-group', count: 1 },
        { value: 'focus-group', count: 1 },
        { value: 'survey', count: 1 },
      ],
      mode: [{ value: 'online', count: 1 }],
      healthCategory: [{ value: 'mental-health', count: 1 }],
      paid: [{ value: 'false', count: 1 }],
      region: [{ value: 'everywhere', count: 1 }],
    });
  });

  describe('one opportunity', () => {
    it('shows all that the public may know, with the version as its ETag', async () => {
      const { body, headers } = await t.api.get(`/v1/opportunities/${ids.breath}`).expect(200);
      expect(body).toMatchObject({
        id: ids.breath,
        status: 'open',
        title: 'Short of breath',
        welsh: { title: 'Byr o wynt' },
        organisationSlug: OURS,
      });
      expect(body).not.toHaveProperty('reviewNote');
      expect(headers.etag).toMatch(new RegExp(`^"${(body as { version: number }).version}-[A-Za-z0-9_-]{22}-json"$`));
      await t.api
        .get(`/v1/opportunities/${ids.breath}`)
        .set('if-none-match', headers.etag ?? '')
        .expect(304);
    });

    it('does not tell a draft from nothing', async () => {
      const draft = await makeDraft(t, coordinator, project);
      await t.api.get(`/v1/opportunities/${draft.id}`).expect(404);
      await t.api.get('/v1/opportunities/01920000-0000-7000-8000-000000000000').expect(404);
    });
  });

  it('follows a new name of the organisation and a new title of the project, and tells sites so', async () => {
    const administrator = await t.as('national-administrator');
    const organisation = await t.organisation(OURS);
    const before = await t.api.get(`/v1/opportunities/${ids.sleep}`).expect(200);
    const ours = await t.api.get(`/v1/organisations/${organisation}`).set(administrator).expect(200);
    await t.api
      .patch(`/v1/organisations/${organisation}`)
      .set(administrator)
      .set('if-match', ours.headers.etag ?? '')
      .send({ name: 'A new name' })
      .expect(200);
    await t.api
      .patch(`/v1/projects/${project}`)
      .set(coordinator)
      .set('if-match', '"1-json"')
      .send({ title: 'A new title' })
      .expect(200);
    await heard();
    await t.app.get(Relay, { strict: false }).drain();
    await heard();
    const { data } = await find('kind=survey');
    expect(data).toMatchObject([{ organisationName: 'A new name', projectTitle: 'A new title' }]);
    const after = await t.api.get(`/v1/opportunities/${ids.sleep}`).expect(200);
    expect(after.headers.etag).not.toBe(before.headers.etag);
    const feed = await t.api.get('/v1/changes').expect(200);
    expect(
      (feed.body as { data: { id: string; type: string }[] }).data.filter(
        (c) => c.id === ids.sleep && c.type === 'opportunity.changed',
      ),
    ).not.toHaveLength(0);
  });

  it('tells sites nothing of what the catalogue does not show of an organisation', async () => {
    const administrator = await t.as('national-administrator');
    const path = `/v1/organisations/${await t.organisation(OURS)}`;
    const etag = async (): Promise<string> => (await t.api.get(path).set(coordinator).expect(200)).headers.etag ?? '';
    const feed = async (after: string) =>
      (await t.api.get(`/v1/changes?after=${after}&limit=100`).expect(200)).body as {
        data: object[];
        meta: { after: string };
      };
    let after = '0';
    for (let page = await feed(after); page.data.length > 0; page = await feed(after)) after = page.meta.after;
    const settings = { secondApprover: false, website: 'https://example.org/ours' };
    await t.api
      .patch(`${path}/settings`)
      .set(coordinator)
      .set('if-match', await etag())
      .send(settings)
      .expect(200);
    const facts = { name: 'A new name', note: 'Looked up again.' };
    await t.api
      .patch(path)
      .set(administrator)
      .set('if-match', await etag())
      .send(facts)
      .expect(200);
    await heard();
    await t.app.get(Relay, { strict: false }).drain();
    await heard();
    expect((await feed(after)).data).toEqual([]);
    const { rows } = await t.db.query<{ fields: string[] }>(
      `SELECT data->'fields' AS fields FROM kernel.event WHERE type = 'organisation.changed' ORDER BY entry`,
    );
    expect(rows.map((row) => row.fields)).toEqual([['name'], ['website'], ['note']]);
  });
});
