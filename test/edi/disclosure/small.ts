import fc from 'fast-check';
import type {
  CategoryCount,
  CellCount,
  Characteristic,
  Parameters,
  System,
  Zeros,
} from '../../../src/edi/disclosure/model';
import { chances } from './trial/made-up';

/** A small system with its rules, for tests of everything that must hold of any. */
export interface Small {
  readonly system: System;
  readonly parameters: Parameters;
}

interface Shape {
  readonly seed: number;
  readonly leaves: number;
  readonly stages: number;
  readonly hubs: number;
  readonly categories: readonly number[];
  readonly people: number;
  readonly base: number;
  readonly threshold: number;
  readonly zeros: Zeros;
  readonly sensitive: boolean;
  readonly minimumLeafSize: number;
  /** Into how many answers each hub category is told more finely; 0 for no such question. */
  readonly finer: number;
}

const ids = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}${i + 1}`);

/** A few leaves in two groups, a few people, one or two questions: every table of the default catalogue, leaves too. */
export function small({ seed, ...shape }: Shape): Small {
  const chance = chances(seed);
  const leaves = ids('leaf', shape.leaves);
  const stages = ids('stage', shape.stages);
  const hub = { id: 'origin', categories: ids('o', shape.hubs) };
  const within = Object.fromEntries(
    hub.categories.flatMap((category) => ids(`${category}-`, shape.finer).map((answer) => [answer, category])),
  );
  const characteristics: Characteristic[] = [
    ...shape.categories.map((count, i) => ({ id: `question${i + 1}`, categories: ids('a', count) })),
    ...(shape.finer > 0 ? [{ id: 'finer', categories: Object.keys(within), within }] : []),
  ];
  const rows = new Map<string, number>();
  const add = (row: string[]): Map<string, number> => rows.set(row.join('|'), (rows.get(row.join('|')) ?? 0) + 1);
  const pick = (list: readonly string[]): string => list[Math.floor(list.length * chance() ** 2)] ?? '';
  for (const leaf of leaves)
    for (let i = Math.round(shape.people * chance()); i > 0; i--) {
      const cell = [leaf, pick(stages), pick(hub.categories)];
      add(cell);
      for (const { id, categories } of characteristics)
        add([...cell, id, pick(id === 'finer' ? categories.filter((one) => within[one] === cell[2]) : categories)]);
    }
  const people: CellCount[] = [];
  const counts: CategoryCount[] = [];
  for (const [row, count] of rows) {
    const [leaf = '', stage = '', of = '', characteristic, category = ''] = row.split('|');
    if (characteristic === undefined) people.push({ leaf, stage, hub: of, people: count });
    else counts.push({ leaf, stage, hub: of, characteristic, category, people: count });
  }
  const populations = stages.map((id, i) => ({ id: `from-${id}`, stages: stages.slice(i) }));
  const everyone = populations[0]?.id ?? '';
  const system: System = {
    stages,
    populations,
    hub,
    characteristics,
    leaves,
    units: [
      { id: 'all', level: 'all', leaves },
      { id: 'north', level: 'group', leaves: leaves.filter((_, i) => i % 2 === 0) },
      ...(leaves.length > 1 ? [{ id: 'south', level: 'group', leaves: leaves.filter((_, i) => i % 2 === 1) }] : []),
      ...leaves.map((leaf) => ({ id: `unit-${leaf}`, level: 'leaf', leaves: [leaf] })),
    ],
    catalogue: {
      id: 'small',
      leafLevel: 'leaf',
      minimumLeafSize: shape.minimumLeafSize,
      tables: [
        ...['all', 'group'].flatMap((level) => [
          ...populations.map(({ id }) => ({ level, population: id, by: ['each'] })),
          { level, population: everyone, by: ['hub', 'each'] },
        ]),
        { level: 'leaf', population: everyone, by: ['each'] },
        ...(shape.finer > 0
          ? ['all', 'group', 'leaf'].map((level) => ({ level, population: everyone, by: ['finer'] }))
          : []),
      ],
    },
    people,
    counts,
    earlier: [],
  };
  const [first] = characteristics.filter(({ id }) => id !== 'finer');
  const own = first ? { [first.id]: { threshold: shape.threshold + 2, sensitive: shape.sensitive } } : {};
  const rule = { threshold: shape.threshold, zeros: shape.zeros, sensitive: false };
  return { system, parameters: { base: shape.base, rule, characteristics: own } };
}

/** Small systems of every kind. */
export const anySmall: fc.Arbitrary<Small> = fc
  .record({
    seed: fc.nat(),
    leaves: fc.integer({ min: 1, max: 4 }),
    stages: fc.integer({ min: 1, max: 2 }),
    hubs: fc.integer({ min: 1, max: 3 }),
    categories: fc.array(fc.integer({ min: 2, max: 4 }), { maxLength: 2 }),
    people: fc.integer({ min: 0, max: 60 }),
    base: fc.constantFrom(1, 3, 5, 10),
    threshold: fc.integer({ min: 5, max: 9 }),
    zeros: fc.constantFrom<Zeros>('shown', 'whenNeeded', 'hidden'),
    sensitive: fc.boolean(),
    minimumLeafSize: fc.constantFrom(0, 10, 25),
    finer: fc.constantFrom(0, 0, 2, 3),
  })
  .map(small);
