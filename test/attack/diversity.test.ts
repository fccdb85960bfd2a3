import { aimsOf } from '../../src/edi/disclosure-check/aims';
import { attack, exposed } from '../../src/edi/disclosure-check/attack';
import type { Release, System } from '../../src/edi/disclosure/model';
import { Snapshots } from '../../src/edi/release/snapshot.service';
import { systemOf } from '../../src/edi/release/system';
import { startApp, type TestApp } from '../support/app';
import { ANALYST, type Answer, beforeAnybody } from './diversity-crawl';
import { ROWS } from './diversity-returned';
import type { Before } from './diversity-readers';
import { readAnswer, type Told, whatIsTold } from './diversity-told';
import { fromInside, fromReach, ofTheOthers, type ReachTold } from './diversity-beside';
import { type FromOutside, frameOf, type Instances, readAsStranger, trueValue } from './diversity-outside';
import type { Whole } from './diversity-published';
import { HELD, HELD_ON, INSIDER, QUARTERS, type Scene, setTheScene } from './diversity-scene';

/**
 * An outsider downloads three releases, of which each holds organisations back that the next may show anew, and the reach of their
 * quarters, puts everything together and solves for every figure that was withheld. None may be known more closely than the
 * criterion allows. That no answer of the API tells more than these files is in diversity-told.test.ts.
 */
