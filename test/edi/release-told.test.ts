import { startApp, TestApp } from '../support/app';
import { Collecting, OURS, THEIRS } from './collection-support';
import { Figure, made, published, ReleaseBody } from './release-people';

const CATALOGUE = {
  minimumLeafSize: 25,
  tables: [
    { level: 'all', population: 'registered', by: ['each'] },
    { level: 'all', population: 'took-part', by: ['sex'] },
    { level: 'organisation', population: 'registered', by: ['each'] },
  ],
};

/** Counts of women and men, and of whatever else is given. */
const counts = (women: number, men: number, more = ''): string =>
  `Characteristic,Category,Count\nsex,female,${women}\nsex,male,${men}\n${more}`;

describe('what nobody returned', () => {
  let t: TestApp;
  let on: Collecting;
  let steward: { authorization: string };

  beforeAll(async () => {
    t = await startApp();
    on = await Collecting.at(t);
    steward = await t.as('data-steward');
  });
  afterAll(() => t.stop());

  const signed = async (collection: string, form: string, file: string, organisation = OURS): Promise<void> => {
    const analyst = await t.as('diversity-analyst', organisation);
    const { body } = await on.send(collection, form, file, '', analyst, organisation).expect(201);
    await on.signOff((body as { id: string }).id, analyst).expect(200);
  };
  const figures = async (release: ReleaseBody, table: string, unit: string): Promise<Figure[]> => {
    const { body } = await t.api.get(`/v1/diversity/releases/${release.id}/tables/${table}`).expect(200);
    return (body as { figures: Figure[] }).figures.filter((one) => one.unit === unit);
  };
  const marks = (list: Figure[]): string[] => [...new Set(list.map((one) => `${one.value}${one.status}`))];

  it('is not available, and never nought or confidential', async () => {
    const collection = await on.open();
    await signed(collection, 'counts', counts(300, 245));
    await signed(
      collection,
      'anonymous-rows',
      `Sex,Age\n${'female,25-34\n'.repeat(60)}${'male,45-54\n'.repeat(60)}`,
      THEIRS,
    );
    await on.close(collection).expect(200);
    const release = await published(t, steward, { collectionId: collection, catalogue: CATALOGUE });

    // The numbers that are signed are those that a reader of the file counts.
    const csv = await t.api.get(`/v1/diversity/releases/${release.id}/all.csv`).expect(200);
    const rows = csv.text.trim().split('\r\n').slice(1);
    const ending = (mark: RegExp): number => rows.filter((row) => mark.test(row)).length;
    const c: Record<string, number | string | undefined> = { ...release.certificate };
    const of = (name: string): number => Number(c[name]);
    expect([c.fileRows, c.fileShown, c.fileWithheld, c.fileNotAvailable]).toEqual([
      ...[rows.length, ending(/,[0-9]+,$/), ending(/,,c$/), ending(/,,x$/)],
    ]);
    expect(c.figures).toBe(of('shown') + of('primary') + of('complementary') + of('hiddenZeros'));
    expect(c.hiddenZeros).toBeGreaterThanOrEqual(0);
    expect(release).toMatchObject({
      thresholds: expect.arrayContaining([
        { characteristic: 'gender-identity', threshold: 10 },
        { characteristic: 'sexual-orientation', threshold: 10 },
      ]) as object[],
    });

    expect(await figures(release, 'all-registered-sex', 'all')).toEqual(
      expect.arrayContaining([expect.objectContaining({ category: 'female', value: 360, status: '' })]),
    );
    // Nobody told gender identity, and nobody how far people came.
    const gender = await figures(release, 'all-registered-gender-identity', 'all');
    expect(marks(gender.filter((one) => one.category !== null))).toEqual(['nullx']);
    expect(gender.find((one) => one.category === null)).toMatchObject({ value: 665, status: '' });
    const tookPart = await figures(release, 'all-took-part-sex', 'all');
    expect(tookPart.length).toBeGreaterThan(3);
    expect(marks(tookPart)).toEqual(['nullx']);
    // Age was told by one of the two: it stands for it and for all, and not for the other.
    const ages = async (unit: string, level: string): Promise<string[]> =>
      marks((await figures(release, `${level}-registered-age`, unit)).filter((one) => one.category !== null));
    expect(await ages(OURS, 'organisations')).toEqual(['nullx']);
    expect(await ages(THEIRS, 'organisations')).toContain('60');
    expect(await ages('all', 'all')).toContain('60');
    const { body } = await t.api
      .get(`/v1/diversity/releases/${release.id}/tables/all-registered-gender-identity`)
      .expect(200);
    expect(JSON.stringify(body)).toContain('All organisations: nobody returned this.');
    expect(release.notes.join(' ')).toContain('nobody returned them');
  });

  it('counts nobody twice at a home that returned all of its people without identifiers', async () => {
    const atHome = await t.api
      .post('/v1/contributors')
      .set(await t.as('coordinator', THEIRS))
      .send({
        organisationId: await t.organisation(THEIRS),
        name: 'Somebody',
        email: 'at-home-elsewhere@example.org',
        preferredChannel: 'email',
        ageGroup: 'adult',
      });
    expect(atHome.status).toBe(201);
    const collection = await on.open();
    const others = Array.from({ length: 60 }, (_, n) => `only-ours-${n}@example.org,female\n`).join('');
    await signed(collection, 'identified-rows', `Email,Sex\nat-home-elsewhere@example.org,male\n${others}`);
    await signed(collection, 'anonymous-rows', `Sex\n${'male\n'.repeat(60)}`, THEIRS);
    await on.close(collection).expect(200);
    const release = await made(t, steward, { collectionId: collection, catalogue: CATALOGUE });
    const { rows } = await t.db.query<{ slug: string; people: number }>(
      `SELECT o.slug, sum(c.people)::integer AS people FROM edi_snapshot.unit_count c JOIN people.organisation o ON o.id = c.organisation_id
       WHERE c.release_id = $1 AND c.characteristic = 'sex' AND o.slug IN ($2, $3) GROUP BY 1 ORDER BY 2`,
      [release.id, OURS, THEIRS],
    );
    expect(rows).toEqual([
      { slug: OURS, people: 60 },
      { slug: THEIRS, people: 60 },
    ]);
    await t.api.post(`/v1/diversity/releases/${release.id}/discard`).set(steward).expect(200);
  });

  it('is told by what was asked: a question that everybody left blank was asked', async () => {
    const collection = await on.open();
    const file = counts(300, 245, 'religion,not known,545\nage,25-34,\n');
    const { body } = await on.send(collection, 'counts', file).expect(201);
    expect(body).toMatchObject({ toldCharacteristics: ['sex', 'religion'], toldStages: ['registered'] });
  });

  it('may be nothing at all: an untouched template is refused, and takes the place of no good return', async () => {
    const collection = await on.open();
    const { id } = await on.accepted(collection, 'counts', counts(300, 245));
    const template = await t.api
      .get(`/v1/diversity/collections/${collection}/template?form=counts&format=csv`)
      .set(on.analyst)
      .buffer(true)
      .expect(200);
    const { body } = await on.send(collection, 'counts', template.text).expect(422);
    expect((body as { errors: { code: string; message: string }[] }).errors).toEqual([
      expect.objectContaining({
        code: 'nothing_filled_in',
        message: expect.stringContaining('Nothing is filled in') as string,
      }),
    ]);
    expect((await on.check(collection, 'counts', template.text).expect(200)).body).toMatchObject({ acceptable: false });
    expect((await t.api.get(`/v1/diversity/returns/${id}`).set(on.analyst).expect(200)).body).toMatchObject({
      state: 'accepted',
    });
    await on.accepted(collection, 'counts', counts(0, 0));
  });

  const ask = (collectionId: string, says: object = {}) =>
    t.api
      .post('/v1/diversity/releases')
      .set(steward)
      .send({ title: 'Of a collection', from: '2026-07-01', until: '2026-10-01', collectionId, ...says });

  it.each([
    ['begins on another day', { from: '2026-04-01' }, '1 April 2026 to 30 September 2026'],
    ['ends on another day', { until: '2026-11-01' }, '1 July 2026 to 31 October 2026'],
  ])('is not taken from a collection of a period that %s, which names both', async (_, says, period) => {
    const collection = await on.open();
    await on.close(collection, 2).expect(200);
    const { body } = await ask(collection, says).expect(422);
    expect(body).toMatchObject({
      code: 'collection_of_another_period',
      detail: expect.stringContaining('The collection is about 1 July 2026 to 30 September 2026') as string,
      errors: [{ at: '/collectionId', code: 'collection_of_another_period' }],
    });
    expect((body as { detail: string }).detail).toContain(`this release about ${period}.`);
    const { rows } = await t.db.query('SELECT FROM edi.release WHERE collection_id = $1', [collection]);
    expect(rows).toEqual([]);
    // The database says so too, whoever asks it.
    const { from, until } = { from: '2026-07-01', until: '2026-10-01', ...says };
    await expect(
      t.db.query(
        `INSERT INTO edi.release (title, "from", until, collection_id, catalogue, catalogue_hash) VALUES ('x', $1, $2, $3, '{}', repeat('0', 64))`,
        [from, until, collection],
      ),
    ).rejects.toMatchObject({ constraint: 'release_of_its_period' });
  });

  it('has no release while its collection is open', async () => {
    const collection = await on.open();
    expect((await ask(collection).expect(409)).body).toMatchObject({ code: 'collection_not_closed' });
    await on.close(collection, 2).expect(200);
    expect((await made(t, steward, { collectionId: collection })).refusal).toMatchObject({ code: 'nobody_counted' });
  });
});
