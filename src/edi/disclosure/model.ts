/**
 * What a release of counts is made of: plain data, shared by the search for suppressions, the verifier and the attacker.
 * Only types stand here, so that the three cannot share a mistake.
 *
 * Every person is counted in one **leaf** (the home organisation), one furthest **stage** and one category of the
 * **hub** characteristic. The unknowns of the system are whole, non-negative numbers
 * `n[leaf, stage, hub, characteristic, category]`, which for every characteristic add up to the people of that leaf,
 * stage and hub category. Any such numbers are the counts of some possible set of people, so that an attack on the
 * unknowns is an attack on everything that is published, and no table needs to be looked at by itself.
 *
 * Ids are short texts without `|`, `+`, `*` and `@`.
 */

/** A question with the answers that are counted; "prefers not to say" and "not asked" are categories like the others. */
export interface Characteristic {
  readonly id: string;
  readonly categories: readonly string[];
  /**
   * Where it tells the hub more finely: the one category of the hub that each of its categories lies in. That nobody of
   * another category of the hub can have it is known to everybody. Such a characteristic is told by itself only.
   */
  readonly within?: Readonly<Record<string, string>>;
}

/** A published population: the people whose furthest stage is one of these. */
export interface Population {
  readonly id: string;
  readonly stages: readonly string[];
}

/** What is counted of whom. A question with several answers comes as one yes/no characteristic for each answer. */
export interface Dimensions {
  readonly stages: readonly string[];
  readonly populations: readonly Population[];
  /** The one characteristic that others may be crossed with. */
  readonly hub: Characteristic;
  readonly characteristics: readonly Characteristic[];
}

/** A named set of leaves that figures are published for. The units of a release form a tree. */
export interface Unit {
  readonly id: string;
  /** The kind of unit, to which the catalogue assigns tables: `leaf`, `group`, `all`. */
  readonly level: string;
  /** Leaf instances: where an earlier release counted a leaf differently, the two are different instances. */
  readonly leaves: readonly string[];
}

/**
 * A table that every unit of a level gets for a population. `by` is `[]` (the total), `['each']` (one table for each
 * characteristic, the hub among them), `['hub', 'each']` (the hub by each other characteristic), or the same with the
 * id of one characteristic in place of `each`. A characteristic that tells the hub more finely is not among `each`, and
 * has no crossing: it is asked for by its id. Nothing else is in the shape of a star.
 */
export interface TableRule {
  readonly level: string;
  readonly population: string;
  readonly by: readonly string[];
}

/** The closed list of tables of a release. */
export interface Catalogue {
  readonly id: string;
  /** The level of single leaves, to which `minimumLeafSize` applies. */
  readonly leafLevel: string;
  /** A leaf unit of fewer people has no figures of its own and is counted in the units above it only. */
  readonly minimumLeafSize: number;
  readonly tables: readonly TableRule[];
}

/**
 * What becomes of a count of nobody. `shown`: always published as 0, so that the marker says "at least one".
 * `whenNeeded`: published as 0 unless the marker is needed to protect another figure. `hidden`: always the marker.
 */
export type Zeros = 'shown' | 'whenNeeded' | 'hidden';

/** How the counts of a characteristic are protected. */
export interface Rule {
  /** Counts from 1 to one less than this are suppressed, and must remain possible up to this. At least 5. */
  readonly threshold: number;
  readonly zeros: Zeros;
  /** That nearly everyone of a line shares an answer is suppressed too; its zeros are always hidden. */
  readonly sensitive: boolean;
}

/** The rules of a release. A crossed figure follows the stricter of its two characteristics in every respect. */
export interface Parameters {
  /** Published counts are rounded to the nearest multiple of this, halves upwards; 1 publishes exact counts. */
  readonly base: number;
  /** The rule for totals and for every characteristic that has none of its own. */
  readonly rule: Rule;
  /** Departures from the rule, by characteristic. */
  readonly characteristics: Readonly<Record<string, Partial<Rule>>>;
}

/** People of one leaf, stage and hub category. What is not listed is nobody. */
export interface CellCount {
  readonly leaf: string;
  readonly stage: string;
  readonly hub: string;
  readonly people: number;
}

/** The same people by their answer to one other characteristic. What is not listed is nobody. */
export interface CategoryCount extends CellCount {
  readonly characteristic: string;
  readonly category: string;
}