describe('an outsider with everything that was ever published', () => {
  let t: TestApp;
  let before: Awaited<ReturnType<typeof beforeAnybody>>;
  let scene: Scene;
  let wholes: Whole[];
  let read: FromOutside[];
  let system: System;
  let latest: Release;
  let earlier: Release[];
  let beside: Release[];

  beforeAll(async () => {
    t = await startApp();
    before = await beforeAnybody(t);
    scene = await setTheScene(t);
    wholes = [];
    read = [];
    beside = [];
    for (const [i, { id }] of scene.releases.entries()) {
      const whole = (await t.api.get(`/v1/diversity/releases/${id}/release.json`).expect(200)).body as Whole;
      const one = await readAsStranger(t, whole, await instancesOf(id));
      wholes.push(whole);
      read.push(one);
      beside.push(...fromReach(`reach ${i}`, whole, one, await reachOf(i)));
    }
    const [third, second, first] = [...read].reverse().map(({ release }) => release);
    if (!third || !second || !first) throw new Error('There are not three releases');
    latest = third;
    earlier = [second, first];
    system = await truth();
  }, 180_000);
  afterAll(() => t.stop());

  /** The release in which each organisation was shown anew, as the service keeps it. */
  async function instancesOf(release: string): Promise<Instances> {
    const { rows } = await t.db.query<{ organisation: string; since: string }>(
      `SELECT organisation_id AS organisation, organisation_id || ':' || refreshed_in AS since FROM edi_snapshot.unit WHERE release_id = $1`,
      [release],
    );
    return new Map(rows.map((row) => [row.organisation, row.since]));
  }

  /** The reach of a quarter, in total and by everything that it is told by. */
  async function reachOf(quarter: number): Promise<ReachTold[]> {
    const { from = '', to = '' } = QUARTERS[quarter] ?? {};
    const reports: ReachTold[] = [];
    for (const by of ['', '&by=kind', '&by=stage', '&by=mode', '&by=channel', '&by=month'])
      reports.push((await t.api.get(`/v1/reports/reach?from=${from}&to=${to}${by}`).expect(200)).body as ReachTold);
    return reports;
  }

  /** The true counts behind all releases: for checking only. */
  async function truth(): Promise<System> {
    const leaves = [...new Set([latest, ...earlier].flatMap(({ units }) => units.flatMap((unit) => unit.leaves)))];
    const { counts, returned } = await t.app.get(Snapshots, { strict: false }).counts(
      leaves.map((one) => {
        const [organisationId = '', refreshedIn = ''] = one.split(':');
        return { organisationId, refreshedIn };
      }),
    );
    const characteristics = read[2]?.characteristics ?? [];
    return systemOf({ ...latest, characteristics, leaves, earlier }, counts, returned);
  }

  it('sees one organisation held and then shown anew, and one that stays held', () => {
    const held = wholes.map(({ units }) => units.filter((unit) => unit.held).map((unit) => unit.key));
    expect(held).toEqual([[], [HELD, HELD_ON], [HELD_ON]]);
    // What is held stands with the old counts, and it is these that tie the releases together.
    const leaf = (release: number, key: string): string | undefined =>
      read[release]?.release.units.find((unit) => unit.id === key)?.leaves[0];
    expect([leaf(1, HELD), leaf(2, HELD_ON)]).toEqual([leaf(0, HELD), leaf(0, HELD_ON)]);
    expect(leaf(2, HELD)).not.toBe(leaf(1, HELD));
  });

  it('finds no withheld figure of any release more closely than the criterion allows', async () => {
    const aims = aimsOf(system, latest);
    for (const release of [-1, 0, 1]) expect(aims.filter((aim) => aim.release === release).length).toBeGreaterThan(40);
    expect(beside).not.toEqual([]);
    const intervals = await attack(frameOf(system), latest, [...earlier, ...beside], aims);
    expect(exposed(aims, intervals)).toEqual([]);
    // What was found is true: the real number lies in every interval.
    const wrong = intervals.filter(({ release, figure, margin, low, high }) => {
      const of = [latest, ...earlier][release + 1];
      const value = of && margin === undefined ? trueValue(system, of, figure) : undefined;
      return value !== undefined && (value < low || value > high);
    });
    expect(wrong).toEqual([]);
  }, 120_000);

  it('would find some, were the numbers published as they are: the attack bites', async () => {
    const exact = new Map(
      [...latest.figures].map(([key, outcome]) => [key, outcome === 'c' ? outcome : trueValue(system, latest, key)]),
    );
    const careless = { ...latest, figures: exact, parameters: { ...latest.parameters, base: 1 } };
    const aims = aimsOf(system, careless).filter((aim) => aim.release === -1);
    expect(exposed(aims, await attack(frameOf(system), careless, [], aims)).length).toBeGreaterThan(0);
  }, 120_000);

  /**
   * An organisation that returned rows knows its own people, row by row, and can take them out of every total. The criterion does not
   * promise the others anything against that. Most of what is withheld stays so all the same, and nothing is told exactly; where a
   * published number is mostly its own people, it learns how few the others are: see docs/decisions/0024.
   */
  it('lets an organisation that takes its own people out find little that is withheld, and nothing exactly', async () => {
    const organisation = latest.units.find((unit) => unit.id === INSIDER);
    const [leaf = ''] = organisation?.leaves ?? [];
    const inside = fromInside(system, leaf, ROWS);
    const others = [latest, ...earlier].map((release) => ofTheOthers(release, leaf));
    const all = [latest, ...earlier, ...others, inside, ...beside];
    const told = (aim: { release: number; figure: string }): unknown =>
      aim.release < 2 ? 'c' : all[aim.release - 2]?.figures.get(aim.figure.replace('-others|', '|'));
    const aims = aimsOf({ ...system, earlier: [...earlier, ...others] }, latest).filter(({ release, figure }) => {
      const unit = all[release + 1]?.units.find((one) => one.id === figure.split('|')[0]);
      return unit !== undefined && !unit.leaves.includes(leaf);
    });
    const withheld = aims.filter((aim) => told(aim) === 'c');
    expect(withheld.length).toBeGreaterThan(200);
    const found = exposed(aims, await attack(frameOf(system), latest, all.slice(1), aims));
    expect(found.filter((one) => told(one) === 'c').length).toBeLessThan(withheld.length / 20);
    expect(found.filter(({ low, high }) => high === low)).toEqual([]);
    // Rounding leaves a remainder of few people open to all sides, and their number is known of none.
    const remainders = found.filter((one) => told(one) !== 'c');
    expect(remainders.length).toBeGreaterThan(0);
    expect(remainders.length).toBeLessThan(aims.length / 20);
  }, 120_000);

  describe('who reads every answer of the API', () => {
    let told: Told;
    beforeAll(async () => {
      told = await whatIsTold(t, scene, wholes, { ...before, templates: scene.templates });
    }, 120_000);

    it('finds no number about people but the published ones and what follows from them', () => {
      expect(told.answers.length).toBeGreaterThan(1500);
      expect(told.faults).toEqual([]);
    });

    it('is answered by every route of the document, but for those that are somebody’s own', () => {
      expect([...told.refused].filter((route) => !OWN.has(route))).toEqual([]);
      const who = told.answers.filter(({ route, status }) => route.endsWith('/figures') && status === 200);
      expect(new Set(who.map((one) => one.who))).toEqual(new Set([ANALYST]));
    });

    it('is told how many figures were small by nothing else either: not by the audit trail', async () => {
      const auditor = await t.as('auditor');
      let [releases, cursor] = [0, ''];
      do {
        const { body, text } = await t.api.get(`/v1/audit-entries?limit=100${cursor}`).set(auditor).expect(200);
        expect(text).not.toMatch(/"(primary|complementary|hiddenZeros|smallestWidth|withheldShare|people|rows)"/);
        releases += text.split('"subject":"release"').length - 1;
        const { meta } = body as { meta: { nextCursor: string | null } };
        cursor = meta.nextCursor === null ? '' : `&cursor=${encodeURIComponent(meta.nextCursor)}`;
      } while (cursor !== '');
      expect(releases).toBeGreaterThan(10);
    });

    it('would find a number that is there besides, in every form of every route: the reading bites', async () => {
      const one = new Map(
        told.answers
          .filter(({ route }) => !route.endsWith('/figures'))
          .map((answer) => [`${answer.route} ${answer.type} ${answer.status === 200}`, answer]),
      );
      expect(one.size).toBeGreaterThan(50);
      const missed: string[] = [];
      for (const [form, answer] of one)
        if ((await readAnswer(withANumber(answer), ...released(answer))).length === 0) missed.push(form);
      expect(missed).toEqual([]);
    });

    /** A workbook is compared with a release in which one more person is published; everything else holds a number more. */
    function released(answer: Answer): [Whole[], Before] {
      const all = { ...before, templates: answer.type.includes('sheet') ? new Map() : scene.templates };
      if (!answer.type.includes('sheet')) return [wholes, all];
      const changed = JSON.parse(JSON.stringify(wholes)) as Whole[];
      for (const { tables } of changed)
        for (const { figures } of tables) for (const figure of figures) if (figure.value !== null) figure.value += 5;
      return [changed, all];
    }
  });
});

/** What is answered to whoever may make releases, to the person, and to the organisation: nobody else has any. */
const OWN = new Set([
  '/v1/diversity/releases/{id}/draft',
  '/v1/me/diversity-answers',
  '/v1/diversity/heading-mappings/{organisation}',
  '/v1/diversity/reminder-mailboxes/{organisation}',
]);

/** The answer with 37 people in it. */
function withANumber(answer: Answer): Answer {
  if (answer.type.includes('sheet')) return answer;
  const text = answer.bytes.toString('utf8');
  const more = answer.type.endsWith('json')
    ? text.replace(/\}\s*$/, ',"people":37}')
    : answer.type === 'image/svg+xml'
      ? text.replace('</svg>', '<g transform="translate(0 9)"><text x="1" y="1">37</text></g></svg>')
      : answer.type === 'text/html'
        ? text.replace('</main>', '<p>37</p></main>')
        : text.replace(/\n/, '\n37');
  expect(more).not.toBe(text);
  return { ...answer, bytes: Buffer.from(more) };
}
