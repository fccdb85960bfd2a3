import type { Catalogue, Merge, Parameters, Release, System } from '../disclosure/model';

const ID = /^[^|+*@]{1,100}$/;

/**
 * What makes a system no ground for a proof: sums that do not agree, units that are no tree, a catalogue that is no
 * star, rules below the least that is allowed. One sentence each; none where all is well.
 */
export function faultsOfSystem(system: System, parameters: Parameters, merges: readonly Merge[]): string[] {
  const { units, catalogue } = system;
  const current: Release = { id: 'this release', units, catalogue, parameters, merges, figures: new Map() };
  return [
    ...faultsOfIds(system),
    ...faultsOfSums(system),
    ...[current, ...system.earlier].flatMap((release) => [
      ...faultsOfTree(system, release),
      ...faultsOfStar(system, release.catalogue),
      ...faultsOfRules(system, release),
      ...faultsOfMerges(system, release),
    ]),
  ];
}

function faultsOfIds(system: System): string[] {
  const { hub, characteristics, stages, populations, leaves } = system;
  const all = [hub, ...characteristics];
  const lists: [string, readonly string[]][] = [
    ['characteristics', all.map((c) => c.id)],
    ['stages', stages],
    ['populations', populations.map((p) => p.id)],
    ['leaves', leaves],
    ...all.map((c): [string, readonly string[]] => [`categories of ${c.id}`, c.categories]),
  ];
  const faults = lists.flatMap(([name, ids]) => [
    ...(new Set(ids).size < ids.length ? [`The ${name} name something twice.`] : []),
    ...(ids.length === 0 && name !== 'characteristics' ? [`There are no ${name}.`] : []),
    ...(name === 'leaves' ? [] : ids.filter((id) => !ID.test(id)).map((id) => `"${id}" cannot be an id.`)),
  ]);
  if (characteristics.some(({ id }) => id === 'each' || id === 'hub' || id === hub.id))
    faults.push('No other characteristic can be called "each", "hub" or as the hub is.');
  for (const { id, categories, within } of characteristics)
    if (within && categories.some((category) => !hub.categories.includes(within[category] ?? '')))
      faults.push(`${id} has a category that lies in none of the hub.`);
  for (const { id, stages: of } of populations)
    if (new Set(of).size < of.length || of.some((stage) => !stages.includes(stage)))
      faults.push(`The population ${id} has stages that are not counted, or one twice.`);
  return faults;
}

function faultsOfSums(system: System): string[] {
  const faults: string[] = [];
  const known = {
    leaf: new Set(system.leaves),
    stage: new Set(system.stages),
    hub: new Set(system.hub.categories),
  };
  const answers = new Map(system.characteristics.map((c) => [c.id, new Set(c.categories)]));
  const inHub = new Map(system.characteristics.map((c) => [c.id, c.within]));
  const seen = new Set<string>();
  const take = (row: string, people: number): void => {
    if (seen.has(row)) faults.push(`${row} is counted twice.`);
    seen.add(row);
    if (!Number.isSafeInteger(people) || people < 0) faults.push(`${row} has ${people} people.`);
  };
  const left = new Map<string, number>();
  for (const { leaf, stage, hub, people } of system.people) {
    const cell = `${leaf}|${stage}|${hub}`;
    if (!known.leaf.has(leaf) || !known.stage.has(stage) || !known.hub.has(hub)) faults.push(`${cell} is not known.`);
    take(cell, people);
    for (const { id } of system.characteristics) left.set(`${cell}|${id}`, people);
  }
  for (const { leaf, stage, hub, characteristic, category, people } of system.counts) {
    const cell = `${leaf}|${stage}|${hub}|${characteristic}`;
    if (!answers.get(characteristic)?.has(category)) faults.push(`${characteristic} has no category ${category}.`);
    if ((inHub.get(characteristic)?.[category] ?? hub) !== hub && people > 0)
      faults.push(`${cell} has people with ${category}, which lies in another category of the hub.`);
    take(`${cell}|${category}`, people);
    left.set(cell, (left.get(cell) ?? 0) - people);
  }
  for (const [cell, people] of left) if (people !== 0) faults.push(`${cell} does not add up: ${people} people differ.`);
  return faults;
}