/**
 * One published number: `unit|population|hub category|characteristic|category`, with `*` for "all" and, in a unit that
 * could not be published otherwise, categories counted together joined by `+`. A figure has one key wherever it
 * occurs, so that tables that share a margin share what became of it.
 */
export type FigureKey = string;

/** The one marker of everything that is suppressed, whatever the reason. */
export type Marker = 'c';

/** What is published of a figure. */
export type Outcome = number | Marker;

/** The published figures of a release: everything that its catalogue promises, less what was merged. */
export type Figures = ReadonlyMap<FigureKey, Outcome>;

/** What could not be protected as the catalogue would have it, and was therefore published more coarsely. */
export type Merge =
  /** Answers that are only counted together in this unit. */
  | {
      readonly kind: 'categories';
      readonly unit: string;
      readonly characteristic: string;
      readonly categories: readonly string[];
    }
  /** The hub by this characteristic is left out for this unit and population. */
  | { readonly kind: 'crossing'; readonly unit: string; readonly population: string; readonly characteristic: string }
  /** Nothing about this characteristic for this unit and population. */
  | {
      readonly kind: 'characteristic';
      readonly unit: string;
      readonly population: string;
      readonly characteristic: string;
    }
  /** Nothing about this population of the unit. */
  | { readonly kind: 'population'; readonly unit: string; readonly population: string }
  /** The unit has no figures of its own and is counted in the units above it only. */
  | { readonly kind: 'unit'; readonly unit: string };

/** A release as anyone can read it. */
export interface Release {
  readonly id: string;
  readonly units: readonly Unit[];
  readonly catalogue: Catalogue;
  readonly parameters: Parameters;
  readonly merges: readonly Merge[];
  readonly figures: Figures;
}

/** True counts and what is to be published of them, together with the earlier releases that stand for ever. */
export interface System extends Dimensions {
  /** Every leaf instance, of this release and of the earlier ones. */
  readonly leaves: readonly string[];
  readonly units: readonly Unit[];
  readonly catalogue: Catalogue;
  readonly people: readonly CellCount[];
  readonly counts: readonly CategoryCount[];
  /** What is not told from the start, because nobody was asked: known to everybody, and decided without any count. */
  readonly leftOut?: readonly Merge[];
  /** Already published: nothing in them can change, and what they suppress must stay protected. */
  readonly earlier: readonly Release[];
}

/**
 * Another possible world that looks the same from outside. `low`: the figure at its smallest (0, or 1 where zeros are
 * always shown). `high`: the figure at its threshold or more. `spread`: the figure at least two short of its margin.
 */
export type WitnessKind = 'low' | 'high' | 'spread';

/** Numbers in one change of a witness. */
export type ChangeLength = 6;

/** The proof that a suppressed figure could be something else. */
export interface Witness {
  readonly figure: FigureKey;
  /** The margin that a `spread` is about; `''` otherwise. */
  readonly margin: FigureKey;
  /** Position in `System.earlier`, or -1 for the release that is being made. */
  readonly release: number;
  readonly kind: WitnessKind;
  /**
   * The differences from the true unknowns, six numbers each: leaf, stage, hub category, characteristic, category
   * (positions in the lists of the system) and how many people more or fewer. Characteristic and category -1 are the
   * people of the leaf, stage and hub category themselves.
   */
  readonly changes: readonly number[];
}

/** Of the figures that are large enough to be shown, how many were withheld to protect others. */
export interface SuppressionCost {
  /** Figures of the catalogue with a true count of their threshold or more. */
  readonly large: number;
  /** Those of them that were suppressed, or not published because of a merge. */
  readonly withheld: number;
  /** `withheld / large`, or 0 where there are none. */
  readonly share: number;
}

/** A release that is ready to be verified. */
export interface Protected {
  readonly figures: Figures;
  readonly merges: readonly Merge[];
  /** Two for every primary suppression of this and the earlier releases, in the order of the catalogue. */
  readonly witnesses: readonly Witness[];
  readonly primary: number;
  /** Suppressed for the sake of others; hidden zeros are counted neither here nor as primary. */
  readonly complementary: number;
  readonly cost: SuppressionCost;
  /** Smallest difference between the two proven values of a primary suppression; 0 where there is none. */
  readonly smallestWidth: number;
  /** What was done and why, in plain words, for the person who signs the release. */
  readonly log: readonly string[];
}
