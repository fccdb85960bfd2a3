import { protect } from '../../../src/edi/disclosure/protect';
import type { Outcome, Parameters, Protected, System, Witness } from '../../../src/edi/disclosure/model';
import { aimsOf } from '../../../src/edi/disclosure-check/aims';
import { attack, exposed } from '../../../src/edi/disclosure-check/attack';
import { madeUp, PARAMETERS, QUESTIONS } from './trial/made-up';
import { cellKey, plainRules, releaseOf, tableSystem } from './trial/worked-tables';
import { verify } from '../../../src/edi/disclosure-check/verify';

interface Made {
  readonly system: System;
  readonly parameters: Parameters;
  readonly made: Protected;
}

const ROWS = [
  [40, 12, 3],
  [25, 30, 18],
  [9, 14, 22],
];

async function threeByThree(): Promise<Made> {
  const system = tableSystem(ROWS);
  const parameters = plainRules(8, 1);
  return { system, parameters, made: await protect(system, parameters) };
}

/** A row of which all are in one column, where that is nobody's business. */
async function alike(): Promise<Made> {
  const system = tableSystem([
    [20, 0, 0],
    [12, 9, 11],
    [1, 15, 0],
  ]);
  const parameters = { ...plainRules(8, 5), characteristics: { column: { sensitive: true } } };
  return { system, parameters, made: await protect(system, parameters) };
}

async function dozen(): Promise<Made> {
  const questions = QUESTIONS.filter(({ id }) => ['age', 'genderIdentity', 'sexualOrientation'].includes(id));
  const system = madeUp(3, { leaves: 5, groups: 2, from: 20, to: 200, questions });
  return { system, parameters: PARAMETERS, made: await protect(system, PARAMETERS) };
}

const codes = ({ system, parameters, made }: Made): string[] => [
  ...new Set(verify(system, parameters, made).faults.map(({ code }) => code)),
];
const withFigure = (of: Made, key: string, outcome: Outcome): Made => ({
  ...of,
  made: { ...of.made, figures: new Map([...of.made.figures, [key, outcome]]) },
});
const withWitnesses = (of: Made, change: (witness: Witness) => Witness | null): Made => ({
  ...of,
  made: { ...of.made, witnesses: of.made.witnesses.flatMap((witness) => change(witness) ?? []) },
});
async function fallen({ system, parameters, made }: Made): Promise<string[]> {
  const release = releaseOf(system, parameters, made);
  const aims = aimsOf(system, release);
  return exposed(aims, await attack(system, release, [], aims)).map(({ figure }) => figure);
}

