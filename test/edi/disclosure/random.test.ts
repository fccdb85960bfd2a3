import fc from 'fast-check';
import { protect } from '../../../src/edi/disclosure/protect';
import { aimsOf } from '../../../src/edi/disclosure-check/aims';
import { attack, exposed } from '../../../src/edi/disclosure-check/attack';
import { releaseOf } from './trial/worked-tables';
import { verify } from '../../../src/edi/disclosure-check/verify';
import { anySmall, Small } from './small';

const seed = Number(process.env.SEED ?? 20_261_123);

async function protectedRelease({ system, parameters }: Small) {
  const made = await protect(system, parameters);
  const verdict = verify(system, parameters, made);
  expect(verdict.faults).toEqual([]);
  expect(verdict.ok).toBe(true);
  expect({ primary: made.primary, complementary: made.complementary }).toEqual({
    primary: verdict.primary,
    complementary: verdict.complementary,
  });
  return releaseOf(system, parameters, made);
}

describe(`any small release (seed ${seed})`, () => {
  it('is proven safe by the verifier, and exposes nobody to the attacker', async () => {
    let attacked = 0;
    await fc.assert(
      fc.asyncProperty(anySmall, async (small) => {
        const release = await protectedRelease(small);
        const aims = aimsOf(small.system, release);
        attacked += aims.length;
        expect(exposed(aims, await attack(small.system, release, [], aims))).toEqual([]);
      }),
      { numRuns: Number(process.env.RUNS ?? 2000), seed },
    );
    expect(attacked).toBeGreaterThan(1000);
  }, 480_000);

  it('exposes nobody to an attacker who counts in whole people', async () => {
    await fc.assert(
      fc.asyncProperty(anySmall, async (small) => {
        const release = await protectedRelease(small);
        const aims = aimsOf(small.system, release);
        expect(exposed(aims, await attack(small.system, release, [], aims, { whole: true }))).toEqual([]);
      }),
      { numRuns: Number(process.env.WHOLE_RUNS ?? 50), seed: seed + 1 },
    );
  }, 240_000);

  it('is the same release, byte for byte, when it is made again', async () => {
    await fc.assert(
      fc.asyncProperty(anySmall, async ({ system, parameters }) => {
        const [once, again] = [await protect(system, parameters), await protect(system, parameters)];
        expect(JSON.stringify([...again.figures, again])).toBe(JSON.stringify([...once.figures, once]));
      }),
      { numRuns: 30, seed: seed + 2 },
    );
  }, 240_000);
});
