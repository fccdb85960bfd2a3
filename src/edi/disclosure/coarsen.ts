import type { Promised } from './catalogue';
import { at, distinct, Figure, Ground } from './ground';
import type { Merge } from './model';
import type { Need, Proofs } from './proofs';

/** How often categories of one unit and characteristic are put together before the table is given up. */
const MOST_MERGES = 3;

/**
 * What is left to do where a figure cannot be protected as it stands: count its category together with another, leave
 * out the crossing, the characteristic, the population, and at last the unit. Each step withdraws figures only, so that
 * everything that was proven stays proven.
 */
export class Coarsening {
  readonly log: string[] = [];
  private readonly done: Merge[] = [];
  /** Categories that are counted together, by unit and characteristic. */
  private readonly together = new Map<string, string[][]>();
  private readonly given = new Set<number>();

  constructor(
    private readonly ground: Ground,
    private readonly proofs: Proofs,
  ) {}

  /** Nothing more can be done: the verifier will refuse the release. */
  exhausted(need: Need): boolean {
    return this.given.has(need.figure);
  }

  /** Takes the mildest step that is left; gives what must be proven anew. */
  coarsen({ figure }: Need): Need[] {
    const of = this.ground.figure(figure);
    if (!of.promise || of.release >= 0) return this.coarsenForEarlier(figure, of);
    const { unit, population, hub, characteristic } = of.promise;
    const id = this.ground.system.characteristics[characteristic]?.id;
    if (id !== undefined) {
      const needs = this.mergeCategories(of.promise);
      if (needs) return needs;
      if (hub >= 0) this.leaveOut({ kind: 'crossing', unit: unit.id, population, characteristic: id });
      else this.leaveOut({ kind: 'characteristic', unit: unit.id, population, characteristic: id });
    } else if (hub >= 0) {
      this.leaveOut({ kind: 'characteristic', unit: unit.id, population, characteristic: this.ground.system.hub.id });
    } else {
      const whole = this.ground.figures.some(
        (f) => this.open(f) && f.promise?.unit === unit && f.promise.population !== population,
      );
      this.leaveOut(whole ? { kind: 'population', unit: unit.id, population } : { kind: 'unit', unit: unit.id });
    }
    return [];
  }

  merges(): Merge[] {
    const categories = [...this.together].flatMap(([name, groups]) => {
      const [unit = '', characteristic = ''] = name.split('|');
      return groups.map((group): Merge => ({ kind: 'categories', unit, characteristic, categories: group }));
    });
    return distinct([...(this.ground.system.leftOut ?? []), ...categories, ...this.done]);
  }

  /** A figure of an earlier release cannot give way: what this release says of the same people must. */
  private coarsenForEarlier(figure: number, of: Figure): Need[] {
    const leaves = new Set(of.promise?.unit.leaves ?? []);
    const name = this.ground.system.characteristics[of.promise?.characteristic ?? -1]?.id;
    const touching = this.ground.figures.filter(
      (f) => this.open(f) && f.promise?.unit.leaves.some((leaf) => leaves.has(leaf)),
    );
    const same = touching.filter((f) => f.promise?.characteristic === of.promise?.characteristic && name !== undefined);
    const [next] = [...same, ...touching].sort(
      (a, b) =>
        Number(same.includes(b)) - Number(same.includes(a)) ||
        (a.promise?.unit.leaves.length ?? 0) - (b.promise?.unit.leaves.length ?? 0),
    );
    if (!next?.promise) {
      this.given.add(figure);
      this.log.push(`${of.key} of an earlier release could not be proven to stay protected.`);
    } else if (same.includes(next) && name !== undefined) {
      const { unit, population } = next.promise;
      this.leaveOut({ kind: 'characteristic', unit: unit.id, population, characteristic: name });
    } else {
      this.leaveOut({ kind: 'unit', unit: next.promise.unit.id });
    }
    return [];
  }

  private open(figure: Figure): boolean {
    return figure.release < 0 && figure.promise !== null && figure.status !== 'withdrawn';
  }

  private leaveOut(merge: Merge): void {
    this.ground.figures.forEach((figure, f) => {
      const { promise } = figure;
      if (!promise || !this.open(figure) || promise.unit.id !== merge.unit) return;
      if (this.touches(merge, promise)) this.ground.withdraw(f);
    });
    this.done.push(merge);
    this.log.push(said(merge));
  }

