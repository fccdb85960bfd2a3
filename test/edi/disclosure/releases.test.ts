import { gate, joinReleases, LeafChanges, PastRelease } from '../../../src/edi/disclosure/gate';
import type {
  CategoryCount,
  CellCount,
  Parameters,
  Protected,
  System,
  Witness,
} from '../../../src/edi/disclosure/model';
import { protect } from '../../../src/edi/disclosure/protect';
import { aimsOf } from '../../../src/edi/disclosure-check/aims';
import { attack, Contradiction, exposed } from '../../../src/edi/disclosure-check/attack';
import { madeUp, PARAMETERS, QUESTIONS } from '../../../src/edi/disclosure-check/trial/made-up';
import { plainRules, releaseOf } from '../../../src/edi/disclosure-check/trial/worked-tables';
import { verify } from '../../../src/edi/disclosure-check/verify';

const QUARTERS = ['spring', 'summer'] as const;

/** The same people and so many more in one leaf, each in the cell and with the answers that are most common there. */
function joined(system: System, leaf: string, people: number): System {
  const [cell] = system.people.filter((row) => row.leaf === leaf).sort((a, b) => b.people - a.people);
  const same = (row: CellCount): boolean => row.leaf === leaf && row.stage === cell?.stage && row.hub === cell.hub;
  const most = new Map<string, CategoryCount>();
  for (const row of system.counts.filter(same))
    if (row.people > (most.get(row.characteristic)?.people ?? 0)) most.set(row.characteristic, row);
  const more = <Row extends CellCount>(row: Row, grows: boolean): Row =>
    grows ? { ...row, people: row.people + people } : row;
  return {
    ...system,
    people: system.people.map((row) => more(row, row === cell)),
    counts: system.counts.map((row) => more(row, most.get(row.characteristic) === row)),
  };
}

/** Takes a release through the gate and joins it with the one before. */
function nextQuarter(
  before: { system: System; made: Protected },
  now: System,
  changes: LeafChanges[],
  parameters: Parameters,
): System {
  const past: PastRelease = {
    release: releaseOf(before.system, parameters, before.made, QUARTERS[0]),
    people: before.system.people,
    counts: before.system.counts,
  };
  const decided = new Map(gate(changes, parameters).map(({ leaf, outcome }) => [leaf, outcome]));
  const sources = now.leaves.map((leaf) => ({
    leaf,
    ...(decided.get(leaf) === 'refreshed' ? {} : { standsAs: leaf }),
  }));
  return joinReleases({ ...now, id: QUARTERS[1] }, sources, [past]);
}

/** What proved the first release, as positions in the joint system: the same but for the places of the leaves. */
function carriedOver(witnesses: readonly Witness[], from: System, to: System): Witness[] {
  return witnesses.map((witness) => ({
    ...witness,
    release: 0,
    changes: witness.changes.map((n, i) => (i % 6 === 0 ? to.leaves.indexOf(from.leaves[n] ?? '') : n)),
  }));
}

const changes = (leaf: string, people: number): LeafChanges => ({ leaf, joined: people, left: 0, changed: 0 });

describe('a dozen units over two releases', () => {
  const questions = QUESTIONS.filter(({ id }) => ['genderIdentity', 'vision'].includes(id));
  const { genderIdentity } = PARAMETERS.characteristics;
  const parameters: Parameters = { ...PARAMETERS, characteristics: { genderIdentity: genderIdentity ?? {} } };
  let joint: System;
  let made: Protected;

  beforeAll(async () => {
    const first = madeUp(11, { leaves: 12, groups: 3, from: 20, to: 250, questions });
    const before = { system: first, made: await protect(first, parameters) };
    const now = joined(joined(first, 'leaf1', 2), 'leaf2', 20);
    joint = nextQuarter(before, now, [changes('leaf1', 2), changes('leaf2', 20)], parameters);
    made = await protect(joint, parameters, carriedOver(before.made.witnesses, first, joint));
  }, 240_000);

  it('hold the leaf that two people joined, renew the one that twenty joined', () => {
    expect(joint.leaves.filter((leaf) => leaf.includes('@'))).toEqual(['leaf2@summer']);
    expect(joint.units.find(({ id }) => id === 'unit1')?.leaves).toEqual(['leaf1']);
    expect(joint.units.find(({ id }) => id === 'everywhere')?.leaves).toContain('leaf2@summer');
    expect(joint.units.find(({ id }) => id === 'everywhere')?.leaves).not.toContain('leaf2');
  });

  it('are proven safe together, what the first one suppressed as well', () => {
    const verdict = verify(joint, parameters, made);
    expect(verdict.faults).toEqual([]);
    expect(made.witnesses.filter(({ release }) => release === 0).length).toBeGreaterThan(100);
    // Nothing that did not change is told differently.
    const first = joint.earlier[0]?.figures ?? new Map();
    for (const [key, outcome] of made.figures)
      if (key.startsWith('unit1|') && first.get(key) !== 'c' && outcome !== 'c') expect(outcome).toBe(first.get(key));
  });

  it('expose nobody to who has both', async () => {
    const release = releaseOf(joint, parameters, made);
    const aims = aimsOf(joint, release);
    expect(aims.filter((aim) => aim.release === 0).length).toBeGreaterThan(100);
    expect(exposed(aims, await attack(joint, release, joint.earlier, aims))).toEqual([]);
  }, 240_000);
});

