import { createHash, randomUUID } from 'node:crypto';
import { Pseudonyms } from '../../src/edi/door/pseudonym';
import { made, published, type ReleaseBody, ReleasePeople } from '../edi/release-people';
import type { TestApp } from '../support/app';
import { cellsOf, ROWS } from './diversity-returned';

type Auth = { authorization: string };

/** It is held in the second release, and shown anew in the third. */
export const HELD = 'rrdn-north-west';
/** It is held in the second release and in the third. */
export const HELD_ON = 'rrdn-south-london';
/** It returned rows of its own people, whose true counts it can read. */
export const INSIDER = 'rrdn-north-london';
/** It has nothing to do with any of it. */
export const ELSEWHERE = 'rrdn-south-east';
const LIVE = [HELD, 'rrdn-west-midlands', HELD_ON];
/** Too small for figures of its own. */
const SMALL = 'rrdn-east-midlands';
const CENTRE = 'nihr-centre-for-engagement-and-dissemination';

export const QUARTERS = [
  { from: '2026-01-01', until: '2026-04-01', to: '2026-03-31', day: '2026-02-10' },
  { from: '2026-04-01', until: '2026-07-01', to: '2026-06-30', day: '2026-05-12' },
  { from: '2026-07-01', until: '2026-10-01', to: '2026-09-30', day: '2026-08-11' },
] as const;
type Quarter = (typeof QUARTERS)[number];

const all = (population: string, ...by: string[]): object => ({ level: 'all', population, by });
const group = (population: string, ...by: string[]): object => ({ level: 'group', population, by });
const leaf = (...by: string[]): object => ({ level: 'organisation', population: 'registered', by });

/** One-way, crossed and finer tables of all, of groups and of organisations. */
export const CATALOGUE = {
  minimumLeafSize: 25,
  tables: [
    ...['registered', 'interested', 'selected', 'took-part'].map((population) => all(population, 'ethnic-group')),
    all('registered', 'hub', 'sex'),
    all('registered', 'hub', 'gender-identity'),
    all('registered', 'ethnic-background'),
    all('registered', 'religion'),
    all('took-part', 'sex'),
    group('registered', 'hub', 'sex'),
    group('registered', 'ethnic-background'),
    group('took-part', 'sex'),
    leaf('ethnic-group'),
    leaf('sex'),
  ],
};

/** Every way to ask for a template. */
const TEMPLATES = [
  '',
  ...['identified-rows', 'anonymous-rows', 'counts', 'live'].map((form) => `?form=${form}`),
  '?format=csv',
  '?format=xlsx',
];

/** What is on record, who returned what, and the releases that came of it. */
export interface Scene {
  /** Published, oldest first. */
  releases: ReleaseBody[];
  /** Refused: nobody was registered in its period. */
  refused: string;
  /** Made and not signed. */
  draft: string;
  /** One for each release. */
  collections: string[];
  returns: string[];
  /** Cells of the templates before anything was returned, by their addresses. */
  templates: Map<string, string>;
  gaps: string[];
  steward: Auth;
}

/** A network, its people over three quarters and three releases, all but one of which something happened in between. */
export async function setTheScene(t: TestApp): Promise<Scene> {
  const people = new ReleasePeople(t);
  const past = new Past(t);
  const steward = await t.as('data-steward', 'rrdn-east-midlands');
  const [first, second, third] = QUARTERS;
  await past.begins(HELD);
  const homes = new Map<string, string[]>();
  const register = async (slug: string, count: number, since = '2025-12-01'): Promise<void> => {
    const ids = await people.add(slug, count, since);
    await past.backgrounds(ids);
    homes.set(slug, [...(homes.get(slug) ?? []), ...ids]);
  };
  for (const [i, slug] of LIVE.entries()) await register(slug, 90 + 30 * i);
  await register(CENTRE, 40);
  await register(SMALL, 12);
  const sent: Returned[] = [];
  const happens = async (quarter: Quarter, more = 0): Promise<void> => {
    for (const [slug, ids] of homes) {
      const tookPart = slug === HELD ? 17 : slug === SMALL ? 2 : 21 + (slug === 'rrdn-west-midlands' ? more : 0);
      await past.happens(quarter, ids, { tookPart, twice: 2, interested: 9, offered: 4 });
    }
  };
  const releases: ReleaseBody[] = [];
  const release = async (quarter: Quarter): Promise<void> => {
    const { from, until } = quarter;
    const one = await returned(t, steward, quarter);
    sent.push(one);
    const title = `Public contributors from ${from}`;
    const says = { title, from, until, collectionId: one.collection, catalogue: CATALOGUE };
    releases.push(await published(t, steward, says));
  };
  const refused = await made(t, steward, { title: 'Too early', from: '1990-01-01', until: '1990-04-01' });

  await happens(first);
  await release(first);
  await register(HELD, 3, '2026-04-02');
  await register('rrdn-west-midlands', 14, '2026-04-02');
  await register(HELD_ON, 3, '2026-04-02');
  await happens(second, 12);
  await release(second);
  await register(HELD, 9, '2026-07-02');
  await register('rrdn-west-midlands', 20, '2026-07-02');
  await happens(third, 12);
  await release(third);

  const gaps = await recordGaps(t, steward, releases);
  const draft = await made(t, steward, { title: 'Not signed' });
  return {
    ...{ releases, refused: refused.id, draft: draft.id, gaps, steward },
    collections: sent.map((one) => one.collection),
    returns: sent.flatMap((one) => one.returns),
    templates: new Map(sent.flatMap((one) => [...one.templates])),
  };
}

