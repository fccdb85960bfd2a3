import type { Config } from '../kernel/config';
import type { Db } from '../kernel/db/db';
import { BlindIndex } from '../kernel/privacy/blind-index';
import { seal } from '../kernel/privacy/seal';
import { copyRows, Progress, Value } from './seed-copy';
import { Chance, seedId } from './seed-random';
import { FIRST_NAMES, LAST_NAMES } from './seed-words';

/** What the rows refer to: read from the reference data. */
export interface Ground {
  organisations: readonly string[];
  areas: readonly { code: string; region_code: string }[];
  healthCategories: readonly string[];
}

/** Kinds of ids made of a seed. */
export const KIND = { contributor: 1, tie: 2, project: 3, opportunity: 4, interest: 5 } as const;

const CONTRIBUTOR = [
  ...[
    'id',
    'name',
    'email_sealed',
    'email_index',
    'phone_sealed',
    'phone_index',
    'preferred_channel',
    'languages',
    'health_categories',
  ],
  ...['outward_postcode', 'region_code', 'age_group', 'keep_in_touch'],
];
const TIE = ['id', 'contributor_id', 'organisation_id', 'from', 'home'];
/** Ties between contributors and organisations hold a constraint that is checked at the end of each transaction. */
const BATCH = 25_000;

/** Contributors whose contact points are sealed and indexed as the service would, each with a home organisation. */
export async function seedContributors(
  db: Db,
  config: Config,
  ground: Ground,
  seed: number,
  count: number,
  progress: Progress,
): Promise<void> {
  const chance = new Chance(seed * 10 + KIND.contributor);
  const index = new BlindIndex(config.serviceSecret, 'contact-point');
  const row = (place: number): Value[] => {
    const id = seedId(KIND.contributor, seed, place);
    const name = `${chance.early(FIRST_NAMES)} ${chance.early(LAST_NAMES)}`;
    const email = `${name.toLowerCase().replace(/[^a-z]+/g, '.')}.${seed}.${place}@example.org`;
    const phone = chance.percent(70) ? `07700 9${String(chance.below(100_000)).padStart(5, '0')}` : null;
    const put = (column: string, value: string | null): Buffer | null =>
      value === null ? null : seal(config.keyRing, { table: 'people.contributor', row: id, column }, value);
    const area = chance.one(ground.areas);
    return [
      ...[
        id,
        name,
        put('email_sealed', email),
        index.email(email),
        put('phone_sealed', phone),
        phone && index.phone(phone),
      ],
      ...[
        phone && chance.percent(40) ? chance.one(['text', 'phone']) : 'email',
        chance.percent(90) ? ['en'] : ['en', 'cy'],
        chance.some(ground.healthCategories, 3),
      ],
      ...[`${area.code}${1 + chance.below(9)}`, area.region_code, 'adult', chance.percent(60) ? ['opportunities'] : []],
    ];
  };
  await copyRows(db, { table: 'people.contributor', columns: CONTRIBUTOR, batch: BATCH }, { count, row }, progress);
  const tie = (place: number): Value[] => [
    ...[
      seedId(KIND.tie, seed, place),
      seedId(KIND.contributor, seed, place),
      chance.early(ground.organisations),
      '2025-06-01',
      true,
    ],
  ];
  await copyRows(
    db,
    { table: 'people.contributor_organisation', columns: TIE, batch: BATCH },
    { count, row: tie },
    progress,
  );
}
