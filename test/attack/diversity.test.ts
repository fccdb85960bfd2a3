import { aimsOf } from '../../src/edi/disclosure-check/aims';
import { attack, exposed } from '../../src/edi/disclosure-check/attack';
import type { System } from '../../src/edi/disclosure/model';
import { POPULATIONS } from '../../src/edi/release/catalogue';
import { Snapshots } from '../../src/edi/release/snapshot.service';
import { systemOf } from '../../src/edi/release/system';
import { published, ReleaseBody, ReleasePeople } from '../edi/release-people';
import { startApp, TestApp } from '../support/app';
import { FromOutside, readAsStranger, trueValue } from './diversity-outside';

const HOMES = ['rrdn-north-west', 'rrdn-west-midlands', 'rrdn-south-london', 'rrdn-east-midlands', 'rrdn-north-london'];
const CATALOGUE = {
  minimumLeafSize: 25,
  tables: [
    ...POPULATIONS.map(({ id }) => ({ level: 'all', population: id, by: ['ethnic-group'] })),
    { level: 'all', population: 'registered', by: ['hub', 'sex'] },
    { level: 'all', population: 'registered', by: ['hub', 'gender-identity'] },
    { level: 'all', population: 'registered', by: ['religion'] },
    { level: 'group', population: 'registered', by: ['sex'] },
    { level: 'organisation', population: 'registered', by: ['ethnic-group'] },
    { level: 'organisation', population: 'registered', by: ['sex'] },
  ],
};

/**
 * An outsider downloads two releases, of which the second holds an organisation back, puts everything together and solves for every
 * figure that was withheld. None may be known more closely than the criterion allows.
 */
describe('an outsider with everything that was ever published', () => {
  let t: TestApp;
  let first: FromOutside;
  let second: FromOutside;
  let system: System;

  beforeAll(async () => {
    t = await startApp();
    const people = new ReleasePeople(t);
    const steward = await t.as('data-steward');
    for (const [i, slug] of HOMES.entries()) await people.add(slug, 40 + 15 * i);
    await people.add('nihr-centre-for-engagement-and-dissemination', 12);
    const one = await published(t, steward, { catalogue: CATALOGUE });
    await people.add('rrdn-north-west', 3);
    for (const slug of HOMES.slice(1)) await people.add(slug, 14);
    const two = await published(t, steward, { catalogue: CATALOGUE });
    first = await readAsStranger(t, one.id);
    second = await readAsStranger(t, two.id, first);
    system = await truth(two);
  }, 120_000);
  afterAll(() => t.stop());

  /** The true counts behind both releases: for checking only. */
  async function truth(of: ReleaseBody): Promise<System> {
    const leaves = [...new Set([...first.instances.values(), ...second.instances.values()])];
    const { counts, returned } = await t.app.get(Snapshots, { strict: false }).counts(
      leaves.map((leaf) => {
        const [organisationId = '', refreshedIn = ''] = leaf.split(':');
        return { organisationId, refreshedIn };
      }),
    );
    expect(of.number).toBe(2);
    const frame = { ...second.release, characteristics: second.characteristics, leaves, earlier: [first.release] };
    return systemOf(frame, counts, returned);
  }

  it('sees one organisation held, and builds on its old counts', () => {
    const shared = [...second.instances.values()].filter((leaf) => [...first.instances.values()].includes(leaf));
    expect(shared).toHaveLength(1);
  });

  it('finds no withheld figure of either release more closely than the criterion allows', async () => {
    const aims = aimsOf(system, second.release);
    expect(aims.length).toBeGreaterThan(60);
    expect(aims.filter((aim) => aim.release === 0).length).toBeGreaterThan(20);
    const intervals = await attack(system, second.release, [first.release], aims);
    expect(exposed(aims, intervals)).toEqual([]);
    // What was found is true: the real number lies in every interval.
    const releases = [second.release, first.release];
    const wrong = intervals.filter(({ release, figure, margin, low, high }) => {
      if (margin !== undefined) return false;
      const of = releases[release + 1];
      const value = of ? trueValue(system, of, figure) : -1;
      return value < low || value > high;
    });
    expect(wrong).toEqual([]);
  }, 120_000);

  it('would find some, were the numbers published as they are: the attack bites', async () => {
    const exact = new Map(
      [...second.release.figures].map(([key, outcome]) => [
        key,
        outcome === 'c' ? outcome : trueValue(system, second.release, key),
      ]),
    );
    const careless = { ...second.release, figures: exact, parameters: { ...second.release.parameters, base: 1 } };
    const aims = aimsOf(system, careless).filter((aim) => aim.release === -1);
    expect(exposed(aims, await attack(system, careless, [], aims)).length).toBeGreaterThan(0);
  }, 120_000);

  it('gets no other number about people: not from lists, reach, the calendar, the dictionary or a refusal', async () => {
    const told = new Set([0, ...[...first.release.figures.values(), ...second.release.figures.values()]]);
    const people = 40 + 55 + 70 + 85 + 100 + 12;
    for (const path of [
      '/v1/diversity/releases',
      '/v1/diversity/releases/latest',
      '/v1/diversity/calendar',
      '/v1/diversity/dictionary',
      '/v1/diversity/collections',
      '/v1/reports/reach?from=2026-07-01&to=2026-09-30',
      '/v1/diversity/releases/latest/tables/all-registered-age',
      '/v1/diversity/releases/latest/draft',
    ]) {
      for (const headers of [{}, await t.as('coordinator', 'rrdn-south-east')]) {
        const { text } = await t.api.get(path).set(headers);
        for (const exact of [people, people + 3 + 4 * 14, 43, 40 + 3])
          expect(new RegExp(`[:\\s,[]${exact}[,\\s}\\].]`).test(text) && !told.has(exact)).toBe(false);
        expect(text).not.toMatch(/"(primary|complementary|smallestWidth|joined|changed)"/);
      }
    }
  });
});
