import { Clock } from '../kernel/clock';
import type { Config } from '../kernel/config';
import type { Db } from '../kernel/db/db';
import { seal } from '../kernel/privacy/seal';
import { hashOf, InterestKeys } from '../involvement/interest/interest-keys';
import {
  AccessProvision,
  OpportunityKind,
  OpportunityMode,
  ResearchStage,
} from '../involvement/opportunity/opportunity-choices';
import { copyRows, Progress, Value } from './seed-copy';
import { Ground, KIND } from './seed-people';
import { Chance, seedId } from './seed-random';
import { CONDITIONS, PEOPLE, SENTENCES, SETTINGS, TASKS } from './seed-words';

const OPPORTUNITY = [
  ...[
    'id',
    'organisation_id',
    'project_id',
    'title',
    'summary',
    'kind',
    'stage',
    'mode',
    'what_is_involved',
    'difference_it_makes',
    'sessions',
    'total_hours',
  ],
  ...[
    'starts_on',
    'places_available',
    'no_experience_needed',
    'how_to_apply',
    'payment',
    'expenses_paid',
    'access_provision',
    'place',
    'region_code',
  ],
  ...[
    'languages',
    'health_categories',
    'conditions',
    'closes_on',
    'closes_at',
    'state',
    'publish_at',
    'published_at',
    'closed_at',
  ],
];
/** The catalogue's rows are made by a statement trigger, batch by batch. */
const BATCH = 5_000;
const A_PROJECT_HAS = 20;
const DAY_MS = 86_400_000;
const HOW_TO_APPLY = JSON.stringify([
  { way: 'online', detail: 'Use the form on this page.' },
  { way: 'phone', detail: 'Ring 01632 960999.' },
]);

/** Projects and their opportunities: two in three open, most of the others closed, in all kinds and regions. */
export async function seedOpportunities(
  db: Db,
  ground: Ground,
  seed: number,
  count: number,
  progress: Progress,
): Promise<void> {
  const chance = new Chance(seed * 10 + KIND.opportunity);
  const clock = new Clock();
  const now = clock.now().getTime();
  const projects = Math.ceil(count / A_PROJECT_HAS);
  const owner = (project: number): string => ground.organisations[project % ground.organisations.length] ?? '';
  const project = (place: number): Value[] => {
    const condition = chance.early(CONDITIONS);
    return [
      seedId(KIND.project, seed, place),
      owner(place),
      'study',
      `Living with ${condition} ${chance.one(SETTINGS)}`,
      `Research into ${condition}.`,
    ];
  };
  await copyRows(
    db,
    { table: 'involvement.project', columns: ['id', 'organisation_id', 'kind', 'title', 'summary'], batch: BATCH },
    { count: projects, row: project },
    progress,
  );

  const row = (place: number): Value[] => {
    const parent = place % projects;
    const condition = chance.early(CONDITIONS);
    const mode = chance.early(Object.values(OpportunityMode));
    const area = chance.one(ground.areas);
    const meets = mode === 'in-person' || mode === 'hybrid';
    const closes = new Date(now + (chance.percent(67) ? 1 + chance.below(120) : -1 - chance.below(300)) * DAY_MS)
      .toISOString()
      .slice(0, 10);
    const closesAt = clock.endOfDay(closes);
    const publishAt = new Date(
      Math.min(closesAt.getTime() - 20 * DAY_MS, now - chance.below(60) * DAY_MS) - chance.below(DAY_MS),
    );
    const state = closesAt.getTime() < now ? 'closed' : chance.percent(95) ? 'published' : 'paused';
    const sessions = 1 + chance.below(8);
    return [
      ...[seedId(KIND.opportunity, seed, place), owner(parent), seedId(KIND.project, seed, parent)],
      `Help ${chance.one(TASKS)} ${condition} ${chance.one(SETTINGS)}`,
      `We look for ${chance.one(PEOPLE)} ${condition}. ${chance.one(SENTENCES)} ${chance.one(SENTENCES)}`,
      ...[chance.early(Object.values(OpportunityKind)), chance.early(Object.values(ResearchStage)), mode],
      `${chance.one(SENTENCES)} ${chance.one(SENTENCES)} ${chance.one(SENTENCES)}`,
      `What you say about ${condition} changes what is asked next. ${chance.one(SENTENCES)}`,
      ...[
        sessions,
        sessions * 2,
        new Date(closesAt.getTime() + 21 * DAY_MS).toISOString().slice(0, 10),
        4 + chance.below(40),
        chance.percent(70),
      ],
      ...[HOW_TO_APPLY, paid(chance), chance.percent(85), chance.some(Object.values(AccessProvision), 5)],
      ...[
        meets ? { town: 'Town Hall', outwardPostcode: `${area.code}${1 + chance.below(9)}` } : null,
        meets || chance.percent(30) ? area.region_code : null,
      ],
      ...[chance.percent(92) ? ['en'] : ['en', 'cy'], chance.some(ground.healthCategories, 2), [condition]],
      ...[closes, closesAt, state, publishAt, publishAt, state === 'closed' ? closesAt : null],
    ];
  };
  await copyRows(
    db,
    { table: 'involvement.opportunity', columns: OPPORTUNITY, batch: BATCH },
    { count, row },
    progress,
  );
}

