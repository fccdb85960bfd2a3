import { CHARACTERISTICS, HUB } from '../release/catalogue';

/** One made-up person of a return, in one quarter. */
export interface MadeUpPerson {
  /** The same person in each quarter. */
  number: number;
  stage: string;
  answers: Record<string, string>;
}

type Weights = readonly (readonly [code: string, weight: number])[];

/** Roughly as public contributors are, not as the population is: more women, more people over 50. Nobody real is behind any of it. */
const SHARES: Readonly<Record<string, Weights>> = {
  [HUB]: [
    ['white', 76],
    ['asian', 8],
    ['black', 6],
    ['mixed', 3],
    ['other', 2],
    ['prefer-not-to-say', 3],
    ['not-known', 2],
  ],
  age: [
    ['18-24', 5],
    ['25-34', 10],
    ['35-44', 13],
    ['45-54', 17],
    ['55-64', 21],
    ['65-74', 20],
    ['75-84', 9],
    ['85-and-over', 2],
    ['prefer-not-to-say', 1],
    ['not-known', 2],
  ],
  sex: [
    ['female', 63],
    ['male', 34],
    ['prefer-not-to-say', 1],
    ['not-known', 2],
  ],
  'gender-identity': [
    ['same-as-sex-registered', 92],
    ['different', 2],
    ['prefer-not-to-say', 3],
    ['not-known', 3],
  ],
  disability: [
    ['limited-a-lot', 16],
    ['limited-a-little', 24],
    ['condition-not-limiting', 14],
    ['no-condition', 41],
    ['prefer-not-to-say', 3],
    ['not-known', 2],
  ],
  'sexual-orientation': [
    ['heterosexual', 85],
    ['gay-or-lesbian', 4],
    ['bisexual', 3],
    ['other', 1],
    ['prefer-not-to-say', 5],
    ['not-known', 2],
  ],
  'unpaid-care': [
    ['none', 67],
    ['up-to-9-hours', 13],
    ['10-19-hours', 5],
    ['20-34-hours', 3],
    ['35-49-hours', 2],
    ['50-or-more-hours', 5],
    ['prefer-not-to-say', 2],
    ['not-known', 3],
  ],
  'socio-economic-background': [
    ['professional', 42],
    ['intermediate', 21],
    ['working-class', 28],
    ['other-or-never-worked', 3],
    ['prefer-not-to-say', 3],
    ['not-known', 3],
  ],
  'main-language': [
    ['english', 92],
    ['polish', 1],
    ['urdu', 2],
    ['bengali', 1],
    ['sign-language', 1],
    ['other', 2],
    ['not-known', 1],
  ],
};

const UNTOLD = [
  ['prefer-not-to-say', 4],
  ['not-known', 2],
] as const;

/** Religion by ethnic group, for it is not the same in each. Made up, as everything here; only roughly like the country. */
const RELIGION: Readonly<Record<string, Weights>> = {
  asian: [
    ['muslim', 40],
    ['hindu', 25],
    ['sikh', 12],
    ['christian', 8],
    ['no-religion', 6],
    ['buddhist', 3],
    ...UNTOLD,
  ],
  black: [['christian', 68], ['muslim', 15], ['no-religion', 10], ['other', 1], ...UNTOLD],
  mixed: [['no-religion', 44], ['christian', 40], ['muslim', 8], ['other', 2], ...UNTOLD],
  other: [['muslim', 40], ['christian', 24], ['no-religion', 22], ['sikh', 5], ['other', 3], ...UNTOLD],
};
const RELIGION_OF_OTHERS: Weights = [
  ...([
    ['no-religion', 48],
    ['christian', 42],
    ['jewish', 1.5],
    ['buddhist', 1],
    ['other', 1],
    ['muslim', 0.5],
  ] as const),
  ...UNTOLD,
];

/** Ethnic background by ethnic group. Who told the group only has none. */
const BACKGROUND: Readonly<Record<string, Weights>> = {
  asian: [
    ['asian-indian', 34],
    ['asian-pakistani', 27],
    ['asian-bangladeshi', 12],
    ['asian-chinese', 8],
    ['asian-other', 15],
    ['not-known', 4],
  ],
  black: [
    ['black-african', 55],
    ['black-caribbean', 29],
    ['black-other', 12],
    ['not-known', 4],
  ],
  mixed: [
    ['mixed-white-and-black-caribbean', 32],
    ['mixed-white-and-asian', 28],
    ['mixed-white-and-black-african', 14],
    ['mixed-other', 24],
    ['not-known', 2],
  ],
  white: [
    ['white-british', 87],
    ['white-irish', 3],
    ['white-gypsy-or-irish-traveller', 0.5],
    ['white-roma', 0.5],
    ['white-other', 7],
    ['not-known', 2],
  ],
  other: [
    ['other-arab', 30],
    ['other-any', 66],
    ['not-known', 4],
  ],
  'prefer-not-to-say': [['prefer-not-to-say', 1]],
};

/** How many come one stage further. Of those with a working-class background fewer are selected: a loss for the funnel to find. */
const ONWARD = { interested: 0.62, selected: 0.64, 'took-part': 0.78 } as const;
const LOSS = {
  characteristic: 'socio-economic-background',
  group: 'working-class',
  stage: 'selected',
  rate: 0.42,
} as const;

/** The same numbers for the same seed, from 0 to below 1. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** What a network's return holds in two quarters following each other. */
export interface NetworkPlan {
  /** People in the first quarter. */
  people: number;
  /** New in the second; as many as `left` are gone then. */
  joined: number;
  left: number;
  /** GSS code of the region that most of them live in. */
  region: string;
}

/** The people of a network in each of two quarters. The same plan and seed give the same people. */
export function madeUpPeople(plan: NetworkPlan, seed: number): [first: MadeUpPerson[], second: MadeUpPerson[]] {
  const next = numbers(seed);
  const total = plan.people + plan.joined;
  const all = Array.from({ length: total }, (_, number) => {
    const answers: Record<string, string> = {};
    for (const key of CHARACTERISTICS)
      answers[key] =
        key === 'region'
          ? next() < 0.9
            ? plan.region
            : 'not-known'
          : picked(sharesOf(key, answers[HUB] ?? ''), next());
    const group = answers[LOSS.characteristic] ?? '';
    const first = stageOf(group, next);
    const second = stageOf(group, next);
    return { number, answers, first, second };
  });
  const shown = (stage: 'first' | 'second', from: number, until: number): MadeUpPerson[] =>
    all.slice(from, until).map(({ number, answers, [stage]: reached }) => ({ number, answers, stage: reached }));
  return [shown('first', 0, plan.people), shown('second', plan.left, total)];
}

function sharesOf(key: string, group: string): Weights {
  if (key === 'ethnic-background') return BACKGROUND[group] ?? [['not-known', 1]];
  if (key === 'religion') return RELIGION[group] ?? RELIGION_OF_OTHERS;
  return SHARES[key] ?? [['not-known', 1]];
}

function stageOf(group: string, next: () => number): string {
  let reached = 'registered';
  for (const [stage, usual] of Object.entries(ONWARD)) {
    const rate = group === LOSS.group && stage === LOSS.stage ? LOSS.rate : usual;
    if (next() >= rate) return reached;
    reached = stage;
  }
  return reached;
}

function picked(of: Weights, at: number): string {
  let left = at * of.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [code, weight] of of) {
    left -= weight;
    if (left < 0) return code;
  }
  return 'not-known';
}
