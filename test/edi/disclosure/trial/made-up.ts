import { defaultCatalogue } from '../../../../src/edi/disclosure/catalogue';
import type {
  CategoryCount,
  CellCount,
  Characteristic,
  Parameters,
  System,
  Unit,
} from '../../../../src/edi/disclosure/model';

/** Numbers from 0 up to 1 that are the same for the same seed. */
export function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const STAGES = ['registered', 'interested', 'selected', 'tookPart'];
export const POPULATIONS = STAGES.map((id, i) => ({ id, stages: STAGES.slice(i) }));
const named = (id: string, count: number): Characteristic => ({
  id,
  categories: Array.from({ length: count }, (_, i) => `${id}${i + 1}`),
});
export const HUB: Characteristic = {
  id: 'ethnicGroup',
  categories: ['asian', 'black', 'mixed', 'white', 'other', 'preferNot', 'notAsked'],
};
/** Sixteen characteristics, of as many categories as in a real question set. */
export const QUESTIONS: Characteristic[] = [
  named('age', 9),
  named('sex', 4),
  named('genderIdentity', 4),
  named('religion', 9),
  named('sexualOrientation', 6),
  named('disability', 5),
  named('vision', 3),
  named('hearing', 3),
  named('mobility', 3),
  named('learning', 3),
  named('mentalHealth', 3),
  named('care', 5),
  named('background', 6),
  named('language', 5),
  named('area', 12),
  named('ethnicDetail', 20),
];
export const PARAMETERS: Parameters = {
  base: 5,
  rule: { threshold: 8, zeros: 'whenNeeded', sensitive: false },
  characteristics: {
    genderIdentity: { threshold: 10, zeros: 'hidden', sensitive: true },
    sexualOrientation: { threshold: 10, zeros: 'hidden', sensitive: true },
  },
};

/** How large a made-up release is. */
export interface Size {
  readonly leaves: number;
  readonly groups: number;
  /** People of a leaf, from fewest to most; most leaves are small. */
  readonly from: number;
  readonly to: number;
  readonly questions?: readonly Characteristic[];
}

/** Picks a category: the first are common, the last rare. */
function skewed(count: number, chance: number, lean: number): number {
  return Math.min(count - 1, Math.floor(count * chance ** lean));
}

/** A made-up release over a tree of `all`, groups and leaves, the same for the same seed. */
export function madeUp(seed: number, { leaves: leafCount, groups, from, to, questions = QUESTIONS }: Size): System {
  const chance = chances(seed);
  const leaves = Array.from({ length: leafCount }, (_, i) => `leaf${i + 1}`);
  const people: CellCount[] = [];
  const counts: CategoryCount[] = [];
  for (const leaf of leaves) {
    const size = Math.round(from + (to - from) * chance() ** 3);
    const rows = new Map<string, number>();
    const add = (row: string): Map<string, number> => rows.set(row, (rows.get(row) ?? 0) + 1);
    for (let person = 0; person < size; person++) {
      const stage = STAGES[skewed(STAGES.length, chance(), 2)] ?? '';
      const hub = HUB.categories[[3, 3, 0, 5, 1, 2, 4, 6][skewed(8, chance(), 1.8)] ?? 3] ?? '';
      add([leaf, stage, hub].join('|'));
      for (const { id, categories } of questions)
        add([leaf, stage, hub, id, categories[skewed(categories.length, chance(), 2.2)] ?? ''].join('|'));
    }
    for (const [row, count] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [l = '', stage = '', hub = '', characteristic, category = ''] = row.split('|');
      if (characteristic === undefined) people.push({ leaf: l, stage, hub, people: count });
      else counts.push({ leaf: l, stage, hub, characteristic, category, people: count });
    }
  }
  const units: Unit[] = [
    { id: 'everywhere', level: 'all', leaves },
    ...Array.from({ length: groups }, (_, g) => ({
      id: `group${g + 1}`,
      level: 'group',
      leaves: leaves.filter((_, i) => i % groups === g),
    })),
    ...leaves.map((leaf, i) => ({ id: `unit${i + 1}`, level: 'leaf', leaves: [leaf] })),
  ];
  return {
    stages: STAGES,
    populations: POPULATIONS,
    hub: HUB,
    characteristics: questions,
    leaves,
    units,
    catalogue: defaultCatalogue(STAGES),
    people,
    counts,
    earlier: [],
  };
}