const paid = (chance: Chance): Value =>
  chance.percent(65)
    ? { kind: 'amount', pence: 500 * (1 + chance.below(40)), per: chance.one(['activity', 'hour', 'day']) }
    : { kind: 'none' };

const INTEREST = [
  ...[
    'id',
    'opportunity_id',
    'organisation_id',
    'contributor_id',
    'state',
    'assisted',
    'assisted_by_channel',
    'answers_sealed',
    'how_heard',
  ],
  ...['keep_on_file', 'channel', 'reference_hash', 'reference_end', 'received_at', 'shortlisted_at', 'ended_at'],
];

/** Interests of the seeded contributors in the seeded opportunities, each pair once. */
export async function seedInterests(
  db: Db,
  config: Config,
  seed: number,
  sizes: { interests: number; contributors: number },
  progress: Progress,
): Promise<void> {
  const chance = new Chance(seed * 10 + KIND.interest);
  const keys = new InterestKeys(config);
  const opportunities = await db.query<{ id: string; organisation_id: string; publish_at: Date }>(
    `SELECT id, organisation_id, publish_at FROM involvement.opportunity WHERE id >= $1 AND id <= $2 ORDER BY id`,
    [seedId(KIND.opportunity, seed, 0), seedId(KIND.opportunity, seed, 10_000_000)],
  );
  if (opportunities.length === 0) return;
  const row = (place: number): Value[] => {
    const id = seedId(KIND.interest, seed, place);
    const opportunity = opportunities[place % opportunities.length];
    if (!opportunity) throw new Error('No opportunity to be interested in');
    // Each round over the opportunities has other contributors, so that no pair comes twice.
    const contributor = (place + Math.floor(place / opportunities.length)) % sizes.contributors;
    const reference = keys.reference(id);
    const received = new Date(opportunity.publish_at.getTime() + chance.below(15 * DAY_MS));
    const state = chance.percent(75) ? 'received' : chance.percent(60) ? 'shortlisted' : 'withdrawn';
    const assisted = chance.percent(12);
    const answers = {
      answers: [{ key: 'experience', way: 'text', text: chance.one(SENTENCES) }],
      availability: 'Mornings',
      howHeardWords: null,
    };
    return [
      ...[
        id,
        opportunity.id,
        opportunity.organisation_id,
        seedId(KIND.contributor, seed, contributor),
        state,
        assisted,
        assisted ? 'phone' : null,
      ],
      ...[
        seal(
          config.keyRing,
          { table: 'involvement.interest', row: id, column: 'answers_sealed' },
          JSON.stringify(answers),
        ),
        chance.one(['site', 'newsletter', 'clinic']),
      ],
      ...[
        chance.percent(40),
        chance.early(['online', 'site', 'phone', 'email']),
        hashOf(reference),
        reference.slice(-4),
        received,
      ],
      ...[state === 'shortlisted' ? received : null, state === 'withdrawn' ? received : null],
    ];
  };
  await copyRows(
    db,
    { table: 'involvement.interest', columns: INTEREST, batch: BATCH },
    { count: sizes.interests, row },
    progress,
  );
}
