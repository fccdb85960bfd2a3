import type { Figures, Merge, Parameters, Release, Rule, System, Unit, Witness } from '../disclosure/model';
import { faultsOfSystem } from './soundness';

/** Part of the certificate of a release: raised whenever what is verified changes. */
export const VERIFIER_VERSION = '2';

/** Something that forbids publication, with the figure where there is one. */
export interface VerdictFault {
  readonly code:
    | 'unsound_system'
    | 'not_a_star'
    | 'outside_catalogue'
    | 'missing'
    | 'not_suppressed'
    | 'wrongly_published'
    | 'not_true_outside_box'
    | 'no_witness'
    | 'bad_witness';
  readonly figure: string;
  readonly message: string;
}

/** What the verifier found. Nothing may be published unless `ok`. */
export interface Verdict {
  readonly ok: boolean;
  readonly faults: readonly VerdictFault[];
  /** Figures of this release that had to be suppressed for their own sake. */
  readonly primary: number;
  /** Figures of this release that are suppressed for the sake of others. */
  readonly complementary: number;
  /** Smallest difference between the two proven values of a primary figure; 0 where there is none. */
  readonly smallestWidth: number;
  readonly version: string;
}

/** What of a release is verified. */
export interface Verifiable {
  readonly figures: Figures;
  readonly merges: readonly Merge[];
  readonly witnesses: readonly Witness[];
}

interface Box {
  readonly low: number;
  readonly high: number;
}
interface Need {
  readonly release: number;
  readonly figure: string;
  readonly kind: Witness['kind'];
  readonly margin: string;
  readonly value: number;
}
/** One release with its true figures and what is known of each from outside. */
interface Ledger {
  readonly release: Release;
  readonly index: number;
  readonly truth: Map<string, number>;
  readonly boxes: Map<string, Box>;
  readonly touched: (leaf: string, stage: string, hub: string, characteristic: string, category: string) => string[];
}

const SIZE = 'people of ';
const MOST_FAULTS = 100;

/**
 * Decides from the criterion alone, in whole numbers and without a solver, whether a release may be published: all that
 * must be suppressed is, everything else is rounded as the rules say, nothing is published that the catalogue does not
 * name, and for every primary suppression, of this release and of the earlier ones, two other sets of true counts are
 * shown that fit everything ever published and in which the figure is as small, and as large, as it must be able to be.
 * It recomputes everything from the true counts and trusts nothing that the search says.
 */
export function verify(system: System, parameters: Parameters, made: Verifiable): Verdict {
  const faults: VerdictFault[] = [];
  const fault = (code: VerdictFault['code'], figure: string, message: string): void => {
    if (faults.length < MOST_FAULTS) faults.push({ code, figure, message });
  };
  for (const message of faultsOfSystem(system, parameters, made.merges)) fault('unsound_system', '', message);
  const verdict = { ok: false, faults, primary: 0, complementary: 0, smallestWidth: 0, version: VERIFIER_VERSION };
  if (faults.length > 0) return verdict;

  const { units, catalogue } = system;
  const current: Release = { id: '', units, catalogue, parameters, merges: made.merges, figures: made.figures };
  const ledgers = [current, ...system.earlier].map((release, i) => openLedger(system, release, i - 1));
  const needs: Need[] = [];
  for (const ledger of ledgers) {
    const found = examine(system, ledger, fault, needs);
    if (ledger.index < 0) Object.assign(verdict, found);
  }
  const widths = proveAll(system, ledgers, made.witnesses, needs, fault);
  verdict.smallestWidth = widths.length > 0 ? Math.min(...widths) : 0;
  verdict.ok = faults.length === 0;
  return verdict;
}

/** The rules of a characteristic, or of totals. */
function ruleFor(parameters: Parameters, characteristic: string): Rule {
  const own = characteristic === '*' ? {} : (parameters.characteristics[characteristic] ?? {});
  const rule = { ...parameters.rule, ...own };
  return rule.sensitive && characteristic !== '*' ? { ...rule, zeros: 'hidden' } : rule;
}

/** The characteristics, of hub and other, that a figure tells something about. */
function toldBy(system: System, key: string): string[] {
  const [, , hub, characteristic = '*'] = key.split('|');
  const told = [hub === '*' ? '' : system.hub.id, characteristic === '*' ? '' : characteristic].filter(
    (id) => id !== '',
  );
  return told.length > 0 ? told : ['*'];
}