/** A leaf unit has one leaf of its own; all others are made of leaf units; two units are apart or one is in the other. */
function faultsOfTree(system: System, { id, units, catalogue }: Release): string[] {
  const faults: string[] = [];
  if (new Set(units.map((unit) => unit.id)).size < units.length) faults.push(`In ${id} two units have one name.`);
  const known = new Set(system.leaves);
  const own = new Map<string, string>();
  for (const unit of units) {
    if (!ID.test(unit.id)) faults.push(`"${unit.id}" cannot be an id.`);
    if (new Set(unit.leaves).size < unit.leaves.length) faults.push(`In ${id}, ${unit.id} has a leaf twice.`);
    if (unit.leaves.some((leaf) => !known.has(leaf)))
      faults.push(`In ${id}, ${unit.id} has a leaf that is not counted.`);
    if (unit.level !== catalogue.leafLevel) continue;
    const [leaf = ''] = unit.leaves;
    if (unit.leaves.length !== 1 || own.has(leaf)) faults.push(`In ${id}, ${unit.id} is not one leaf of its own.`);
    own.set(leaf, unit.id);
  }
  for (const unit of units)
    if (unit.leaves.some((leaf) => !own.has(leaf)))
      faults.push(`In ${id}, ${unit.id} counts people who are in none of the leaf units.`);
  const sets = units.map((unit) => ({ unit: unit.id, leaves: new Set(unit.leaves) }));
  for (const a of sets)
    for (const b of sets) {
      const shared = [...a.leaves].filter((leaf) => b.leaves.has(leaf)).length;
      if (shared > 0 && shared < Math.min(a.leaves.size, b.leaves.size))
        faults.push(`In ${id}, ${a.unit} and ${b.unit} overlap.`);
    }
  return faults;
}

function faultsOfStar(system: System, catalogue: Catalogue): string[] {
  const others = system.characteristics.map((c) => c.id);
  const crossed = system.characteristics.filter((c) => c.within === undefined).map((c) => c.id);
  const populations = system.populations.map((p) => p.id);
  const faults = catalogue.tables.flatMap((rule) => {
    const [first = '', second = ''] = rule.by;
    const star =
      rule.by.length === 0 ||
      (rule.by.length === 1 && [...others, system.hub.id, 'each'].includes(first)) ||
      (rule.by.length === 2 && first === 'hub' && [...crossed, 'each'].includes(second));
    const closed = Object.keys(rule).every((key) => key === 'level' || key === 'population' || key === 'by');
    return star && closed && populations.includes(rule.population)
      ? []
      : [`The table ${JSON.stringify(rule)} is not one of a star.`];
  });
  if (!Number.isSafeInteger(catalogue.minimumLeafSize) || catalogue.minimumLeafSize < 0)
    faults.push('The least size of a leaf is no whole number.');
  return faults;
}

function faultsOfRules(system: System, { id, parameters }: Release): string[] {
  const ids = [system.hub.id, ...system.characteristics.map((c) => c.id)];
  const rules = [
    parameters.rule,
    ...Object.values(parameters.characteristics).map((own) => ({ ...parameters.rule, ...own })),
  ];
  const least = Math.min(...rules.map((rule) => rule.threshold));
  const { base } = parameters;
  const finer = system.characteristics.filter((c) => c.within && parameters.characteristics[c.id]?.sensitive === true);
  return [
    ...finer.map((c) => `In ${id}, ${c.id} tells the hub more finely and cannot be sensitive by itself.`),
    ...(rules.every((rule) => Number.isSafeInteger(rule.threshold)) && least >= 5
      ? []
      : [`In ${id} a threshold is below 5.`]),
    ...(Number.isSafeInteger(base) && base >= 1 && base <= 2 * least
      ? []
      : [`In ${id} the rounding base is not allowed.`]),
    ...Object.keys(parameters.characteristics)
      .filter((name) => !ids.includes(name))
      .map((name) => `In ${id} there is a rule for ${name}, which is not counted.`),
  ];
}

function faultsOfMerges(system: System, { id, units, merges }: Release): string[] {
  const seen = new Set<string>();
  return merges.flatMap((merge) => {
    if (!units.some((unit) => unit.id === merge.unit)) return [`In ${id} a merge is of a unit that there is not.`];
    if (merge.kind !== 'categories') return [];
    const all = system.characteristics.find((c) => c.id === merge.characteristic)?.categories ?? [];
    const names = merge.categories.map((category) => `${merge.unit}|${merge.characteristic}|${category}`);
    const twice = names.some((name) => seen.has(name)) || new Set(names).size < names.length;
    for (const name of names) seen.add(name);
    return twice || names.length < 2 || merge.categories.some((category) => !all.includes(category))
      ? [`In ${id} categories of ${merge.characteristic} are merged that cannot be.`]
      : [];
  });
}
