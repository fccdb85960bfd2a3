import { collectionAndReturn } from './world-of-collections';
import { releaseAndGap } from './world-of-releases';
import { randomBytes } from 'node:crypto';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiDocument } from '../../src/kernel/http/version.controller';
import { ISSUER, OURS, type TestApp, THEIRS } from './app';
import { type Operation, operationsOf, type Schema, Schemas } from './operations';

export type Headers = { authorization: string };

/** Ids of one of everything, by what it is. */
export type Ids = Record<string, string>;

/** What an address or a body may name, by the step of the path before it, or by the name of the parameter or field. */
const KINDS: Record<string, string> = {
  'access-grants': 'accessGrant',
  'access-needs': 'accessNeed',
  'api-keys': 'apiKey',
  'audit-entries': 'project',
  'erasure-receipts': 'receipt',
  'health-categories': '',
  'lived-experience': 'livedExperience',
  'opportunity-reports': 'report',
  'organisation-applications': 'application',
  accountId: 'account',
  account: 'account',
  accounts: 'account',
  activities: 'activity',
  activity: 'activity',
  activityId: 'activity',
  changes: 'opportunity',
  collection: 'collection',
  collections: 'collection',
  consents: 'consent',
  contributor: 'contributor',
  contributorId: 'contributor',
  contributors: 'contributor',
  gaps: 'gap',
  hostId: 'organisation',
  id: '',
  interestId: 'interest',
  interest: 'interest',
  interests: 'interest',
  involvementId: 'involvement',
  involvement: 'involvement',
  involvements: 'involvement',
  member: 'member',
  memberships: 'membership',
  noticeId: 'notice',
  notices: 'notice',
  objections: 'objection',
  opportunities: 'opportunity',
  opportunity: 'opportunity',
  opportunityId: 'opportunity',
  organisation: 'organisation',
  organisationId: 'organisation',
  organisations: 'organisation',
  otherId: 'otherContributor',
  personId: 'contributor',
  project: 'project',
  projectId: 'project',
  projects: 'project',
  releaseId: 'release',
  releases: 'release',
  returns: 'return',
  subjectId: 'project',
  successorId: 'organisation',
  predecessorId: 'organisation',
  team: 'member',
  tie: 'tie',
};

/** What each parameter of a path names: `{id}` is named by the step before it. */
export function kindsOfPath(path: string): Record<string, string> {
  const steps = path.split('/');
  const kinds: Record<string, string> = {};
  steps.forEach((step, at) => {
    const name = /^\{(.+)\}$/.exec(step)?.[1];
    if (name) kinds[name] = KINDS[name] || KINDS[steps[at - 1] ?? ''] || '';
  });
  return kinds;
}

/** What the rows of a list are, by the last step of its path; undefined where they are no record of anybody's. */
export const rowsOf = (path: string): string | undefined => KINDS[path.split('/').at(-1) ?? ''] || undefined;

export const kindOfField = (name: string): string | undefined => KINDS[name] || undefined;

/** Requests made from the examples of the OpenAPI document. */
export class Examples {
  readonly document: OpenAPIObject;
  readonly operations: Operation[];
  readonly schemas: Schemas;

  constructor(t: TestApp) {
    this.document = t.app.get(ApiDocument, { strict: false }).get();
    this.operations = operationsOf(this.document);
    this.schemas = new Schemas(this.document);
  }

  operation(name: string): Operation {
    const found = this.operations.find((one) => one.name === name);
    if (!found) throw new Error(`The OpenAPI document has no ${name}`);
    return found;
  }

  /** The example body, with ids of these records in place of the example's. Undefined where the operation takes none. */
  body(operation: Operation, ids?: Ids): unknown {
    if (!operation.body) return undefined;
    const example = operation.body.example ?? this.schemas.example(operation.body.schema);
    return ids ? this.withIds(operation.body.schema, example, ids) : example;
  }

  /** The path, with the examples of its parameters or these ids. */
  path(operation: Operation, ids?: Ids): string {
    const kinds = kindsOfPath(operation.path);
    const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
      const said = operation.parameters.find((one) => one.in === 'path' && one.name === name);
      const kind = kinds[name];
      if (ids && kind) return ids[kind] ?? fail(`There is no ${kind} for ${operation.name}`);
      const example = said?.example ?? said?.schema.example;
      if (typeof example !== 'string') throw new Error(`${operation.name}: {${name}} has no example`);
      return encodeURIComponent(example);
    });
    const query = operation.parameters
      .filter((one) => one.in === 'query' && one.required)
      .map((one): [string, string] => {
        const kind = kindOfField(one.name);
        const example = one.example ?? one.schema.example ?? one.schema.default ?? one.schema.enum?.[0];
        if (example === undefined)
          throw new Error(`${operation.name}: the query parameter ${one.name} is needed and has no example`);
        return [one.name, ids && kind && one.schema.format === 'uuid' ? (ids[kind] ?? '') : exampleText(example)];
      });
    return query.length === 0 ? path : `${path}?${new URLSearchParams(query).toString()}`;
  }

  /** Headers that an operation needs: those it names, and the type of its body. */
  headers(operation: Operation, version = 1): Record<string, string> {
    const needsVersion = operation.parameters.some(
      (one) => one.in === 'header' && one.name === 'If-Match' && one.required,
    );
    return {
      ...(needsVersion ? { 'if-match': `"${version}-json"` } : {}),
      ...(operation.body ? { 'content-type': operation.body.type } : {}),
    };
  }

  private withIds(schema: Schema, value: unknown, ids: Ids): unknown {
    const plain = this.schemas.plain(schema);
    if (Array.isArray(value)) return value.map((one) => this.withIds(plain.items ?? {}, one, ids));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        const field = this.schemas.plain(plain.properties?.[name] ?? {});
        const kind = kindOfField(name);
        if (field.format === 'uuid' && typeof inner === 'string')
          return [name, (kind && ids[kind]) ?? fail(`No record is known for the field ${name}`)];
        return [name, this.withIds(field, inner, ids)];
      }),
    );
  }
}

