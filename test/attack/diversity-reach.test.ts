import { aimsOf } from '../../src/edi/disclosure-check/aims';
import { attack, exposed } from '../../src/edi/disclosure-check/attack';
import type { System } from '../../src/edi/disclosure/model';
import { Snapshots } from '../../src/edi/release/snapshot.service';
import { systemOf } from '../../src/edi/release/system';
import { published, type ReleaseBody, ReleasePeople } from '../edi/release-people';
import { OURS, startApp, type TestApp } from '../support/app';
import { fromReach, type ReachTold } from './diversity-beside';
import { type FromOutside, frameOf, readAsStranger } from './diversity-outside';
import type { Whole } from './diversity-published';
import { Past, QUARTERS } from './diversity-scene';

const POPULATIONS = ['registered', 'interested', 'selected', 'took-part'];
const CATALOGUE = {
  minimumLeafSize: 25,
  tables: POPULATIONS.map((population) => ({ level: 'all', population, by: ['sex'] })),
};
const THREE = ['all|took-part|*|sex|female', 'all|took-part|*|sex|male', 'all|took-part|*|*|*'];
const [SPRING, BETWEEN, SUMMER] = QUARTERS;

/** Few people take part, and each has one part in a project: the report on reach counts parts, and must not say that they are few. */
describe('what reach tells of the people in a release', () => {
  let t: TestApp;
  let few: Told;
  let many: Told;
  let ids: string[];
  let past: Past;

  interface Told {
    whole: Whole;
    read: FromOutside;
    reach: ReachTold[];
  }

  beforeAll(async () => {
    t = await startApp();
    const people = new ReleasePeople(t);
    past = new Past(t);
    await past.begins(OURS);
    ids = await people.add(OURS, 160, '2025-12-01');
    await past.happens(SPRING, ids, { tookPart: 5, interested: 3, offered: 0 });
    few = await told(SPRING);
    await past.happens(SUMMER, ids, { tookPart: 60, interested: 60, offered: 30 });
    many = await told(SUMMER);
  }, 120_000);
  afterAll(() => t.stop());

  async function told({ from, until, to }: (typeof QUARTERS)[number]): Promise<Told> {
    const release: ReleaseBody = await published(t, await t.as('data-steward'), { from, until, catalogue: CATALOGUE });
    const { body } = await t.api.get(`/v1/diversity/releases/${release.id}/release.json`).expect(200);
    const reach: ReachTold[] = [];
    for (const by of ['', '&by=kind', '&by=month'])
      reach.push((await t.api.get(`/v1/reports/reach?from=${from}&to=${to}${by}`).expect(200)).body as ReachTold);
    const own = await t.organisation(OURS);
    const read = await readAsStranger(t, body as Whole, new Map([[own, `${own}:${release.id}`]]));
    return { whole: body as Whole, read, reach };
  }

  async function truth({ release, characteristics }: FromOutside): Promise<System> {
    const leaves = [...new Set(release.units.flatMap((unit) => unit.leaves))];
    const instances = leaves.map((leaf) => {
      const [organisationId = '', refreshedIn = ''] = leaf.split(':');
      return { organisationId, refreshedIn };
    });
    const { counts, returned } = await t.app.get(Snapshots, { strict: false }).counts(instances);
    return systemOf({ ...release, characteristics, leaves, earlier: [] }, counts, returned);
  }

  const total = ({ whole }: Told, population: string): unknown =>
    whole.tables
      .find((table) => table.population === population)
      ?.figures.find((figure) => figure.category === null && figure.unit === 'all')?.value;

  it('leaves every withheld figure as open as the criterion wants it', async () => {
    const system = await truth(few.read);
    const aims = aimsOf(system, few.read.release);
    const tookPart = aims.filter(({ figure }) => figure.startsWith('all|took-part|'));
    expect(tookPart.map(({ figure }) => figure)).toEqual(THREE);
    const beside = fromReach('reach', few.whole, few.read, few.reach);
    const intervals = await attack(frameOf(system), few.read.release, beside, aims);
    expect(exposed(aims, intervals)).toEqual([]);
  });

  it('would have given them away as a small number of parts', async () => {
    const system = await truth(few.read);
    const aims = aimsOf(system, few.read.release);
    const nothing = { reached: null, interested: null, selected: null, tookPart: null };
    const small: ReachTold = { total: { ...nothing, gaps: [{ figure: 'tookPart', why: 'small' }] }, rows: [] };
    const beside = fromReach('reach', few.whole, few.read, [small]);
    const found = exposed(aims, await attack(frameOf(system), few.read.release, beside, aims));
    expect(found.filter(({ figure }) => THREE.includes(figure)).map(({ high }) => high)).toEqual([7, 7, 7]);
  });

  it('says so, in the total and in every line', () => {
    expect(POPULATIONS.map((population) => total(few, population) !== null)).toEqual([true, true, false, false]);
    for (const { total: all, rows } of few.reach)
      for (const line of [all, ...rows]) {
        expect(line.tookPart).toBeNull();
        // Of the interested the total is told, and of the selected, who are among them, it is not.
        for (const figure of ['interested', 'tookPart'])
          expect(line.gaps).toContainEqual(expect.objectContaining({ figure, why: 'withheld-with-release' }));
      }
  });

  it('is told where the release tells how many people they are', () => {
    expect([total(many, 'interested'), total(many, 'selected'), total(many, 'took-part')]).not.toContain(null);
    expect(many.reach[0]?.total).toMatchObject({ interested: 60, tookPart: 60, gaps: [] });
  });

  it('is silent as well where another release about the quarter, told before and of no whole quarter, withholds them', async () => {
    await past.happens(BETWEEN, ids.slice(80), { tookPart: 5, interested: 3, offered: 0 });
    const steward = await t.as('data-steward');
    const table = (population: string): object => ({
      catalogue: { minimumLeafSize: 25, tables: [{ level: 'all', population, by: ['sex'] }] },
    });
    const part = await published(t, steward, { from: '2026-04-02', until: BETWEEN.until, ...table('took-part') });
    const { body } = await t.api.get(`/v1/diversity/releases/${part.id}/release.json`).expect(200);
    const [tookPart] = (body as Whole).tables;
    expect(tookPart?.figures.find(({ category }) => category === null)).toMatchObject({ value: null, status: 'c' });

    const whole = await published(t, steward, { from: BETWEEN.from, until: BETWEEN.until, ...table('registered') });
    const report = await t.api.get(`/v1/reports/reach?from=${BETWEEN.from}&to=${BETWEEN.to}`).expect(200);
    const { release, total } = report.body as ReachTold & { release: { id: string } };
    expect(release.id).toBe(whole.id);
    expect(total.tookPart).toBeNull();
    const why = (figure: string): unknown => total.gaps.find((gap) => gap.figure === figure)?.why;
    expect([why('tookPart'), why('interested')]).toEqual(['withheld-with-release', 'small']);
  });
});