describe('the verifier turns red', () => {
  let table: Made;
  let large: Made;
  beforeAll(async () => {
    table = await threeByThree();
    large = await dozen();
  }, 240_000);

  it('not on what the search made', () => {
    for (const one of [table, large])
      expect(verify(one.system, one.parameters, one.made)).toMatchObject({ ok: true, faults: [], version: '2' });
    expect(verify(table.system, table.parameters, table.made)).toMatchObject({
      primary: 1,
      complementary: 3,
      smallestWidth: 8,
    });
  });

  it('when one complementary suppression is dropped, and so does the attacker', async () => {
    const small = new Set(table.made.witnesses.map(({ figure }) => figure));
    const complementary = [...table.made.figures].filter(([key, outcome]) => outcome === 'c' && !small.has(key));
    expect(complementary.length).toBe(table.made.complementary);
    for (const [key] of complementary) {
      const [, , row = '', , column = ''] = key.split('|');
      const count = ROWS[Number(row.slice(1)) - 1]?.[Number(column.slice(1)) - 1] ?? -1;
      const mutant = withFigure(table, key, count);
      expect(codes(mutant)).toEqual(['bad_witness']);
      expect(await fallen(mutant)).not.toEqual([]);
    }
  });

  it('when the total is published unrounded, and so does the attacker', async () => {
    const system = tableSystem([[9, 9, 8, 2]]);
    const parameters = plainRules(8, 5);
    const figures = new Map<string, Outcome>([
      [cellKey(1), 10],
      [cellKey(2), 10],
      [cellKey(3), 10],
      [cellKey(4), 'c'],
      [cellKey(0), 30],
    ]);
    const { witnesses } = await protect(system, parameters);
    const rounded = { system, parameters, made: { ...table.made, figures, merges: [], witnesses } };
    expect(codes(rounded)).toEqual([]);
    expect(await fallen(rounded)).toEqual([]);
    const mutant = withFigure(rounded, cellKey(0), 28);
    expect(codes(mutant)).toContain('wrongly_published');
    expect(await fallen(mutant)).toEqual([cellKey(4)]);
  });

  it('when primaries have a marker of their own, and so does the attacker', async () => {
    const marker: Outcome = JSON.parse('"small"');
    const primaries = new Set(table.made.witnesses.map(({ figure }) => figure));
    const figures = new Map([...table.made.figures].map(([key, o]) => [key, primaries.has(key) ? marker : o] as const));
    const mutant = { ...table, made: { ...table.made, figures } };
    expect(codes(mutant)).toContain('not_suppressed');
    expect(new Set(await fallen(mutant))).toEqual(primaries);
  });

  it('when a published zero is taken to be up to 2, and so does the attacker', async () => {
    const system = tableSystem([[0, 100, 3]]);
    const parameters = plainRules(8, 5);
    const figures = new Map<string, Outcome>([
      [cellKey(1), 0],
      [cellKey(2), 100],
      [cellKey(3), 'c'],
      [cellKey(0), 105],
    ]);
    // Both worlds would do if a zero could be two: 2 + 101 + 0 = 103, and 0 + 98 + 8 = 106.
    const at = (hub: number, by: number): number[] => [0, 0, hub, -1, -1, by];
    const world = (kind: Witness['kind'], changes: number[]): Witness => ({
      figure: cellKey(3),
      margin: '',
      release: -1,
      kind,
      changes,
    });
    const witnesses = [
      world('low', [...at(0, 2), ...at(1, 1), ...at(2, -3)]),
      world('high', [...at(1, -2), ...at(2, 5)]),
    ];
    const mutant = { system, parameters, made: { ...table.made, figures, merges: [], witnesses } };
    expect(verify(system, parameters, mutant.made).faults).toEqual([
      { code: 'bad_witness', figure: cellKey(3), message: `Does not fit what is published of ${cellKey(1)}.` },
    ]);
    expect(await fallen(mutant)).toEqual([cellKey(3)]);
  });

  it('when there is a table outside the star', async () => {
    const key = 'everywhere|registered|asian|age+genderIdentity|age1';
    expect(codes(withFigure(large, key, 10))).toEqual(['outside_catalogue']);
    expect(codes(withFigure(large, 'unit1|tookPart|*|*|*', 10))).toEqual(['outside_catalogue']);
    for (const by of [['age', 'genderIdentity'], ['hub', 'age', 'genderIdentity'], ['hub', 'hub'], ['shoeSize']]) {
      const tables = [...large.system.catalogue.tables, { level: 'all', population: 'registered', by }];
      const system = { ...large.system, catalogue: { ...large.system.catalogue, tables } };
      expect(codes({ ...large, system })).toEqual(['unsound_system']);
      await expect(protect(system, large.parameters)).rejects.toThrow('The table of registered by');
    }
    const filtered = [{ level: 'all', population: 'registered', by: ['age'], where: 'disability' }];
    const system = { ...large.system, catalogue: { ...large.system.catalogue, tables: filtered } };
    expect(codes({ ...large, system })).toEqual(['unsound_system']);
    await expect(protect(system, large.parameters)).rejects.toThrow('cannot be filtered');
  });

  it('when rules are weaker than is ever allowed', async () => {
    const weak: [Parameters, string][] = [
      [plainRules(4, 1), 'must be 5 or more'],
      [plainRules(8.5, 1), 'must be 5 or more'],
      [plainRules(8, 0), 'rounding base'],
      [plainRules(8, 17), 'rounding base'],
      [{ ...plainRules(8, 5), characteristics: { column: { threshold: 3 } } }, 'threshold of column'],
      [{ ...plainRules(8, 5), characteristics: { colour: { threshold: 9 } } }, 'not counted'],
    ];
    for (const [parameters, message] of weak) {
      expect(codes({ ...table, parameters })).toEqual(['unsound_system']);
      await expect(protect(table.system, parameters)).rejects.toThrow(message);
    }
  });

  it('when a figure that must be suppressed is not, or a figure is missing', () => {
    const [first] = table.made.witnesses;
    const key = first?.figure ?? '';
    expect(codes(withFigure(table, key, 1))).toContain('not_suppressed');
    const left = new Map([...table.made.figures].filter(([figure]) => figure !== key));
    expect(codes({ ...table, made: { ...table.made, figures: left } })).toContain('missing');
  });

  it('when what is nearly all of a sensitive line is published, or nothing shows that it need not be', async () => {
    const sensitive = await alike();
    expect(codes(sensitive)).toEqual([]);
    expect(await fallen(sensitive)).toEqual([]);
    const spread = sensitive.made.witnesses.filter(({ kind }) => kind === 'spread');
    expect(spread.map(({ figure }) => figure)).toEqual([cellKey(1, 1), cellKey(3, 2)]);
    expect(codes(withFigure(sensitive, cellKey(1, 1), 20))).toContain('not_suppressed');
    expect(codes(withWitnesses(sensitive, (w) => (w.kind === 'spread' ? null : w)))).toEqual(['no_witness']);
    // Zeros beside it would say as much.
    const zeros = [cellKey(1, 2), cellKey(1, 3)];
    const told = zeros.reduce((of, key) => withFigure(of, key, 0), sensitive);
    expect(codes(told)).toContain('not_suppressed');
    expect(await fallen(told)).toContain(cellKey(1, 1));
  });

  it('when a witness is missing, breaks, or is of something else', () => {
    const [first] = table.made.witnesses;
    const mutate = (change: (witness: Witness) => Witness | null): Made =>
      withWitnesses(table, (witness) => (witness === first ? change(witness) : witness));
    expect(codes(mutate(() => null))).toEqual(['no_witness']);
    expect(codes(mutate((w) => ({ ...w, changes: [] })))).toEqual(['bad_witness']);
    expect(codes(mutate((w) => ({ ...w, changes: w.changes.slice(1) })))).toEqual(['bad_witness']);
    expect(codes(mutate((w) => ({ ...w, changes: w.changes.map((n, i) => (i % 6 === 5 ? n / 2 : n)) })))).toEqual(['bad_witness']); // prettier-ignore
    expect(codes(mutate((w) => ({ ...w, changes: w.changes.map((n, i) => (i % 6 === 0 ? 9 : n)) })))).toEqual(['bad_witness']); // prettier-ignore
    // One change left out: the people of that cell no longer add up.
    expect(codes(mutate((w) => ({ ...w, changes: w.changes.slice(6) })))).toEqual(['bad_witness']);
    // Fewer people than none: everybody and one more changes an answer.
    const swap = [0, 0, 0, 0, 1, -200, 0, 0, 0, 0, 2, 200];
    const negative = verify(table.system, table.parameters, mutate((w) => ({ ...w, changes: swap })).made);
    expect(negative.faults[0]?.message).toContain('Fewer people than none');
  });

  it('when the true counts themselves are no ground: sums, ids, units', () => {
    const { system } = table;
    const broken: System[] = [
      { ...system, people: system.people.slice(1) },
      { ...system, people: [...system.people, ...system.people.slice(0, 1)] },
      { ...system, counts: system.counts.map((row, i) => (i === 0 ? { ...row, people: row.people + 0.5 } : row)) },
      { ...system, counts: system.counts.map((row, i) => (i === 0 ? { ...row, category: 'unheard' } : row)) },
      { ...system, hub: { ...system.hub, categories: ['r1', 'r2', 'r3', 'r4', 'r|5'] } },
      { ...system, units: system.units.slice(0, 1) },
      { ...system, units: [...system.units, { id: 'twin', level: 'leaf', leaves: ['leaf'] }] },
    ];
    for (const one of broken) expect(codes({ ...table, system: one })).toEqual(['unsound_system']);
  });

  it('when two units overlap without one being in the other', () => {
    const units = [...large.system.units, { id: 'odd', level: 'group', leaves: ['leaf1', 'leaf2'] }];
    expect(codes({ ...large, system: { ...large.system, units } })).toEqual(['unsound_system']);
  });

  it('when somebody is counted, or a witness puts somebody, where the hub says that nobody can be', async () => {
    const within = { english: 'white', irish: 'white', indian: 'asian' };
    const finer = { id: 'background', categories: Object.keys(within), within };
    const cell = (hub: string, people: number) => ({ leaf: 'leaf', stage: 'registered', hub, people });
    const of = (hub: string, category: string, people: number) => ({
      ...cell(hub, people),
      characteristic: 'background',
      category,
    });
    const system: System = {
      stages: ['registered'],
      populations: [{ id: 'registered', stages: ['registered'] }],
      hub: { id: 'group', categories: ['white', 'asian'] },
      characteristics: [finer],
      leaves: ['leaf'],
      units: [
        { id: 'all', level: 'all', leaves: ['leaf'] },
        { id: 'unit', level: 'leaf', leaves: ['leaf'] },
      ],
      catalogue: {
        id: 'finer',
        leafLevel: 'leaf',
        minimumLeafSize: 0,
        tables: [
          { level: 'all', population: 'registered', by: ['group'] },
          { level: 'all', population: 'registered', by: ['background'] },
        ],
      },
      people: [cell('white', 43), cell('asian', 30)],
      counts: [of('white', 'english', 40), of('white', 'irish', 3), of('asian', 'indian', 30)],
      earlier: [],
    };
    const parameters = plainRules(8, 5);
    const made = await protect(system, parameters);
    const sound = { system, parameters, made };
    expect(codes(sound)).toEqual([]);
    expect(await fallen(sound)).toEqual([]);

    const moved = system.counts.map((row) => (row.category === 'irish' ? { ...row, category: 'indian' } : row));
    expect(codes({ ...sound, system: { ...system, counts: moved } })).toEqual(['unsound_system']);
    // Were people of Asian origin thought able to be Irish, the white total could be told exactly.
    const swap = [0, 0, 1, 0, 1, 5, 0, 0, 1, 0, 2, -5];
    const witness = withWitnesses(sound, (w) => (w.kind === 'high' ? { ...w, changes: swap } : w));
    expect(verify(system, parameters, witness.made).faults[0]?.message).toBe('Nobody of asian can have irish.');

    // Crossed with the hub it would be told twice, and among "each" without being asked for.
    const crossed = [{ level: 'all', population: 'registered', by: ['hub', 'background'] }];
    const outside = { ...system, catalogue: { ...system.catalogue, tables: crossed } };
    expect(codes({ ...sound, system: outside })).toEqual(['unsound_system']);
    await expect(protect(outside, parameters)).rejects.toThrow('more finely');
    const each = [{ level: 'all', population: 'registered', by: ['each'] }];
    const among = await protect({ ...system, catalogue: { ...system.catalogue, tables: each } }, parameters);
    expect([...among.figures.keys()].filter((key) => key.includes('background'))).toEqual([]);
    const sensitive = { ...parameters, characteristics: { background: { sensitive: true } } };
    expect(codes({ ...sound, parameters: sensitive })).toEqual(['unsound_system']);
    await expect(protect(system, sensitive)).rejects.toThrow('more finely');
  });
});