interface Returned {
  collection: string;
  returns: string[];
  templates: Map<string, string>;
}

/** A closed collection with rows of one organisation, a live return of another, and nothing of a third. */
async function returned(t: TestApp, steward: Auth, { from, until }: Quarter): Promise<Returned> {
  const ids = new Map<string, string>();
  for (const slug of [INSIDER, HELD, 'rrdn-east-midlands']) ids.set(slug, await t.organisation(slug));
  const made = await t.api
    .post('/v1/diversity/collections')
    .set(steward)
    .send({
      title: 'Public contributors',
      ...{ from, until, dueOn: '2026-12-11', releaseOn: '2027-01-19' },
      forms: ['live', 'anonymous-rows'],
      organisations: [...ids.values()].map((organisationId) => ({ organisationId })),
    })
    .expect(201);
  const { id: collection } = made.body as { id: string };
  await t.api.post(`/v1/diversity/collections/${collection}/open`).set(steward).expect(200);
  const templates = new Map<string, string>();
  const reader = await t.as('coordinator', INSIDER);
  for (const query of TEMPLATES) {
    const path = `/v1/diversity/collections/${collection}/template${query}`;
    const answer = await fetch(`${t.address}${path}`, { headers: reader });
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    if (answer.status === 200)
      templates.set(path, await cellsOf({ type, bytes: Buffer.from(await answer.arrayBuffer()) }));
  }
  const returns: string[] = [];
  const send = async (slug: string, form: string, file?: string): Promise<void> => {
    const analyst = await t.as('diversity-analyst', slug);
    const call = t.api
      .post(
        `/v1/diversity/collections/${collection}/returns?organisation=${ids.get(slug) ?? ''}&form=${form}&basis=data-sharing-agreement&basisReference=DSA-1`,
      )
      .set(analyst);
    const answer = await (file === undefined ? call : call.set('content-type', 'text/csv').send(file)).expect(201);
    const { id } = answer.body as { id: string };
    await t.api.post(`/v1/diversity/returns/${id}/sign-off`).set(analyst).expect(200);
    returns.push(id);
  };
  await send(
    INSIDER,
    'anonymous-rows',
    [Object.keys(ROWS[0] ?? {}), ...ROWS.map((row) => Object.values(row))].join('\n'),
  );
  await send(HELD, 'live');
  await t.api.post(`/v1/diversity/collections/${collection}/close`).set(steward).send({ without: 1 }).expect(200);
  return { collection, returns, templates };
}

async function recordGaps(t: TestApp, steward: Auth, releases: readonly ReleaseBody[]): Promise<string[]> {
  const gap = {
    ...{ releaseId: releases[0]?.id, unit: 'all', direction: 'too-few', dueOn: '2027-03-31', checkBy: 3 },
    ...{ what: 'Too few.', action: 'Ask more.', organisationId: await t.organisation(HELD) },
  };
  const gaps: string[] = [];
  for (const more of [
    { tableKey: 'all-registered-ethnic-group', category: 'asian', measure: 'share' },
    { tableKey: 'all-interested-ethnic-group', category: 'white', measure: 'progress' },
    { tableKey: 'all-registered-ethnic-group-by-sex', ethnicGroup: 'white', category: 'male', measure: 'share' },
  ]) {
    const answer = await t.api
      .post('/v1/diversity/gaps')
      .set(steward)
      .send({ ...gap, ...more });
    if (answer.status === 201) gaps.push((answer.body as { id: string }).id);
  }
  return gaps;
}