/** Threshold of a figure, and what its zeros become. */
function strictest(system: System, parameters: Parameters, key: string): Pick<Rule, 'threshold' | 'zeros'> {
  const rules = toldBy(system, key).map((id) => ruleFor(parameters, id));
  const zeros = rules.map((rule) => rule.zeros);
  return {
    threshold: Math.max(...rules.map((rule) => rule.threshold)),
    zeros: zeros.includes('hidden') ? 'hidden' : zeros.every((mode) => mode === 'shown') ? 'shown' : 'whenNeeded',
  };
}

const round = (count: number, base: number): number => Math.floor((2 * count + base) / (2 * base)) * base;

/** Every true count that would be published as this number. */
function boxOf(published: number, base: number, threshold: number): Box {
  if (published === 0) return { low: 0, high: 0 };
  const below = Math.floor(base / 2);
  return { low: Math.max(threshold, published - below), high: published - below + base - 1 };
}

/** The true figures that the catalogue names for a release. */
function openLedger(system: System, release: Release, index: number): Ledger {
  const { merges, catalogue, units } = release;
  const gone = new Set(
    merges.map((m) =>
      m.kind === 'unit'
        ? m.unit
        : m.kind === 'population'
          ? `${m.unit}|${m.population}`
          : m.kind === 'categories'
            ? ''
            : `${m.unit}|${m.population}|${m.kind === 'crossing' ? 'x' : ''}|${m.characteristic}`,
    ),
  );
  const together = new Map<string, string>();
  for (const merge of merges) {
    if (merge.kind !== 'categories') continue;
    for (const category of merge.categories)
      together.set(`${merge.unit}|${merge.characteristic}|${category}`, merge.categories.join('+'));
  }
  const named = (unit: string, characteristic: string, category: string): string =>
    together.get(`${unit}|${characteristic}|${category}`) ?? category;

  const unitsOf = new Map<string, Unit[]>();
  for (const unit of units) for (const leaf of unit.leaves) unitsOf.set(leaf, [...(unitsOf.get(leaf) ?? []), unit]);
  const populationsOf = new Map(
    system.stages.map((stage) => [stage, system.populations.filter((p) => p.stages.includes(stage)).map((p) => p.id)]),
  );
  const truth = new Map<string, number>();
  const touched: Ledger['touched'] = (leaf, stage, hub, characteristic, category) => {
    const keys: string[] = [];
    for (const unit of unitsOf.get(leaf) ?? []) {
      const called = named(unit.id, characteristic, category);
      if (characteristic === '*') keys.push(SIZE + unit.id);
      for (const population of populationsOf.get(stage) ?? [])
        for (const group of ['*', hub]) keys.push(`${unit.id}|${population}|${group}|${characteristic}|${called}`);
    }
    return keys.filter((key) => truth.has(key));
  };

  const size = new Map<string, number>();
  for (const { leaf, people } of system.people) size.set(leaf, (size.get(leaf) ?? 0) + people);
  const boxes = new Map<string, Box>();
  const { id: hubId, categories: hubs } = system.hub;
  for (const unit of units) {
    const rules = catalogue.tables.filter((rule) => rule.level === unit.level);
    if (rules.length === 0) continue;
    if (unit.level === catalogue.leafLevel) {
      const least = catalogue.minimumLeafSize;
      const small = unit.leaves.reduce((sum, leaf) => sum + (size.get(leaf) ?? 0), 0) < least;
      truth.set(SIZE + unit.id, 0);
      boxes.set(SIZE + unit.id, small ? { low: 0, high: least - 1 } : { low: least, high: Infinity });
      if (small) continue;
    }
    if (gone.has(unit.id)) continue;
    for (const { population, by } of rules) {
      const at = `${unit.id}|${population}`;
      if (gone.has(at)) continue;
      truth.set(`${at}|*|*|*`, 0);
      const wanted = by[by.length - 1];
      const crossed = by.length === 2;
      const withHub = !gone.has(`${at}||${hubId}`);
      if (withHub && (crossed || wanted === 'each' || wanted === hubId))
        for (const hub of hubs) truth.set(`${at}|${hub}|*|*`, 0);
      for (const { id, categories, within } of system.characteristics) {
        if ((wanted === 'each' ? within !== undefined : wanted !== id) || gone.has(`${at}||${id}`)) continue;
        for (const category of categories) {
          const called = named(unit.id, id, category);
          truth.set(`${at}|*|${id}|${called}`, 0);
          if (!crossed || !withHub || gone.has(`${at}|x|${id}`)) continue;
          for (const hub of hubs) truth.set(`${at}|${hub}|${id}|${called}`, 0);
        }
      }
    }
  }
  const add = (key: string, people: number): Map<string, number> => truth.set(key, (truth.get(key) ?? 0) + people);
  for (const c of system.people) for (const key of touched(c.leaf, c.stage, c.hub, '*', '*')) add(key, c.people);
  for (const c of system.counts)
    for (const key of touched(c.leaf, c.stage, c.hub, c.characteristic, c.category)) add(key, c.people);
  return { release, index, truth, boxes, touched };
}