  /** Whether leaving this out of its unit leaves out the figure. */
  private touches(merge: Merge, { population, hub, characteristic }: Promised): boolean {
    if (merge.kind === 'unit') return true;
    if (merge.kind === 'categories' || population !== merge.population) return false;
    if (merge.kind === 'population') return true;
    const { system } = this.ground;
    const own = system.characteristics[characteristic]?.id === merge.characteristic;
    return (
      (merge.characteristic === system.hub.id && hub >= 0) || (own && (hub >= 0 || merge.kind === 'characteristic'))
    );
  }

  /** Counts the category of a figure together with the smallest other one, in every figure of the unit. */
  private mergeCategories(promise: Promised): Need[] | null {
    const { unit, characteristic } = promise;
    const { ground } = this;
    const of = ground.system.characteristics[characteristic];
    if (!of) return null;
    const name = `${unit.id}|${of.id}`;
    const groups = this.together.get(name) ?? [];
    const own = promise.categories.map((c) => of.categories[c] ?? '');
    const all = [...groups, ...of.categories.filter((c) => !groups.flat().includes(c)).map((c) => [c])];
    if (all.length < 3 || own.length > MOST_MERGES) return null;
    const people = (group: readonly string[]): number => {
      const key = `${unit.id}|${promise.population}|*|${of.id}|${group.join('+')}`;
      const found = ground.figures.findIndex((figure) => this.open(figure) && figure.key === key);
      return found < 0 ? 0 : at(ground.count, found);
    };
    const lies = (group: readonly string[]): string | undefined => of.within?.[group[0] ?? ''];
    const [other] = all
      .filter((group) => !group.includes(own[0] ?? '') && lies(group) === lies(own))
      .sort((a, b) => people(a) - people(b));
    if (!other) return null;
    const merged = of.categories.filter((category) => own.includes(category) || other.includes(category));
    const rest = groups.filter((group) => !group.includes(own[0] ?? '') && !group.includes(other[0] ?? ''));
    this.together.set(name, [...rest, merged]);
    this.log.push(
      `In ${unit.id}, ${merged.join(' and ')} (${of.id}) are counted together, since they could not be protected apart.`,
    );
    return this.replace(promise, [own, other], merged);
  }

  private replace(
    { unit, characteristic }: Promised,
    parts: readonly (readonly string[])[],
    merged: readonly string[],
  ): Need[] {
    const { ground, proofs } = this;
    const of = ground.system.characteristics[characteristic];
    const wanted = parts.map((part) => part.join('+'));
    const lines = new Map<number, number[]>();
    ground.figures.forEach((figure, f) => {
      const { promise } = figure;
      if (!promise || !this.open(figure) || promise.unit !== unit || promise.characteristic !== characteristic) return;
      if (wanted.includes(figure.key.split('|')[4] ?? ''))
        lines.set(figure.line, [...(lines.get(figure.line) ?? []), f]);
    });
    const made = [...lines.values()].flatMap((figures) => {
      const promise = ground.figure(figures[0] ?? -1).promise;
      if (!promise) return [];
      const categories = merged.map((category) => of?.categories.indexOf(category) ?? -1);
      const key = [...promise.key.split('|').slice(0, 4), merged.join('+')].join('|');
      return [{ figures, promise, figure: ground.merge(figures, { ...promise, categories, key }) }];
    });
    const needs: Need[] = [];
    for (const { figures, promise, figure } of made) {
      ground.classify(figure);
      if (!proofs.takeUp(figure, figures)) {
        if (ground.payable(figure)) ground.suppress(figure);
        else if (of)
          this.leaveOut({
            kind: 'characteristic',
            unit: unit.id,
            population: promise.population,
            characteristic: of.id,
          });
      }
      needs.push(...proofs.needsOf(figure));
    }
    return needs;
  }
}

function said(merge: Merge): string {
  const why = 'could not be protected';
  if (merge.kind === 'unit') return `${merge.unit} is counted in the units above it only: its figures ${why}.`;
  if (merge.kind === 'population')
    return `${merge.unit}: the population ${merge.population} is left out, since it ${why}.`;
  if (merge.kind === 'crossing')
    return `${merge.unit}, ${merge.population}: the hub by ${merge.characteristic} is left out, since it ${why}.`;
  if (merge.kind === 'characteristic')
    return `${merge.unit}, ${merge.population}: ${merge.characteristic} is left out, since it ${why}.`;
  return `${merge.unit}: ${merge.categories.join(' and ')} are counted together, since they ${why} apart.`;
}
