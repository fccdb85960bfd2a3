import { GapAim, gapOutcome, measured } from '../../../src/edi/gap/outcome';
import type { PublishedRelease } from '../../../src/edi/release/published';
import { BEFORE, ETHNIC_GROUP, oneWayTable, RELEASE } from './a-release';

const AIM: GapAim = {
  tableKey: 'all-registered-ethnic-group',
  unit: 'all',
  ethnicGroup: null,
  category: 'asian',
  measure: 'share',
  direction: 'too-few',
};
/** The release with another number of Asian people among those who registered. */
const later = (asian: number, change: Partial<PublishedRelease> = {}): PublishedRelease => ({
  ...RELEASE,
  tables: [oneWayTable('all', 'registered', ETHNIC_GROUP, { all: [asian, 40, 120, 890, 25, 45, 75, 1195 + asian] })],
  ...change,
});

describe('what became of a gap', () => {
  it.each([
    ['too-few', 200, 'closing', 'it rose'],
    ['too-few', 20, 'widening', 'it fell'],
    ['too-many', 200, 'widening', 'it rose'],
    ['too-many', 20, 'closing', 'it fell'],
    ['too-few', 65, 'no-clear-change', 'no change beyond chance and rounding'],
  ] as const)('is told by published counts: %s, then %d', (direction, asian, change, says) => {
    const outcome = gapOutcome({ ...AIM, direction }, BEFORE, later(asian));
    expect(outcome).toMatchObject({ change, release: { number: 2 } });
    expect(outcome.before.value).toBeCloseTo(60 / 1090, 10);
    expect(outcome.sentence).toContain(says);
  });

  it('is not told where counts were withheld, the question changed, or the unit stands on old counts', () => {
    const told = (after: PublishedRelease) => gapOutcome(AIM, BEFORE, after);
    const withheld = later(0, {
      tables: [oneWayTable('all', 'registered', ETHNIC_GROUP, { all: ['c', 40, 120, 890, 25, 45, 75, 1200] })],
    });
    expect(told(withheld)).toMatchObject({ change: 'cannot-be-told', after: { value: null, status: 'c' } });
    const asked = RELEASE.characteristics.map((one) => ({ ...one, question: 'Another question?' }));
    expect(told(later(200, { characteristics: asked })).sentence).toContain('Another question?');
    const held = RELEASE.units.map((unit) => ({ ...unit, held: true }));
    expect(told(later(200, { units: held }))).toMatchObject({ change: 'cannot-be-told' });
    expect(told(later(200, { tables: [] })).sentence).toContain('no such table');
  });

  it('can be measured by how many came on from the wider population', () => {
    const progress: GapAim = { ...AIM, tableKey: 'all-selected-ethnic-group', category: 'mixed', measure: 'progress' };
    expect(measured(RELEASE, progress)).toMatchObject({ count: 25, base: 100, figure: { value: 0.25, status: '' } });
    expect(gapOutcome(progress, BEFORE, RELEASE).change).toBe('no-clear-change');
    // Nobody comes on to being registered, and no two-way table has stages.
    expect(measured(RELEASE, { ...AIM, measure: 'progress' })).toBeUndefined();
  });

  it('has no number for a place that the release does not show', () => {
    expect(measured(RELEASE, { ...AIM, category: 'prefer-not-to-say' })).toBeUndefined();
    expect(measured(RELEASE, { ...AIM, unit: 'nowhere' })).toBeUndefined();
    expect(measured(RELEASE, { ...AIM, ethnicGroup: 'asian' })).toBeUndefined();
  });
});
