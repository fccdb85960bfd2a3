import type { Parameters, Protected, System } from '../../../src/edi/disclosure/model';
import { protect } from '../../../src/edi/disclosure/protect';
import { aimsOf } from '../../../src/edi/disclosure-check/aims';
import { attack, Contradiction, exposed } from '../../../src/edi/disclosure-check/attack';
import { carriedOver, joined, nextQuarter } from './quarters';
import { madeUp, PARAMETERS, QUESTIONS } from './trial/made-up';
import { plainRules, releaseOf } from './trial/worked-tables';
import { verify } from '../../../src/edi/disclosure-check/verify';

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
    joint = nextQuarter(before, now, ['leaf2'], parameters);
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
    const joint = nextQuarter(before, now, [], parameters);
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
});
