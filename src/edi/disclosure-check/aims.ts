import type { Parameters, Release, Rule, System } from '../disclosure/model';
import type { Aim } from './attack';

/**
 * What an attack has to fail at, from the true counts: every suppressed figure of the latest and the earlier releases
 * that must be protected for its own sake, with the interval that has to stay open.
 */
export function aimsOf(system: System, latest: Release): Aim[] {
  return [latest, ...system.earlier].flatMap((release, index) => aimsOfRelease(system, release, index - 1));
}

function aimsOfRelease(system: System, release: Release, index: number): Aim[] {
  const counts = countsOf(system, release);
  const count = (key: string): number => {
    const [unit, population, hub, characteristic, category = '*'] = key.split('|');
    const start = `${unit}|${population}|${hub}|${characteristic}|`;
    return category.split('+').reduce((sum, name) => sum + (counts.get(start + name) ?? 0), 0);
  };
  const aims: Aim[] = [];
  for (const [key, outcome] of release.figures) {
    if (typeof outcome === 'number') continue;
    const [unit, population, hub, characteristic = '*', category] = key.split('|');
    const rules = [
      ...(hub === '*' ? [] : [ruleFor(release.parameters, system.hub.id)]),
      ...(characteristic === '*' ? [] : [ruleFor(release.parameters, characteristic)]),
    ];
    if (rules.length === 0) rules.push(release.parameters.rule);
    const threshold = Math.max(...rules.map((rule) => rule.threshold));
    const people = count(key);
    if (people >= 1 && people < threshold) {
      const low = rules.every((rule) => rule.zeros === 'shown') ? 1 : 0;
      aims.push({ release: index, figure: key, enough: { low, high: threshold } });
    } else if (people > 0) {
      const margins: string[] = [];
      if (characteristic !== '*' && ruleFor(release.parameters, characteristic).sensitive)
        margins.push(`${unit}|${population}|${hub}|*|*`);
      if (hub !== '*' && ruleFor(release.parameters, system.hub.id).sensitive)
        margins.push(`${unit}|${population}|*|${characteristic}|${category}`);
      const margin = margins.find((of) => release.figures.has(of) && count(of) - people <= 1);
      if (margin !== undefined) aims.push({ release: index, figure: key, margin, enough: { low: Infinity, high: 2 } });
    }
  }
  return aims;
}

function ruleFor(parameters: Parameters, characteristic: string): Rule {
  const rule = { ...parameters.rule, ...parameters.characteristics[characteristic] };
  return rule.sensitive ? { ...rule, zeros: 'hidden' } : rule;
}

/** True counts of every unit and population, by hub category or all, and by category. */
function countsOf(system: System, release: Release): Map<string, number> {
  const counts = new Map<string, number>();
  const rows = [...system.people.map((row) => ({ ...row, characteristic: '*', category: '*' })), ...system.counts];
  for (const unit of release.units) {
    const leaves = new Set(unit.leaves);
    const inside = rows.filter((row) => leaves.has(row.leaf));
    for (const { id, stages } of system.populations)
      for (const row of inside) {
        if (!stages.includes(row.stage)) continue;
        for (const hub of ['*', row.hub]) {
          const key = `${unit.id}|${id}|${hub}|${row.characteristic}|${row.category}`;
          counts.set(key, (counts.get(key) ?? 0) + row.people);
        }
      }
  }
  return counts;
}