/** One of everything in an organisation, and who is who there. */
export class World {
  readonly ids: Ids = {};
  /** Records that are a site's own where another's are a contributor's. */
  readonly bySite: Ids = {};

  constructor(
    private readonly t: TestApp,
    private readonly examples: Examples,
    readonly organisation: string,
    /** Tells the accounts of this world from those of another in the same organisation. */
    readonly who: string,
  ) {}

  private async post(
    name: string,
    headers: Headers | undefined,
    more: object = {},
    ids: Ids = this.ids,
  ): Promise<Record<string, unknown>> {
    const operation = this.examples.operation(name);
    const example = this.examples.body(operation, ids);
    const call = this.t.api.post(this.examples.path(operation, ids));
    if (headers) call.set(headers);
    const answer = await (example === undefined ? call : call.send({ ...example, ...more }));
    if (answer.status >= 300) throw new Error(`${name}: ${answer.status} ${answer.text}`);
    return answer.body as Record<string, unknown>;
  }

  private async put(sql: string, params: unknown[]): Promise<string> {
    const { rows } = await this.t.db.query<{ id: string }>(`${sql} RETURNING id`, params);
    return rows[0]?.id ?? fail('No row came back');
  }

  async build(): Promise<this> {
    const { t, ids, organisation, who } = this;
    const coordinator = await t.as('coordinator', organisation);
    const contributor = await t.as('contributor', organisation, who);
    const site = await t.as('site', organisation, who);
    ids.organisation = await t.organisation(organisation);
    const { id: researcher } = await t.account('researcher', organisation, who);
    ids.account = researcher;
    ids.membership = await this.membershipOf(researcher);
    ids.application = await applicationBy(t, researcher, `${organisation}-${who || 'own'}`);

    const person = await this.post('POST /v1/contributors', coordinator, {
      name: `Somebody of ${organisation} ${who}`,
      email: `${organisation}.${who || 'own'}@example.org`,
      reference: null,
    });
    ids.contributor = String(person.id);
    ids.tie = String((person.organisations as { id: string }[])[0]?.id);
    const { id: account } = await t.account('contributor', organisation, who);
    await t.db.query('UPDATE people.account SET contributor_id = $1 WHERE id = $2', [ids.contributor, account]);

    ids.otherContributor = String(
      (
        await this.post('POST /v1/contributors', coordinator, {
          name: 'Somebody else',
          email: `${organisation}.${who || 'own'}.2@example.org`,
          reference: null,
        })
      ).id,
    );

    ids.project = String((await this.post('POST /v1/projects', coordinator, { identifiers: [] })).id);
    ids.member = String(
      (await this.post('POST /v1/projects/{id}/team', coordinator, { accountId: researcher, contributorId: null })).id,
    );
    ids.opportunity = String(
      (
        await this.post('POST /v1/opportunities', coordinator, {
          identifiers: [],
          openToUnder18: false,
          minAge: 18,
          questions: [],
          draw: null,
          selectionMethod: 'criteria',
        })
      ).id,
    );
    await this.post('POST /v1/opportunities/{id}/publish', coordinator);
    ids.report = String((await this.post('POST /v1/opportunities/{id}/reports', undefined)).id);
    ids.draw = await this.put(
      `INSERT INTO involvement.draw (opportunity_id, organisation_id, algorithm, seed, seed_given, places, interest_ids, drawn_at)
       VALUES ($1, $2, 'sha256-seed-id-v1', repeat('ab', 32), false, 1, ARRAY[uuidv7()], now())`,
      [ids.opportunity, ids.organisation],
    );

    ids.interest = String(
      (
        await this.post('POST /v1/opportunities/{id}/interests', contributor, {
          person: null,
          group: null,
          answers: [],
        })
      ).id,
    );
    const sent = await this.post('POST /v1/opportunities/{id}/interests', site, {
      person: SOMEBODY(`${organisation}.${who}`),
      group: null,
      answers: [],
    });
    this.bySite.interest = String(sent.id);
    ids.reference = String(sent.reference);
    ids.contact = SOMEBODY(`${organisation}.${who}`).email;
    await this.post('POST /v1/interests/{id}/shortlist', coordinator);
    ids.notice = await this.one('SELECT id FROM involvement.notice WHERE interest_id = $1', [ids.interest]);

    ids.involvement = String(
      (await this.post('POST /v1/involvements', coordinator, { opportunityId: null, from: '2026-11-01', until: null }))
        .id,
    );
    ids.activity = String(
      (await this.post('POST /v1/involvements/{id}/activities', coordinator, { on: '2026-11-10' })).id,
    );

    ids.accessNeed = String(
      (await this.post('POST /v1/contributors/{contributor}/access-needs', contributor, { consent: { how: 'phone' } }))
        .id,
    );
    ids.accessGrant = String(
      (await this.post('POST /v1/contributors/{contributor}/access-grants', contributor, { needs: null })).id,
    );
    ids.livedExperience = String(
      (
        await this.post('POST /v1/contributors/{contributor}/lived-experience', contributor, {
          consent: { how: 'phone' },
        })
      ).id,
    );
    const answers = await t.api
      .put('/v1/me/diversity-answers')
      .set({ ...contributor, 'if-match': '"0-json"' })
      .send(this.examples.body(this.examples.operation('PUT /v1/me/diversity-answers')) as object);
    if (answers.status !== 200) throw new Error(`PUT /v1/me/diversity-answers: ${answers.status} ${answers.text}`);
    ids.consent = await this.one('SELECT id FROM kernel.consent WHERE person_id = $1 LIMIT 1', [ids.contributor]);
    ids.objection = String((await this.post('POST /v1/contributors/{contributor}/objections', contributor)).id);
    ids.receipt = await this.put(
      `INSERT INTO kernel.erasure_receipt (person_id, erased_at, because, went, stayed) VALUES ($1, now(), 'asked_by_person', '[]', '[]')`,
      [ids.contributor],
    );
    Object.assign(ids, await collectionAndReturn(t, coordinator, ids.organisation, `Of ${organisation} ${who}`));
    Object.assign(ids, await releaseAndGap(t, ids.organisation));
    ids.apiKey = String((await this.post('POST /v1/api-keys', coordinator, { name: `Key ${organisation} ${who}` })).id);
    return this;
  }

