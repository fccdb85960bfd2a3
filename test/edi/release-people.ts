import { Pseudonyms } from '../../src/edi/door/pseudonym';
import { Jobs } from '../../src/kernel/jobs/jobs';
import type { TestApp } from '../support/app';

type Auth = { authorization: string };

/** The quarter that most tests release. */
export const QUARTER = {
  title: 'Public contributors, July to September 2026',
  from: '2026-07-01',
  until: '2026-10-01',
};

/** Few tables, so that a release takes a moment. */
export const FEW_TABLES = {
  minimumLeafSize: 25,
  tables: [
    { level: 'all', population: 'registered', by: ['hub', 'sex'] },
    { level: 'all', population: 'registered', by: ['age'] },
    { level: 'organisation', population: 'registered', by: ['sex'] },
  ],
};

/** Asks for a release and has it made. */
export async function made(t: TestApp, steward: Auth, says: object = {}): Promise<ReleaseBody> {
  const asked = await t.api
    .post('/v1/diversity/releases')
    .set(steward)
    .send({ ...QUARTER, catalogue: FEW_TABLES, ...says })
    .expect(201);
  await t.app.get(Jobs).drain('release.make');
  const { body } = await t.api
    .get(`/v1/diversity/releases/${(asked.body as ReleaseBody).id}`)
    .set(steward)
    .expect(200);
  return body as ReleaseBody;
}

/** A release that is published. */
export async function published(t: TestApp, steward: Auth, says: object = {}): Promise<ReleaseBody> {
  const ready = await made(t, steward, says);
  const { body } = await t.api
    .post(`/v1/diversity/releases/${ready.id}/sign`)
    .set(steward)
    .send({ certificateHash: ready.certificateHash })
    .expect(200);
  return body as ReleaseBody;
}

export interface ReleaseBody {
  id: string;
  version: number;
  number: number | null;
  state: string;
  step: string;
  progress: number;
  certificateHash: string;
  certificate: { primary: number; complementary: number; smallestWidth: number; result: string } | null;
  refusal: { code: string; detail: string; table: string | null } | null;
  notes: string[];
  supersededAt: string | null;
}

export interface Figure {
  unit: string;
  ethnicGroup: string | null;
  category: string | null;
  value: number | null;
  status: string;
}

const CODES: Readonly<Record<string, readonly (readonly [code: string | null, weight: number])[]>> = {
  ethnic_group: [
    ['white', 70],
    ['asian', 10],
    ['black', 7],
    ['mixed', 4],
    ['other', 3],
    ['prefer-not-to-say', 3],
    [null, 3],
  ],
  age_band: [
    ['16-17', 2],
    ['18-24', 10],
    ['25-34', 15],
    ['35-44', 15],
    ['45-54', 16],
    ['55-64', 16],
    ['65-74', 14],
    ['75-84', 8],
    ['85-and-over', 2],
    [null, 2],
  ],
  sex: [
    ['female', 58],
    ['male', 38],
    ['prefer-not-to-say', 2],
    [null, 2],
  ],
  gender_identity: [
    ['same-as-sex-registered', 92],
    ['different', 3],
    ['prefer-not-to-say', 3],
    [null, 2],
  ],
  long_term_condition: [
    ['yes', 40],
    ['no', 55],
    ['prefer-not-to-say', 3],
    [null, 2],
  ],
  religion: [
    ['no-religion', 40],
    ['christian', 40],
    ['muslim', 7],
    ['hindu', 3],
    ['sikh', 2],
    ['jewish', 1],
    ['buddhist', 1],
    ['other', 2],
    ['prefer-not-to-say', 3],
    [null, 1],
  ],
  sexual_orientation: [
    ['heterosexual', 85],
    ['gay-or-lesbian', 5],
    ['bisexual', 4],
    ['other', 1],
    ['prefer-not-to-say', 4],
    [null, 1],
  ],
  unpaid_care: [
    ['none', 75],
    ['up-to-9-hours', 10],
    ['10-19-hours', 4],
    ['20-34-hours', 3],
    ['35-49-hours', 2],
    ['50-or-more-hours', 4],
    [null, 2],
  ],
  socio_economic_background: [
    ['professional', 38],
    ['intermediate', 22],
    ['working-class', 30],
    ['other-or-never-worked', 4],
    [null, 6],
  ],
  region: [
    ['E12000001', 20],
    ['E12000002', 30],
    ['E12000007', 25],
    ['W92000004', 10],
    ['S92000003', 5],
    [null, 10],
  ],
  main_language: [
    ['english', 88],
    ['welsh', 3],
    ['polish', 2],
    ['urdu', 3],
    ['sign-language', 1],
    ['other', 2],
    [null, 1],
  ],
};

/** The same numbers each time. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

function chosen(of: readonly (readonly [string | null, number])[], at: number): string | null {
  let left = at * of.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [code, weight] of of) {
    left -= weight;
    if (left < 0) return code;
  }
  return null;
}

/** Puts contributors with diversity answers on record. */
export class ReleasePeople {
  private readonly next = numbers(20_261_122);

  constructor(private readonly t: TestApp) {}

  /** So many people who call the organisation home since the day given; answers their ids. */
  async add(
    slug: string,
    count: number,
    since = '2026-01-01',
    says: Record<string, string | null> = {},
  ): Promise<string[]> {
    const organisationId = await this.t.organisation(slug);
    const { rows } = await this.t.db.query<{ id: string }>(
      `INSERT INTO people.contributor (name, preferred_channel, age_group)
       SELECT 'Person ' || n, 'in-person', 'adult' FROM generate_series(1, $1::integer) n RETURNING id`,
      [count],
    );
    const ids = rows.map((row) => row.id);
    await this.t.db.query(
      `INSERT INTO people.contributor_organisation (contributor_id, organisation_id, "from", home)
       SELECT id, $2, $3::date, true FROM unnest($1::uuid[]) AS id`,
      [ids, organisationId, since],
    );
    await this.answer(ids, since, says);
    return ids;
  }

  /** Answers of these people that stand since a day. */
  async answer(ids: readonly string[], since: string, says: Record<string, string | null> = {}): Promise<void> {
    const pseudonyms = this.t.app.get(Pseudonyms, { strict: false });
    const columns = [...Object.keys(CODES), 'ethnic_background'];
    const lists = columns.map((column) =>
      ids.map(() => {
        const codes = CODES[column];
        return column in says || !codes ? (says[column] ?? null) : chosen(codes, this.next());
      }),
    );
    await this.t.db.query(
      `INSERT INTO edi_answers.answer_set (pseudonym, "from", questionnaire, questionnaire_version, channel, basis, wording, activity_limited, ${columns.join(', ')})
       SELECT r.pseudonym, $2::date, 'diversity', 1, 'person', 'equality-monitoring', '1.0', CASE r.long_term_condition WHEN 'yes' THEN 'yes-a-little' END, ${columns.map((c) => `r.${c}`).join(', ')}
       FROM unnest($1::bytea[], ${columns.map((_, i) => `$${i + 3}::text[]`).join(', ')}) AS r(pseudonym, ${columns.join(', ')})`,
      [ids.map((id) => pseudonyms.ofContributor(id)), since, ...lists],
    );
  }
}
