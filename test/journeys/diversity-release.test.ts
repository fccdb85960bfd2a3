import { MadeUpPerson, madeUpPeople } from '../../src/edi/demonstration/made-up-people';
import { POPULATIONS } from '../../src/edi/release/catalogue';
import { Jobs } from '../../src/kernel/jobs/jobs';
import { Figure, ReleaseBody } from '../edi/release-people';
import { startApp, TestApp } from '../support/app';

type Auth = { authorization: string };

const ROWS = (
  'north-east-and-north-cumbria north-west yorkshire-and-humber east-midlands west-midlands east-of-england ' +
  'north-london south-london south-east'
)
  .split(' ')
  .map((name) => `rrdn-${name}`);
/** Of each network: enough that every background has people at each stage who can be shown, so that a loss can be told. */
const PEOPLE = 110;
const QUIET = 'rrdn-south-east';
const LATE = 'rrdn-south-central';
const PIVOT = 'rrdn-south-west-central';
const BAD = 'rrdn-south-west-peninsula';

const CATALOGUE = {
  minimumLeafSize: 25,
  tables: [
    ...POPULATIONS.map(({ id }) => ({ level: 'all', population: id, by: ['socio-economic-background'] })),
    { level: 'all', population: 'registered', by: ['hub', 'sex'] },
    { level: 'organisation', population: 'registered', by: ['sex'] },
  ],
};

const QUARTERS = [
  {
    title: 'July to September 2026',
    from: '2026-07-01',
    until: '2026-10-01',
    due: '2026-11-27',
    on: '2026-11-23',
    late: '2026-11-30',
  },
  {
    title: 'October to December 2026',
    from: '2026-10-01',
    until: '2027-01-01',
    due: '2027-01-29',
    on: '2027-01-18',
    late: '2027-02-01',
  },
  {
    title: 'January to March 2027',
    from: '2027-01-01',
    until: '2027-04-01',
    due: '2027-04-30',
    on: '2027-04-19',
    late: '2027-05-03',
  },
];