/** Compares what is published of one release with what must be, and lists what must be proven. */
function examine(
  system: System,
  { release, index, truth, boxes }: Ledger,
  fault: (code: VerdictFault['code'], figure: string, message: string) => void,
  needs: Need[],
): { primary: number; complementary: number } {
  const { parameters, figures } = release;
  let primary = 0;
  let complementary = 0;
  for (const key of figures.keys())
    if (!truth.has(key) || key.startsWith(SIZE))
      fault('outside_catalogue', key, 'No table of the catalogue has this figure.');
  for (const [key, count] of truth) {
    if (key.startsWith(SIZE)) continue;
    const outcome: unknown = figures.get(key);
    const { threshold, zeros } = strictest(system, parameters, key);
    const own = count >= 1 && count < threshold;
    const margin = count >= 1 ? nearlyAll(system, parameters, key, count, truth) : '';
    if (outcome === undefined) {
      fault('missing', key, 'The catalogue promises this figure.');
    } else if (outcome === 'c') {
      boxes.set(key, { low: zeros === 'shown' ? 1 : 0, high: Infinity });
      if (zeros === 'shown' && count === 0) fault('wrongly_published', key, 'Zeros of this figure are always shown.');
      if (own || margin !== '') primary++;
      else if (count > 0 || zeros !== 'hidden') complementary++;
    } else if (own || margin !== '' || (count === 0 && zeros === 'hidden')) {
      fault('not_suppressed', key, 'This figure must be suppressed.');
    } else if (typeof outcome !== 'number' || outcome !== round(count, parameters.base)) {
      fault('wrongly_published', key, 'Neither the marker nor the rounded count.');
    } else {
      const box = boxOf(outcome, parameters.base, threshold);
      boxes.set(key, box);
      if (count < box.low || count > box.high)
        fault('not_true_outside_box', key, 'The published number denies the true one.');
    }
    if (own) {
      needs.push({ release: index, figure: key, kind: 'low', margin: '', value: zeros === 'shown' ? 1 : 0 });
      needs.push({ release: index, figure: key, kind: 'high', margin: '', value: threshold });
    } else if (margin !== '') {
      needs.push({ release: index, figure: key, kind: 'spread', margin, value: 2 });
    }
  }
  return { primary, complementary };
}

/** The margin of which this figure is all, or all but one, if what it tells is sensitive; else ''. */
function nearlyAll(
  system: System,
  parameters: Parameters,
  key: string,
  count: number,
  truth: Map<string, number>,
): string {
  const [unit, population, hub, characteristic = '*', category] = key.split('|');
  const sensitive = (id: string): boolean => ruleFor(parameters, id).sensitive;
  const margins: string[] = [];
  if (characteristic !== '*' && sensitive(characteristic)) margins.push(`${unit}|${population}|${hub}|*|*`);
  if (hub !== '*' && sensitive(system.hub.id)) margins.push(`${unit}|${population}|*|${characteristic}|${category}`);
  return margins.find((margin) => (truth.get(margin) ?? Infinity) - count <= 1) ?? '';
}

/** Checks every witness that is needed; gives the width that each pair proves. */
function proveAll(
  system: System,
  ledgers: readonly Ledger[],
  witnesses: readonly Witness[],
  needs: readonly Need[],
  fault: (code: VerdictFault['code'], figure: string, message: string) => void,
): number[] {
  const offered = new Map(witnesses.map((w) => [`${w.release}|${w.kind}|${w.margin}|${w.figure}`, w]));
  const truth = trueUnknowns(system);
  const lows = new Map<string, number>();
  const widths: number[] = [];
  for (const need of needs) {
    const witness = offered.get(`${need.release}|${need.kind}|${need.margin}|${need.figure}`);
    if (!witness) {
      fault('no_witness', need.figure, `Nothing proves that this figure is protected (${need.kind}).`);
      continue;
    }
    const moved = new Map<string, number>();
    const wrong = tryWorld(system, ledgers, truth, witness, moved);
    const own = ledgers[need.release + 1];
    const now = (key: string): number => (own?.truth.get(key) ?? 0) + (moved.get(`${need.release}|${key}`) ?? 0);
    const value = now(need.figure);
    const reached =
      need.kind === 'low'
        ? value === need.value
        : need.kind === 'high'
          ? value >= need.value
          : now(need.margin) - value >= need.value;
    if (wrong !== '') fault('bad_witness', need.figure, wrong);
    else if (!reached) fault('bad_witness', need.figure, `The witness (${need.kind}) reaches ${value} only.`);
    if (need.kind === 'low') lows.set(`${need.release}|${need.figure}`, value);
    const low = lows.get(`${need.release}|${need.figure}`);
    if (need.kind === 'high' && low !== undefined) widths.push(value - low);
  }
  return widths;
}