  /** The ids as an account of this role has them as its own: its own account, membership and application, and what it sent. */
  async own(role: string): Promise<Ids> {
    const { id: account } = await this.t.account(role, this.organisation, this.who);
    const mine = {
      account,
      membership: await this.membershipOf(account),
      application: await applicationBy(this.t, account, `${role}-${this.organisation}`),
    };
    return { ...this.ids, ...mine, ...(role === 'site' ? this.bySite : {}) };
  }

  private membershipOf(account: string): Promise<string> {
    return this.one('SELECT id FROM people.membership WHERE account_id = $1', [account]);
  }

  private async one(sql: string, params: unknown[]): Promise<string> {
    const { rows } = await this.t.db.query<{ id: string }>(sql, params);
    return rows[0]?.id ?? fail(`Nothing was found: ${sql}`);
  }
}

/** An account that is signed in and has no role anywhere. */
export async function withoutRole(t: TestApp): Promise<Headers> {
  await t.db.query(
    `INSERT INTO people.account (issuer, subject, name, kind) VALUES ($1, 'nobody-yet', 'Nobody yet', 'person') ON CONFLICT DO NOTHING`,
    [ISSUER],
  );
  return { authorization: `Bearer ${await t.token({ sub: 'nobody-yet' })}` };
}

/** An organisation that an account applied for. */
async function applicationBy(t: TestApp, account: string, slug: string): Promise<string> {
  const { rows } = await t.db.query<{ id: string }>(
    `INSERT INTO people.organisation (slug, name, kind, state, applied_by, application_reason) VALUES ($1, $1, 'charity', 'applied', $2, 'We involve carers.') RETURNING id`,
    [`applied-${slug}`, account],
  );
  return rows[0]?.id ?? fail('No application came back');
}

/** Somebody without an account, for whom a site sends an interest. */
export const SOMEBODY = (name: string) => ({
  name: 'Rosalind Achterberg',
  email: `${name}.site@example.org`,
  replyBy: 'email',
});

const exampleText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function fail(message: string): never {
  throw new Error(message);
}

export interface Worlds {
  examples: Examples;
  /** Records of the callers in OURS, of others there, and of another organisation. */
  own: World;
  other: World;
  theirs: World;
}

/** Two organisations with one of everything: the callers' own, somebody else's in the same organisation, and another organisation's. */
export async function buildWorlds(t: TestApp): Promise<Worlds> {
  const examples = new Examples(t);
  const own = await new World(t, examples, OURS, '').build();
  const other = await new World(t, examples, OURS, 'other').build();
  const theirs = await new World(t, examples, THEIRS, '').build();
  return { examples, own, other, theirs };
}

/** An id that no record has. */
export const noId = (): string => `01999999-0000-7000-8000-${randomBytes(6).toString('hex')}`;