describe('from twelve networks’ files to three signed releases', () => {
  let t: TestApp;
  let steward: Auth;
  const analysts = new Map<string, Auth>();
  const ids = new Map<string, string>();
  const releases: ReleaseBody[] = [];

  const at = (day: string): void => t.clock.set(`${day}T12:00:00.000Z`);
  const analyst = (slug: string): Auth => analysts.get(slug) ?? { authorization: '' };
  const csv = (people: readonly MadeUpPerson[]): string =>
    [
      'Reference,Stage,Ethnic group,Sex,Socio-economic background',
      ...people.map(({ number, stage, answers }) =>
        [
          `P${number}`,
          stage,
          ...['ethnic-group', 'sex', 'socio-economic-background'].map((key) =>
            answers[key] === 'not-known' ? '' : answers[key],
          ),
        ].join(','),
      ),
    ].join('\n');

  /** Who a network's people are in a quarter: most change a lot from one to the next, one hardly does. */
  const peopleOf = (slug: string, quarter: number): MadeUpPerson[] => {
    const seed = 31 * (ROWS.indexOf(slug) + 2);
    const [first, second] = madeUpPeople({ people: PEOPLE, joined: 12, left: 0, region: 'E12000007' }, seed);
    if (slug !== QUIET) return quarter === 0 ? first : second.slice(quarter === 2 ? 12 : 0);
    // Two joiners come in each of the following quarters; in the last, the first forty all say that they are male.
    const stay = first.concat(second.slice(PEOPLE, PEOPLE + 2 * quarter));
    return stay.map((one, i) => (quarter === 2 && i < 40 ? { ...one, answers: { ...one.answers, sex: 'male' } } : one));
  };

  const send = (collection: string, slug: string, form: string, file: string) =>
    t.api
      .post(
        `/v1/diversity/collections/${collection}/returns?organisation=${ids.get(slug)}&form=${form}&basis=${form === 'counts' ? 'not-personal-data' : 'data-sharing-agreement'}&basisReference=DSA-7`,
      )
      .set(analyst(slug))
      .set('content-type', 'text/csv')
      .send(file);
  const returned = async (collection: string, slug: string, form: string, file: string): Promise<void> => {
    const { body } = await send(collection, slug, form, file).expect(201);
    await t.api
      .post(`/v1/diversity/returns/${(body as { id: string }).id}/sign-off`)
      .set(analyst(slug))
      .expect(200);
  };

  /** One quarter: a collection over twelve networks, their files, and the release of it. */
  const quarter = async (n: number): Promise<ReleaseBody> => {
    const of = QUARTERS[n];
    if (!of) throw new Error('There is no such quarter');
    at(of.on);
    const { body: collection } = await t.api
      .post('/v1/diversity/collections')
      .set(steward)
      .send({
        title: `Diversity of public contributors, ${of.title}`,
        from: of.from,
        until: of.until,
        forms: ['live', 'identified-rows', 'anonymous-rows', 'counts'],
        dueOn: of.due,
        releaseOn: of.late,
        organisations: [...ids.values()].map((organisationId) => ({ organisationId })),
      })
      .expect(201);
    const { id } = collection as { id: string };
    await t.api.post(`/v1/diversity/collections/${id}/open`).set(steward).expect(200);
    for (const slug of ROWS) await returned(id, slug, 'identified-rows', csv(peopleOf(slug, n)));
    await returned(
      id,
      PIVOT,
      'counts',
      'Sex,\nRow Labels,Count of ID\nFemale,50\nMale,32\nPrefer not to say,<5\nGrand Total,85\n',
    );
    const bad = csv(peopleOf('rrdn-north-west', n))
      .replace('P3,', 'P2,')
      .replace(/,female,/, ',femail,');
    const { body: refused } = await send(id, BAD, 'identified-rows', bad).expect(422);
    expect((refused as { code: string }).code).toBe('return_has_faults');
    at(of.late);
    await returned(id, LATE, 'anonymous-rows', csv(peopleOf('rrdn-north-london', n)).replace(/^[^,\n]*,/gm, ''));

    await t.api.post(`/v1/diversity/collections/${id}/close`).set(steward).send({ without: 1 }).expect(200);
    const { body: asked } = await t.api
      .post('/v1/diversity/releases')
      .set(steward)
      .send({
        title: `Public contributors, ${of.title}`,
        from: of.from,
        until: of.until,
        collectionId: id,
        catalogue: CATALOGUE,
      })
      .expect(201);
    const made = asked as ReleaseBody;
    await t.app.get(Jobs).drain('release.make');
    const { body: ready } = await t.api.get(`/v1/diversity/releases/${made.id}`).set(steward).expect(200);
    expect(ready).toMatchObject({ state: 'ready', refusal: null });
    const { body: signed } = await t.api
      .post(`/v1/diversity/releases/${made.id}/sign`)
      .set(steward)
      .send({ certificateHash: (ready as ReleaseBody).certificateHash })
      .expect(200);
    return signed as ReleaseBody;
  };
  const women = async (release: ReleaseBody | undefined, unit: string): Promise<number | null | undefined> => {
    const { body } = await t.api
      .get(`/v1/diversity/releases/${release?.id}/tables/organisations-registered-sex`)
      .expect(200);
    return (body as { figures: Figure[] }).figures.find((one) => one.unit === unit && one.category === 'female')?.value;
  };

  beforeAll(async () => {
    t = await startApp();
    steward = await t.as('data-steward');
    for (const slug of [...ROWS, LATE, PIVOT, BAD]) {
      analysts.set(slug, await t.as('diversity-analyst', slug));
      ids.set(slug, await t.organisation(slug));
    }
    for (const n of QUARTERS.keys()) releases.push(await quarter(n));
  }, 180_000);
  afterAll(() => t.stop());

  it('counts what was signed off, late or not, and nothing of the file that was refused', async () => {
    const { body } = await t.api.get(`/v1/diversity/releases/${releases[0]?.id}/release.json`).expect(200);
    const units = (body as { units: { key: string; level: string; parent: string | null }[] }).units;
    const organisations = units.filter((unit) => unit.level === 'organisation').map((unit) => unit.key);
    expect(organisations.sort()).toEqual([...ROWS, LATE, PIVOT].sort());
    expect(await women(releases[0], PIVOT)).toBe(50);
    expect(releases[0]?.notes).toContain(
      'Returns were signed off by 11 of 12 of the regional networks that were asked.',
    );
  });

  it('keeps the network that returned counts out of two-way tables, and says so', async () => {
    const { body } = await t.api
      .get(`/v1/diversity/releases/${releases[0]?.id}/tables/all-registered-ethnic-group-by-sex`)
      .expect(200);
    expect(new Set((body as { figures: Figure[] }).figures.map((one) => one.unit))).toEqual(
      new Set(['all-with-records']),
    );
    expect(releases[0]?.notes.join(' ')).toMatch(/returned counts and no rows: .*South West Central/);
  });

  it('holds two joiners once, and shows them when enough has changed', async () => {
    const held = (release: ReleaseBody | undefined): string =>
      release?.notes.find((note) => note.includes('earlier counts stand')) ?? '';
    expect(held(releases[1])).toMatch(/South East/);
    expect(await women(releases[1], QUIET)).toBe(await women(releases[0], QUIET));
    expect(held(releases[2])).not.toMatch(/South East/);
  });

  it('gives an analyst every format at an address that never changes', async () => {
    const { text } = await t.api.get('/v1/diversity/releases/latest/all.csv').expect(200);
    expect(text.split('\n')[0]).toMatch(/release.*unit.*value.*status/);
    for (const format of ['json', 'csv', 'json-stat', 'svg', 'html', 'xlsx'])
      await t.api
        .get(`/v1/diversity/releases/latest/tables/all-selected-socio-economic-background?format=${format}`)
        .expect(200);
    await t.api.get('/reports/diversity').set('accept', 'text/html').expect(200);
  });

  it('shows in the funnel where a group is lost', async () => {
    const { body } = await t.api
      .get(`/v1/diversity/releases/${releases[0]?.id}/funnel?characteristic=socio-economic-background`)
      .expect(200);
    const group = (body as { groups: { category: string; lostAt: string | null }[] }).groups.find(
      (one) => one.category === 'working-class',
    );
    expect(group?.lostAt).toBe('selected');
  });

  it('turns the gap into an action with an owner, and says later what became of it', async () => {
    const { body: gap } = await t.api
      .post('/v1/diversity/gaps')
      .set(steward)
      .send({
        releaseId: releases[0]?.id,
        tableKey: 'all-selected-socio-economic-background',
        unit: 'all',
        category: 'working-class',
        measure: 'progress',
        direction: 'too-few',
        what: 'Of people from a working-class background who were interested, fewer were selected than of others.',
        action: 'Say in every invitation that expenses are paid in advance.',
        organisationId: ids.get('rrdn-north-west'),
        dueOn: '2027-06-30',
        checkBy: 3,
      })
      .expect(201);
    const { id } = gap as { id: string };
    const coordinator = await t.as('coordinator', 'rrdn-north-west');
    await t.api
      .post(`/v1/diversity/gaps/${id}/progress`)
      .set(coordinator)
      .send({ text: 'Every invitation says it since March.' })
      .expect((answer) => expect([200, 201]).toContain(answer.status));
    const { body: read } = await t.api.get(`/v1/diversity/gaps/${id}`).expect(200);
    expect(read).toMatchObject({ outcome: { release: { number: 3 } } });
  });
});