/** What people did, quarter by quarter. */
export class Past {
  private project = '';
  private opportunity = '';

  constructor(private readonly t: TestApp) {}

  /** A project to take part in. */
  async begins(slug: string): Promise<void> {
    const { rows } = await this.t.db.query<{ id: string }>(
      `INSERT INTO involvement.project (organisation_id, kind, title) VALUES ($1, 'study', 'Falling less') RETURNING id`,
      [await this.t.organisation(slug)],
    );
    this.project = rows[0]?.id ?? '';
  }

  /** The first of these people take part, some of them twice over; the next are interested, and some of those are offered a place. */
  async happens(
    quarter: Quarter,
    ids: readonly string[],
    how: { tookPart: number; twice?: number; interested: number; offered: number },
  ): Promise<void> {
    const { rows } = await this.t.db.query<{ id: string }>(
      `INSERT INTO involvement.opportunity (organisation_id, project_id, title, kind, stage, mode)
       SELECT organisation_id, id, 'Advise us', 'advisory-group', 'design', 'online' FROM involvement.project WHERE id = $1 RETURNING id`,
      [this.project],
    );
    this.opportunity = rows[0]?.id ?? '';
    await this.interests(quarter, ids.slice(how.tookPart, how.tookPart + how.interested), how.offered);
    await this.takePart(quarter, ids.slice(0, how.tookPart));
    await this.takePart(quarter, ids.slice(0, how.twice ?? 0));
  }

  /** Ethnic backgrounds that fit what people said of their ethnic group; every fifth told none. */
  async backgrounds(ids: readonly string[]): Promise<void> {
    const pseudonyms = this.t.app.get(Pseudonyms, { strict: false });
    await this.t.db.query(
      `WITH codes AS (
         SELECT m.to_code AS hub, array_agg(DISTINCT m.from_code ORDER BY m.from_code) AS codes FROM instruments.mapping m
         WHERE m.from_list = 'ethnic-background' AND m.to_list = 'ethnic-group' AND m.to_code IS NOT NULL GROUP BY 1
       )
       UPDATE edi_answers.answer_set a SET ethnic_background = c.codes[1 + p.n % cardinality(c.codes)]
       FROM unnest($1::bytea[]) WITH ORDINALITY AS p(pseudonym, n), codes c
       WHERE a.pseudonym = p.pseudonym AND c.hub = a.ethnic_group AND p.n % 5 <> 0`,
      [ids.map((id) => pseudonyms.ofContributor(id))],
    );
  }

  private async interests({ day }: Quarter, ids: readonly string[], offered: number): Promise<void> {
    for (const [i, id] of ids.entries())
      await this.t.db.query(
        `INSERT INTO involvement.interest (opportunity_id, organisation_id, contributor_id, channel, received_at, offered_at, reference_hash, reference_end)
         SELECT id, organisation_id, $2, 'phone', $3, $4, $5, '0000' FROM involvement.opportunity WHERE id = $1`,
        [
          ...[this.opportunity, id, `${day}T10:00:00Z`, i < offered ? `${day}T15:00:00Z` : null],
          createHash('sha256').update(randomUUID()).digest(),
        ],
      );
  }

  private takePart({ day }: Quarter, ids: readonly string[]): Promise<unknown> {
    return this.t.db.query(
      `WITH part AS (
         INSERT INTO involvement.involvement (organisation_id, project_id, contributor_id, role, "from", state)
         SELECT p.organisation_id, p.id, c.id, 'member', '2025-12-01', 'active'
         FROM involvement.project p, unnest($2::uuid[]) AS c(id) WHERE p.id = $1 RETURNING id, organisation_id)
       INSERT INTO involvement.activity (involvement_id, organisation_id, on_day, kind, mode, minutes, attendance)
       SELECT id, organisation_id, $3, 'meeting', 'phone', 60, 'attended' FROM part`,
      [this.project, ids, day],
    );
  }
}
