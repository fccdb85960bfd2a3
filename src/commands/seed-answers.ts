import { pseudonym } from '../edi/door/pseudonym';
import type { Config } from '../kernel/config';
import type { Db } from '../kernel/db/db';
import { copyRows, Progress, Value } from './seed-copy';
import { KIND } from './seed-people';
import { Chance, seedId } from './seed-random';

const COLUMNS = [
  ...['pseudonym', 'from', 'questionnaire', 'questionnaire_version', 'channel', 'basis', 'wording', 'year_of_birth'],
  ...['sex', 'gender_identity', 'ethnic_group', 'ethnic_background', 'background_list', 'background_code'],
  ...['long_term_condition', 'activity_limited', 'religion', 'sexual_orientation', 'unpaid_care'],
  ...['socio_economic_background', 'region', 'main_language'],
];
const BATCH = 50_000;
/** What the ids of contributors are followed by, in the chance that their answers are drawn with. */
const DRAW = 9;

/** Codes with how many in a hundred choose them. */
type Shares = readonly (readonly [code: string, share: number])[];
const UNSAID = 'prefer-not-to-say';
const BACKGROUNDS: Shares = [
  ...([
    ['white-british', 70],
    ['white-irish', 2],
    ['white-other', 8],
    ['asian-indian', 4],
    ['asian-pakistani', 3],
  ] as const),
  ...([
    ['asian-bangladeshi', 1],
    ['asian-chinese', 1],
    ['asian-other', 2],
    ['black-african', 3],
  ] as const),
  ...([
    ['black-caribbean', 2],
    ['mixed-white-and-asian', 1],
    ['mixed-other', 1],
    ['other-arab', 1],
    ['other-any', 1],
  ] as const),
];
const RELIGIONS: Shares = [
  ...([
    ['christian', 48],
    ['no-religion', 35],
    ['muslim', 7],
    ['hindu', 2],
    ['sikh', 1],
    ['jewish', 1],
  ] as const),
  ...([
    ['buddhist', 1],
    ['other', 1],
    [UNSAID, 4],
  ] as const),
];
const CARE: Shares = [
  ...([
    ['none', 78],
    ['up-to-9-hours', 10],
    ['10-19-hours', 4],
    ['20-34-hours', 2],
    ['35-49-hours', 2],
  ] as const),
  ['50-or-more-hours', 4],
];
const ORIENTATIONS: Shares = [
  ['heterosexual', 89],
  ['gay-or-lesbian', 3],
  ['bisexual', 2],
  ['other', 1],
  [UNSAID, 5],
];
const ORIGINS: Shares = [
  ['professional', 38],
  ['intermediate', 22],
  ['working-class', 33],
  ['other-or-never-worked', 7],
];
const REGIONS = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((region) => `E1200000${region}`);

/** Diversity answers of seeded contributors, under the pseudonyms that the service would find them by. */
export async function seedAnswers(
  diversity: Db,
  config: Config,
  seed: number,
  count: number,
  progress: Progress,
): Promise<void> {
  const chance = new Chance(seed * 10 + DRAW);
  const draw = (shares: Shares): string | null => {
    if (chance.percent(6)) return null; // left blank
    let left = chance.below(100);
    for (const [code, share] of shares) if ((left -= share) < 0) return code;
    return null;
  };
  const row = (place: number): Value[] => {
    const background = draw(BACKGROUNDS);
    const condition = draw([
      ['yes', 28],
      ['no', 68],
      [UNSAID, 4],
    ]);
    const limited =
      condition === 'yes'
        ? draw([
            ['yes-a-lot', 30],
            ['yes-a-little', 45],
            ['not-at-all', 25],
          ])
        : null;
    return [
      ...[pseudonym(config.diversity.key, 'contributor', seedId(KIND.contributor, seed, place)), '2025-06-01'],
      ...['diversity', 1, chance.percent(80) ? 'person' : 'supporter', 'equality-monitoring', '1.0'],
      chance.percent(95) ? 1936 + chance.below(72) : null,
      ...[
        draw([
          ['female', 62],
          ['male', 37],
          [UNSAID, 1],
        ]),
        draw([
          ['same-as-sex-registered', 95],
          ['different', 1],
          [UNSAID, 4],
        ]),
      ],
      ...[background?.split('-')[0] ?? null, background, background && 'ethnic-background/1', background],
      ...[condition, limited, draw(RELIGIONS), draw(ORIENTATIONS), draw(CARE), draw(ORIGINS)],
      ...[
        chance.one(REGIONS),
        draw([
          ['english', 91],
          ['welsh', 2],
          ['polish', 2],
          ['urdu', 1],
          ['other', 4],
        ]),
      ],
    ];
  };
  await copyRows(
    diversity,
    { table: 'edi_answers.answer_set', columns: COLUMNS, batch: BATCH },
    { count, row },
    progress,
  );
}
