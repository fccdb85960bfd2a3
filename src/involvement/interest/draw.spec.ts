import fc from 'fast-check';
import { drawOrder, lotOf } from './draw';

const id = (n: number): string => `01930000-0000-7000-8000-00000000000${n}`;
const SEED = '000102030405060708090a0b0c0d0e0f';

describe('the draw sha256-seed-id-v1', () => {
  it('gives the published example, which sha256sum and sort give as well', () => {
    expect(drawOrder(SEED, [1, 2, 3, 4, 5].map(id))).toEqual([5, 4, 3, 1, 2].map(id));
    expect(lotOf(SEED, id(5))).toBe('51d501527aabb90a4b37ec0d47e42110ba3aafb03e102b3baca86f7fe015f1d0');
    expect(lotOf(SEED, id(1))).toBe('c43b9cbcf2f9f52a7830a2834aed5f3e274a346ca7b4eb3f379dcf16f20f44a8');
  });

  it('does not depend on the order of the list, nor on capitals', () => {
    const uuid = fc.uuid();
    const seed = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 128 });
    fc.assert(
      fc.property(seed, fc.uniqueArray(uuid, { minLength: 1, maxLength: 40 }), (s, ids) => {
        const order = drawOrder(s, ids);
        expect(order).toEqual(
          drawOrder(
            s.toUpperCase(),
            [...ids].reverse().map((i) => i.toUpperCase()),
          ),
        );
        expect([...order].sort()).toEqual([...ids].sort());
      }),
      { seed: 20261123, numRuns: 200 },
    );
  });

  it('draws each once, however often they are named', () => {
    expect(drawOrder(SEED, [id(1), id(1), id(2)])).toHaveLength(2);
  });

  it('gives everybody the same chance of each place', () => {
    const ids = [1, 2, 3, 4].map(id);
    const first = new Map(ids.map((i) => [i, 0]));
    for (let n = 0; n < 4000; n++) {
      const [winner = ''] = drawOrder(n.toString(16).padStart(32, '0'), ids);
      first.set(winner, (first.get(winner) ?? 0) + 1);
    }
    for (const count of first.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