/** True unknowns by position, as the changes of a witness name them. */
function trueUnknowns(system: System): Map<string, number> {
  const at = (list: readonly string[]): Map<string, number> => new Map(list.map((id, i) => [id, i]));
  const [leaves, stages, hubs] = [at(system.leaves), at(system.stages), at(system.hub.categories)];
  const characteristics = at(system.characteristics.map((c) => c.id));
  const categories = new Map(system.characteristics.map((c) => [c.id, at(c.categories)]));
  const cell = (c: { leaf: string; stage: string; hub: string }): string =>
    `${leaves.get(c.leaf) ?? ''},${stages.get(c.stage) ?? ''},${hubs.get(c.hub) ?? ''}`;
  const truth = new Map<string, number>();
  for (const c of system.people) truth.set(`${cell(c)},-1,-1`, c.people);
  for (const c of system.counts) {
    const category = categories.get(c.characteristic)?.get(c.category);
    truth.set(`${cell(c)},${characteristics.get(c.characteristic) ?? ''},${category ?? ''}`, c.people);
  }
  return truth;
}

/** Says what is wrong with a world, or '' where it fits all that is published; `moved` takes how far each figure moved. */
function tryWorld(
  system: System,
  ledgers: readonly Ledger[],
  truth: ReadonlyMap<string, number>,
  { changes }: Witness,
  moved: Map<string, number>,
): string {
  const sums = new Map<string, number[]>();
  const after = new Map<string, number>();
  if (changes.length % 6 !== 0 || !changes.every((n) => Number.isSafeInteger(n)))
    return 'Changes are not whole numbers.';
  for (let i = 0; i < changes.length; i += 6) {
    const [l = -1, s = -1, h = -1, k = -1, c = -1, by = 0] = changes.slice(i, i + 6);
    const [leaf, stage, hub] = [system.leaves[l], system.stages[s], system.hub.categories[h]];
    const characteristic = k === -1 ? { id: '*', categories: [] } : system.characteristics[k];
    const category = k === -1 && c === -1 ? '*' : characteristic?.categories[c];
    if (leaf === undefined || stage === undefined || hub === undefined || !characteristic || category === undefined)
      return 'A change names something that is not counted.';
    const lies = system.characteristics[k]?.within?.[category];
    if (lies !== undefined && lies !== hub) return `Nobody of ${hub} can have ${category}.`;
    const unknown = `${l},${s},${h},${k},${c}`;
    after.set(unknown, (after.get(unknown) ?? truth.get(unknown) ?? 0) + by);
    const cell = `${l},${s},${h}`;
    const of = sums.get(cell) ?? new Array<number>(system.characteristics.length + 1).fill(0);
    of[k + 1] = (of[k + 1] ?? 0) + by;
    sums.set(cell, of);
    for (const { index, touched } of ledgers)
      for (const key of touched(leaf, stage, hub, characteristic.id, category)) {
        const name = `${index}|${key}`;
        moved.set(name, (moved.get(name) ?? 0) + by);
      }
  }
  for (const [unknown, people] of after) if (people < 0) return `Fewer people than none (${unknown}).`;
  for (const [cell, of] of sums) if (of.some((sum) => sum !== of[0])) return `Characteristics do not add up (${cell}).`;
  for (const { index, truth: figures, boxes } of ledgers)
    for (const [name, by] of moved) {
      if (!name.startsWith(`${index}|`)) continue;
      const key = name.slice(`${index}|`.length);
      const value = (figures.get(key) ?? 0) + by;
      const box = boxes.get(key);
      if (!box || value < box.low || value > box.high) return `Does not fit what is published of ${key}.`;
    }
  return '';
}
