import { DiversityDemonstration } from '../../src/edi/demonstration/diversity-demonstration';
import { fixedId } from '../../src/people';
import { NOON, startApp, TestApp } from '../support/app';
import { Figure, ReleaseBody } from './release-people';

describe('the demonstration of releases', () => {
  let t: TestApp;

  const load = (): Promise<void> => t.app.get(DiversityDemonstration, { strict: false }).load(t.clock);
  const files = async (): Promise<string> => {
    const { rows } = await t.db.query<{ all: string }>(
      `SELECT string_agg(release_id || name || sha256, ' ' ORDER BY release_id, name) AS all FROM edi.release_file`,
    );
    return rows[0]?.all ?? '';
  };

  beforeAll(async () => {
    t = await startApp();
    await load();
  }, 120_000);
  afterAll(() => t.stop());

  it('is two releases of a dozen networks and a centre, the second in the place of the first', async () => {
    const { body } = await t.api.get('/v1/diversity/releases').expect(200);
    expect((body as { data: ReleaseBody[] }).data).toMatchObject([
      { id: fixedId('release', 'second'), number: 2, state: 'published', publishedAt: '2026-10-27T09:30:00.000Z' },
      { id: fixedId('release', 'first'), number: 1, state: 'superseded', snapshotOn: '2026-07-28' },
    ]);
    const { body: table } = await t.api
      .get('/v1/diversity/releases/latest/tables/organisations-registered-sex')
      .expect(200);
    expect(new Set((table as { figures: Figure[] }).figures.map((one) => one.unit)).size).toBe(13);
  });

  it('shows most of what is large enough to be shown', async () => {
    const { body } = await t.api
      .get('/v1/diversity/releases')
      .set(await t.as('data-steward'))
      .expect(200);
    for (const { certificate } of (body as { data: { certificate: { withheldShare: number } }[] }).data)
      expect(certificate.withheldShare).toBeLessThan(0.1);
  });

  it('has the loss that was planted: fewer of a working-class background are selected', async () => {
    const counts = async (population: string): Promise<Map<string | null, number>> => {
      const { body } = await t.api
        .get(`/v1/diversity/releases/latest/tables/all-${population}-socio-economic-background`)
        .expect(200);
      return new Map((body as { figures: Figure[] }).figures.map((one) => [one.category, one.value ?? 0]));
    };
    const [interested, selected] = [await counts('interested'), await counts('selected')];
    const rate = (code: string): number => (selected.get(code) ?? 0) / (interested.get(code) ?? 1);
    expect(rate('working-class')).toBeLessThan(0.75 * rate('professional'));
  });

  it('tells the reach of both quarters, each with its release', async () => {
    for (const [from, to, slug, releasedOn] of [
      ['2026-04-01', '2026-06-30', 'first', '2026-07-28'],
      ['2026-07-01', '2026-09-30', 'second', '2026-10-27'],
    ] as const) {
      const { body } = await t.api.get(`/v1/reports/reach?from=${from}&to=${to}&by=kind`).expect(200);
      expect(body).toMatchObject({ exact: false, release: { id: fixedId('release', slug), releasedOn } });
      const file = await t.api.get(`/v1/diversity/releases/${fixedId('release', slug)}/reach.csv`).expect(200);
      expect(file.text).toContain(`total,${from},${to},,,All together,`);
    }
  });

  it('does nothing when it is loaded again, and leaves the clock as it was', async () => {
    const before = await files();
    await load();
    expect(await files()).toBe(before);
    expect(t.clock.now().toISOString()).toBe(NOON);
  });

  it('announces and tells of days in the calendar', async () => {
    const { body } = await t.api.get('/v1/diversity/calendar').expect(200);
    expect((body as { data: { on: string; number: number }[] }).data.map(({ on, number }) => [on, number])).toEqual([
      ['2026-10-27', 2],
      ['2026-07-28', 1],
    ]);
    for (const on of ['2027-01-26', '2027-04-27'])
      await t.db.query(
        `INSERT INTO edi.collection (title, "from", until, question_set_version, forms, due_on, release_on, state, opened_at)
         VALUES ('To come', '2026-10-01', '2027-01-01', 1, '{live}', '2027-01-15', $1, 'open', now())`,
        [on],
      );
    const { body: later } = await t.api.get('/v1/diversity/calendar').expect(200);
    expect((later as { data: { on: string }[] }).data.map(({ on }) => on)).toEqual([
      '2027-04-27',
      '2027-01-26',
      '2026-10-27',
      '2026-07-28',
    ]);
  });
});