describe('two leaves, published exactly', () => {
  const parameters = plainRules(8, 1);
  const at = { stage: 'registered', hub: 'white' };
  const system: System = {
    stages: ['registered'],
    populations: [{ id: 'registered', stages: ['registered'] }],
    hub: { id: 'ethnicGroup', categories: ['white', 'other'] },
    characteristics: [],
    leaves: ['a', 'b'],
    units: [
      { id: 'everywhere', level: 'all', leaves: ['a', 'b'] },
      { id: 'a', level: 'leaf', leaves: ['a'] },
      { id: 'b', level: 'leaf', leaves: ['b'] },
    ],
    catalogue: {
      id: 'hub',
      leafLevel: 'leaf',
      minimumLeafSize: 25,
      tables: ['all', 'leaf'].map((level) => ({ level, population: 'registered', by: ['ethnicGroup'] })),
    },
    people: ['a', 'b'].flatMap((leaf) => [
      { leaf, ...at, people: 40 },
      { leaf, ...at, hub: 'other', people: 20 },
    ]),
    counts: [],
    earlier: [],
  };

  it('give nothing away when a held leaf is held everywhere, and are refused when its new counts reach the total', async () => {
    const before = { system, made: await protect(system, parameters) };
    const now = joined(system, 'a', 2);
    const joint = nextQuarter(before, now, [changes('a', 2)], parameters);
    const made = await protect(joint, parameters);
    expect(verify(joint, parameters, made).ok).toBe(true);
    expect(made.figures.get('everywhere|registered|*|*|*')).toBe(120);
    const release = releaseOf(joint, parameters, made);
    await expect(attack(joint, release, joint.earlier, [])).resolves.toEqual([]);

    // The same with the two joiners in the total only.
    const mutant: System = {
      ...joint,
      leaves: [...joint.leaves, 'a@summer'],
      units: joint.units.map((unit) => (unit.id === 'everywhere' ? { ...unit, leaves: ['a@summer', 'b'] } : unit)),
      people: [
        ...joint.people,
        ...now.people.filter(({ leaf }) => leaf === 'a').map((row) => ({ ...row, leaf: 'a@summer' })),
      ],
    };
    const leaky = new Map([
      ...made.figures,
      ['everywhere|registered|*|*|*', 122],
      ['everywhere|registered|white|*|*', 82],
    ] as const);
    expect(verify(mutant, parameters, { ...made, figures: leaky }).faults.map(({ message }) => message)).toEqual([
      'In this release, everywhere counts people who are in none of the leaf units.',
    ]);
    expect(verify(joint, parameters, { ...made, figures: leaky }).faults.map(({ code }) => code)).toContain(
      'wrongly_published',
    );
    await expect(attack(joint, { ...release, figures: leaky }, joint.earlier, [])).rejects.toThrow(Contradiction);
  });

  it('refuse a source that was never counted, and a leaf without a source', () => {
    const none = { ...system, id: 'summer' };
    expect(() => joinReleases(none, [{ leaf: 'a', standsAs: 'ghost' }], [])).toThrow('no earlier release counted that');
    expect(() => joinReleases(none, [{ leaf: 'a' }], [])).toThrow('which counts stand for b');
  });
});
